"""What the events on people's own subjects change: their notifications, and what became of each by each channel."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.deliveries import Deliveries
from services.notify.outbox import outbox_row
from services.notify.preferences.hours import OfficeHours
from services.notify.preferences.timing import Timing, timing
from services.notify.projection.choices import Choices
from services.notify.projection.rows import add, as_one, inserted
from services.notify.tables import delivery, inbox_tail, notification, outbox
from shared.database import among
from shared.directory.directory import Directory
from shared.events.envelope import Envelope
from shared.events.fields import Channel
from shared.events.inbox import (
    NotificationAttempted,
    NotificationBounced,
    NotificationDelivered,
    NotificationFailed,
    NotificationRequested,
    NotificationResent,
)
from shared.log.record import Record


@dataclass
class Inboxes:
    """Rows of notifications and deliveries, and the places that events of this service have to follow."""

    office: OfficeHours
    requested: list[tuple[int, Envelope, NotificationRequested]] = field(default_factory=list)
    deliveries: Deliveries = field(default_factory=Deliveries)
    appended: list[str] = field(default_factory=list)
    tails: dict[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, record: Record) -> None:
        """Takes in where an event stands: the next event of a person's subject has to follow it, whatever it says."""
        if record.aggregate.startswith("inbox."):
            person_id = record.aggregate.removeprefix("inbox.")
            self.tails[person_id] = (record.sequence, self.tails.get(person_id, (0, 0))[1] + 1)

    def take(self, sequence: int, envelope: Envelope, data: object) -> None:
        """Takes an event in; one of another kind changes nothing."""
        if envelope.subject.startswith("inbox."):
            self.appended.append(envelope.id)
        match data:
            case NotificationRequested():
                self.requested.append((sequence, envelope, data))
            case (
                NotificationAttempted()
                | NotificationDelivered()
                | NotificationFailed()
                | NotificationBounced()
                | NotificationResent()
            ):
                self.deliveries.take(envelope, data)

    async def write(self, connection: AsyncConnection, choices: Choices, directory: Directory) -> bool:
        """Writes all of it, before `choices` are written. Says whether that left something to be sent."""
        now = dt.datetime.now(dt.UTC)
        held = await choices.held(connection, {data.person_id for _, _, data in self.requested}, directory)
        rows, shown = [], []
        for sequence, envelope, data in self.requested:
            preferences = held.preferences(data.person_id, sequence)
            floor = held.floor(data.person_id, sequence)
            for channel in data.channels:
                at = envelope.at()
                # Channels were chosen when it was decided; since then the person may have switched one off.
                when = timing(preferences, floor, data.category, data.urgency, channel, at, self.office) or Timing(at)
                rows.append(_delivery_row(sequence, data, channel, when, now))
            if "inbox" in data.channels:
                delivered = NotificationDelivered(
                    notification_id=data.notification_id, person_id=data.person_id, channel="inbox"
                )
                shown.append(
                    outbox_row(delivered, correlation_id=envelope.correlationid, causation_id=envelope.id, at=now)
                )
        await add(connection, notification, [_notification_row(*each) for each in self.requested])
        await add(connection, delivery, rows)
        await self.deliveries.write(connection)
        await add(connection, outbox, shown)
        if self.appended:
            await connection.execute(delete(outbox).where(among(outbox.c.event_id, self.appended)))
        if self.tails:
            await self._write_tails(connection)
        return bool(rows) or self.deliveries.due

    async def _write_tails(self, connection: AsyncConnection) -> None:
        added = inserted(inbox_tail, ("person_id", "sequence", "version"))
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
        await connection.execute(later, as_one(rows))


def _notification_row(sequence: int, envelope: Envelope, data: NotificationRequested) -> dict[str, Any]:
    return {
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


def _delivery_row(
    sequence: int, data: NotificationRequested, channel: Channel, when: Timing, now: dt.datetime
) -> dict[str, Any]:
    return {
        "notification_id": data.notification_id,
        "channel": channel,
        "person_id": data.person_id,
        "not_before": when.not_before,
        "digest": when.digest,
        "sequence": sequence,
        "urgent": data.urgency == "urgent",
        "state": "settled" if channel == "inbox" else "pending",
        "attempts": 1 if channel == "inbox" else 0,
        "next_attempt_at": max(when.not_before, now),
    }
