"""Puts what tasks say into a register that is made anew: while one part is written, the next is read."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, Text, bindparam, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.rebuild.apart import Ask
from services.tasks.rebuild.words import Alike, Begun, Worded, repeating
from services.tasks.register import tables, tables_of_pasts, tables_of_words
from services.tasks.register.copying import copy_rows
from services.tasks.register.write_words import add_words, put_words, searched
from services.tasks.task.state import OPEN

_AT_ONCE = 5000


@dataclass
class WritingWords:
    """Writes into `schema` what `ask` tells."""

    connection: AsyncConnection
    schema: str
    ask: Ask
    _alike: list[Alike] = field(default_factory=list)
    _asked: "asyncio.Future[Worded] | None" = None

    async def take(self, tasks: Sequence[Begun]) -> None:
        """Takes tasks that came into force next; what they say is written with the next ones."""
        found = await self._told()
        self._asked = asyncio.ensure_future(self.ask(tasks))
        if found:
            await self._write(found)

    async def _told(self) -> Worded | None:
        asked, self._asked = self._asked, None
        return await asked if asked else None

    async def finish(self) -> None:
        """Writes what is left, when all else is written: which tasks repeat an earlier one that was still open."""
        if found := await self._told():
            await self._write(found)
        rows = repeating(await self._still_open())
        await copy_rows(self.connection, tables_of_words.carried_over, rows, self.schema)

    async def finish_changed(self, ids: Collection[str], meetings: Collection[str]) -> None:
        """Writes anew by which words these tasks are found and those of these meetings. They have their keys."""
        for some in _parts(ids):
            await put_words(self.connection, await searched(self.connection, some, set()))
        for some in _parts(meetings):
            await put_words(self.connection, await searched(self.connection, set(), some))

    async def _write(self, found: Worded) -> None:
        await copy_rows(self.connection, tables_of_words.wording, found.wording, self.schema)
        await copy_rows(self.connection, tables_of_words.likeness, found.likeness, self.schema)
        await add_words(self.connection, found.search)
        self._alike += found.alike

    async def _still_open(self) -> list[Alike]:
        found: list[Alike] = []
        for begin in range(0, len(self._alike), _AT_ONCE):
            part = self._alike[begin : begin + _AT_ONCE]
            asked = {
                "places": list(range(len(part))),
                "ids": [each.earlier_id for each in part],
                "befores": [each.sequence for each in part],
                "units": [each.unit_id for each in part],
            }
            found += [part[place] for place in await self.connection.scalars(_STILL_OPEN, asked)]
        return found


def _parts(given: Collection[str]) -> list[set[str]]:
    ordered = sorted(given)
    return [set(ordered[begin : begin + _AT_ONCE]) for begin in range(0, len(ordered), _AT_ONCE)]


def _still_open() -> Any:
    former, present = tables_of_pasts.task_version.c, tables.standing.c
    given = (("places", Integer), ("ids", Text), ("befores", BigInteger), ("units", Text))
    columns = [bindparam(name, type_=ARRAY(of)) for name, of in given]
    asked = func.unnest(*columns).table_valued("place", "id", "before", "unit_id").render_derived().c
    return union_all(
        select(asked.place).where(
            former.task_id == asked.id,
            former.sequence < asked.before,
            former.until_sequence >= asked.before,
            former.unit_id == asked.unit_id,
            former.status.in_(OPEN),
        ),
        select(asked.place).where(
            present.task_id == asked.id,
            present.sequence < asked.before,
            present.unit_id == asked.unit_id,
            present.status.in_(OPEN),
        ),
    )


_STILL_OPEN = _still_open()
"""Which of so many tasks were open before an event, and with the same unit."""
