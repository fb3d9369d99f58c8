"""What is forgotten of people who left: where they were reached, and what waits to be sent there.

An event says it, so that it is so in every copy of these tables, after a rebuild, and once an older backup goes on from
where it was taken. What was given later, by somebody who came back, is left alone.
"""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.tables import calendar_feed, contact, delivery, push_subscription
from shared.events.person import PersonalDataErased


@dataclass
class Erasing:
    """The people whose data were erased in a batch, each with the event's time and place in the log."""

    erased: dict[str, tuple[dt.datetime, int]] = field(default_factory=dict)

    def take(self, sequence: int, at: dt.datetime, data: object) -> None:
        """Takes an event in; one of another kind changes nothing."""
        if isinstance(data, PersonalDataErased):
            self.erased[data.person_id] = (at, sequence)

    async def write(self, connection: AsyncConnection) -> None:
        """Forgets all of it, behind everything else that the batch changes."""
        since = (
            (contact, contact.c.changed_at),
            (push_subscription, push_subscription.c.created_at),
            (calendar_feed, calendar_feed.c.created_at),
        )
        for person_id, (at, sequence) in self.erased.items():
            for table, given_at in since:
                await connection.execute(delete(table).where(table.c.person_id == person_id, given_at <= at))
            own = (delivery.c.person_id == person_id) & (delivery.c.sequence < sequence)
            waiting = own & (delivery.c.state == "pending")
            await connection.execute(delete(delivery).where(waiting))
            await connection.execute(update(delivery).where(own).values(error=None, reference=None))
