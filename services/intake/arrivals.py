"""Notices that are being published from here: renderings of one wait for one another, as neither is in the log yet."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class _Arrival:
    bands: frozenset[int]
    number: str | None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def may_be(self, other: "_Arrival") -> bool:
        """Whether both may be one notice: two numbers that differ make two, whatever they say."""
        if self.bands.isdisjoint(other.bands):
            return False
        return self.number is None or other.number is None or self.number == other.number


class Arrivals:
    """The notices that are being published from this copy of intake."""

    def __init__(self) -> None:
        self._arriving: list[_Arrival] = []

    @asynccontextmanager
    async def alone(self, bands: Iterable[int], number: str | None) -> AsyncIterator[None]:
        """Waits while a notice that may be this one is being published, and makes others wait for it. `bands` are its
        sketch, `number` is the key of its number."""
        arrival = _Arrival(frozenset(bands), number)
        while earlier := next((each for each in self._arriving if each.may_be(arrival)), None):
            await earlier.over.wait()
        self._arriving.append(arrival)
        try:
            yield
        finally:
            self._arriving.remove(arrival)
            arrival.over.set()
