"""Keeps full tiles behind the projector, in transactions of its own, so that projecting never waits for them."""

import asyncio

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.ledger.store import grow
from shared.database import DatabaseUnavailable, RowsRefused, Signal, translated

_BETWEEN_SECONDS = 0.05
_PAUSE_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 60.0

log = structlog.get_logger()


async def keep_tiles(engine: AsyncEngine, advanced: Signal) -> None:
    """Keeps what is full, for ever: whenever `advanced` says that the ledger grew."""
    while True:
        woken, kept = advanced.next(), 0
        try:
            kept = await grown(engine)
        except (DatabaseUnavailable, RowsRefused) as fault:
            log.warning("tiles_not_kept", fault=str(fault))
        if kept:
            await asyncio.sleep(_BETWEEN_SECONDS)
        else:
            await asyncio.sleep(_PAUSE_SECONDS)
            await woken.wait(_LOOK_AGAIN_SECONDS)


async def grown(engine: AsyncEngine) -> int:
    """Keeps some full tiles that were not kept yet. Gives how many; 0 when all are.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with engine.begin() as connection:
            return await grow(connection)
