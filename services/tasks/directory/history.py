"""What happened to a unit, a person or a program, from the ledger: who did it, and when."""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register.history import actor_names
from shared.events.catalogue import CATALOGUE, EventData, Unknown, UnreadableEvent
from shared.log.stream import PREFIX

MOST = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One event of an aggregate. `actor_name` is that of whoever did it, where the directory knows them."""

    sequence: int
    version: int
    data: EventData | Unknown
    at: dt.datetime
    actor: str
    actor_name: str | None = None

    @property
    def kind(self) -> str:
        """The event's name in the catalogue; its whole type where this version does not know it."""
        return self.data.type if isinstance(self.data, Unknown) else type(self.data).__name__


async def history(connection: AsyncConnection, aggregate: str, most: int = MOST) -> list[Step]:
    """The newest events of an aggregate such as `unit.van-phong`, the newest first."""
    event = ledger_event.c
    statement = select(event.sequence, event.content).where(event.subject == PREFIX + aggregate)
    rows = await connection.execute(statement.order_by(event.sequence.desc()).limit(most))
    found = [step for row in rows if (step := _step(row.sequence, row.content))]
    names = await actor_names(connection, {step.actor for step in found})
    return [replace(step, actor_name=names.get(step.actor)) for step in found]


def version_of(steps: list[Step]) -> int:
    """The version of an aggregate with this history; 0 where it has none."""
    return steps[0].version if steps else 0


def _step(sequence: int, content: bytes) -> Step | None:
    """What cannot be read as an event is left out: the register parks it, and shows it there."""
    try:
        event = CATALOGUE.read(content)
    except UnreadableEvent:
        return None
    envelope = event.envelope
    return Step(sequence, envelope.aggregateversion, event.data, envelope.at(), envelope.actor)
