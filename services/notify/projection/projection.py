"""The changes of some events that follow one another, gathered in their order and written together."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.marks import Marks
from services.notify.policy.decide import Adopted
from services.notify.policy.people import People
from services.notify.preferences.hours import OfficeHours
from services.notify.projection.addressing import addressed
from services.notify.projection.choices import Choices
from services.notify.projection.deciding import Deciding
from services.notify.projection.inboxes import Inboxes
from services.notify.projection.rows import add
from services.notify.tables import outbox, parked
from services.notify.webhooks.projection import WebhookProjection
from shared.directory.directory import Directory
from shared.events.catalogue import CATALOGUE, Event
from shared.events.fields import Channel
from shared.log.record import Record

log = structlog.get_logger()

_ORGANISATION = ("unit.", "person.")
_READ = (*_ORGANISATION, "meeting.", "task.", "inbox.", "floor.", "ledger.", "webhook.")
_LONGEST_REASON = 1000


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
                directory.apply(CATALOGUE.read(record.content).data)
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
    unusable: list[dict[str, Any]] = field(default_factory=list)
    decides: bool = False
    """Whether something was left to be appended, sent or posted."""

    def __post_init__(self) -> None:
        self.inboxes = Inboxes(self.office.hours)
        self.deciding = Deciding(People(self.directory), self.office.adopted)

    async def project(self, connection: AsyncConnection, records: Sequence[Record]) -> None:
        """Takes events in, in order, and writes what they change. Applying an event again changes nothing more.

        One that cannot be read or applied is parked; one of no concern costs almost nothing.
        """
        events = [(record, event) for record in records if (event := self._read(record))]
        await self.deciding.load(connection, (event for _, event in events))
        for record, event in events:
            try:
                self._take(record.sequence, event)
            except Exception as error:  # noqa: BLE001 - whatever an event breaks, the others must go on
                self._park(record, error)
        await self._write(connection)

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
            return CATALOGUE.read(record.content)
        except Exception as error:  # noqa: BLE001 - as above
            self._park(record, error)
            return None

    def _take(self, sequence: int, event: Event) -> None:
        if event.envelope.subject.startswith(_ORGANISATION):
            self.directory.apply(event.data)
            return
        self.choices.take(sequence, event.data)
        self.inboxes.take(sequence, event.envelope, event.data)
        self.marks.take(sequence, event.envelope.at(), event.data)
        self.webhooks.take(sequence, event.envelope, event.data)
        self.deciding.take(event, sequence)

    def _park(self, record: Record, error: Exception) -> None:
        log.error("event_parked", sequence=record.sequence, subject=record.subject, reason=str(error))
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
        await add(connection, parked, self.unusable)
        self.decides = bool(requested) or sent or self.webhooks.posts
