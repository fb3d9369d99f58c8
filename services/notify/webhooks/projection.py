"""What events change for endpoints: how they stand, and what is to be posted to them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.webhooks.payload import postable
from services.notify.webhooks.tables import webhook, webhook_delivery, webhook_secret
from shared.events.envelope import Envelope
from shared.events.webhook import (
    WebhookDelivered,
    WebhookDisabled,
    WebhookEnabled,
    WebhookEvent,
    WebhookFailed,
    WebhookRegistered,
    WebhookReplayRequested,
    WebhookSecretRotated,
)

FORMER_SECRET_LASTS = dt.timedelta(days=1)
"""For so long behind a rotation the former secret signs as well."""


@dataclass(frozen=True, slots=True)
class _Posted:
    """An event that endpoints may want."""

    sequence: int
    event_id: str
    correlation_id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Happened:
    """An event of an endpoint."""

    sequence: int
    event_id: str
    at: dt.datetime
    data: WebhookEvent


@dataclass
class _Endpoint:
    """How an endpoint stands at a place of the log."""

    sequence: int | None
    enabled: bool
    event_types: frozenset[str]

    def wants(self, posted: _Posted) -> bool:
        registered = self.sequence is not None and self.sequence < posted.sequence
        return registered and self.enabled and (not self.event_types or posted.name in self.event_types)


@dataclass
class WebhookProjection:
    """The changes of some events that follow one another, for endpoints."""

    posts: bool = False
    """Whether something was left to be posted. Known once it is written."""
    _steps: list[_Posted | _Happened] = field(default_factory=list)

    def take(self, sequence: int, envelope: Envelope, data: object) -> None:
        """Takes an event in."""
        if isinstance(data, WebhookEvent):
            self._steps.append(_Happened(sequence, envelope.id, envelope.at(), data))
        elif name := postable(data):
            self._steps.append(_Posted(sequence, envelope.id, envelope.correlationid, name))

    async def write(self, connection: AsyncConnection) -> None:
        """Writes all of it, in the order of the log. Applying an event again changes nothing more."""
        if not self._steps:
            return
        endpoints = {
            row.webhook_id: _Endpoint(row.sequence, row.state == "enabled", frozenset(row.event_types))
            for row in await connection.execute(select(webhook).where(webhook.c.state != "registering"))
        }
        waiting: list[_Posted] = []
        for step in self._steps:
            if isinstance(step, _Posted):
                waiting.append(step)
                continue
            await self._post(connection, endpoints, waiting)
            waiting = []
            await self._happened(connection, endpoints, step)
        await self._post(connection, endpoints, waiting)

    async def _post(
        self, connection: AsyncConnection, endpoints: dict[str, _Endpoint], posted: Sequence[_Posted]
    ) -> None:
        for webhook_id, endpoint in endpoints.items():
            wanted = [each for each in posted if endpoint.wants(each)]
            if wanted:
                await connection.execute(_ADD, _rows(webhook_id, wanted))
                self.posts = True

    async def _happened(self, connection: AsyncConnection, endpoints: dict[str, _Endpoint], step: _Happened) -> None:
        data, own = step.data, webhook.c.webhook_id == step.data.webhook_id
        match data:
            case WebhookRegistered():
                row = {"state": "enabled", "sequence": step.sequence, "changed_at": step.at, "disabled_reason": None}
                found = await connection.execute(update(webhook).where(own).values(row))
                if found.rowcount:
                    endpoints[data.webhook_id] = _Endpoint(step.sequence, True, frozenset(data.event_types))
                await _sign_with(connection, step)
            case WebhookSecretRotated():
                await _sign_with(connection, step)
            case WebhookDisabled():
                row = {"state": "disabled", "disabled_reason": data.reason, "changed_at": step.at}
                await connection.execute(update(webhook).where(own).values(row))
                if known := endpoints.get(data.webhook_id):
                    known.enabled = False
            case WebhookEnabled():
                row = {"state": "enabled", "disabled_reason": None, "changed_at": step.at, "resting_until": None}
                await connection.execute(update(webhook).where(own).values(row))
                await connection.execute(_again(data.webhook_id))
                if known := endpoints.get(data.webhook_id):
                    known.enabled = True
                self.posts = True
            case WebhookDelivered():
                await connection.execute(_settled(step, data, "delivered", status=data.status, error=None))
            case WebhookFailed():
                await connection.execute(_settled(step, data, "failed", error=data.error))
            case WebhookReplayRequested():
                again = {"state": "pending", "attempts": 0, "next_attempt_at": func.now(), "settled_at": None}
                asked = update(webhook_delivery).where(_of(data.webhook_id, data.event_id))
                await connection.execute(asked.values(**again, round=webhook_delivery.c.round + 1, error=None))
                self.posts = True


_ADD = (
    insert(webhook_delivery)
    .from_select(
        [
            "webhook_id",
            "state",
            "round",
            "attempts",
            "next_attempt_at",
            "event_id",
            "sequence",
            "type",
            "correlation_id",
        ],
        select(
            bindparam("webhook_id", type_=Text),
            literal("pending"),
            literal(0),
            literal(0),
            func.now(),
            func.unnest(bindparam("event_ids", type_=ARRAY(Text))),
            func.unnest(bindparam("sequences", type_=ARRAY(BigInteger))),
            func.unnest(bindparam("types", type_=ARRAY(Text))),
            func.unnest(bindparam("correlation_ids", type_=ARRAY(Text))),
        ),
    )
    .on_conflict_do_nothing()
)
"""One statement for all events that one endpoint wants: a notice has thousands."""


def _rows(webhook_id: str, wanted: Sequence[_Posted]) -> dict[str, Any]:
    return {
        "webhook_id": webhook_id,
        "event_ids": [each.event_id for each in wanted],
        "sequences": [each.sequence for each in wanted],
        "types": [each.name for each in wanted],
        "correlation_ids": [each.correlation_id for each in wanted],
    }


def _of(webhook_id: str, event_id: str) -> Any:
    return (webhook_delivery.c.webhook_id == webhook_id) & (webhook_delivery.c.event_id == event_id)


def _settled(step: _Happened, data: WebhookDelivered | WebhookFailed, state: str, **outcome: Any) -> Any:
    values = {"state": state, "settled_at": step.at, "attempts": data.attempts, **outcome}
    return update(webhook_delivery).where(_of(data.webhook_id, data.event_id)).values(values)


def _again(webhook_id: str) -> Any:
    """What waited for an endpoint that is enabled again is due, in order, with all its attempts before it."""
    waits = (webhook_delivery.c.webhook_id == webhook_id) & (webhook_delivery.c.state == "pending")
    return update(webhook_delivery).where(waits).values(attempts=0, next_attempt_at=func.now())


async def _sign_with(connection: AsyncConnection, step: _Happened) -> None:
    """Puts the secret that came with an event in force, and gives the former ones a day."""
    own = webhook_secret.c.webhook_id == step.data.webhook_id
    former = own & (webhook_secret.c.sequence < step.sequence) & webhook_secret.c.until.is_(None)
    await connection.execute(update(webhook_secret).where(former).values(until=step.at + FORMER_SECRET_LASTS))
    brought = own & (webhook_secret.c.event_id == step.event_id)
    await connection.execute(update(webhook_secret).where(brought).values(sequence=step.sequence))
