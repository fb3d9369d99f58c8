"""The only door by which what units decide for all their members reaches the log."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.chosen import find_floor
from services.notify.handlers import Decider, Stale
from services.notify.outbox import SOURCE
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.floor import UnitFloorSet
from shared.log.append import append, entry
from shared.log.faults import Conflict
from shared.log.read import last_on

_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class FloorDoor:
    """Appends floors to the log. `reached` returns when the projection holds a sequence of the log."""

    engine: AsyncEngine
    client: Client
    reached: Callable[[int], Awaitable[None]]

    async def set_floor(self, decider: Decider, wanted: UnitFloorSet, expected: Collection[int]) -> bool:
        """Replaces a unit's floor, where the last one stands at one of the sequences that are expected. Where it is
        like that already, it does nothing. Says whether the tables show it.

        Raises:
            Stale: it was changed since.
            LogUnavailable, LogRefused: the log does not answer or refuses; the same again is safe.
            DatabaseUnavailable: PostgreSQL does not answer; nothing was decided.
        """
        subject = f"floor.{wanted.unit_id}"
        tail = await last_on(self.client, f"log.{subject}")
        follows = tail.sequence if tail else 0
        await self._reached(follows)
        held = await find_floor(self.engine, wanted.unit_id)
        if held.sequence and held.channels == wanted.channels:
            return True
        if held.sequence not in expected:
            raise Stale(held.sequence)
        version = CATALOGUE.read(tail.content).envelope.aggregateversion if tail else 0
        envelope = Envelope(
            id=derived_id(wanted.type, wanted.unit_id, follows, wanted.model_dump_json()),
            source=SOURCE,
            type=wanted.type,
            subject=subject,
            time=dt.datetime.now(dt.UTC),
            actor=decider.actor,
            correlationid=decider.request_id,
            causationid=decider.request_id,
            aggregateversion=version + 1,
            data=wanted.model_dump(mode="json"),
        )
        try:
            return await self._reached(await append(self.client, [entry(envelope, follows)]))
        except Conflict as conflict:
            newest = await last_on(self.client, f"log.{subject}")
            raise Stale(newest.sequence if newest else 0) from conflict

    async def _reached(self, sequence: int) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self.reached(sequence)
        except TimeoutError:
            return False
        return True
