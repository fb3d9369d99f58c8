"""An HTTP server that other systems would run: it keeps what was posted to it, and answers as told."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Posted:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answer` says which status a request gets; `seen` holds all requests, in order."""

    port: int = 0
    seen: list[Posted] = field(default_factory=list)
    answer: Callable[[Posted], int] = lambda _: 204

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def ids(self, path: str = "") -> list[str]:
        """The ids of the webhooks that came to paths that begin so."""
        return [each.headers["webhook-id"] for each in self.seen if each.path.startswith(path)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A sender that is killed breaks its connection off."""


@contextmanager
def receiving(encrypted: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that listens on a free port of 127.0.0.1, with encryption where it is given."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Keeps the request and answers."""
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            posted = Posted(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            kept.seen.append(posted)
            self.send_response(kept.answer(posted))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    server = _Server(("127.0.0.1", 0), Handler)
    if encrypted:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
