"""Which tasks repeat an earlier one that was still open: decided once, as the log stood when they came into force."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, func, select, true, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType

from services.tasks.register import tables, tables_of_pasts, tables_of_words
from services.tasks.register.likeness import ALIKE, likeness
from services.tasks.register.rows import Row as NewRow
from services.tasks.register.said import Wording
from services.tasks.task.state import OPEN

NEWEST = 4
"""How many earlier tasks are looked at for each key: the same order is among the last that a unit got."""


class Earlier(NamedTuple):
    """A task that may be repeated: since when it is in force, what it says, and for the how-manieth time."""

    task_id: str
    sequence: int
    plain: str
    times: int | None


async def carried_over(connection: AsyncConnection, worded: Sequence[Wording]) -> list[NewRow]:
    """Rows of `carried_over` for tasks that came into force, whose own rows are written already."""
    if not worded:
        return []
    earlier: dict[tuple[int, int], list[Earlier]] = defaultdict(list)
    for keys, before, *told in await connection.execute(_EARLIER, _columns(worded)):
        task = Earlier(*told)
        for key in keys:
            earlier[key, before].append(task)
    times: dict[str, int] = {}
    found: list[NewRow] = []
    for each in sorted(worded, key=lambda wording: wording.sequence):
        like = {task.task_id: task for key in each.keys for task in earlier.get((key, each.sequence), ())}
        if again := repeated(each, like.values()):
            times[each.task_id] = times.get(again.task_id, again.times or 1) + 1
            found.append((each.task_id, again.task_id, times[each.task_id]))
    return found


def repeated(wording: Wording, earlier: Iterable[Earlier]) -> Earlier | None:
    """The task that says the same: the newest, and of one notice the likest."""
    best: tuple[int, float, str] | None = None
    found = None
    for task in sorted(earlier, key=attrgetter("sequence"), reverse=True):
        if best and task.sequence < best[0]:
            break
        score = likeness(wording.plain, task.plain)
        if score >= ALIKE and (best is None or (task.sequence, score, task.task_id) > best):
            best, found = (task.sequence, score, task.task_id), task
    return found


def _columns(worded: Iterable[Wording]) -> dict[str, Sequence[int | str]]:
    asked = {(key, each.sequence, each.unit_id) for each in worded for key in each.keys}
    keys, sequences, units = zip(*sorted(asked), strict=True) if asked else ((), (), ())
    return {"keys": keys, "sequences": sequences, "units": units}


def _earlier() -> Any:
    wording, repeating, known = tables_of_words.wording, tables_of_words.carried_over, tables_of_words.likeness.c
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
    by_key = (
        select(known.task_id, known.sequence)
        .where(known.key == asked.c.key, known.sequence < asked.c.before)
        .order_by(known.sequence.desc(), known.task_id.desc())
        .limit(NEWEST)
        .lateral("by_key")
    )
    # Texts that are alike share several keys: each is looked at once.
    like = (
        select(
            type_coerce(func.array_agg(asked.c.key), NullType).label("by_keys"),
            asked.c.before,
            asked.c.unit_id,
            by_key.c.task_id,
            by_key.c.sequence,
        )
        .select_from(asked.join(by_key, true()))
        .group_by(asked.c.before, asked.c.unit_id, by_key.c.task_id, by_key.c.sequence)
        .subquery("earlier")
    )
    # As the task stood then, not as it stands at the end of the batch.
    former, present = tables_of_pasts.task_version.c, tables.standing.c
    stood = union_all(
        select(former.unit_id, former.status).where(
            former.task_id == like.c.task_id,
            former.sequence < like.c.before,
            former.until_sequence >= like.c.before,
        ),
        select(present.unit_id, present.status).where(
            present.task_id == like.c.task_id, present.sequence < like.c.before
        ),
    ).lateral("stood")
    return (
        select(like.c.by_keys, like.c.before, like.c.task_id, like.c.sequence, wording.c.plain, repeating.c.times)
        .select_from(like)
        .join(stood, true())
        .join(wording, wording.c.task_id == like.c.task_id)
        .outerjoin(repeating, repeating.c.task_id == like.c.task_id)
        .where(stood.c.unit_id == like.c.unit_id, stood.c.status.in_(OPEN))
    )


_EARLIER = _earlier()
