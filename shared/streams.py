"""Server-sent events: what a client missed since the last it saw, then everything as it happens."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from shared.database import DatabaseUnavailable, Signal

MEDIA_TYPE = "text/event-stream"
_QUIET_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One event of a stream: its place, which the client gives back to go on behind it, its JSON, and its name where it
    is no plain message."""

    sequence: int
    content: str
    name: str | None = None


While = Callable[[], Awaitable[bool]]
"""Says whether the reader of a stream may hear more of it."""

Fetch = Callable[[int], Awaitable[Sequence[Item]]]
"""Gives the items behind a sequence, in order; not necessarily all."""


def wants_stream(request: Request) -> bool:
    """Whether the request asks for the live form of a resource."""
    return MEDIA_TYPE in request.headers.get("accept", "")


def resumed(request: Request, after: int) -> int:
    """Where a stream begins: behind the Last-Event-ID that a reconnecting browser sends, else behind `after`."""
    last = request.headers.get("last-event-id", "")
    return int(last) if last.isascii() and last.isdigit() and len(last) < 19 else after


def live(fetch: Fetch, after: int, signal: Signal, allowed: While) -> StreamingResponse:
    """A response that ends only when its reader may hear no more. The signal says that there may be something new to
    fetch."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(fetch, after, signal, allowed), media_type=MEDIA_TYPE, headers=headers)


async def _events(fetch: Fetch, after: int, signal: Signal, allowed: While) -> AsyncIterator[bytes]:
    yield KEEPALIVE_COMMENT
    quiet = 0
    while True:
        woken = signal.next()
        try:
            items = await fetch(after)
        except DatabaseUnavailable:
            items = ()
        if not await allowed():
            return
        for item in items:
            after, quiet = item.sequence, 0
            yield format_sse_event(id=str(item.sequence), event=item.name, data_str=item.content)
        if not items:
            quiet += 1
            if quiet % _QUIET_ROUNDS == 0:
                yield KEEPALIVE_COMMENT
            await woken.wait()
