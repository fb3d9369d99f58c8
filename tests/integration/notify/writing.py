"""Writes events into the log as their owners would, and reads what notify wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE, Event, EventData
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.inbox import NotificationRequested
from shared.events.task import TaskEvent
from shared.log.append import append, entry
from shared.log.read import next_on

_OWNERS = {"meeting": "meeting_id", "task": "task_id", "unit": "unit_id", "person": "person_id"}


@dataclass
class Writer:
    """Appends events, each behind the last of its own subject that this writer appended."""

    client: Client
    tails: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def write(
        self, *events: EventData, actor: str = "client.tests", request: str = "request-1", source: str = "/tests"
    ) -> str:
        """Appends events one by one; gives the id of the last one."""
        event_id = ""
        for data in events:
            subject = self.subject(data)
            sequence, version = self.tails.get(subject, (0, 0))
            event_id = derived_id(subject, version + 1)
            envelope = Envelope(
                id=event_id,
                source=source,
                type=data.type,
                subject=subject,
                time=datetime.now(UTC),
                actor=actor,
                correlationid=request,
                causationid=request,
                aggregateversion=version + 1,
                data=data.model_dump(mode="json"),
            )
            self.tails[subject] = (await append(self.client, [entry(envelope, sequence)]), version + 1)
        return event_id

    @staticmethod
    def subject(data: EventData) -> str:
        """The aggregate that the event belongs to."""
        if isinstance(data, TaskEvent):
            return f"task.{data.task_id}"
        kind = data.type.split(".")[1].lower().replace("conclusion", "meeting")
        owner = next(owner for owner in _OWNERS if kind.startswith(owner) or owner == "person")
        return f"{owner}.{getattr(data, _OWNERS[owner])}"


async def inbox_events(client: Client, people: Iterable[str]) -> list[Event]:
    """Every event on the subjects of these people, in each one's order."""
    found = []
    for person_id in people:
        sequence = 0
        while record := await next_on(client, f"log.inbox.{person_id}", sequence):
            sequence = record.sequence
            found.append(CATALOGUE.read(record.content))
    return found


def requested(events: Iterable[Event]) -> list[NotificationRequested]:
    """What of these events asked for a notification."""
    return [event.data for event in events if isinstance(event.data, NotificationRequested)]
