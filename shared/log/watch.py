"""Looks at the log once a second: whether it answers, is the one it was, lacks nothing, and whether its readers go on.

A follower alone cannot tell that its own transaction waits for ever, nor that an event far behind it is gone.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from nats.aio.client import Client
from nats.js.api import StreamInfo

from shared.health import Check
from shared.log.faults import LogFault, LogRefused
from shared.log.follow import Follower
from shared.log.retired import Retired
from shared.log.stream import STREAM, definition, differences, stream_info
from shared.telemetry import metrics

_EVERY_SECONDS = 1.0
_PATIENCE_SECONDS = 2.0
_SILENCE_SECONDS = 4.0
_STALLED_SECONDS = 5.0
_TOLD_SECONDS = 60.0

log = structlog.get_logger()


@dataclass
class _Progress:
    """How somebody who takes in the whole log goes on. Times are monotonic; `behind_since` is None while not behind."""

    position: Callable[[], int]
    works: Callable[[], bool]
    seen: int = -1
    moved_at: float = 0.0
    behind_since: float | None = None

    def look(self, last: int, now: float) -> None:
        position = self.position()
        if not self.works() or position >= last:
            self.behind_since = None
        elif self.behind_since is None:
            self.behind_since = now
        if position != self.seen:
            self.seen, self.moved_at = position, now

    def stalled_for(self, now: float) -> float:
        """Seconds in which it did not go on though it was behind."""
        return 0.0 if self.behind_since is None else now - max(self.behind_since, self.moved_at)


@dataclass
class LogWatch:
    """Watches the log for one process. `replicas` is how many copies of the stream there must be.

    `fault` is what is wrong with the stream itself, `last` the sequence of its last event, and `heard` the monotonic
    time at which it last answered.
    """

    client: Client
    replicas: int
    fault: str | None = None
    last: int = 0
    heard: float = field(default_factory=time.monotonic)
    _created: str = ""
    _readers: dict[str, _Progress] = field(default_factory=dict)
    _followers: dict[str, Follower] = field(default_factory=dict)
    _restarts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._retired = Retired(self.client)

    async def run(self) -> None:
        """Looks for ever."""
        while True:
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._look()
            except LogRefused as fault:
                self._found(f"there is no stream {STREAM}: {fault}")
            except (LogFault, TimeoutError) as fault:
                log.debug("log_not_seen", fault=str(fault))
            self._measure()
            await asyncio.sleep(_EVERY_SECONDS)

    async def check(self) -> str | None:
        """None, or what is wrong with the log, as a check of the process's health."""
        if not self.client.is_connected:
            return "NATS does not answer"
        silence = time.monotonic() - self.heard
        if self.fault is None and silence > _SILENCE_SECONDS:
            return f"JetStream did not answer for the stream {STREAM} for {silence:.0f} s"
        return self.fault

    def reading(
        self, name: str, position: Callable[[], int], check: Check, works: Callable[[], bool] = lambda: True
    ) -> Check:
        """A check of somebody who takes in the whole log: what `check` says, and whether it goes on. `position` is the
        sequence up to which it has, `works` whether this copy of the service is the one that does."""
        self._readers[name] = progress = _Progress(position, works)

        async def found() -> str | None:
            if wrong := await check():
                return wrong
            stalled = progress.stalled_for(time.monotonic())
            if stalled > _STALLED_SECONDS:
                return f"stalled: at event {position()} of {self.last} for {stalled:.0f} s"
            return None

        return found

    def follows(self, follower: Follower) -> Follower:
        """Watches a follower."""
        self._followers[follower.name] = follower
        return follower

    async def note(self) -> str | None:
        """Whose reading was broken off within the last minute and begun anew, as a note of the process's health."""
        now = time.monotonic()
        told = [
            f"{each.name} began reading anew {now - each.broken_at:.0f} s ago: {each.broken}"
            for each in self._followers.values()
            if each.broken_at is not None and now - each.broken_at < _TOLD_SECONDS
        ]
        return "; ".join(told) or None

    async def _look(self) -> None:
        info = await stream_info(self.client)
        self.heard = time.monotonic()
        self._found(await self._wrong(info))
        self.last = max(self.last, info.state.last_seq)
        metrics.LOG_LAST.set(info.state.last_seq)

    async def _wrong(self, info: StreamInfo) -> str | None:
        created = str(info.created)
        self._created = self._created or created
        if created != self._created:
            return f"another stream {STREAM} answers, made at {created} instead of {self._created}"
        if found := differences(info.config, definition(self.replicas)):
            return f"stream {STREAM} is not as it must be: {'; '.join(found)}"
        if info.state.last_seq < self.last:
            return f"stream {STREAM} ends at event {info.state.last_seq}, but held event {self.last} before"
        missing = info.state.last_seq - info.state.messages
        if missing > 0:
            await self._retired.look()
            missing -= sum(piece.count for piece in self._retired.pieces)
        metrics.LOG_MISSING.set(max(missing, 0))
        if missing > 0:
            return f"stream {STREAM} lacks {missing} of its {info.state.last_seq} events; `ketluan verify` says which"
        return None

    def _found(self, fault: str | None) -> None:
        if fault and fault != self.fault:
            log.error("log_is_wrong", fault=fault)
        self.fault = fault

    def _measure(self) -> None:
        now = time.monotonic()
        for name, reader in self._readers.items():
            reader.look(self.last, now)
            behind = max(self.last - reader.position(), 0) if reader.works() else 0
            since = reader.behind_since
            _measured(name, reader.position(), behind, now - since if since is not None else 0.0)
        for name, follower in self._followers.items():
            if name not in self._readers:
                behind = follower.pending or 0
                _measured(name, follower.position, behind, follower.silence if behind else 0.0)
            known = self._restarts.get(name, 0)
            metrics.FOLLOWER_RESTARTS.labels(name).inc(follower.restarts - known)
            self._restarts[name] = follower.restarts


def _measured(name: str, position: int, behind: int, seconds: float) -> None:
    metrics.FOLLOWER_POSITION.labels(name).set(position)
    metrics.FOLLOWER_LAG.labels(name).set(behind)
    metrics.FOLLOWER_LAG_SECONDS.labels(name).set(seconds)
