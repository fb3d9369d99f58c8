"""A mail server that takes everything at once and writes down what it took: for measurements, and for what is killed.

Run as a program it listens on an address and a port and writes a line for each letter to a file, before it answers.
"""

import asyncio
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from tests.servers import Server

_END = b"\r\n.\r\n"
_MESSAGE_ID = b"message-id: <"


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that was taken: when, in seconds of the system's clock, for whom, and by which Message-ID."""

    at: float
    to: str
    message_id: str


@dataclass
class MailSink(Server):
    """The mail server, as a process of its own, which listens on `host`."""

    host: str = "127.0.0.1"

    def command(self) -> Sequence[str]:
        """This module."""
        return [sys.executable, "-m", "tests.mail_sink", self.host, str(self.port), str(self._taken)]

    def answers(self) -> bool:
        """Whether it greets."""
        try:
            with socket.create_connection((self.host, self.port), timeout=1) as connection:
                return connection.recv(4) == b"220 "
        except OSError:
            return False

    @property
    def count(self) -> int:
        """How many letters it took so far."""
        return self._taken.read_bytes().count(b"\n") if self._taken.exists() else 0

    @property
    def taken(self) -> list[Taken]:
        """The letters that it took, in their order."""
        lines = self._taken.read_text().splitlines() if self._taken.exists() else []
        return [Taken(float(at), to, message_id) for at, to, message_id in (line.split(" ", 2) for line in lines)]

    @property
    def _taken(self) -> Path:
        return self.folder / "taken"


class _Session(asyncio.Protocol):
    def __init__(self, taken: BinaryIO) -> None:
        self._file = taken
        self._waiting = bytearray()
        self._to = b""
        self._reads_letter = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while self._next():
            pass

    def _next(self) -> bool:
        end = self._waiting.find(_END if self._reads_letter else b"\r\n")
        if end < 0:
            return False
        part = bytes(self._waiting[:end])
        del self._waiting[: end + (len(_END) if self._reads_letter else 2)]
        self._transport.write(self._keep(part) if self._reads_letter else self._answer(part))
        return True

    def _keep(self, letter: bytes) -> bytes:
        begin = letter.lower().find(_MESSAGE_ID) + len(_MESSAGE_ID)
        message_id = letter[begin : letter.find(b">", begin)]
        self._file.write(b"%.6f %s %s\n" % (time.time(), self._to, message_id))
        self._reads_letter = False
        return b"250 2.0.0 taken\r\n"

    def _answer(self, line: bytes) -> bytes:
        match line[:4].upper():
            case b"EHLO":
                return b"250-sink\r\n250-SIZE 20000000\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n"
            case b"RCPT":
                self._to = line.partition(b"<")[2].partition(b">")[0]
            case b"DATA":
                self._reads_letter = True
                return b"354 go on\r\n"
            case b"QUIT":
                return b"221 2.0.0 bye\r\n"
        return b"250 2.0.0 OK\r\n"


async def _serve(host: str, port: int, taken: BinaryIO) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Session(taken), host, port)
    await server.serve_forever()


if __name__ == "__main__":
    with Path(sys.argv[3]).open("ab", buffering=0) as file:
        asyncio.run(_serve(sys.argv[1], int(sys.argv[2]), cast(BinaryIO, file)))
