"""Messages that JetStream gives at a moment which was set beforehand (ADR-51), in a stream of their own.

The log itself must not hold them: a stream that takes schedules gives up its protection against purging. Nothing here
is a record. What is lost here is made anew from the log.

nats-py knows no function for any of it, hence the headers.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)

from shared.log.faults import Conflict, translated
from shared.log.read import read_from
from shared.log.stream import VERSION, migrate_stream

STREAM = "REMINDERS"
"""Name of the stream."""

PREFIX = "reminders."

_TIMEOUT_SECONDS = 5.0
_KEPT = "48h"
_WITHDRAWN_KEPT = "60s"
_BATCH = 500
_IDLE_SECONDS = 30.0
_WRONG_SEQUENCE = 10071


def definition(replicas: int) -> StreamConfig:
    """The stream as it must be. With schedules, the server lets messages be rolled up and purged."""
    return StreamConfig(
        name=STREAM,
        description="When ketluan looks whom to remind of deadlines. Derived from the log; it can be made anew.",
        subjects=[f"{PREFIX}>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_msgs=-1,
        max_bytes=-1,
        max_age=0,
        max_msgs_per_subject=1,
        max_consumers=-1,
        num_replicas=replicas,
        allow_msg_schedules=True,
        allow_msg_ttl=True,
        allow_rollup_hdrs=True,
        metadata={"ketluan-version": VERSION},
    )


async def migrate_schedules(client: Client, replicas: int) -> str:
    """Creates the stream, or confirms it. Says what it did.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: see `migrate_stream`.
    """
    return await migrate_stream(client, definition(replicas))


@dataclass(frozen=True, slots=True)
class Schedule:
    """A moment (UTC, whole seconds) that is set for a name such as `<task>.<rule>`, and its place in the stream."""

    name: str
    moment: dt.datetime
    sequence: int


def at(name: str) -> str:
    """The subject on which a schedule stands."""
    return f"{PREFIX}at.{name}"


def due(name: str) -> str:
    """The subject on which the server says that a schedule's moment has come."""
    return f"{PREFIX}due.{name}"


def withdrawn(name: str) -> str:
    """The subject of the message that takes a schedule away."""
    return f"{PREFIX}withdrawn.{name}"


def moment_of(content: bytes) -> dt.datetime:
    """The moment that a schedule, or the message that it became, was set for.

    Raises:
        ValueError: it is none of ours.
    """
    try:
        return dt.datetime.fromisoformat(json.loads(content)["at"])
    except (TypeError, KeyError) as error:
        raise ValueError("a schedule names its moment") from error


async def put(client: Client, name: str, moment: dt.datetime, follows: int = 0) -> Schedule:
    """Sets a moment. `follows` is the sequence of the schedule of this name that it replaces; 0 where there is none.
    A moment that is past comes at once.

    Raises:
        Conflict: another one stands there, or it has fired; nothing was changed.
        LogUnavailable, LogRefused: see `translated`.
    """
    headers = {
        "Nats-Schedule": f"@at {moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Nats-Schedule-Target": due(name),
        "Nats-Schedule-TTL": _KEPT,
        "Nats-Expected-Last-Subject-Sequence": str(follows),
    }
    content = json.dumps({"at": moment.isoformat()}).encode()
    return Schedule(name, moment, await _publish(client, at(name), content, headers))


async def withdraw(client: Client, schedule: Schedule) -> None:
    """Takes a schedule away, unless it fired: it does one or the other.

    Raises:
        Conflict: it has fired, or was replaced; nothing was changed.
        LogUnavailable, LogRefused: see `translated`.
    """
    headers = {
        "Nats-Scheduler": at(schedule.name),
        "Nats-Schedule-Next": "purge",
        "Nats-TTL": _WITHDRAWN_KEPT,
        "Nats-Expected-Last-Subject-Sequence": str(schedule.sequence),
        "Nats-Expected-Last-Subject-Sequence-Subject": at(schedule.name),
    }
    await _publish(client, withdrawn(schedule.name), b"", headers)
    # The server announces a moment before it takes the schedule away, and grants a withdrawal in between.
    announced = await read_from(client, STREAM, {"last_by_subj": due(schedule.name)})
    if announced and announced.sequence > schedule.sequence:
        raise Conflict((due(schedule.name),))


async def standing(client: Client) -> Mapping[str, Schedule]:
    """All schedules that have not fired, by their names.

    Raises:
        LogUnavailable, LogRefused: see `translated`.
    """
    found: dict[str, Schedule] = {}
    with translated():
        config = ConsumerConfig(
            name=f"standing-{client.new_inbox().rpartition('.')[2]}",
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.NONE,
            filter_subject=at(">"),
            inactive_threshold=_IDLE_SECONDS,
            mem_storage=True,
            num_replicas=1,
        )
        consumer = await client.jsm().add_consumer(STREAM, config)
        left = consumer.num_pending or 0
        reading = await client.jetstream().pull_subscribe_bind(consumer=consumer.name, stream=STREAM)
        try:
            while left:
                try:
                    messages = await reading.fetch(_BATCH, timeout=_TIMEOUT_SECONDS)
                except nats.errors.TimeoutError:
                    # The rest fired or was taken away while it was read.
                    break
                for message in messages:
                    place, name = message.metadata, message.subject.removeprefix(at(""))
                    left = place.num_pending
                    found[name] = Schedule(name, moment_of(message.data), place.sequence.stream)
        finally:
            await reading.unsubscribe()
            await client.publish(f"$JS.API.CONSUMER.DELETE.{STREAM}.{consumer.name}")
    return found


async def _publish(client: Client, subject: str, content: bytes, headers: dict[str, Any]) -> int:
    with translated():
        expecting = headers | {"Nats-Expected-Stream": STREAM}
        answer = await client.request(subject, content, timeout=_TIMEOUT_SECONDS, headers=expecting)
        body = json.loads(answer.data)
        if "error" in body:
            if body["error"].get("err_code") == _WRONG_SEQUENCE:
                raise Conflict((subject,))
            raise nats.js.errors.APIError.from_error(body["error"])
    return int(body["seq"])
