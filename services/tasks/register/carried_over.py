"""Which tasks repeat an earlier one that was still open: decided once, as the log stood when they came into force."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, Text, bindparam, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables, tables_of_words
from services.tasks.register.fold import Row as NewRow
from services.tasks.register.fold import Wording
from services.tasks.register.likeness import ALIKE, likeness
from services.tasks.task.state import OPEN

_NEWEST = 8
"""How many earlier tasks are looked at for each key: the same order is among the last that a unit got."""


async def carried_over(connection: AsyncConnection, worded: Sequence[Wording]) -> list[NewRow]:
    """Rows of `carried_over` for tasks that came into force, whose own rows are written already.

    What a task repeats depends on nothing behind the event that put it in force, so that a rebuilt register says the
    same whatever batches it reads.
    """
    asked = {(key, each.sequence, each.unit_id) for each in worded for key in each.keys}
    if not asked:
        return []
    earlier: dict[tuple[int, int], list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(_EARLIER, _columns(asked)):
        earlier[row.key, row.before].append(row)
    times: dict[str, int] = {}
    found: list[NewRow] = []
    for each in sorted(worded, key=lambda wording: wording.sequence):
        rows = {row.task_id: row for key in each.keys for row in earlier.get((key, each.sequence), ())}
        if repeated := _repeated(each, rows.values()):
            times[each.task_id] = times.get(repeated.task_id, repeated.times or 1) + 1
            found.append((each.task_id, repeated.task_id, times[each.task_id]))
    return found


def _repeated(wording: Wording, rows: Iterable["Row[Any]"]) -> "Row[Any] | None":
    """The task that says the same: the newest, and of one notice the likest."""
    alike = [
        (row.sequence, score, row.task_id, row)
        for row in rows
        if (score := likeness(wording.plain, row.plain)) >= ALIKE
    ]
    return max(alike, key=lambda each: each[:3])[3] if alike else None


def _columns(asked: Iterable[tuple[int, int, str]]) -> dict[str, Sequence[int | str]]:
    keys, sequences, units = zip(*sorted(asked), strict=True)
    return {"keys": keys, "sequences": sequences, "units": units}


def _earlier() -> Any:
    wording, repeating, known, version = (
        tables_of_words.wording,
        tables_of_words.carried_over,
        tables_of_words.likeness.c,
        tables.task_version.c,
    )
    numbers = ARRAY(BigInteger)
    asked = (
        func.unnest(
            bindparam("keys", type_=numbers),
            bindparam("sequences", type_=numbers),
            bindparam("units", type_=ARRAY(Text)),
        )
        .table_valued("key", "before", "unit_id")
        .render_derived()
    )
    like = (
        select(known.task_id)
        .where(known.key == asked.c.key, known.sequence < asked.c.before)
        .order_by(known.sequence.desc(), known.task_id.desc())
        .limit(_NEWEST)
        .lateral("earlier")
    )
    # As the task stood then, not as it stands at the end of the batch.
    stood = (
        select(version.unit_id, version.status)
        .where(version.task_id == like.c.task_id, version.sequence < asked.c.before)
        .order_by(version.version.desc())
        .limit(1)
        .lateral("stood")
    )
    return (
        select(
            asked.c.key,
            asked.c.before,
            wording.c.task_id,
            wording.c.sequence,
            wording.c.plain,
            repeating.c.times,
        )
        .select_from(asked)
        .join(like, true())
        .join(stood, true())
        .join(wording, wording.c.task_id == like.c.task_id)
        .outerjoin(repeating, repeating.c.task_id == like.c.task_id)
        .where(stood.c.unit_id == asked.c.unit_id, stood.c.status.in_(OPEN))
    )


_EARLIER = _earlier()
