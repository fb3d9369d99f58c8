"""One request as bytes and its answer: no client library between, which would mend what is strange about it."""

import http.client
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.requests.town import Asker

_PATIENCE_SECONDS = 30.0
_MALFORMED_PATIENCE_SECONDS = 1.0
_MOST_BYTES = 4 * 1024 * 1024
_STREAM_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. `target` and headers stand in it as they are; `malformed` says that it need not be HTTP."""

    asker: Asker
    request_id: str
    method: str
    target: bytes
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""
    malformed: bool = False

    def sent(self, host: str) -> bytes:
        """Its bytes."""
        named = {name.lower() for name, _ in self.headers}
        usual = [(b"Host", host.encode())] if b"host" not in named else []
        usual += [(b"X-Request-Id", self.request_id.encode()), (b"Connection", b"close")]
        usual += [(name.encode(), value.encode()) for name, value in self.asker.shows.items()]
        if self.body and b"transfer-encoding" not in named and b"content-length" not in named:
            usual.append((b"Content-Length", str(len(self.body)).encode()))
        lines = b"".join(b"%s: %s\r\n" % each for each in (*usual, *self.headers))
        return b"%s %s HTTP/1.1\r\n%s\r\n%s" % (self.method.encode(), self.target, lines, self.body)

    def __str__(self) -> str:
        headers = {name.decode("latin-1"): value.decode("latin-1")[:60] for name, value in self.headers}
        target = self.target.decode("latin-1")[:120]
        return f"{self.method} {target!r} as {self.asker.name}, {headers}, {self.body[:120]!r}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` 0 where the connection was closed without an answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    method: str = "GET"


class Silent(Exception):
    """No answer came in time."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(str(asked))
        self.asked = asked


def exchanged(asked: Asked, port: int) -> Answer:
    """Sends a request and reads the answer; of a live stream what comes at once.

    Raises:
        Silent: see there.
    """
    patience = _MALFORMED_PATIENCE_SECONDS if asked.malformed else _PATIENCE_SECONDS
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
            with suppress(ConnectionError):  # a server that refuses early closes before all was sent
                connection.sendall(asked.sent(f"127.0.0.1:{port}"))
            answer = http.client.HTTPResponse(connection, method=asked.method)
            try:
                answer.begin()
            except (http.client.HTTPException, ConnectionError):
                return Answer(0)
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, headers, _content(answer, connection, headers), asked.method)
    except TimeoutError as error:
        if asked.malformed:  # the server waits for what was announced
            return Answer(0)
        raise Silent(asked) from error


def _content(answer: http.client.HTTPResponse, connection: socket.socket, headers: dict[str, str]) -> bytes:
    if not headers.get("content-type", "").startswith("text/event-stream"):
        with suppress(http.client.IncompleteRead, ConnectionError):
            return answer.read(_MOST_BYTES)
        return b""
    connection.settimeout(_STREAM_SECONDS)
    with suppress(OSError, http.client.HTTPException):
        return answer.read1(_MOST_BYTES)
    return b""
