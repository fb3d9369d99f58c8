"""What people read and acknowledged, as rows."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, DateTime, bindparam, func, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.tables import notification
from shared.events.inbox import NotificationAcknowledged, NotificationRead

_MOMENT = DateTime(timezone=True)


@dataclass
class Marks:
    """What some events that follow one another mark."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def take(self, sequence: int, at: dt.datetime, data: object) -> None:
        """Takes in the event at a sequence of the log; one of another kind changes nothing."""
        match data:
            case NotificationRead() | NotificationAcknowledged():
                self.rows.append(
                    {
                        "of_notification": data.notification_id,
                        "of_person": data.person_id,
                        "at": at,
                        "noted_at": at if isinstance(data, NotificationAcknowledged) else None,
                        "place": sequence,
                    }
                )

    async def write(self, connection: AsyncConnection) -> None:
        """Writes all of it, behind the notifications of the same events. Applying an event again changes nothing more.

        The first reading and the first acknowledgement count, and whoever acknowledges has read.
        """
        if not self.rows:
            return
        own = (notification.c.notification_id == bindparam("of_notification")) & (
            notification.c.person_id == bindparam("of_person")
        )
        marked = update(notification).where(own)
        await connection.execute(
            marked.values(
                read_at=func.coalesce(notification.c.read_at, bindparam("at", type_=_MOMENT)),
                acknowledged_at=func.coalesce(notification.c.acknowledged_at, bindparam("noted_at", type_=_MOMENT)),
                marked=func.greatest(notification.c.marked, bindparam("place", type_=BigInteger)),
            ),
            self.rows,
        )
