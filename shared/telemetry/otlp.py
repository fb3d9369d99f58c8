"""Sends spans to a collector. It is loaded only where one is set.

Of OpenTelemetry's SDK it takes the form of a span and its way to the collector. The rest of the SDK hooks into every
fork of the process, also into one that is about to become another program: under uvloop such a child waits for ever,
and the event loop for it.
"""

import queue
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shared.telemetry.traces import Kind, Place, Span

_PATH = "/v1/traces"
_KINDS: dict[Kind, SpanKind] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
_SCOPE = InstrumentationScope("ketluan")
_LOWER_HALF = 2**64
_TIMEOUT_SECONDS = 3
_LAST_CHANCE_SECONDS = 2
_PAUSE_SECONDS = 1.0
_MOST_WAITING = 2048
_MOST_AT_ONCE = 512


class OtlpRecorder:
    """Sends the same part of all traces as any other process with this ratio, in batches from a thread of its own.

    While the collector is away, what is more than 2,048 spans is lost. `url` is the collector's base address, or the
    whole address for traces.
    """

    def __init__(self, service: str, url: str, ratio: float) -> None:
        self._below = round(ratio * _LOWER_HALF)
        self._resource = Resource({"service.name": f"ketluan-{service}", "service.namespace": "ketluan"})
        address = url if urlsplit(url).path.strip("/") else url.rstrip("/") + _PATH
        self._exporter = OTLPSpanExporter(address, timeout=_TIMEOUT_SECONDS)
        self._waiting: queue.Queue[ReadableSpan] = queue.Queue(_MOST_WAITING)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="traces", daemon=True)
        self._thread.start()

    def record(self, span: Span) -> None:
        """Takes a span that has ended; where too many wait, it is lost.

        Source: OpenTelemetry, TraceIdRatioBased: the lower half of a trace's id decides whether it is sent.
        """
        if span.place.trace_id % _LOWER_HALF < self._below:
            with suppress(queue.Full):
                self._waiting.put_nowait(self._readable(span))

    def close(self) -> None:
        """Sends what was not sent yet, if the collector takes it soon."""
        self._closed.set()
        self._thread.join(_LAST_CHANCE_SECONDS)
        self._exporter.shutdown()  # type: ignore[no-untyped-call]

    def _run(self) -> None:
        while not self._closed.wait(_PAUSE_SECONDS):
            self._send()
        self._send()

    def _send(self) -> None:
        while not self._waiting.empty():
            batch: list[ReadableSpan] = []
            with suppress(queue.Empty):
                while len(batch) < _MOST_AT_ONCE:
                    batch.append(self._waiting.get_nowait())
            self._exporter.export(batch)

    def _readable(self, span: Span) -> ReadableSpan:
        attributes = span.attributes | ({"error.type": span.fault} if span.fault else {})
        return ReadableSpan(
            span.name,
            _context(span.place),
            _context(Place(span.place.trace_id, span.parent)) if span.parent is not None else None,
            self._resource,
            attributes,
            (),
            [Link(_context(span.link))] if span.link else (),
            _KINDS[span.kind],
            status=Status(StatusCode.ERROR) if span.fault else Status(),
            start_time=span.began,
            end_time=span.ended,
            instrumentation_scope=_SCOPE,
        )


def _context(place: Place) -> SpanContext:
    return SpanContext(place.trace_id, place.span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
