"""Posts prepared requests over kept connections, with as little work of its own as can be."""

import asyncio
import json
import time
from collections.abc import Sequence

from tests.examples import conclusion
from tests.identity import signed

CONNECTIONS = 16


def requests(count: int, directives: int, series: str) -> list[bytes]:
    """So many different notices, each of so many directives, as whole HTTP requests."""
    prepared, identity = [], signed()
    for number in range(count):
        body = json.dumps(conclusion(directives, number=f"{series}-{number}/TB")).encode()
        head = (
            "POST /v1/conclusions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Authorization: {identity['Authorization']}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        prepared.append(head.encode() + body)
    return prepared


async def posted(port: int, prepared: Sequence[bytes]) -> float:
    """Seconds until every request was answered with 201, over 16 connections.

    Raises:
        RuntimeError: one was answered otherwise.
    """
    waiting = list(reversed(prepared))

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            writer.write(waiting.pop())
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 201"):
                raise RuntimeError(head.decode())
            lengths = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(next(lengths).partition(b":")[2]))
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(min(CONNECTIONS, len(waiting)))))
    return time.perf_counter() - started
