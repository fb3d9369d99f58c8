"""Reads for the metrics what stands in the tasks service's tables."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks import metrics
from services.tasks.ledger import issued
from services.tasks.record.tables import verification
from services.tasks.register import tables
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.telemetry.metrics import Sample

_VERIFIED = (
    select(verification.c.ended_at, verification.c.findings)
    .where(verification.c.ended_at.is_not(None), verification.c.failed.is_(None))
    .order_by(verification.c.began_at.desc())
    .limit(1)
)


def sample(pool: AsyncEngine) -> Sample:
    """Reads what stands in the tables."""

    async def read() -> None:
        try:
            with translated():
                async with pool.connect() as connection:
                    metrics.PARKED.set(await connection.scalar(select(func.count()).select_from(tables.parked)) or 0)
                    newest = await issued.newest(connection)
                    ended = await connection.execute(_VERIFIED)
        except (DatabaseUnavailable, RowsRefused):
            return
        now = dt.datetime.now(dt.UTC)
        metrics.CHECKPOINT_AGE.set((now - newest.issued_at).total_seconds() if newest else -1)
        metrics.CHECKPOINT_SIZE.set(newest.size if newest else 0)
        row = ended.one_or_none()
        metrics.VERIFICATION_AGE.set((now - row.ended_at).total_seconds() if row else -1)
        metrics.VERIFICATION_FINDINGS.set(len(row.findings) if row else 0)

    return read
