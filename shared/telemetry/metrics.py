"""What every service counts and measures for Prometheus, in one registry of this process.

Labels have few values, all of them ours: no id, no path as it was asked for, nothing that a person wrote.
"""

from collections.abc import Awaitable, Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from shared.release import RELEASE

disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()
"""All metrics of this process."""

ProcessCollector(namespace="ketluan", registry=REGISTRY)

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds for what takes milliseconds."""

Sample = Callable[[], Awaitable[None]]
"""Reads some values at the moment when somebody asks for all metrics; takes no more than milliseconds."""

BUILD = Gauge(
    "ketluan_build_info",
    "1, with the service and its release as labels.",
    ("service", "release"),
    registry=REGISTRY,
)
LOOP_SILENCE = Gauge("ketluan_event_loop_silence_seconds", "Time since the event loop last turned.", registry=REGISTRY)
CHECK = Gauge(
    "ketluan_check_ok",
    "1 where a check of readiness finds nothing wrong, 0 where it does; /readyz says what.",
    ("check",),
    registry=REGISTRY,
)
HTTP_REQUESTS = Counter(
    "ketluan_http_requests_total",
    "Requests answered, by the route's template.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
HTTP_SECONDS = Histogram(
    "ketluan_http_request_duration_seconds",
    "Time until the head of the answer, by the route's template.",
    ("method", "route"),
    buckets=QUICK,
    registry=REGISTRY,
)
LIVE_CONNECTIONS = Gauge(
    "ketluan_live_connections",
    "Open streams of server-sent events.",
    ("route",),
    registry=REGISTRY,
)
APPENDS = Counter(
    "ketluan_appends_total",
    "Appends to the log: stored, repeated (all was there already), conflict, refused, unavailable.",
    ("outcome",),
    registry=REGISTRY,
)
APPENDED_EVENTS = Counter("ketluan_appended_events_total", "Events stored in the log.", registry=REGISTRY)
APPEND_SECONDS = Histogram(
    "ketluan_append_duration_seconds",
    "Time of an append, with what was tried again.",
    buckets=QUICK,
    registry=REGISTRY,
)
LOG_LAST = Gauge("ketluan_log_last_sequence", "Sequence of the last event in the log.", registry=REGISTRY)
LOG_MISSING = Gauge(
    "ketluan_log_missing_events",
    "Events that the log lacks and that no file beside it holds.",
    registry=REGISTRY,
)
FOLLOWER_POSITION = Gauge(
    "ketluan_follower_position",
    "Sequence up to which a follower has taken the log in.",
    ("follower",),
    registry=REGISTRY,
)
FOLLOWER_LAG = Gauge(
    "ketluan_follower_lag_events",
    "Events of the log that a follower has not taken in.",
    ("follower",),
    registry=REGISTRY,
)
FOLLOWER_LAG_SECONDS = Gauge(
    "ketluan_follower_lag_seconds",
    "For how long a follower has been behind the log; 0 while it is not.",
    ("follower",),
    registry=REGISTRY,
)
FOLLOWER_RESTARTS = Counter(
    "ketluan_follower_restarts_total",
    "How often a follower had to begin reading anew: its consumer, or the log, was away.",
    ("follower",),
    registry=REGISTRY,
)
LEASE_HELD = Gauge(
    "ketluan_lease_held",
    "1 where this copy does a work that only one copy may do.",
    ("work",),
    registry=REGISTRY,
)


def built(service: str) -> None:
    """Says which service this process is."""
    BUILD.labels(service, str(RELEASE)).set(1)


def written() -> bytes:
    """All metrics as Prometheus reads them. Source: Prometheus text exposition format 0.0.4."""
    return generate_latest(REGISTRY)
