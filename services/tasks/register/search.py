"""Tasks by the words of their text, unit, number and people, and meetings by those of their number and title."""

from sqlalchemy import ColumnElement, Text, cast, exists, literal, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables, tables_of_words
from services.tasks.register.as_of import standing
from services.tasks.register.queries import concerned
from services.tasks.register.task_views import task_view
from services.tasks.register.tasks import Sight, TaskFilter, conditions, seen, tasks_in_force
from services.tasks.register.views import MeetingView, TaskView
from services.tasks.register.words import Wanted, wanted
from services.tasks.timeliness import Day

_ALL = TaskFilter()


async def search_tasks(
    connection: AsyncConnection,
    asked: str,
    sight: Sight,
    today: Day,
    after: tuple[bool, int] | None,
    limit: int,
    among: TaskFilter = _ALL,
) -> list[tuple[bool, TaskView]]:
    """Tasks among those of a filter in which every word that is asked for stands, and whether all stand there as they
    were written.

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
        found += await _tier(connection, words, as_written, sight, today, before, limit - len(found), among)
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
    among: TaskFilter,
) -> list[tuple[bool, TaskView]]:
    of = tables_of_words.search.c
    fits = [_holds(words.written)] if as_written else [_holds(words.bare), ~_holds(words.written)]
    if before is not None:
        fits.append(of.assigned_sequence < before)
    if among != _ALL:
        stand = standing(None, today.zone)
        fits.append(exists().where(stand.c.task_id == of.task_id, *conditions(among, sight, stand, today)))
    elif sight is not None:
        # Words come a moment behind the register, which alone says who may see a task.
        present = tables.standing
        fits.append(exists().where(present.c.task_id == of.task_id, seen(sight, present)))
    page = select(of.task_id).where(*fits).order_by(of.assigned_sequence.desc()).limit(limit).subquery("page")
    rows = await connection.execute(
        tasks_in_force().join(page, page.c.task_id == tables.task.c.id).order_by(tables.task.c.assigned_sequence.desc())
    )
    return [(as_written, task_view(row._mapping, today)) for row in rows]


async def search_meetings(connection: AsyncConnection, asked: str, sight: Sight, limit: int) -> list[MeetingView]:
    """The newest meetings in whose number and title every word stands, whatever its marks may be."""
    words = wanted(asked, None)
    if words is None:
        return []
    meeting, holds = tables.meeting, cast(literal(words.bare, Text), TSQUERY)
    fits = literal_column(tables_of_words.OF_MEETING, TSVECTOR).bool_op("@@")(holds)
    # Found by the index first, however many they are: to look for words in one meeting after the other takes long.
    each = select(meeting).where(fits).order_by(meeting.c.sequence.desc()).offset(0).subquery("each")
    statement = select(each).where(concerned(sight, each)).order_by(each.c.sequence.desc()).limit(limit)
    return [MeetingView.model_validate(row._asdict()) for row in await connection.execute(statement)]


def _holds(query: str) -> ColumnElement[bool]:
    return tables_of_words.search.c.words.bool_op("@@")(cast(literal(query, Text), TSQUERY))
