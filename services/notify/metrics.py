"""What notify counts and measures: planning, the outbox, deliveries by channel, webhooks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.tables import outbox, parked, provider
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.telemetry.metrics import QUICK, REGISTRY, Sample

BATCHES = Counter("ketluan_planning_batches_total", "Batches of events that notify took in.", registry=REGISTRY)
BATCH_SECONDS = Histogram(
    "ketluan_planning_duration_seconds",
    "Time of taking a batch in, to its commit.",
    buckets=QUICK,
    registry=REGISTRY,
)
PLANNED = Counter(
    "ketluan_notifications_planned_total",
    "Notifications that were decided, by their rule.",
    ("rule",),
    registry=REGISTRY,
)
PARKED = Gauge("ketluan_notify_events_parked", "Events of which nobody could be told.", registry=REGISTRY)
OUTBOX = Gauge("ketluan_outbox_waiting", "Events that were decided and are not in the log yet.", registry=REGISTRY)
DELIVERIES = Counter(
    "ketluan_deliveries_total",
    "Attempts to deliver, by what became of them: delivered, not_taken, given_up, released.",
    ("channel", "outcome"),
    registry=REGISTRY,
)
CIRCUIT_OPEN = Gauge(
    "ketluan_circuit_open",
    "1 while a channel's provider does not answer and is left in peace.",
    ("channel",),
    registry=REGISTRY,
)
WEBHOOKS = Counter(
    "ketluan_webhook_posts_total",
    "Events posted to endpoints, by what became of them: taken, away, refused, gone.",
    ("outcome",),
    registry=REGISTRY,
)


@contextmanager
def batch() -> Iterator[None]:
    """Measures taking in a batch of events, which a block does."""
    began = time.perf_counter()
    yield
    BATCHES.inc()
    BATCH_SECONDS.observe(time.perf_counter() - began)


def sample(pool: AsyncEngine) -> Sample:
    """Reads what stands in the tables."""

    async def read() -> None:
        try:
            with translated():
                async with pool.connect() as connection:
                    OUTBOX.set(await connection.scalar(select(func.count()).select_from(outbox)) or 0)
                    PARKED.set(await connection.scalar(select(func.count()).select_from(parked)) or 0)
                    opened = await connection.execute(select(provider.c.channel, provider.c.opened_at))
                    for row in opened:
                        CIRCUIT_OPEN.labels(row.channel).set(row.opened_at is not None)
        except (DatabaseUnavailable, RowsRefused):
            return

    return read
