"""What waits for a decision of the office or a leader: results that were handed in, and requests for more time."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register.history import actor_names
from services.tasks.register.standing import subject_of
from services.tasks.register.task_views import task_view
from services.tasks.register.tasks import tasks_in_force
from services.tasks.register.views import TaskView
from services.tasks.timeliness import Day
from shared.events.catalogue import CATALOGUE, Event, UnreadableEvent
from shared.events.task import CompletionSubmitted, ExtensionRequested

Kind = Literal["results", "extensions"]
"""What is to be decided."""

_SEQUENCE_BITS = 30


@dataclass(frozen=True, slots=True)
class Handed:
    """What a unit sent: who (as events name them, and by name), when (UTC), and its words and files."""

    actor: str
    by: str
    at: dt.datetime
    data: CompletionSubmitted | ExtensionRequested


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits for a decision; `place` is where it stands in the list.

    `result` and `request` are what was handed in and asked for. Each is None where it is not waited for, or where its
    event cannot be read.
    """

    task: TaskView
    place: int
    result: Handed | None
    request: Handed | None


async def list_waiting(
    connection: AsyncConnection, only: Kind | None, today: Day, after: int, limit: int
) -> list[Waiting]:
    """Tasks that wait, the longest first, behind a place."""
    place = _place().label("place")
    page = (
        select(tables.task.c.id, place).where(_waits(only), place > after).order_by(place).limit(limit).subquery("page")
    )
    statement = tasks_in_force().join(page, page.c.id == tables.task.c.id).add_columns(page.c.place)
    rows = (await connection.execute(statement.order_by(page.c.place))).all()
    found = [(task_view(row._mapping, today), row.place) for row in rows]
    handed = await _handed(connection, [task.id for task, _ in found])
    return [
        Waiting(
            task,
            place,
            handed.get((task.id, CompletionSubmitted)) if task.status == "submitted" else None,
            handed.get((task.id, ExtensionRequested)) if task.pending_until else None,
        )
        for task, place in found
    ]


async def count_waiting(connection: AsyncConnection) -> Mapping[Kind, int]:
    """How many results and how many requests wait."""
    task = tables.task.c
    counts = select(
        func.count().filter(task.status == "submitted").label("results"),
        func.count().filter(task.pending_until.is_not(None)).label("extensions"),
    )
    row = (await connection.execute(counts.where(_waits(None)))).one()
    return {"results": row.results, "extensions": row.extensions}


def _waits(only: Kind | None) -> ColumnElement[bool]:
    """Said so that the index `task_that_waits` serves it, without a parameter in what it says of itself."""
    task = tables.task.c
    submitted = task.status == literal_column("'submitted'")
    waits = or_(submitted, task.pending_until.is_not(None))
    match only:
        case "results":
            return waits & submitted & task.in_force
        case "extensions":
            return waits & task.pending_until.is_not(None) & task.in_force
        case None:
            return waits & task.in_force


def _place() -> ColumnElement[int]:
    """Since which second it waits: since it was handed in, or since anything happened to it last; and among equals,
    the order of assignment."""
    task = tables.task.c
    since = func.floor(func.extract("epoch", func.coalesce(task.submitted_at, task.changed_at)))
    return cast(since, BigInteger) * (1 << _SEQUENCE_BITS) + task.assigned_sequence % (1 << _SEQUENCE_BITS)


async def _handed(
    connection: AsyncConnection, task_ids: Sequence[str]
) -> dict[tuple[str, type[CompletionSubmitted] | type[ExtensionRequested]], Handed]:
    """The last result and the last request of each task."""
    event = ledger_event.c
    kinds = [f"%{kind.type}%".encode() for kind in (CompletionSubmitted, ExtensionRequested)]
    statement = (
        select(event.content)
        .where(
            event.subject == any_(bindparam(None, [subject_of(each) for each in task_ids], type_=ARRAY(String))),
            or_(*(event.content.op("LIKE", is_comparison=True)(literal(kind, BYTEA)) for kind in kinds)),
        )
        .order_by(event.sequence)
    )
    events = list(_readable(await connection.scalars(statement)))
    names = await actor_names(connection, {each.envelope.actor for each in events})
    found = {}
    for each in events:
        if isinstance(each.data, CompletionSubmitted | ExtensionRequested):
            actor = each.envelope.actor
            found[each.data.task_id, type(each.data)] = Handed(
                actor, names.get(actor, actor), each.envelope.at(), each.data
            )
    return found


def _readable(contents: Iterable[bytes]) -> Iterable[Event]:
    for content in contents:
        try:
            yield CATALOGUE.read(content)
        except UnreadableEvent:
            continue
