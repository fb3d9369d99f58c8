"""Sends by one channel what is due, again where it failed, and records what became of it.

A message stands between two events: NotificationRequested before it, NotificationDelivered or NotificationFailed behind
it. The attempt is marked in the row before anything is sent. Who dies while sending leaves it unknown whether the
message went out; the row is due again once that is known, and a second message then carries the same id.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.channel import Channel, NotTaken, Refused, Sending, Unreachable
from services.notify.delivery.claims import Claim, claim
from services.notify.delivery.messages import Messages, MessageUnmade
from services.notify.delivery.outcomes import Outcomes
from services.notify.settings import NotifySettings
from shared.database import DatabaseUnavailable, translated
from shared.telemetry import traces

_CLAIMED_AT_ONCE = 200
_SENT_AT_ONCE = 16
_PAUSE_SECONDS = 0.5

log = structlog.get_logger()

Keep = Callable[[], Awaitable[None]]
"""Keeps an outcome; may be tried again."""


@dataclass
class ChannelDelivery:
    """Delivers by one channel; each channel has its own, so that a slow or dead one never holds up another.

    `copy` is the name of this copy of the service; `decided` is called when an outcome waits in the outbox.
    """

    engine: AsyncEngine
    channel: Channel
    settings: NotifySettings
    copy: str
    decided: Callable[[], None]
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: int = 0

    def __post_init__(self) -> None:
        self._outcomes = Outcomes(self.engine, self.settings, self.channel.name)
        looking = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._messages = Messages(looking, self.settings.public_url)
        self._sending = asyncio.Semaphore(_SENT_AT_ONCE)

    def wake(self) -> None:
        """Says that something may be due."""
        self._news.set()

    async def run(self) -> None:
        """Delivers for ever. Begin when the projection has seen the whole log once, and with it what was delivered."""
        async with asyncio.TaskGroup() as sending:
            while True:
                self._news.clear()
                pause = await self._begin(sending)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._news.wait()

    async def _begin(self, sending: asyncio.TaskGroup) -> float | None:
        """Begins to send what is due, as far as there is room; gives the seconds until there may be more."""
        room = _CLAIMED_AT_ONCE - self._under_way
        if room < _CLAIMED_AT_ONCE // 2:
            return None
        name, margin = self.channel.name, self.settings.delivery_margin_seconds
        lease = dt.timedelta(seconds=self.channel.longest_seconds + margin)
        try:
            with translated():
                found = await claim(self.engine, name, room, self.settings.per_minute(name), lease, self.copy)
        except DatabaseUnavailable as fault:
            log.warning("delivery_waits", channel=name, fault=str(fault))
            return _PAUSE_SECONDS
        for each in found.claims:
            self._under_way += 1
            sending.create_task(self._attempt(each)).add_done_callback(self._ended)
        return found.seconds_until_next

    def _ended(self, _: "asyncio.Task[None]") -> None:
        self._under_way -= 1
        self._news.set()

    async def _attempt(self, claimed: Claim) -> None:
        # The lease outlasts the sending by a margin. A third of it is for making the message and for waiting until
        # others are sent.
        soon = asyncio.get_running_loop().time() + self.settings.delivery_margin_seconds / 3
        try:
            sending = await self.channel.prepared(await self._messages.of(claimed))
        except Exception as fault:  # noqa: BLE001 - every one becomes an outcome
            await self._kept(claimed, self._failed(claimed, fault))
        else:
            # What is under way is at most so much: it is what a crash may double.
            async with self._sending:
                await self._kept(claimed, await self._outcome_of(claimed, sending, soon))
        self.decided()

    async def _outcome_of(self, claimed: Claim, sending: Sending, soon: float) -> Keep:
        """Tries once, if it is not too late for it by the loop's clock; gives what keeps the outcome."""
        if asyncio.get_running_loop().time() > soon:
            return partial(self._outcomes.released, claimed)
        first = claimed.parts[0]
        above = traces.of_event(first.correlation_id, first.event_id)
        try:
            with traces.below(above, f"deliver {claimed.channel}", {"ketluan.attempt": first.attempt}, "client"):
                receipt = await sending()
        except Exception as fault:  # noqa: BLE001 - every one becomes an outcome
            return self._failed(claimed, fault)
        return partial(self._outcomes.delivered, claimed, receipt)

    def _failed(self, claimed: Claim, fault: Exception) -> Keep:
        """What keeps the outcome of an attempt that ended so."""
        keep = self._outcomes
        if isinstance(fault, Refused | MessageUnmade):
            asked = isinstance(fault, Refused) and not isinstance(fault, Unreachable)
            return partial(keep.given_up, claimed, str(fault), asked=asked)
        if isinstance(fault, NotTaken):
            return partial(keep.not_taken, claimed, fault)
        if isinstance(fault, DatabaseUnavailable):
            log.warning("attempt_put_off", channel=claimed.channel, fault=str(fault))
            return partial(keep.released, claimed)
        # A message that cannot be made must not hold up the others.
        log.error("attempt_broken", channel=claimed.channel, message_id=claimed.message_id, exc_info=fault)
        broken = NotTaken(f"the message could not be made: {type(fault).__name__}")
        return partial(keep.not_taken, claimed, broken, asked=False)

    async def _kept(self, claimed: Claim, keep: Keep) -> None:
        # Half of the lease's margin is for a database that was away for a moment to take the outcome.
        try:
            async with asyncio.timeout(self.settings.delivery_margin_seconds / 2):
                await _until_kept(keep)
        except TimeoutError:
            log.warning("attempt_outcome_unknown", channel=claimed.channel, message_id=claimed.message_id)


async def _until_kept(keep: Keep) -> None:
    while True:
        try:
            await keep()
        except DatabaseUnavailable:
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return
