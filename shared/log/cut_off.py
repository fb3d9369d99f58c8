"""Leaving a server that is cut off from the others of its cluster.

Such a server keeps its clients and answers their pings. Where it led the log it even goes on telling of it, for most of
a minute, what was true before; it stores nothing. No client library leaves it by itself.
"""

import asyncio
import time

import structlog
from nats.aio.client import Client
from nats.js.api import StreamInfo

from shared.log.faults import LogFault, LogRefused
from shared.log.stream import stream_info

_ASK_EVERY_SECONDS = 1.0
_ANSWER_SECONDS = 2.0
_SILENCE_SECONDS = 3.0
_UNHEARD_NANOSECONDS = 4_000_000_000
"""A leader hears from each of the others every second."""
_PAUSE_SECONDS = 3.0

log = structlog.get_logger()


async def leave_when_cut_off(client: Client, stream: str) -> None:
    """Goes over to another server whenever nobody with a quorum has answered for the stream for some seconds, for ever.
    Where only one is known, it stays."""
    heard = time.monotonic()
    while True:
        await asyncio.sleep(_ASK_EVERY_SECONDS)
        if not client.is_connected or len(client.servers) < 2 or await _answers(client, stream):
            heard = time.monotonic()
        elif time.monotonic() - heard > _SILENCE_SECONDS:
            log.warning("leaves_a_server_that_is_cut_off", server=client.connected_url and client.connected_url.netloc)
            await client.force_reconnect()
            # A choice of who leads takes the cluster some seconds, during which it is silent everywhere.
            await asyncio.sleep(_PAUSE_SECONDS)


async def _answers(client: Client, stream: str) -> bool:
    """Whether somebody answers for the stream who hears from most of those that hold it."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return hears_most(await stream_info(client, stream))
    except LogRefused:
        return True
    except (LogFault, TimeoutError):
        return False


def hears_most(info: StreamInfo) -> bool:
    """Whether the stream's leader heard lately from as many of the others as make a quorum with itself.

    Source: NATS JetStream API, stream_info_response, cluster.replicas.active (nanoseconds since it was heard).
    """
    others = (info.cluster and info.cluster.replicas) or []
    heard = [each for each in others if not each.offline and (each.active or 0) < _UNHEARD_NANOSECONDS]
    return 2 * (1 + len(heard)) > 1 + len(others)
