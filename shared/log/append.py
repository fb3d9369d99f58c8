"""Writing to the log: every event states which sequence of its own subject it follows."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import nats.js.errors
from nats.aio.client import Client

from shared.events.envelope import Envelope
from shared.log.faults import Conflict, LogRefused, LogUnavailable, translated
from shared.log.read import next_on
from shared.log.record import Record
from shared.log.stream import ANSWER_SECONDS, BATCH_LIMIT, PREFIX, STREAM
from shared.log.writing import WRITING
from shared.telemetry import metrics, traces
from shared.telemetry.correlation import span_id

_SECONDS_AN_EVENT = 0.003
_ATTEMPTS = 4
_PATIENCE_SECONDS = 7.0
_PAUSE_SECONDS = 0.2

_BATCH_ID = "Nats-Batch-Id"
_BATCH_SEQUENCE = "Nats-Batch-Sequence"
_BATCH_COMMIT = "Nats-Batch-Commit"
_EXPECTED_SEQUENCE = "Nats-Expected-Last-Subject-Sequence"

_CONFLICTS = frozenset({10071, 10201})
"""Wrong last sequence; a batch already stored.

Source: nats-server errors.json.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be appended behind sequence `follows` of its own subject; 0 begins the aggregate.

    None stands for the event of the same aggregate before it in the same batch, whose sequence nobody knows yet.
    """

    event_id: str
    subject: str
    content: bytes
    follows: int | None


def entry(envelope: Envelope, follows: int | None) -> Entry:
    """The entry that puts this event behind sequence `follows` of its aggregate; see `Entry`."""
    return Entry(envelope.id, PREFIX + envelope.subject, envelope.__pydantic_serializer__.to_json(envelope), follows)


class Appended(NamedTuple):
    """The log's sequence of the last event, and how many were stored that were not there before. Only where all of them
    were do they stand side by side."""

    last: int
    added: int


async def append(client: Client, entries: Sequence[Entry], *, closing: bool = False) -> int:
    """As `appended`; gives the log's sequence of the last event.

    Raises:
        Conflict, LogUnavailable, LogRefused: see `appended`.
    """
    return (await appended(client, entries, closing=closing)).last


async def appended(client: Client, entries: Sequence[Entry], *, closing: bool = False) -> Appended:
    """Stores up to 1,000 events, all or none.

    Events that are already there, from an earlier attempt whose answer was lost, count as stored: an event is known
    by its id, so appending the same again does nothing. `closing` says that the last entry puts the others in force:
    where it is there already, none of the others is added, since it speaks for those that it came with.

    Raises:
        Conflict: another event stands behind one of the sequences that were stated, or the closing one was there
            already; nothing was stored.
        LogUnavailable: the log did not answer; all or nothing was stored, and the same call again is safe.
        LogRefused: the log refused; nothing was stored.
    """
    if not 1 <= len(entries) <= BATCH_LIMIT:
        raise ValueError(f"a batch holds 1 to {BATCH_LIMIT} events, not {len(entries)}")
    began, outcome = time.perf_counter(), "stored"
    last_span = span_id("event", entries[-1].event_id)
    try:
        with traces.within("append", {"ketluan.events": len(entries)}, "producer", last_span):
            done = await _append(client, entries, closing=closing)
    except Conflict:
        outcome = "conflict"
        raise
    except LogRefused:
        outcome = "refused"
        raise
    except LogUnavailable as fault:
        outcome = "unavailable"
        if client.is_connected:
            WRITING.failed(str(fault))
        raise
    else:
        outcome = "stored" if done.added else "repeated"
        metrics.APPENDED_EVENTS.inc(done.added)
        if done.added:
            WRITING.stored()
        return done
    finally:
        metrics.APPENDS.labels(outcome).inc()
        metrics.APPEND_SECONDS.observe(time.perf_counter() - began)


async def _append(client: Client, entries: Sequence[Entry], *, closing: bool) -> Appended:
    stored, until = 0, time.monotonic() + _PATIENCE_SECONDS
    waiting = list(entries)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return Appended(max(stored, await _store(client, waiting)), len(waiting))
        except LogUnavailable:
            if attempt == _ATTEMPTS or not client.is_connected or time.monotonic() > until:
                raise
            await asyncio.sleep(_PAUSE_SECONDS * attempt)
        except Conflict:
            if attempt == _ATTEMPTS:
                raise
        found, waiting = await _reconciled(client, waiting)
        if closing and entries[-1] not in waiting:
            raise Conflict((entries[-1].subject,))
        stored = max(stored, found)
        if not waiting:
            return Appended(stored, 0)
    raise AssertionError("the last attempt returns or raises")


async def _reconciled(client: Client, entries: Sequence[Entry]) -> tuple[int, list[Entry]]:
    """The highest sequence at which one of these already stands, and those that still have to be stored."""
    first = [each for each in entries if each.follows is not None]
    places = await asyncio.gather(*(next_on(client, each.subject, each.follows or 0) for each in first))
    stands = dict(zip((each.subject for each in first), places, strict=True))
    highest, missing, taken = 0, [], []
    for each in entries:
        place = stands[each.subject]
        if each.follows is None and place is not None:
            stands[each.subject] = place = await next_on(client, each.subject, place.sequence)
            if place is None:
                taken.append(each.subject)
                continue
        if place is None:
            missing.append(each)
        elif _event_id(place) == each.event_id:
            highest = max(highest, place.sequence)
        else:
            taken.append(each.subject)
    if taken:
        raise Conflict(tuple(taken))
    return highest, missing


def _event_id(place: Record) -> str | None:
    """The id of the event that stands there; None where it is no event."""
    try:
        found = json.loads(place.content)
    except (ValueError, RecursionError):
        return None
    return found.get("id") if isinstance(found, dict) else None


async def _store(client: Client, entries: Sequence[Entry]) -> int:
    *others, last = entries
    with translated():
        headers = {**_expected(last), "Nats-Expected-Stream": STREAM}
        if others:
            batch = client.new_inbox().rpartition(".")[2]
            for place, each in enumerate(others, start=1):
                in_batch = {_BATCH_ID: batch, _BATCH_SEQUENCE: str(place)}
                await client.publish(each.subject, each.content, headers=in_batch | _expected(each))
            headers |= {_BATCH_ID: batch, _BATCH_SEQUENCE: str(len(entries)), _BATCH_COMMIT: "1"}
        patience = ANSWER_SECONDS + _SECONDS_AN_EVENT * len(entries)
        answer = await client.request(last.subject, last.content, timeout=patience, headers=headers)
        body = json.loads(answer.data)
        if "error" in body:
            if body["error"].get("err_code") in _CONFLICTS:
                raise Conflict(tuple(each.subject for each in entries))
            raise nats.js.errors.APIError.from_error(body["error"])
    return int(body["seq"])


def _expected(each: Entry) -> dict[str, str]:
    """An event that follows another of its own batch needs none: the batch is one, and nothing comes between."""
    return {} if each.follows is None else {_EXPECTED_SEQUENCE: str(each.follows)}
