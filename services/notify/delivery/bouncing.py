"""From a mail that came back to the events that say so."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.mail.addressing import reference_of
from services.notify.channels.mail.bounces import Bounce
from services.notify.outbox import outbox_row
from services.notify.tables import delivery, notification
from shared.database import translated
from shared.events.inbox import NotificationBounced


async def bounced(engine: AsyncEngine, bounce: Bounce, mail_from: str) -> list[dict[str, Any]]:
    """The rows of the outbox that say what came back: one for each notification that the mail brought and that counts
    as delivered. None where no mail of ours is meant, or where all of it is known already.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    reference = reference_of(bounce.message_id, mail_from)
    query = (
        select(delivery.c.round, notification)
        .join(notification, notification.c.notification_id == delivery.c.notification_id)
        .where(
            delivery.c.channel == "mail",
            (delivery.c.reference == reference) | (delivery.c.bundle == bounce.message_id),
            delivery.c.state.in_(["settled", "delivered"]),
        )
        .order_by(notification.c.sequence)
    )
    with translated():
        async with engine.connect() as connection:
            rows = (await connection.execute(query)).all()
    now = dt.datetime.now(dt.UTC)
    return [
        outbox_row(
            NotificationBounced(
                notification_id=row.notification_id, person_id=row.person_id, channel="mail", error=bounce.error
            ),
            correlation_id=row.correlation_id,
            causation_id=row.event_id,
            at=now,
            round_=row.round,
        )
        for row in rows
    ]
