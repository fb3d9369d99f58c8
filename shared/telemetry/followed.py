"""Tells of what was made of events that the log brought: a line and a span for each request that led to them.

What lies further back is passed over in silence: whoever reads the log from its beginning would tell of years.
"""

import datetime as dt
from collections.abc import Iterable

import structlog

from shared.events.envelope import Envelope
from shared.telemetry import traces

_LATELY = dt.timedelta(minutes=10)
_MOST_AT_ONCE = 100

log = structlog.get_logger()


def happened_lately(envelope: Envelope) -> bool:
    """Whether an event is of the last minutes, so that somebody may be looking for what became of it."""
    return dt.datetime.now(dt.UTC) - envelope.at() < _LATELY


def taken_in(what: str, events: Iterable[Envelope], began: int) -> None:
    """Tells that these events were taken in together. `what` names that, and `began` is in nanoseconds since 1970."""
    counts: dict[str, int] = {}
    last: dict[str, Envelope] = {}
    for each in events:
        if happened_lately(each):
            last[each.correlationid] = each
            counts[each.correlationid] = counts.get(each.correlationid, 0) + 1
    if len(last) > _MOST_AT_ONCE:
        return
    for correlation_id, each in last.items():
        log.info(what, correlation_id=correlation_id, event_id=each.id, events=counts[correlation_id])
        above = traces.of_event(correlation_id, each.id)
        traces.done(above, what, began, {"ketluan.events": counts[correlation_id]}, "consumer")
