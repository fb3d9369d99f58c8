"""Sends spans to a collector. It is loaded only where one is set."""

import threading
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from shared.telemetry.traces import Kind, Place, Span

_PATH = "/v1/traces"
_KINDS: dict[Kind, SpanKind] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
_TIMEOUT_SECONDS = 3
_LAST_CHANCE_MILLISECONDS = 2000


class _KnownIds(IdGenerator):
    """Gives the ids that the span being recorded has."""

    def __init__(self) -> None:
        self.place = Place(1, 1)

    def generate_trace_id(self) -> int:
        """The trace's."""
        return self.place.trace_id

    def generate_span_id(self) -> int:
        """The span's."""
        return self.place.span_id


class OtlpRecorder:
    """Sends the same part of all traces as any other process with this ratio, in batches from a thread of its own;
    while the collector is away, what is more than 2,048 spans is lost. `url` is the collector's base address, or the
    whole address for traces."""

    def __init__(self, service: str, url: str, ratio: float) -> None:
        self._ids = _KnownIds()
        self._one_at_a_time = threading.Lock()
        self._provider = TracerProvider(
            # By the trace's id alone: what is told of a parent says nothing of whether it was sent.
            sampler=TraceIdRatioBased(ratio),
            resource=Resource({"service.name": f"ketluan-{service}", "service.namespace": "ketluan"}),
            shutdown_on_exit=False,
            id_generator=self._ids,
        )
        address = url if urlsplit(url).path.strip("/") else url.rstrip("/") + _PATH
        exporter = OTLPSpanExporter(address, timeout=_TIMEOUT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
        self._tracer = self._provider.get_tracer("ketluan")

    def record(self, span: Span) -> None:
        """Takes a span that has ended."""
        context = Context()
        if span.parent is not None:
            context = set_span_in_context(NonRecordingSpan(_context(Place(span.place.trace_id, span.parent))), context)
        with self._one_at_a_time:
            self._ids.place = span.place
            made = self._tracer.start_span(
                span.name,
                context,
                _KINDS[span.kind],
                span.attributes,
                [Link(_context(span.link))] if span.link else None,
                span.began,
                record_exception=False,
                set_status_on_exception=False,
            )
        if span.fault:
            made.set_attribute("error.type", span.fault)
            made.set_status(Status(StatusCode.ERROR))
        made.end(span.ended)

    def close(self) -> None:
        """Sends what was not sent yet, if the collector takes it soon."""
        self._provider.force_flush(_LAST_CHANCE_MILLISECONDS)
        self._provider.shutdown()


def _context(place: Place) -> SpanContext:
    return SpanContext(place.trace_id, place.span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
