"""Which tasks repeat an earlier one that was still open: decided once, as the log stood when they came into force."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
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
    if not worded:
        return []
    ordered = sorted(worded, key=lambda wording: wording.sequence)
    earlier: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(_EARLIER, _columns(ordered)):
        earlier[row[0]].append(row)
    times: dict[str, int] = {}
    found: list[NewRow] = []
    for place, rows in sorted(earlier.items()):
        wording = ordered[place]
        if repeated := _repeated(wording, rows):
            _, task_id, _, _, before = repeated
            times[wording.task_id] = times.get(task_id, before or 1) + 1
            found.append((wording.task_id, task_id, times[wording.task_id]))
    return found


def _repeated(wording: Wording, rows: Iterable["Row[Any]"]) -> "Row[Any] | None":
    """The task that says the same: the newest, and of one notice the likest."""
    best: tuple[int, float, str] | None = None
    found = None
    for row in sorted(rows, key=itemgetter(2), reverse=True):
        _, task_id, sequence, said, _ = row
        if best and sequence < best[0]:
            break
        score = likeness(wording.plain, said)
        if score >= ALIKE and (best is None or (sequence, score, task_id) > best):
            best, found = (sequence, score, task_id), row
    return found


def _columns(worded: Sequence[Wording]) -> dict[str, Sequence[int | str]]:
    """One entry for each key of each wording, which is known by its place among them."""
    asked = [(place, key, each) for place, each in enumerate(worded) for key in each.keys]
    return {
        "places": [place for place, _, _ in asked],
        "keys": [key for _, key, _ in asked],
        "sequences": [each.sequence for _, _, each in asked],
        "units": [each.unit_id for _, _, each in asked],
    }


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
            bindparam("places", type_=numbers),
            bindparam("keys", type_=numbers),
            bindparam("sequences", type_=numbers),
            bindparam("units", type_=ARRAY(Text)),
        )
        .table_valued("place", "key", "before", "unit_id")
        .render_derived()
    )
    by_key = (
        select(known.task_id, known.sequence)
        .where(known.key == asked.c.key, known.sequence < asked.c.before)
        .order_by(known.sequence.desc(), known.task_id.desc())
        .limit(_NEWEST)
        .lateral("by_key")
    )
    # Texts that are alike share several keys: each is looked at once.
    like = (
        select(asked.c.place, asked.c.before, asked.c.unit_id, by_key.c.task_id, by_key.c.sequence)
        .select_from(asked.join(by_key, true()))
        .distinct()
        .subquery("earlier")
    )
    # As the task stood then, not as it stands at the end of the batch.
    stood = (
        select(version.unit_id, version.status)
        .where(version.task_id == like.c.task_id, version.sequence < like.c.before)
        .order_by(version.version.desc())
        .limit(1)
        .lateral("stood")
    )
    return (
        select(like.c.place, like.c.task_id, like.c.sequence, wording.c.plain, repeating.c.times)
        .select_from(like)
        .join(stood, true())
        .join(wording, wording.c.task_id == like.c.task_id)
        .outerjoin(repeating, repeating.c.task_id == like.c.task_id)
        .where(stood.c.unit_id == like.c.unit_id, stood.c.status.in_(OPEN))
    )


_EARLIER = _earlier()
