"""What the tasks service counts and measures: projection, commands, the record's checkpoints and verification."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

from shared.telemetry.metrics import QUICK, REGISTRY

BATCHES = Counter("ketluan_projection_batches_total", "Batches that were projected.", registry=REGISTRY)
PROJECTED = Counter("ketluan_projected_events_total", "Events that were projected.", registry=REGISTRY)
BATCH_SECONDS = Histogram(
    "ketluan_projection_duration_seconds",
    "Time of projecting a batch, to its commit.",
    buckets=QUICK,
    registry=REGISTRY,
)
PARKED = Gauge("ketluan_events_parked", "Events that could not be applied and are kept aside.", registry=REGISTRY)
COMMANDS = Counter(
    "ketluan_commands_total",
    "Commands on tasks, by what became of them: done, repeated, stale, refused, unavailable, failed.",
    ("command", "outcome"),
    registry=REGISTRY,
)
CHECKPOINT_AGE = Gauge(
    "ketluan_checkpoint_age_seconds",
    "Time since the newest checkpoint was signed; -1 where there is none.",
    registry=REGISTRY,
)
CHECKPOINT_SIZE = Gauge("ketluan_checkpoint_size", "Events under the newest checkpoint.", registry=REGISTRY)
VERIFICATION_AGE = Gauge(
    "ketluan_verification_age_seconds",
    "Time since a verification of the whole record last ended; -1 where none did.",
    registry=REGISTRY,
)
VERIFICATION_FINDINGS = Gauge(
    "ketluan_verification_findings",
    "What the newest verification found wrong with the record.",
    registry=REGISTRY,
)


@contextmanager
def batch(events: int) -> Iterator[None]:
    """Measures the projection of so many events, which a block does."""
    began = time.perf_counter()
    yield
    BATCHES.inc()
    PROJECTED.inc(events)
    BATCH_SECONDS.observe(time.perf_counter() - began)
