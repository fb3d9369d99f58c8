"""What the log says of deliveries, as changes of their rows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import BindParameter, Update, bindparam, func, literal, null, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.tables import delivery
from shared.events.envelope import Envelope
from shared.events.inbox import (
    NotificationAttempted,
    NotificationBounced,
    NotificationDelivered,
    NotificationFailed,
    NotificationResent,
)

Outcome = NotificationAttempted | NotificationDelivered | NotificationFailed | NotificationBounced | NotificationResent

_Kind = Literal["attempted", "delivered", "failed", "bounced", "resent"]

_OF = (delivery.c.notification_id == bindparam("of_notification")) & (delivery.c.channel == bindparam("of_channel"))
_AT: BindParameter[dt.datetime] = bindparam("at")

_UPDATES: Mapping[_Kind, Update] = {
    "attempted": update(delivery).values(
        attempts=func.greatest(delivery.c.attempts, bindparam("attempts_made")),
        excused=func.greatest(delivery.c.excused, bindparam("excused_ones")),
        error=bindparam("told"),
    ),
    "delivered": update(delivery).values(
        state="delivered",
        attempts=bindparam("attempts_made"),
        settled_at=_AT,
        error=null(),
        reference=bindparam("known_as"),
    ),
    "failed": update(delivery).values(
        state="failed", attempts=bindparam("attempts_made"), settled_at=_AT, error=bindparam("told")
    ),
    "bounced": update(delivery).values(state="bounced", settled_at=_AT, error=bindparam("told")),
    "resent": update(delivery).values(
        state="pending",
        round=delivery.c.round + 1,
        excused=delivery.c.attempts,
        not_before=_AT,
        next_attempt_at=_AT,
        digest=literal(False),
        bundle=null(),
        settled_at=null(),
        error=null(),
    ),
}


@dataclass
class Deliveries:
    """The outcomes of a batch of events, in the log's order."""

    changes: list[tuple[_Kind, dict[str, Any]]] = field(default_factory=list)

    @property
    def due(self) -> bool:
        """Whether something is to be sent again."""
        return any(kind == "resent" for kind, _ in self.changes)

    def take(self, envelope: Envelope, data: Outcome) -> None:
        """Takes an outcome in."""
        row: dict[str, Any] = {"of_notification": data.notification_id, "of_channel": data.channel}
        at = {"at": envelope.at()}
        match data:
            case NotificationAttempted():
                attempted = {"attempts_made": data.attempt, "excused_ones": data.excused, "told": data.error}
                self.changes.append(("attempted", row | attempted))
            case NotificationDelivered():
                delivered = {"attempts_made": data.attempts, "known_as": data.reference}
                self.changes.append(("delivered", row | at | delivered))
            case NotificationFailed():
                self.changes.append(("failed", row | at | {"attempts_made": data.attempts, "told": data.error}))
            case NotificationBounced():
                self.changes.append(("bounced", row | at | {"told": data.error}))
            case NotificationResent():
                self.changes.append(("resent", row | at))

    async def write(self, connection: AsyncConnection) -> None:
        """Writes them, those of a kind that follow one another at once."""
        for kind, changes in groupby(self.changes, key=lambda change: change[0]):
            await connection.execute(_UPDATES[kind].where(_OF), [values for _, values in changes])
