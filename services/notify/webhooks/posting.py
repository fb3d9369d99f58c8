"""All that posts events to endpoints, put together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.settings import NotifySettings
from services.notify.webhooks.commands import Webhooks
from services.notify.webhooks.queue import Queue
from services.notify.webhooks.record import Recorder
from services.notify.webhooks.sealing import Sealing
from services.notify.webhooks.sender import Sender, Way


@dataclass(frozen=True)
class Posting:
    """What is done with endpoints, what posts to them, and what records the outcomes."""

    webhooks: Webhooks
    sender: Sender
    recorder: Recorder

    @classmethod
    def of(
        cls,
        settings: NotifySettings,
        pool: AsyncEngine,
        working: AsyncEngine,
        client: Client,
        reached: Callable[[int], Awaitable[None]],
    ) -> "Posting":
        """As the settings say. Requests use the connections of `pool`, everything else those of `working`."""
        way = Way(
            settings.public_url.rstrip("/"),
            Sealing(settings.session_key.get_secret_value()),
            settings.webhook_allow_private,
            settings.webhook_seconds,
            settings.webhook_pauses,
        )
        recorder = Recorder(working, client, reached)
        sender = Sender(Queue(working, way.lease), client, way, recorder.wake, reached)
        return cls(Webhooks(pool, client, way, reached), sender, recorder)

    def wake(self) -> None:
        """Says that something may be due."""
        self.sender.wake()

    async def run(self) -> None:
        """Posts and records for ever. Begin when the projection has seen the whole log once."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self.sender.run())
            both.create_task(self.recorder.run())
