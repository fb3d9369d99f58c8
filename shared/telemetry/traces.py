"""Spans of what a process does, sent to a collector over OTLP/HTTP. Where none is set, nothing of that is loaded.

Spans hold names, numbers and outcomes, and never what a person wrote, is called or is sent.
"""

import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, Protocol

from shared.telemetry.correlation import root_span_id, span_id, trace_id

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class Place:
    """A span, as those below it name it."""

    trace_id: int
    span_id: int


@dataclass(slots=True)
class Span:
    """Something that was done. Times are nanoseconds since 1970; `fault` is the kind of what broke it off; `link` is a
    span of somebody else's trace that led to it."""

    name: str
    place: Place
    parent: int | None
    began: int
    kind: Kind = "internal"
    ended: int = 0
    attributes: dict[str, str | int | float | bool] = field(default_factory=dict)
    fault: str | None = None
    link: Place | None = None


class Recorder(Protocol):
    """Takes spans that have ended."""

    def record(self, span: Span) -> None:
        """Takes one; never waits, never fails."""

    def close(self) -> None:
        """Sends what was not sent yet."""


_current: ContextVar[Place | None] = ContextVar("span", default=None)


class _Recording:
    """Where spans of this process go."""

    recorder: Recorder | None = None


def begin(service: str, url: str, ratio: float) -> None:
    """From now on sends a part of all traces, from 0 to 1, to the collector at `url`; the services of an installation
    that have the same ratio send the same traces."""
    from shared.telemetry.otlp import OtlpRecorder

    _Recording.recorder = OtlpRecorder(service, url, ratio)


def end() -> None:
    """Sends what was not sent yet, and sends nothing more."""
    recorder, _Recording.recorder = _Recording.recorder, None
    if recorder:
        recorder.close()


def is_on() -> bool:
    """Whether spans are sent anywhere."""
    return _Recording.recorder is not None


def of_request(correlation_id: str) -> Place:
    """The span of the request with which everything of this correlation id began."""
    return Place(trace_id(correlation_id), root_span_id(correlation_id))


def of_event(correlation_id: str, event_id: str) -> Place:
    """The span that put an event into the log; of several that went together, it is named by the last."""
    return Place(trace_id(correlation_id), span_id("event", event_id))


def of_planning(correlation_id: str, event_id: str) -> Place:
    """The span in which it was decided who is told of an event."""
    return Place(trace_id(correlation_id), span_id("planning", event_id))


@contextmanager
def request(name: str, correlation_id: str, traceparent: str | None) -> Iterator[Span | None]:
    """The span of a request, with which a trace begins; None where nothing is sent. A sender's own `traceparent` is
    kept as a link."""
    if not is_on():
        yield None
        return
    link = _linked(traceparent)
    with _spanning(Span(name, of_request(correlation_id), None, time.time_ns(), "server", link=link)) as span:
        yield span


@contextmanager
def within(
    name: str, attributes: Attributes | None = None, kind: Kind = "internal", own: int | None = None
) -> Iterator[None]:
    """A span below the one that this task is in; nothing where there is none, or where nothing is sent. `own` is its
    id, where others have to know it."""
    above = _current.get()
    if above is None or not is_on():
        yield
        return
    place = Place(above.trace_id, own or _any_id())
    with _spanning(Span(name, place, above.span_id, time.time_ns(), kind, attributes=dict(attributes or {}))):
        yield


@contextmanager
def below(
    above: Place, name: str, attributes: Attributes | None = None, kind: Kind = "internal"
) -> Iterator[Span | None]:
    """A span below one of another process, or of another time; None where nothing is sent."""
    if not is_on():
        yield None
        return
    place = Place(above.trace_id, _any_id())
    with _spanning(Span(name, place, above.span_id, time.time_ns(), kind, attributes=dict(attributes or {}))) as span:
        yield span


def done(
    above: Place,
    name: str,
    began: int,
    attributes: Attributes | None = None,
    kind: Kind = "internal",
    place: Place | None = None,
) -> None:
    """Tells of something that ended just now below another span: for what was done for many at once. `began` is in
    nanoseconds since 1970, and `place` its own, where others have to know it."""
    if recorder := _Recording.recorder:
        own = place or Place(above.trace_id, _any_id())
        recorder.record(Span(name, own, above.span_id, began, kind, time.time_ns(), dict(attributes or {})))


@contextmanager
def _spanning(span: Span) -> Iterator[Span]:
    token = _current.set(span.place)
    try:
        yield span
    finally:
        _current.reset(token)
        fault = sys.exception()
        span.ended = time.time_ns()
        span.fault = span.fault or (type(fault).__name__ if fault else None)
        if recorder := _Recording.recorder:
            recorder.record(span)


def _any_id() -> int:
    return secrets.randbits(64) or 1


def _linked(traceparent: str | None) -> Place | None:
    """The span that a sender names. Source: W3C Trace Context, section 3.2."""
    parts = (traceparent or "").split("-")
    if len(parts) < 4 or [len(part) for part in parts[:4]] != [2, 32, 16, 2]:
        return None
    try:
        place = Place(int(parts[1], 16), int(parts[2], 16))
    except ValueError:
        return None
    return place if place.trace_id and place.span_id else None
