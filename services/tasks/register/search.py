"""Tasks by the words of their text, unit, number and people."""

from sqlalchemy import ColumnElement, Text, cast, exists, literal, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables, tables_of_words
from services.tasks.register.tasks import Sight, seen, task_view, tasks_in_force
from services.tasks.register.views import TaskView
from services.tasks.register.words import Wanted, wanted
from services.tasks.timeliness import Day


async def search_tasks(
    connection: AsyncConnection, asked: str, sight: Sight, today: Day, after: tuple[bool, int] | None, limit: int
) -> list[tuple[bool, TaskView]]:
    """Tasks in which every word that is asked for stands, and whether all stand there as they were written.

    Those in which they do come first, and among equals the newest. `after` is the place of the last one that is known:
    whether its words stood as written, and its `assigned_sequence`.
    """
    words = wanted(asked, sight)
    if words is None:
        return []
    found: list[tuple[bool, TaskView]] = []
    for as_written in (True, False):
        if after and as_written and not after[0]:
            continue
        if not as_written and words.written == words.bare:
            continue
        before = after[1] if after and after[0] == as_written else None
        found += await _tier(connection, words, as_written, sight, today, before, limit - len(found))
        if len(found) == limit:
            break
    return found


async def _tier(
    connection: AsyncConnection,
    words: Wanted,
    as_written: bool,
    sight: Sight,
    today: Day,
    before: int | None,
    limit: int,
) -> list[tuple[bool, TaskView]]:
    of = tables_of_words.search.c
    fits = [_holds(words.written)] if as_written else [_holds(words.bare), ~_holds(words.written)]
    if before is not None:
        fits.append(of.assigned_sequence < before)
    if sight is not None:
        # Words come a moment behind the register, which alone says who may see a task.
        stand = tables.standing
        fits.append(exists().where(stand.c.task_id == of.task_id, seen(sight, stand)))
    page = select(of.task_id).where(*fits).order_by(of.assigned_sequence.desc()).limit(limit).subquery("page")
    rows = await connection.execute(
        tasks_in_force().join(page, page.c.task_id == tables.task.c.id).order_by(tables.task.c.assigned_sequence.desc())
    )
    return [(as_written, task_view(row._mapping, today)) for row in rows]


def _holds(query: str) -> ColumnElement[bool]:
    return tables_of_words.search.c.words.bool_op("@@")(cast(literal(query, Text), TSQUERY))
