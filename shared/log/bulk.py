"""Reading much of the log at once, over a connection of its own.

A client library wakes a callback for each message, which costs more than all that the message is read for. Here one
socket is read in large pieces, and each piece is taken apart in one go.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Self

from shared.log.connect import broker, connected
from shared.log.faults import GapInLog, LogUnavailable
from shared.log.record import Record
from shared.log.retired import Retired, filled
from shared.log.stream import STREAM
from shared.log.wire import opened
from shared.settings import NatsSettings

_ATTEMPTS = 3
_LOOKS_BEHIND = 10
_PAUSE_SECONDS = 0.2


async def records(settings: NatsSettings, first: int, last: int) -> AsyncGenerator[list[Record]]:
    """The events from sequence `first` to `last`, in order and without gaps, in lists of up to some thousands.

    Raises:
        GapInLog: an event is missing; all before it were given.
        LogUnavailable: the log does not answer, or ends before `last`; all that came before was given.
        LogRefused: the log refuses the reader.
    """
    expected = first
    async with aclosing(present(settings, first, last)) as lists:
        async for found in lists:
            if found[-1].sequence - expected + 1 != len(found):
                sound = [each for place, each in enumerate(found, expected) if each.sequence == place]
                if sound:
                    yield sound
                raise GapInLog(expected + len(sound), found[len(sound)].sequence)
            yield found
            expected = found[-1].sequence + 1
    if expected <= last:
        raise LogUnavailable(f"the log ends at event {expected - 1}, and {last} was to be read")


async def present(settings: NatsSettings, first: int, last: int, stream: str = STREAM) -> AsyncGenerator[list[Record]]:
    """The events from sequence `first` to `last` that a stream can give, in order; what it lacks is left out. What left
    the log with its year is read from beside it.

    Raises:
        LogUnavailable: the log does not answer; all that came before was given.
        LogRefused: the log refuses the reader.
    """
    lists = _in_stream(settings, first, last, stream)
    if stream != STREAM:
        async with aclosing(lists):
            async for found in lists:
                yield found
        return
    async with _Beside(settings) as retired, aclosing(filled(lists, first, last, retired)) as whole:
        async for found in whole:
            yield found


class _Beside(Retired):
    """What left the log, over a connection that is made once something is asked for."""

    def __init__(self, settings: NatsSettings) -> None:
        self._broker = broker(settings, "ketluan-retired")
        self._connected = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connected:
            await self._broker.stop()

    async def between(self, first: int, last: int) -> list[Record]:
        if not self._connected:
            super().__init__(await connected(self._broker))
            self._connected = True
        return await super().between(first, last)


async def _in_stream(settings: NatsSettings, first: int, last: int, stream: str) -> AsyncGenerator[list[Record]]:
    position, failed, behind = first - 1, 0, 0
    while position < last:
        try:
            async with opened(settings, stream) as wire, aclosing(wire.events(position + 1, last)) as lists:
                async for found in lists:
                    position, failed, behind = found[-1].sequence, 0, 0
                    yield found
            if position >= last or settings.nats_replicas == 1 or behind == _LOOKS_BEHIND:
                return
            # The cursor of a cluster is on one of its servers, which may not have taken in the newest events yet.
            behind += 1
            await asyncio.sleep(_PAUSE_SECONDS)
        except (OSError, EOFError, TimeoutError) as error:
            failed += 1
            if failed == _ATTEMPTS:
                raise LogUnavailable(f"the log does not answer: {error or type(error).__name__}") from error
