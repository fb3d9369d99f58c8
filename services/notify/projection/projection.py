"""The changes of some events that follow one another, gathered in their order and written together."""

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import metrics
from services.notify.marks import Marks
from services.notify.policy.decide import Adopted
from services.notify.policy.people import People
from services.notify.preferences.hours import OfficeHours
from services.notify.projection.addressing import addressed
from services.notify.projection.choices import Choices
from services.notify.projection.deciding import Deciding
from services.notify.projection.erasing import Erasing
from services.notify.projection.inboxes import Inboxes
from services.notify.projection.rows import add
from services.notify.tables import SCHEMA, outbox, parked
from services.notify.webhooks.projection import WebhookProjection
from shared.database import among
from shared.directory.directory import Directory
from shared.events.catalogue import CATALOGUE, Event, UnknownEvent, UnreadableEvent
from shared.events.envelope import Envelope
from shared.events.fields import Channel
from shared.log.record import Record
from shared.newer_copy import NewerCopyKnows, newer_copy
from shared.telemetry import traces
from shared.telemetry.correlation import correlation_of
from shared.telemetry.followed import happened_lately

log = structlog.get_logger()

_ORGANISATION = ("unit.", "person.")
_READ = (*_ORGANISATION, "meeting.", "task.", "inbox.", "floor.", "ledger.", "webhook.")
IN_TURN = ("meeting.", "task.")
"""Aggregates of which nobody is told anything more once an event of theirs could not be read: it may have changed whom
the work lies with."""

_LONGEST_REASON = 1000


class BehindParked(Exception):
    """An earlier event of the same aggregate could not be read."""


_UNREAD = [each.__name__ for each in (UnknownEvent, UnreadableEvent, BehindParked)]


@dataclass(frozen=True, slots=True)
class Office:
    """What holds for every decision: the channels that this installation has beside the inbox, its hours, and from
    where in the log its rules hold."""

    channels: frozenset[Channel] = frozenset()
    hours: OfficeHours = field(default_factory=OfficeHours)
    adopted: Adopted = field(default_factory=Adopted)


def follow_organisation(directory: Directory, records: Iterable[Record]) -> None:
    """Takes what these events say of units and people into the directory, which is changed in place."""
    for record in records:
        if record.aggregate.startswith(_ORGANISATION):
            try:
                directory.apply(CATALOGUE.applicable(record.content, record.aggregate).data)
            except Exception as error:  # noqa: BLE001 - it was parked when it was projected
                log.error("unreadable_event", sequence=record.sequence, error=str(error))


@dataclass
class Projection:
    """What a batch changes. `directory` is changed in place, so give a copy."""

    directory: Directory
    office: Office
    choices: Choices = field(default_factory=Choices)
    marks: Marks = field(default_factory=Marks)
    webhooks: WebhookProjection = field(default_factory=WebhookProjection)
    erasing: Erasing = field(default_factory=Erasing)
    unusable: list[dict[str, Any]] = field(default_factory=list)
    behind: set[str] = field(default_factory=set)
    """Subjects of which nothing more is taken in."""
    decides: bool = False
    """Whether something was left to be appended, sent or posted."""

    def __post_init__(self) -> None:
        self.inboxes = Inboxes(self.office.hours)
        self.deciding = Deciding(People(self.directory), self.office.adopted)

    async def project(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Takes events in, in order, and writes what they change. Applying an event again changes nothing more.

        One that cannot be read or applied is parked; one of no concern costs almost nothing.

        Raises:
            NewerCopyKnows: a copy of a newer release can read what this one cannot; nothing was written.
        """
        began = time.time_ns()
        await self._look_behind(connection, records)
        events = []
        for record in records:
            try:
                if event := self._read(record):
                    events.append((record, event))
            except UnknownEvent as error:
                if await newer_copy(connection, SCHEMA):
                    raise NewerCopyKnows(record.sequence, error.event_type) from error
                self._park(record, error)
        await self.deciding.load(connection, (event for _, event in events))
        for record, event in events:
            try:
                self._take(record.sequence, event)
            except Exception as error:  # noqa: BLE001 - whatever an event breaks, the others must go on
                self._park(record, error)
        await self._write(connection)
        self._tell([event.envelope for _, event in events], began)

    def _tell(self, events: Sequence[Envelope], began: int) -> None:
        """Tells of the events to whose people something is to be told, with their correlation ids."""
        counts: dict[str, int] = {}
        for each in self.deciding.decided:
            metrics.PLANNED.labels(each.notification.rule).inc()
            counts[each.place.event_id] = counts.get(each.place.event_id, 0) + 1
        for event in events:
            if (count := counts.get(event.id)) and happened_lately(event):
                log.info("planned", correlation_id=event.correlationid, event_id=event.id, notifications=count)
                above, place = (of(event.correlationid, event.id) for of in (traces.of_event, traces.of_planning))
                traces.done(above, "plan", began, {"ketluan.notifications": count}, "consumer", place)

    async def put_aside(self, connection: AsyncConnection, record: Record, error: Exception) -> None:
        """Keeps an event that cannot be applied aside for the office, with its place."""
        self.inboxes.place(record)
        self._park(record, error)
        await self._write(connection)

    def _read(self, record: Record) -> Event | None:
        self.inboxes.place(record)
        if not record.aggregate.startswith(_READ):
            return None
        try:
            if record.subject in self.behind:
                raise BehindParked("an earlier event of this aggregate is parked")
            return CATALOGUE.applicable(record.content, record.aggregate)
        except UnknownEvent:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._park(record, error)
            return None

    async def _look_behind(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        subjects = {record.subject for record in records if record.aggregate.startswith(IN_TURN)}
        reason = func.split_part(parked.c.reason, ":", 1)
        unread = select(parked.c.subject).where(among(parked.c.subject, subjects), reason.in_(_UNREAD))
        self.behind |= set(await connection.scalars(unread))

    def _take(self, sequence: int, event: Event) -> None:
        if event.envelope.subject.startswith(_ORGANISATION):
            self.directory.apply(event.data)
            self.choices.take(sequence, event.data)
            self.erasing.take(sequence, event.envelope.at(), event.data)
            return
        self.choices.take(sequence, event.data)
        self.inboxes.take(sequence, event.envelope, event.data)
        self.marks.take(sequence, event.envelope.at(), event.data)
        self.webhooks.take(sequence, event.envelope, event.data)
        self.deciding.take(event, sequence)

    def _park(self, record: Record, error: Exception) -> None:
        if type(error).__name__ in _UNREAD and record.aggregate.startswith(IN_TURN):
            self.behind.add(record.subject)
        correlation_id = correlation_of(record.content)
        log.error(
            "event_parked",
            sequence=record.sequence,
            subject=record.subject,
            reason=str(error),
            correlation_id=correlation_id,
        )
        self.unusable.append(
            {
                "sequence": record.sequence,
                "subject": record.subject,
                "reason": f"{type(error).__name__}: {error}".replace("\x00", "")[:_LONGEST_REASON],
                "parked_at": dt.datetime.now(dt.UTC),
            }
        )

    async def _write(self, connection: AsyncConnection) -> None:
        decided = self.deciding.decided
        held = await self.choices.held(connection, {each.notification.person_id for each in decided}, self.directory)
        requested = await addressed(connection, decided, held, self.office.channels, self.office.hours)
        # What stands in the log already leaves the outbox again with the inboxes; those read the choices, too.
        await add(connection, outbox, requested)
        sent = await self.inboxes.write(connection, self.choices, self.directory)
        await self.marks.write(connection)
        await self.choices.write(connection)
        await self.deciding.write(connection)
        await self.webhooks.write(connection)
        await self.erasing.write(connection)
        await add(connection, parked, self.unusable)
        self.decides = bool(requested) or sent or self.webhooks.posts
