"""What a batch of events changes in notify's tables, gathered first so that each table is written once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog
from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.outbox import outbox_row
from services.notify.policy import RULE, Notification, when_meeting_concluded
from services.notify.tables import CHANGED, contact, delivery, inbox_tail, meeting, notification, outbox, parked, task
from services.notify.taskstate import Place, of_directive
from shared.database import among
from shared.directory.directory import Directory
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Envelope
from shared.events.fields import Channel, derived_id
from shared.events.inbox import NotificationDelivered, NotificationFailed, NotificationRequested, TaskMention
from shared.events.meeting import MeetingConcluded
from shared.log.record import Record

log = structlog.get_logger()

_ORGANISATION = ("unit.", "person.")
_LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class _Decision:
    """Somebody is to be told, without the event that led to it: that may hold megabytes."""

    concluded_id: str
    correlation_id: str
    meeting_id: str
    notification: Notification


@dataclass
class Projection:
    """The changes of some events that follow one another.

    `directory` is changed in place, so give a copy. `mail` says whether mail can be sent at all.
    """

    directory: Directory
    mail: bool
    meetings: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    decided: list[_Decision] = field(default_factory=list)
    notifications: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    outgoing: list[dict[str, Any]] = field(default_factory=list)
    appended: list[str] = field(default_factory=list)
    tails: dict[str, tuple[int, int]] = field(default_factory=dict)
    unusable: list[dict[str, Any]] = field(default_factory=list)

    @property
    def decides(self) -> bool:
        """Whether something was left to be appended or sent."""
        return bool(self.outgoing or self.deliveries)

    def take_all(self, records: Iterable[Record]) -> None:
        """Takes events in, in order. One that cannot be read is parked; one of no concern costs almost nothing."""
        for record in records:
            self._take_record(record)

    def _take_record(self, record: Record) -> None:
        self._place(record)
        kind = record.aggregate
        try:
            if kind.startswith(_ORGANISATION):
                self.directory.apply(CATALOGUE.read(record.content).data)
            elif kind.startswith(("meeting.", "inbox.")):
                event = CATALOGUE.read(record.content)
                self._take(record.sequence, event.envelope, event.data)
        except Exception as error:  # noqa: BLE001 - whatever an event breaks, the others must go on
            self._park(record, error)

    def _place(self, record: Record) -> None:
        """Takes in where the event stands: the next event of a person's subject has to follow it, whatever it says."""
        if record.aggregate.startswith("inbox."):
            person_id = record.aggregate.removeprefix("inbox.")
            self.tails[person_id] = (record.sequence, self.tails.get(person_id, (0, 0))[1] + 1)

    def park(self, record: Record, error: Exception) -> None:
        """Keeps an event that cannot be applied aside for the office, with its place."""
        self._place(record)
        self._park(record, error)

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

    def _take(self, sequence: int, envelope: Envelope, data: object) -> None:
        match data:
            case MeetingConcluded():
                found = when_meeting_concluded(data, envelope.actor, self.directory)
                place = Place(envelope.id, sequence, envelope.at(), envelope.actor)
                self.meetings.append(_meeting_row(place, data))
                for directive in data.directives:
                    self.tasks.extend(map(asdict, of_directive(data.meeting_id, directive, place)))
                self.decided.extend(
                    _Decision(envelope.id, envelope.correlationid, data.meeting_id, each) for each in found
                )
            case NotificationRequested():
                self._requested(sequence, envelope, data)
            case NotificationDelivered():
                self._settled(envelope, data, "delivered", None)
            case NotificationFailed():
                self._settled(envelope, data, "failed", data.error)

    def _requested(self, sequence: int, envelope: Envelope, data: NotificationRequested) -> None:
        now = dt.datetime.now(dt.UTC)
        self.appended.append(envelope.id)
        self.notifications.append(
            {
                "notification_id": data.notification_id,
                "person_id": data.person_id,
                "sequence": sequence,
                "event_id": envelope.id,
                "correlation_id": envelope.correlationid,
                "requested_at": envelope.at(),
                "meeting_id": data.meeting_id,
                "rule": data.rule,
                "reasons": list(data.reasons),
                "mentions": [[mention.task_id, mention.reason] for mention in data.tasks],
                "category": data.category,
                "urgency": data.urgency,
                "language": data.language,
                "due": data.due,
                "offset": data.offset,
                "cause": envelope.causationid,
            }
        )
        for channel in data.channels:
            self.deliveries.append(
                {
                    "notification_id": data.notification_id,
                    "channel": channel,
                    "person_id": data.person_id,
                    "not_before": now,
                    "digest": False,
                    "sequence": sequence,
                    "urgent": data.urgency == "urgent",
                    "state": "settled" if channel == "inbox" else "pending",
                    "attempts": 1 if channel == "inbox" else 0,
                    "next_attempt_at": now,
                }
            )
        if "inbox" in data.channels:
            shown = NotificationDelivered(
                notification_id=data.notification_id, person_id=data.person_id, channel="inbox"
            )
            self.outgoing.append(
                outbox_row(shown, correlation_id=envelope.correlationid, causation_id=envelope.id, at=now)
            )

    def _settled(
        self, envelope: Envelope, data: NotificationDelivered | NotificationFailed, state: str, error: str | None
    ) -> None:
        self.appended.append(envelope.id)
        self.outcomes.append(
            {
                "of_notification": data.notification_id,
                "of_channel": data.channel,
                "state": state,
                "attempts": data.attempts,
                "settled_at": envelope.at(),
                "error": error,
            }
        )

    async def write(self, connection: AsyncConnection) -> None:
        """Writes all of it. Applying an event again changes nothing more."""
        await self._address(connection)
        await _add(connection, meeting, self.meetings)
        await _add(connection, task, self.tasks)
        await _add(connection, notification, self.notifications)
        await _add(connection, delivery, self.deliveries)
        await _add(connection, parked, self.unusable)
        if self.outcomes:
            own = (delivery.c.notification_id == bindparam("of_notification")) & (
                delivery.c.channel == bindparam("of_channel")
            )
            values: dict[str, Any] = {name: bindparam(name) for name in ("state", "attempts", "settled_at", "error")}
            await connection.execute(update(delivery).where(own).values(values), self.outcomes)
        await _add(connection, outbox, self.outgoing)
        if self.appended:
            await connection.execute(delete(outbox).where(among(outbox.c.event_id, self.appended)))
        if self.tails:
            await self._write_tails(connection)
        if self.notifications:
            await connection.execute(select(func.pg_notify(CHANGED, "")))

    async def _address(self, connection: AsyncConnection) -> None:
        """Chooses the channels of what was decided: the inbox always, mail where there is an address for it."""
        with_mail: set[str] = set()
        if self.mail and self.decided:
            people = {each.notification.person_id for each in self.decided}
            found = await connection.scalars(select(contact.c.person_id).where(among(contact.c.person_id, people)))
            with_mail.update(found)
        now = dt.datetime.now(dt.UTC)
        for each in self.decided:
            person_id = each.notification.person_id
            channels: tuple[Channel, ...] = ("inbox", "mail") if person_id in with_mail else ("inbox",)
            requested = NotificationRequested(
                notification_id=derived_id(each.concluded_id, person_id, RULE),
                person_id=person_id,
                rule=RULE,
                reasons=each.notification.reasons,
                meeting_id=each.meeting_id,
                tasks=tuple(
                    TaskMention(task_id=task_id, reason=reason) for task_id, reason in each.notification.mentions
                ),
                channels=channels,
            )
            self.outgoing.append(
                outbox_row(requested, correlation_id=each.correlation_id, causation_id=each.concluded_id, at=now)
            )

    async def _write_tails(self, connection: AsyncConnection) -> None:
        added = insert(inbox_tail)
        later = added.on_conflict_do_update(
            index_elements=[inbox_tail.c.person_id],
            set_={
                "sequence": func.greatest(inbox_tail.c.sequence, added.excluded.sequence),
                "version": inbox_tail.c.version + added.excluded.version,
            },
        )
        rows = [
            {"person_id": person_id, "sequence": sequence, "version": count}
            for person_id, (sequence, count) in sorted(self.tails.items())
        ]
        await connection.execute(later, rows)


async def _add(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(table).on_conflict_do_nothing(), rows)


def _meeting_row(place: Place, data: MeetingConcluded) -> dict[str, Any]:
    return {
        "meeting_id": data.meeting_id,
        "sequence": place.sequence,
        "title": data.title,
        "number": data.number,
        "issuer": data.issuer,
        "author": place.actor,
    }
