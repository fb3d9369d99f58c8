"""What was different between two moments, from the register's pasts and the ledger's events."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register import tables
from services.tasks.register import tables_of_pasts as pasts
from services.tasks.register.as_of import AsOf
from services.tasks.register.differences import NOTICE_FIELDS, notice_changes, task_changes
from services.tasks.register.former import tasks_as_of
from services.tasks.register.history import actor_names
from services.tasks.register.standing import Step, steps, subject_of
from services.tasks.register.tasks import Sight, seen
from services.tasks.register.views import BothLanguages, HistoryEntry
from services.tasks.register.views_of_pasts import EventBrief, FieldChange, TaskChanges
from shared.database import among
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.meeting import ConclusionCorrected, ConclusionRevoked, MeetingConcluded
from shared.language import Words
from shared.log.record import Record
from shared.log.stream import PREFIX
from shared.vocabulary import EVENTS


def called(event_type: str) -> BothLanguages:
    """What an event of a type is called."""
    name = event_type.removeprefix("ketluan.").partition(".")[0]
    words = EVENTS.get(name, Words(event_type, event_type))
    return BothLanguages(vi=words.vi, en=words.en)


def brief(step: Step, names: Mapping[str, str]) -> EventBrief:
    """The event of a step; `names` are those of people by their actors."""
    place = step.place
    return EventBrief(
        sequence=place.sequence,
        id=step.event_id,
        type=step.type,
        words=called(step.type),
        time=place.at,
        actor=place.actor,
        actor_name=names.get(place.actor),
    )


def brief_of(entry: HistoryEntry) -> EventBrief:
    """The event of an entry of a history."""
    return EventBrief(
        sequence=entry.sequence,
        id=entry.id,
        type=entry.type,
        words=called(entry.type),
        time=entry.time,
        actor=entry.actor,
        actor_name=entry.actor_name,
    )


async def tasks_changed(connection: AsyncConnection, ids: Sequence[str], since: AsOf, until: AsOf) -> list[TaskChanges]:
    """What is different of these tasks, in the order of their assignment; those of which nothing is are left out."""
    before = await tasks_as_of(connection, ids, since)
    after = await tasks_as_of(connection, ids, until)
    lives = await _lives(connection, list(after), until.sequence)
    names = await actor_names(connection, {step.place.actor for life in lives.values() for step in life})
    texts = await _texts(connection, {task.directive_id for task in after.values()})
    found = []
    for task in sorted(after.values(), key=lambda task: task.assigned_sequence):
        was = before.get(task.id)
        between = [
            (step, brief(step, names)) for step in lives[task.id] if was is None or step.place.sequence > since.sequence
        ]
        if changes := task_changes(was, task, between):
            found.append(
                TaskChanges(
                    task_id=task.id,
                    assigned_sequence=task.assigned_sequence,
                    text=texts.get(task.directive_id, ""),
                    unit=task.unit.name,
                    began=was is None,
                    changes=changes,
                )
            )
    return found


async def changed_ids(
    connection: AsyncConnection, since: AsOf, until: AsOf, sight: Sight, after: int, limit: int
) -> list[tuple[int, str]]:
    """Tasks with an event of their own, or of their notice, between two moments: their sequences of assignment, behind
    `after` and in that order, and their ids. A unit's people are told of those that are theirs now."""
    present, former = tables.standing.c, pasts.task_version.c
    earlier = exists().where(
        former.task_id == present.task_id,
        former.sequence > since.sequence,
        former.sequence <= until.sequence,
    )
    itself = (present.sequence > since.sequence) & (present.sequence <= until.sequence)
    # A task that stands since before has not changed in between, and is passed over without looking at its versions.
    statement = (
        select(present.assigned_sequence, present.task_id)
        .where(present.assigned_sequence > after, present.assigned_sequence <= until.sequence)
        .where(present.sequence > since.sequence, or_(itself, earlier), seen(sight, tables.standing))
        .order_by(present.assigned_sequence)
        .limit(limit)
    )
    return [(row.assigned_sequence, row.task_id) for row in await connection.execute(statement)]


async def notice_changed(
    connection: AsyncConnection,
    meeting_id: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    since: AsOf,
    until: AsOf,
) -> tuple[FieldChange, ...]:
    """What is different of a notice; `before` and `after` are its fields at both moments."""
    event = ledger_event.c
    first = since.sequence if before else 0
    statement = (
        select(event.sequence, event.content)
        .where(event.subject == f"{PREFIX}meeting.{meeting_id}")
        .where(event.sequence > first, event.sequence <= until.sequence)
        .order_by(event.sequence)
    )
    between: list[tuple[set[str], EventBrief]] = []
    for row in await connection.execute(statement):
        try:
            found = CATALOGUE.read(row.content)
        except UnreadableEvent:
            break
        envelope = found.envelope
        told = EventBrief(
            sequence=row.sequence,
            id=envelope.id,
            type=envelope.type,
            words=called(envelope.type),
            time=envelope.at(),
            actor=envelope.actor,
        )
        between.append((_touched(found.data), told))
    names = await actor_names(connection, {told.actor for _, told in between})
    named = [(fields, told.model_copy(update={"actor_name": names.get(told.actor)})) for fields, told in between]
    return notice_changes(before, after, named)


def _touched(data: object) -> set[str]:
    match data:
        case MeetingConcluded():
            return set(NOTICE_FIELDS)
        case ConclusionCorrected(fields=fields):
            return {name for name, value in fields if value is not None} | {"directive_count", "task_count"}
        case ConclusionRevoked():
            return {"revoked_at"}
        case _:
            return set()


async def _lives(connection: AsyncConnection, ids: Sequence[str], last: int) -> dict[str, list[Step]]:
    event = ledger_event.c
    statement = (
        select(event.sequence, event.subject, event.stored_at, event.content)
        .where(among(event.subject, map(subject_of, ids)), event.sequence <= last)
        .order_by(event.subject, event.sequence)
    )
    records: Iterable[Record] = [Record(*row) for row in await connection.execute(statement)]
    groups = groupby(records, key=lambda record: record.subject)
    return {subject.removeprefix(subject_of("")): steps(group) for subject, group in groups}


async def _texts(connection: AsyncConnection, ids: set[str]) -> dict[str, str]:
    directive = tables.directive.c
    rows = await connection.execute(select(directive.id, directive.text).where(among(directive.id, ids)))
    return {row.id: row.text for row in rows}
