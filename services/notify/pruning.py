"""Forgets what became of deliveries long ago: the log tells it for ever, and pages ask for what is recent."""

import asyncio
import datetime as dt
from dataclasses import dataclass

import structlog
from sqlalchemy import Table, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import delivery
from services.notify.webhooks.tables import webhook_delivery
from shared.database import DatabaseUnavailable, RowsRefused, translated

_AT_ONCE = 2000
_BETWEEN_SECONDS = 6 * 3600.0
_AFTER_FAULT_SECONDS = 60.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pruning:
    """Forgets deliveries to people and to endpoints that were taken more than so many days ago; 0 keeps them for ever.
    What was given up, came back or waits is kept in any case: somebody has to see to it."""

    engine: AsyncEngine
    delivery_days: int
    webhook_days: int

    async def run(self) -> None:
        """Does so for ever."""
        while True:
            try:
                await self.pruned(dt.datetime.now(dt.UTC))
            except (DatabaseUnavailable, RowsRefused) as fault:
                log.warning("deliveries_not_pruned", fault=str(fault))
                await asyncio.sleep(_AFTER_FAULT_SECONDS)
            else:
                await asyncio.sleep(_BETWEEN_SECONDS)

    async def pruned(self, now: dt.datetime) -> int:
        """Forgets what is due, and gives how many rows that were.

        Raises:
            DatabaseUnavailable, RowsRefused: some may be forgotten.
        """
        count = 0
        for table, days in ((delivery, self.delivery_days), (webhook_delivery, self.webhook_days)):
            while days and (gone := await self._some(table, now - dt.timedelta(days=days))):
                count += gone
        if count:
            log.info("deliveries_pruned", rows=count)
        return count

    async def _some(self, table: Table, before: dt.datetime) -> int:
        keys = tuple(table.primary_key.columns)
        old = select(*keys).where(table.c.state == "delivered", table.c.settled_at < before)
        with translated():
            async with self.engine.begin() as connection:
                some = old.order_by(table.c.sequence).limit(_AT_ONCE)
                return (await connection.execute(delete(table).where(tuple_(*keys).in_(some)))).rowcount
