"""Single events, read from the stream's leader: the only reads that a decision may rest on."""

import base64
import datetime as dt
import json
from contextlib import suppress
from typing import Any

import nats.errors
import nats.js.errors
from nats.aio.client import Client

from shared.log.faults import translated
from shared.log.record import Record
from shared.log.stream import STREAM

_ANSWER_SECONDS = 1.0
_ATTEMPTS = 3
"""Nobody answers while a cluster chooses who leads, and whoever is chosen knows nothing of what was asked before."""

_NOT_FOUND = 404


async def read_from(client: Client, stream: str, request: dict[str, Any]) -> Record | None:
    """The message of a stream that a request to its leader asks for, or None.

    Raises:
        LogUnavailable, LogRefused: see `translated`.

    Source: NATS JetStream wire API, STREAM.MSG.GET.
    """
    with translated():
        body = json.loads(await _answer(client, f"$JS.API.STREAM.MSG.GET.{stream}", json.dumps(request).encode()))
        if "error" in body:
            if body["error"].get("code") == _NOT_FOUND:
                return None
            raise nats.js.errors.APIError.from_error(body["error"])
    message = body["message"]
    return Record(
        sequence=message["seq"],
        subject=message["subject"],
        stored_at=dt.datetime.fromisoformat(message["time"]),
        content=base64.b64decode(message.get("data", "")),
    )


async def next_on(client: Client, subject: str, after: int = 0) -> Record | None:
    """The first event on a subject behind a sequence, or None.

    Raises:
        LogUnavailable, LogRefused: see `translated`.
    """
    return await read_from(client, STREAM, {"seq": after + 1, "next_by_subj": subject})


async def last_on(client: Client, subject: str) -> Record | None:
    """The newest event on a subject (which may hold wildcards), or None.

    Raises:
        LogUnavailable, LogRefused: see `translated`.
    """
    return await read_from(client, STREAM, {"last_by_subj": subject})


async def _answer(client: Client, subject: str, request: bytes) -> bytes:
    for _ in range(_ATTEMPTS - 1):
        with suppress(nats.errors.TimeoutError):
            return (await client.request(subject, request, timeout=_ANSWER_SECONDS)).data
    return (await client.request(subject, request, timeout=_ANSWER_SECONDS)).data
