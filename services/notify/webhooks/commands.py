"""What is done with endpoints: the row first, then the event that puts it in force."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from nats.aio.client import Client
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.egress import AddressRefused, located, posting, usable
from services.notify.webhooks.payload import trial_payload
from services.notify.webhooks.queue import Queue
from services.notify.webhooks.record import append_next, new_event_id
from services.notify.webhooks.sealing import Unsealable
from services.notify.webhooks.sender import Way
from services.notify.webhooks.signing import Secret
from services.notify.webhooks.tables import webhook, webhook_secret
from services.notify.webhooks.views import RegisteredWebhook, Trial, WebhookView, find_row, list_webhooks
from shared.database import translated
from shared.events.fields import derived_id
from shared.events.webhook import (
    WebhookDisabled,
    WebhookEnabled,
    WebhookEvent,
    WebhookRegistered,
    WebhookReplayRequested,
    WebhookSecretRotated,
)
from shared.log.faults import LogUnavailable

_PATIENCE_SECONDS = 10.0


class AddressTaken(Exception):
    """The address is registered already, under the id `webhook_id`. Nothing was changed."""

    def __init__(self, webhook_id: str) -> None:
        super().__init__(webhook_id)
        self.webhook_id = webhook_id


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and in which request."""

    actor: str
    request_id: str


@dataclass(frozen=True)
class Webhooks:
    """Registers endpoints and changes how they stand. Each raises DatabaseUnavailable or LogFault where one of the two
    does not answer; the same again is safe then. `reached` returns when the projection holds a sequence of the log."""

    engine: AsyncEngine
    client: Client
    way: Way
    reached: Callable[[int], Awaitable[None]]

    async def register(
        self, asker: Asker, *, name: str, url: str, event_types: Sequence[str] = ()
    ) -> RegisteredWebhook:
        """Registers an endpoint, and shows its secret this once.

        Raises:
            AddressRefused: nothing may be posted to this address.
            AddressTaken: it is registered already.
        """
        await located(url, allow_private=self.way.allow_private)
        row = {
            "webhook_id": str(uuid4()),
            "url": url,
            "name": name,
            "event_types": sorted(set(event_types)),
            "made_at": dt.datetime.now(dt.UTC),
            "state": "registering",
        }
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(insert(webhook).values(row).on_conflict_do_nothing())
                made = (await connection.execute(select(webhook).where(webhook.c.url == url))).one()
        if made.state != "registering":
            raise AddressTaken(made.webhook_id)
        data = WebhookRegistered(
            webhook_id=made.webhook_id, name=made.name, host=usable(url).host, event_types=tuple(made.event_types)
        )
        event_id = derived_id(data.type, data.webhook_id)
        secret = await self._keep_secret(made.webhook_id, event_id)
        await self._append(data, event_id, asker, first=True)
        return await self._shown(made.webhook_id, secret)

    async def rotate(self, asker: Asker, webhook_id: str) -> RegisteredWebhook | None:
        """Gives an endpoint a new secret, and shows it this once; the former one signs too for a day. None where there
        is no such endpoint."""
        if await find_row(self.engine, webhook_id) is None:
            return None
        data = WebhookSecretRotated(webhook_id=webhook_id)
        event_id = new_event_id(data)
        secret = await self._keep_secret(webhook_id, event_id)
        await self._append(data, event_id, asker)
        return await self._shown(webhook_id, secret)

    async def disable(self, asker: Asker, webhook_id: str, reason: str) -> WebhookView | None:
        """Posts nothing more to an endpoint; what waits for it is kept. None where there is no such endpoint."""
        return await self._switch(asker, WebhookDisabled(webhook_id=webhook_id, reason=reason), "disabled")

    async def enable(self, asker: Asker, webhook_id: str) -> WebhookView | None:
        """Posts to an endpoint again: first what waited for it, then what happens from now on. None where there is no
        such endpoint."""
        return await self._switch(asker, WebhookEnabled(webhook_id=webhook_id), "enabled")

    async def replay(self, asker: Asker, webhook_id: str, event_id: str) -> None:
        """Has an event posted once more, under the same id."""
        data = WebhookReplayRequested(webhook_id=webhook_id, event_id=event_id)
        await self._append(data, new_event_id(data), asker)

    async def try_out(self, webhook_id: str) -> Trial | None:
        """Posts a message that says nothing, at once and once. An endpoint that takes it rests no longer. None where
        there is no such endpoint."""
        row = await find_row(self.engine, webhook_id)
        if row is None:
            return None
        begun = time.monotonic()
        message_id, at = f"trial_{uuid4()}", dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
        try:
            queue = Queue(self.engine, self.way.lease)
            secrets = await queue.secrets(webhook_id, self.way.sealing)
            place = await located(row.url, allow_private=self.way.allow_private)
            async with posting(self.way.seconds) as client:
                content = trial_payload(webhook_id, message_id, at)
                outcome = await self.way.send(client, place, message_id, content, secrets)
            status, error = outcome.status, outcome.error
            if error is None:
                await queue.awake(webhook_id)
        except (AddressRefused, Unsealable) as fault:
            status, error = None, f"not sent: {fault}"
        spent = int((time.monotonic() - begun) * 1000)
        return Trial(taken=error is None, status=status, error=error, milliseconds=spent)

    async def _switch(self, asker: Asker, data: WebhookDisabled | WebhookEnabled, state: str) -> WebhookView | None:
        row = await find_row(self.engine, data.webhook_id)
        if row is None:
            return None
        if row.state != state:
            await self._append(data, new_event_id(data), asker)
        (found,) = await list_webhooks(self.engine, self.way.sealing, data.webhook_id)
        return found

    async def _keep_secret(self, webhook_id: str, event_id: str) -> Secret:
        """Keeps a secret for when its event comes; the one that was kept before for the same event stays."""
        sealed = self.way.sealing.seal(webhook_id, Secret.new())
        own = webhook_secret.c.webhook_id == webhook_id
        with translated():
            async with self.engine.begin() as connection:
                over = own & (webhook_secret.c.until < dt.datetime.now(dt.UTC))
                await connection.execute(delete(webhook_secret).where(over))
                row = {"webhook_id": webhook_id, "event_id": event_id, "sealed": sealed}
                await connection.execute(insert(webhook_secret).values(row).on_conflict_do_nothing())
                query = select(webhook_secret.c.sealed).where(own, webhook_secret.c.event_id == event_id)
                kept: bytes = (await connection.scalars(query)).one()
        return self.way.sealing.open(webhook_id, kept)

    async def _append(self, data: WebhookEvent, event_id: str, asker: Asker, *, first: bool = False) -> None:
        sequence = await append_next(
            self.client, data, event_id, actor=asker.actor, request_id=asker.request_id, first=first
        )
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self.reached(sequence)
        except TimeoutError:
            raise LogUnavailable("the projection is behind the log") from None

    async def _shown(self, webhook_id: str, secret: Secret) -> RegisteredWebhook:
        (found,) = await list_webhooks(self.engine, self.way.sealing, webhook_id)
        return RegisteredWebhook(**found.model_dump(), secret=secret.shown)
