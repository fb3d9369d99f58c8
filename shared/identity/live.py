"""Whom the log knows, kept current in a process's memory, so that what is revoked is refused by every service at once.

At once means: as soon as the event reaches the follower, which takes milliseconds, and in any case within a second,
since nobody is answered on what the log's leader did not confirm in the last one. While the log does not answer, what
was known goes on to hold for half a minute: a restart of the log must not shut everybody out, and nothing can be
revoked meanwhile by way of it.
"""

import asyncio
import time
from math import isfinite

import structlog
from nats.aio.client import Client

from shared.events.catalogue import Event, UnknownEvent
from shared.identity.known import Known
from shared.log.faults import AnotherLog, LogFault, LogUnavailable
from shared.log.live import LiveFold
from shared.log.stream import state_of, stream_info

SUBJECTS = ("log.unit.*", "log.person.*", "log.client.*", "log.signin.*")

CONFIRMED_SECONDS = 1.0
BLIND_SECONDS = 30.0
_FRESH_SECONDS = 0.1
_PATIENCE_SECONDS = 1.0
_PAUSE_SECONDS = 0.5

log = structlog.get_logger()


class LiveIdentity:
    """Follows the events that tell who is who. `known` is what they tell so far."""

    def __init__(self, client: Client, service: str) -> None:
        self.known = Known()
        self._client = client
        self._fold = LiveFold(client, f"{service}-identity", SUBJECTS, self._take, self._beyond)
        self.follower = self._fold.follower
        self._confirmed = float("-inf")
        self._asked = float("-inf")
        self._asking = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None

    def _take(self, event: Event, sequence: int) -> None:
        self.known.apply(event, sequence)

    def _beyond(self, aggregate: str, error: UnknownEvent) -> None:
        self.known.beyond[aggregate] = error.event_type

    async def run(self) -> None:
        """Follows for ever. Where another log answers than before, nobody is known but those of whom it tells."""
        while True:
            try:
                await self._fold.run(state_of(await stream_info(self._client)).created)
            except AnotherLog as fault:
                log.error("identity_begins_anew", fault=str(fault))
                self.known, self._confirmed, self._asked = Known(), float("-inf"), float("-inf")
                self.follower.position, self.follower.caught_up = 0, False
            except LogFault as fault:
                log.warning("identity_follows_again", fault=str(fault))
                await asyncio.sleep(_PAUSE_SECONDS)

    async def current(self) -> Known:
        """Whom the log knows, not older than a second; while the log is away, than half a minute.

        Raises:
            LogUnavailable: the log is away for longer.
        """
        if _since(self._confirmed) > CONFIRMED_SECONDS:
            async with self._asking:
                if _since(self._confirmed) > CONFIRMED_SECONDS and _since(self._asked) > CONFIRMED_SECONDS:
                    await self._ask()
            if _since(self._confirmed) > BLIND_SECONDS:
                raise LogUnavailable("the log did not confirm for long who is who")
        return self.known

    async def fresh(self) -> Known:
        """Whom the log knows by now, for whoever shows what is not known yet: a key may have been issued just now.

        However many strangers come, the log is asked ten times a second at most, once for all who wait.

        Raises:
            LogUnavailable: the log is away for long.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._ask_soon())
        await asyncio.shield(self._next)
        return await self.current()

    async def _ask_soon(self) -> None:
        await asyncio.sleep(max(0.0, _FRESH_SECONDS - _since(self._asked)))
        # Whoever comes from now on may know of something that this does not find any more.
        self._next = None
        async with self._asking:
            await self._ask()

    async def newest(self) -> Known:
        """Whom the log knows with everything in it that it held when this was called.

        Raises:
            LogUnavailable: the log does not answer.
        """
        await self._fold.caught_up()
        return self.known

    async def _ask(self) -> None:
        """One asks for all who wait, and after a failure nobody asks for a second."""
        self._asked = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._fold.caught_up()
        except (LogFault, TimeoutError) as fault:
            # A copy that has just begun was never confirmed.
            since = round(_since(self._confirmed)) if isfinite(self._confirmed) else None
            log.warning("identity_not_confirmed", seconds=since, fault=str(fault))
        else:
            self._confirmed = self._asked


def _since(moment: float) -> float:
    return time.monotonic() - moment


async def known_now(client: Client) -> Known:
    """Whom the log knows, read once.

    Raises:
        LogUnavailable: the log does not answer.
    """
    identity = LiveIdentity(client, "ketluan")
    following = asyncio.create_task(identity.run())
    try:
        return await identity.newest()
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
