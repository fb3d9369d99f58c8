"""Files beside the log: kept once by the SHA-256 of their bytes, and given back only when they still match it.

A bucket is an object store as every NATS client reads it (ADR-20): `nats object get documents <sha256>` gives a file
to an auditor without us. It is written otherwise than nats-py does: in one atomic batch, so that no half file is ever
there, and without the right to replace, look up or delete anything that a general object store needs.
"""

import asyncio
import base64
import datetime as dt
import hashlib
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import nats.js.errors
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

from shared.log.faults import LogFault, LogRefused, LogUnavailable, translated
from shared.log.read import read_from
from shared.log.stream import ANSWER_SECONDS, VERSION, migrate_stream

Bucket = Literal["documents", "attachments", "retired"]
"""Notices as they arrived, which intake keeps; files handed in with a task's result, which tasks keeps; and events that
left the log with their year, which whoever retires them keeps (see `shared.log.retired`)."""

BUCKETS: tuple[Bucket, ...] = ("documents", "attachments", "retired")

LARGEST_BYTES = 128 * 1024 * 1024
"""Most bytes of one file."""

_MEDIA_TYPE = "media-type"
_CHUNK_BYTES = 1024 * 1024
_SECONDS_A_BYTE = 0.5 / 1024**2
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.3
_TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a file without its bytes. `size` is in bytes; `media_type` is None where none was stated."""

    size: int
    media_type: str | None


class ObjectDamaged(LogFault):
    """The bytes that are kept under a SHA-256 have another one. They were not handed out."""


def object_stream(bucket: Bucket) -> str:
    """Name of the stream that holds a bucket. Source: ADR-20."""
    return f"OBJ_{bucket}"


def object_subject(bucket: Bucket) -> str:
    """The subjects to which a bucket's files are written. Source: ADR-20."""
    return f"$O.{bucket}.>"


def bucket_definition(bucket: Bucket, replicas: int) -> StreamConfig:
    """The stream of a bucket as it must be. Without roll-ups nothing can be replaced by writing; only an
    administrator with rights of their own can delete, as a court may order."""
    return StreamConfig(
        name=object_stream(bucket),
        description=f"Files of ketluan by their SHA-256: {bucket}.",
        subjects=[f"$O.{bucket}.C.>", f"$O.{bucket}.M.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_msgs=-1,
        max_bytes=-1,
        max_age=0,
        max_msgs_per_subject=-1,
        max_consumers=-1,
        num_replicas=replicas,
        allow_atomic=True,
        allow_direct=True,
        metadata={"ketluan-version": VERSION},
    )


async def migrate_buckets(client: Client, replicas: int) -> list[str]:
    """Creates the buckets, or confirms them: the only place that may. Says what it did.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: see `shared.log.stream.migrate_stream`.
    """
    return [await migrate_stream(client, bucket_definition(bucket, replicas)) for bucket in BUCKETS]


async def stored(client: Client, bucket: Bucket, content: bytes, media_type: str | None = None) -> str:
    """Keeps a file, once however often it is asked to, and gives its SHA-256 in hexadecimal digits.

    Its description states the media type with which it was kept first.

    Raises:
        ValueError: the file is larger than `LARGEST_BYTES`.
        LogUnavailable: the log did not answer; the whole file is kept or nothing of it, and asking again is safe.
        LogRefused: the log refused; nothing of it is kept.
    """
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"a file holds at most {LARGEST_BYTES} bytes, not {len(content)}")
    sha256 = hashlib.sha256(content).hexdigest()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            await _store(client, bucket, [content], media_type)
            break
        except LogUnavailable:
            if attempt == _ATTEMPTS or not client.is_connected:
                raise
            await asyncio.sleep(_PAUSE_SECONDS * attempt)
        except LogRefused:
            # The description must be the first of its SHA-256: it is refused where the file is kept already.
            if await _description(client, bucket, sha256) is None:
                raise
            break
    return sha256


async def described(client: Client, bucket: Bucket, sha256: str) -> Description | None:
    """What is known of a file, or None where none of that SHA-256 is kept.

    Raises:
        LogUnavailable, LogRefused: see `shared.log.faults.translated`.
    """
    found = await _description(client, bucket, sha256)
    return Description(found["size"], found.get("metadata", {}).get(_MEDIA_TYPE)) if found else None


async def listed(client: Client, bucket: Bucket) -> AsyncGenerator[tuple[str, Description]]:
    """The SHA-256 and the description of every file of a bucket, in the order in which they were kept.

    Raises:
        LogUnavailable, LogRefused: see `shared.log.faults.translated`.
    """
    place, every = 0, f"$O.{bucket}.M.>"
    while record := await read_from(client, object_stream(bucket), {"seq": place + 1, "next_by_subj": every}):
        place, found = record.sequence, json.loads(record.content)
        if not found.get("deleted"):
            yield found["name"], Description(found["size"], found.get("metadata", {}).get(_MEDIA_TYPE))


async def fetched(client: Client, bucket: Bucket, sha256: str) -> bytes | None:
    """The bytes of a file, or None where none of that SHA-256 is kept.

    Raises:
        ObjectDamaged: what is kept is not what was handed in.
        LogUnavailable, LogRefused: see `shared.log.faults.translated`.
    """
    description = await _description(client, bucket, sha256)
    if description is None:
        return None
    subject, place = f"$O.{bucket}.C.{description['nuid']}", 0
    content = bytearray()
    for _ in range(description["chunks"]):
        chunk = await read_from(client, object_stream(bucket), {"seq": place + 1, "next_by_subj": subject})
        if chunk is None:
            raise ObjectDamaged(f"a part of the file {sha256} in {bucket} is missing")
        content += chunk.content
        place = chunk.sequence
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ObjectDamaged(f"the file {sha256} in {bucket} holds other bytes than were handed in")
    return bytes(content)


async def _description(client: Client, bucket: Bucket, sha256: str) -> dict[str, Any] | None:
    record = await read_from(client, object_stream(bucket), {"last_by_subj": _description_subject(bucket, sha256)})
    found = json.loads(record.content) if record else None
    return None if found is None or found.get("deleted") else found


def _description_subject(bucket: Bucket, sha256: str) -> str:
    return f"$O.{bucket}.M.{base64.urlsafe_b64encode(sha256.encode()).decode()}"


class ObjectWriter:
    """Keeps files of one bucket. Small ones that come at the same moment share a batch, and so a write to the disk."""

    def __init__(self, client: Client, bucket: Bucket) -> None:
        self._client = client
        self._bucket = bucket
        self._waiting: list[tuple[bytes, asyncio.Future[str]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def stored(self, content: bytes) -> str:
        """As the function `stored`."""
        if len(content) > _CHUNK_BYTES:
            return await stored(self._client, self._bucket, content)
        kept: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append((content, kept))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await kept

    async def _write(self) -> None:
        try:
            while self._waiting:
                turn, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
                await self._write_together(turn)
        finally:
            self._writing = None

    async def _write_together(self, turn: list[tuple[bytes, "asyncio.Future[str]"]]) -> None:
        contents = list(dict.fromkeys(content for content, _ in turn))
        alone = len(contents) == 1
        if not alone:
            # Whatever goes wrong, one of them that is kept already or a fault: each by itself finds out, and nobody is
            # left waiting.
            (fault,) = await asyncio.gather(_store(self._client, self._bucket, contents), return_exceptions=True)
            alone = fault is not None
        outcomes: dict[bytes, str | BaseException] = {each: hashlib.sha256(each).hexdigest() for each in contents}
        if alone:
            found = await asyncio.gather(
                *(stored(self._client, self._bucket, each) for each in contents), return_exceptions=True
            )
            outcomes = dict(zip(contents, found, strict=True))
        for content, kept in turn:
            outcome = outcomes[content]
            if kept.done():
                continue
            if isinstance(outcome, BaseException):
                kept.set_exception(outcome)
            else:
                kept.set_result(outcome)


async def _store(client: Client, bucket: Bucket, contents: Sequence[bytes], media_type: str | None = None) -> None:
    """Writes each file's chunks and, behind them, its description, which must be the first under its SHA-256: in one
    batch, all or none."""
    messages: list[tuple[str, bytes, dict[str, str]]] = []
    for content in contents:
        digest = hashlib.sha256(content)
        token = client.new_inbox().rpartition(".")[2]
        chunks = [content[start : start + _CHUNK_BYTES] for start in range(0, len(content), _CHUNK_BYTES)]
        messages += [(f"$O.{bucket}.C.{token}", chunk, {}) for chunk in chunks]
        description: dict[str, Any] = {
            "name": digest.hexdigest(),
            "bucket": bucket,
            "nuid": token,
            "size": len(content),
            "mtime": dt.datetime.now(dt.UTC).isoformat(),
            "chunks": len(chunks),
            "digest": f"SHA-256={base64.urlsafe_b64encode(digest.digest()).decode()}",
            "options": {"max_chunk_size": _CHUNK_BYTES},
        }
        if media_type:
            description["metadata"] = {_MEDIA_TYPE: media_type}
        subject = _description_subject(bucket, digest.hexdigest())
        messages.append((subject, json.dumps(description).encode(), {"Nats-Expected-Last-Subject-Sequence": "0"}))
    batch = client.new_inbox().rpartition(".")[2]
    for place, (_, _, headers) in enumerate(messages, start=1):
        if len(messages) > 1:
            headers |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(place)}
    *others, (subject, description_bytes, headers) = messages
    with translated():
        for each in others:
            await client.publish(each[0], each[1], headers=each[2])
        headers |= {"Nats-Expected-Stream": object_stream(bucket)} | ({"Nats-Batch-Commit": "1"} if others else {})
        patience = ANSWER_SECONDS + _SECONDS_A_BYTE * sum(map(len, contents))
        answer = await client.request(subject, description_bytes, timeout=patience, headers=headers)
        body = json.loads(answer.data)
        if "error" in body:
            raise nats.js.errors.APIError.from_error(body["error"])
