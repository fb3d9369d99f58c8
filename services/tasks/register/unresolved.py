"""Units that notices name and the directory does not know, with their open work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import tables
from services.tasks.register.task_views import task_view
from services.tasks.register.tasks import tasks_in_force
from services.tasks.register.views import TaskView
from services.tasks.task.state import OPEN
from services.tasks.timeliness import Day
from shared.database import among

_PREFIX = "provisional-"
_NOTICES = 3


@dataclass(frozen=True, slots=True)
class NoticeOf:
    """A notice that names a unit."""

    id: str
    number: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A unit by the words of notices. `open` counts its open tasks, and `oldest` is the first of them; `notices` are
    the newest that name it, of so many as `notice_count`."""

    id: str
    name: str
    open: int
    oldest: TaskView
    notices: tuple[NoticeOf, ...]
    notice_count: int


async def list_unresolved(connection: AsyncConnection, today: Day, after: int, limit: int) -> list[Unresolved]:
    """Provisional units with open work, in the order of their first open task behind sequence `after`."""
    of = tables.standing.c
    first = func.min(of.assigned_sequence)
    counted = (
        select(of.unit_id, func.count().label("open"), first.label("first"))
        .where(_is_open_and_provisional())
        .group_by(of.unit_id)
        .having(first > after)
        .order_by(first)
        .limit(limit)
    )
    units = (await connection.execute(counted)).all()
    oldest = tasks_in_force().where(tables.task.c.assigned_sequence.in_([row.first for row in units]))
    tasks = {row.unit_id: task_view(row._mapping, today) for row in await connection.execute(oldest)}
    notices, counts = await _notices(connection, [row.unit_id for row in units])
    return [
        Unresolved(
            row.unit_id,
            tasks[row.unit_id].unit.name,
            row.open,
            tasks[row.unit_id],
            tuple(notices[row.unit_id]),
            counts[row.unit_id],
        )
        for row in units
    ]


async def open_tasks_of(connection: AsyncConnection, unit_id: str, today: Day, limit: int) -> list[TaskView]:
    """Open tasks that lie with one provisional unit, the oldest first."""
    of = tables.standing.c
    ids = select(of.task_id).where(of.unit_id == unit_id, _is_open_and_provisional())
    statement = tasks_in_force().where(tables.task.c.id.in_(ids)).order_by(tables.task.c.assigned_sequence)
    return [task_view(row._mapping, today) for row in await connection.execute(statement.limit(limit))]


async def _notices(
    connection: AsyncConnection, unit_ids: Sequence[str]
) -> tuple[Mapping[str, list[NoticeOf]], Mapping[str, int]]:
    """The newest notices that gave open work to each unit, and how many there are."""
    of, meeting = tables.standing.c, tables.meeting
    named = (
        select(of.unit_id, of.meeting_id).distinct().where(among(of.unit_id, unit_ids), _is_open_and_provisional())
    ).subquery("named")
    ranked = (
        select(
            named.c.unit_id,
            *(meeting.c[name] for name in ("id", "number", "title", "sequence")),
            func.row_number().over(partition_by=named.c.unit_id, order_by=meeting.c.sequence.desc()).label("rank"),
            func.count().over(partition_by=named.c.unit_id).label("all"),
        )
        .join(meeting, meeting.c.id == named.c.meeting_id)
        .subquery("ranked")
    )
    newest = select(ranked).where(ranked.c.rank <= _NOTICES).order_by(ranked.c.sequence.desc())
    found: dict[str, list[NoticeOf]] = {unit_id: [] for unit_id in unit_ids}
    counts: dict[str, int] = {}
    for row in await connection.execute(newest):
        found[row.unit_id].append(NoticeOf(row.id, row.number, row.title))
        counts[row.unit_id] = row._mapping["all"]
    return found, counts


def _is_open_and_provisional() -> ColumnElement[bool]:
    """Said by the form of the id, so that open work alone is read, in which no other column tells it."""
    of = tables.standing.c
    return and_(of.status.in_(OPEN), of.unit_id.startswith(_PREFIX, autoescape=True))
