"""One connection to NATS for reading the stream in bulk: only what that takes of the client protocol.

Source: https://docs.nats.io/reference/reference-protocols/nats-protocol, and the JetStream wire API (ADR-13).
"""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from random import sample
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from shared.log.connect import tls
from shared.log.faults import LogRefused
from shared.log.record import STORED_AT, Record
from shared.nkey import public_key, signature
from shared.settings import NatsSettings

_AT_ONCE = 50_000
_BYTES_AT_ONCE = 16 * 1024 * 1024
"""What one pull asks for. The server drops a connection for which more than 64 MiB wait."""

_PIECE_BYTES = 1024 * 1024
_PATIENCE_SECONDS = 10.0
_FORGOTTEN_SECONDS = 60
_NANOSECONDS = 1_000_000_000
_DEFAULT_PORT = 4222
_END = b"\r\n"
_STORED_AT = f"{STORED_AT}: ".encode()


class _Message(NamedTuple):
    """What the server sent: an event of the stream, an answer, or a status, which is nothing but headers."""

    subject: bytes
    sid: bytes
    reply: bytes
    headers: bytes
    content: bytes


class Wire:
    """A connection that asks and reads, and appends nothing."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, inbox: str, stream: str) -> None:
        self._reader, self._writer, self._inbox, self._stream = reader, writer, inbox, stream
        self._rest = b""
        self._subscribed = 0

    async def events(self, first: int, last: int) -> AsyncGenerator[list[Record], None]:
        """The events of the stream from sequence `first` to `last`, as far as it has them.

        Raises:
            OSError, EOFError, TimeoutError: the server fell silent.
            LogRefused: the server refused.
        """
        consumer = await self._consumer(first)
        position = first - 1
        while position < last:
            wanted = min(_AT_ONCE, last - position)
            sid = self._pull(consumer, wanted)
            came, more = 0, True
            while more and came < wanted:
                found = []
                for message in await self._messages():
                    if message.sid != sid:
                        continue
                    if message.reply.startswith(b"$JS.ACK."):
                        found.append(_record(message))
                    else:
                        more = False
                came += len(found)
                while found and found[-1].sequence > last:
                    position = found.pop().sequence
                if found:
                    position = max(position, found[-1].sequence)
                    yield found
            self._write(f"UNSUB {sid.decode()}")
            if came == 0:
                break
        self._write(f"PUB $JS.API.CONSUMER.DELETE.{self._stream}.{consumer} 0\r\n")

    async def _consumer(self, first: int) -> str:
        """Name of a new cursor that begins at a sequence. It lives in the server's memory and acknowledges nothing."""
        name = f"bulk-{uuid4().hex}"
        config = {
            "name": name,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": first,
            "ack_policy": "none",
            "replay_policy": "instant",
            "inactive_threshold": _FORGOTTEN_SECONDS * _NANOSECONDS,
            "mem_storage": True,
            "num_replicas": 1,
        }
        request = {"stream_name": self._stream, "config": config, "action": "create"}
        sid = self._ask(f"$JS.API.CONSUMER.CREATE.{self._stream}.{name}", request)
        while True:
            for message in await self._messages():
                if message.sid == sid:
                    answer = json.loads(message.content or b"{}")
                    if "error" in answer or not answer:
                        raise LogRefused(str(answer.get("error", {}).get("description", "nobody answers")))
                    return name

    def _pull(self, consumer: str, wanted: int) -> bytes:
        request = {"batch": wanted, "max_bytes": _BYTES_AT_ONCE, "no_wait": True}
        return self._ask(f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{consumer}", request)

    def _ask(self, subject: str, request: dict[str, Any]) -> bytes:
        """Sends a request; gives the number of the subscription on which its answers come."""
        self._subscribed += 1
        reply = f"{self._inbox}.{self._subscribed}"
        body = json.dumps(request)
        self._write(f"SUB {reply} {self._subscribed}")
        self._write(f"PUB {subject} {reply} {len(body)}\r\n{body}")
        return str(self._subscribed).encode()

    def _write(self, line: str) -> None:
        self._writer.write(line.encode() + _END)

    async def _messages(self) -> list[_Message]:
        """The next messages that are here whole, at least one or none where the server only greeted.

        Raises:
            OSError, EOFError, TimeoutError: the server fell silent.
            LogRefused: the server ends the connection, and says why.
        """
        async with asyncio.timeout(_PATIENCE_SECONDS):
            piece = await self._reader.read(_PIECE_BYTES)
        if not piece:
            raise EOFError("the server closed the connection")
        given, place, found = self._rest + piece, 0, []
        while (end := given.find(_END, place)) >= 0:
            words = given[place:end].split(b" ")
            kind, begin = words[0], end + 2
            if kind in {b"HMSG", b"MSG"}:
                size = int(words[-1])
                if begin + size + 2 > len(given):
                    break
                has_headers = kind == b"HMSG"
                body = begin + int(words[-2]) if has_headers else begin
                reply = words[3] if len(words) == (6 if has_headers else 5) else b""
                found.append(_Message(words[1], words[2], reply, given[begin:body], given[body : begin + size]))
                begin += size + 2
            elif kind == b"PING":
                self._write("PONG")
            elif kind == b"-ERR":
                raise LogRefused(given[place:end].decode("utf-8", "replace"))
            place = begin
        self._rest = given[place:]
        return found


@asynccontextmanager
async def opened(settings: NatsSettings, stream: str) -> AsyncIterator[Wire]:
    """A connection to one of the servers that the settings name for reading a stream, closed at the end of the block.

    Raises:
        OSError, EOFError, TimeoutError: none of the servers answers.
        LogRefused: one refuses the user.
    """
    reader, writer = await _first_that_answers(settings)
    try:
        prefix = f"_INBOX_{settings.nats_user}" if settings.nats_user else "_INBOX"
        yield Wire(reader, writer, f"{prefix}.{uuid4().hex}", stream)
    finally:
        writer.close()


async def _first_that_answers(settings: NatsSettings) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to any of the servers; one that hangs is tried first by chance alone."""
    context = tls(settings)
    away: OSError | EOFError = OSError("no server is named")
    for address in sample(settings.nats_servers, len(settings.nats_servers)):
        where, writer = urlsplit(address), None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                port = where.port or _DEFAULT_PORT
                reader, writer = await asyncio.open_connection(
                    where.hostname, port, ssl=context, limit=2 * _PIECE_BYTES
                )
                await _greet(reader, writer, settings)
                return reader, writer
        except (OSError, EOFError, TimeoutError) as error:
            away = error
            if writer:
                writer.close()
    raise away


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, settings: NatsSettings) -> None:
    greeting = json.loads((await reader.readuntil(_END)).removeprefix(b"INFO "))
    options: dict[str, Any] = {"verbose": False, "pedantic": False, "lang": "python", "version": "1", "protocol": 1}
    options |= {"name": "ketluan bulk", "headers": True, "no_responders": True}
    if settings.nats_user and "nonce" in greeting:
        seed = settings.nats_seed.get_secret_value()
        options |= {"nkey": public_key(seed), "sig": signature(seed, greeting["nonce"])}
    writer.write(b"CONNECT " + json.dumps(options).encode() + _END + b"PING" + _END)
    answer = await reader.readuntil(_END)
    if answer.startswith(b"-ERR"):
        raise LogRefused(answer.decode("utf-8", "replace").strip())


def _record(message: _Message) -> Record:
    """The event of a message. Its reply says where it stands: `$JS.ACK.stream.consumer.delivered.sequence.…`, with
    domain and account in between where the server tells them."""
    words = message.reply.split(b".")
    shift = 0 if len(words) == 9 else 2
    if _STORED_AT in message.headers:
        told = message.headers.partition(_STORED_AT)[2].partition(_END)[0]
        stored_at = dt.datetime.fromisoformat(told.decode())
    else:
        # The nearest float and its division round as nats-py does: the same event has the same time by either reader.
        stored_at = dt.datetime.fromtimestamp(float(words[7 + shift]) / _NANOSECONDS, dt.UTC)
    return Record(int(words[5 + shift]), message.subject.decode(), stored_at, message.content)
