"""One id from the request to its last consequence: in every event, every line of the logs, and by derivation the trace.

Ids of traces and spans are derived, so that whoever works on an event continues the trace of the request that led to
it, though nothing but the event went from one to the other.

Source: W3C Trace Context, sections 3.2.2.3 and 3.2.2.4: a trace's id has 16 bytes and a span's 8, not all of them zero.
"""

import json
from contextlib import AbstractContextManager
from hashlib import sha256

import structlog

KEY = "correlation_id"
"""Name of the id in the logs."""


def bound(correlation_id: str) -> AbstractContextManager[object]:
    """For as long as the block lasts, every line of the logs has this correlation id."""
    return structlog.contextvars.bound_contextvars(correlation_id=correlation_id)


def trace_id(correlation_id: str) -> int:
    """The id of the trace of everything with this correlation id."""
    return int.from_bytes(sha256(correlation_id.encode()).digest()[:16]) or 1


def span_id(*parts: str) -> int:
    """The id of the span that these words name, such as the id of the event that it put into the log."""
    return int.from_bytes(sha256("\x00".join(parts).encode()).digest()[:8]) or 1


def root_span_id(correlation_id: str) -> int:
    """The id of the span of the request with which everything of this correlation id began."""
    return span_id("request", correlation_id)


def correlation_of(content: bytes) -> str | None:
    """The correlation id of an event that may be unreadable otherwise; None where it tells none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    told = found.get("correlationid") if isinstance(found, dict) else None
    return told if isinstance(told, str) else None
