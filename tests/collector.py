"""A collector of traces for tests: it takes what services send over OTLP/HTTP, as any other collector does."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Taken:
    """A span that arrived, with the service that sent it; ids in hexadecimal, no parent as an empty string."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]
    links: tuple[str, ...]


@dataclass
class Collector:
    """What arrived so far."""

    url: str = ""
    spans: list[Taken] = field(default_factory=list)

    def of(self, trace_id: int) -> Sequence[Taken]:
        """The spans of a trace."""
        return [each for each in self.spans if each.trace_id == f"{trace_id:032x}"]

    def take(self, body: bytes) -> None:
        """Takes a request's body in. Source: OTLP 1.x, ExportTraceServiceRequest."""
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            told = {each.key: each.value.string_value for each in resource.resource.attributes}
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self.spans.append(
                        Taken(
                            told["service.name"].removeprefix("ketluan-"),
                            span.name,
                            span.trace_id.hex(),
                            span.span_id.hex(),
                            span.parent_span_id.hex(),
                            {each.key: str(each.value) for each in span.attributes},
                            tuple(link.trace_id.hex() for link in span.links),
                        )
                    )


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a free port of this machine, for as long as the block lasts."""
    taken = Collector()

    class Handler(BaseHTTPRequestHandler):
        """Takes one request."""

        def do_POST(self) -> None:
            """Takes spans."""
            if self.headers.get("Content-Encoding") or self.path != "/v1/traces":
                self.send_error(415)
                return
            taken.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
