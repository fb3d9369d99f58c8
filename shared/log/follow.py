"""Reading the log in order, from a position that the reader keeps itself.

The position is committed by the reader together with what it made of the events, so the consumer on the server is
nothing but a cursor: it acknowledges nothing, lives in memory, and is made anew whenever it falls silent.
"""

import asyncio
import datetime as dt
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.log.faults import AnotherLog, GapInLog, LogFault, LogUnavailable, translated
from shared.log.record import STORED_AT, Record
from shared.log.retired import Retired
from shared.log.stream import ANSWER_SECONDS, STREAM, state_of, stream_info

_BATCH = 1000
_BATCH_BYTES = 16 * 1024 * 1024
_HEARTBEAT_SECONDS = 1.0
_SILENCE_SECONDS = 2.5 * _HEARTBEAT_SECONDS
_EXPIRES_SECONDS = 30.0
_PAUSE_SECONDS = 0.5

log = structlog.get_logger()


@dataclass
class Follower:
    """Follows the log, or some of its subjects.

    `name` names the consumer on the server, `stream` another stream than the log. `subjects` limits what is read;
    without it every sequence must come: what left the log with its year is read from beside it, and whatever else is
    missing is an alarm. `position` is the last sequence handed out, `pending` how many more the server had then,
    `caught_up` whether it had read all of them at least once, `fault` what keeps it from reading, and `heard` the
    monotonic time of the server's last sign of life: together they are the follower's health. `broken` says why reading
    was last broken off, at the monotonic time `broken_at`, and `restarts` how often it was.
    """

    client: Client
    name: str
    subjects: tuple[str, ...] = ()
    stream: str = STREAM
    position: int = 0
    created: str = ""
    pending: int | None = None
    caught_up: bool = False
    heard: float = field(default_factory=time.monotonic)
    fault: str | None = None
    broken: str = ""
    broken_at: float | None = None
    restarts: int = 0
    _handed: bool = False

    def __post_init__(self) -> None:
        self._retired = Retired(self.client)

    @property
    def silence(self) -> float:
        """Seconds since the server's last sign of life; 0 while the reader is busy with what it was handed."""
        return 0.0 if self._handed else time.monotonic() - self.heard

    def hears(self) -> bool:
        """Whether the server was heard so lately that reading and appending can be expected to work."""
        return time.monotonic() - self.heard < _SILENCE_SECONDS

    async def batches(self, after: int, created: str = "") -> AsyncGenerator[Sequence[Record], None]:
        """The events behind `after`, in order, in batches of 1 to 1,000, for ever.

        A reader asks for the next batch when it has committed the last one. Whatever breaks, reading goes on behind
        the last batch that was handed out; where the log has a gap, nothing behind it is ever handed out. `created`
        is the time at which the stream was made that the position belongs to.

        Raises:
            AnotherLog: the stream that answers is another one; it may have been replaced at any time.
        """
        self.position, self.created = after, created
        while True:
            try:
                async for batch in self._cursor():
                    self.fault = None
                    self._handed = True
                    yield batch
                    # Whoever is busy with a batch does not listen, and begins to only now.
                    self._handed, self.heard = False, time.monotonic()
                    self.position = batch[-1].sequence
                    self.caught_up = self.caught_up or self.pending == 0
            except AnotherLog:
                raise
            except GapInLog as gap:
                if self.fault != str(gap):
                    log.error("gap_in_log", follower=self.name, expected=gap.expected, found=gap.found)
                self.fault = str(gap)
            except LogFault as fault:
                log.warning("follower_reads_again", follower=self.name, position=self.position, fault=str(fault))
                self.fault = str(fault)
                self.broken, self.broken_at = str(fault), time.monotonic()
                self.restarts += 1
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _cursor(self) -> AsyncIterator[Sequence[Record]]:
        arrived: asyncio.Queue[Msg] = asyncio.Queue()
        with translated():
            inbox = self.client.new_inbox()
            subscription = await self.client.subscribe(inbox, cb=arrived.put)
            try:
                if self.created:
                    state_of(await stream_info(self.client, self.stream)).confirm(self.created, self.position)
                consumer = await self._consumer()
            except BaseException:
                await _end(subscription)
                raise
        try:
            async for batch in self._pulled(consumer, inbox, arrived):
                yield batch
        finally:
            await _end(subscription)
            await self._remove(consumer)

    async def _consumer(self) -> str:
        token = self.client.new_inbox().rpartition(".")[2]
        config = ConsumerConfig(
            name=f"{self.name}-{token}",
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self.position + 1,
            ack_policy=AckPolicy.NONE,
            filter_subjects=list(self.subjects) or None,
            inactive_threshold=_EXPIRES_SECONDS * 2,
            mem_storage=True,
            num_replicas=1,
        )
        info = await self.client.jsm(timeout=ANSWER_SECONDS).add_consumer(self.stream, config)
        self.pending = info.num_pending
        self.caught_up = self.caught_up or self.pending == 0
        return info.name

    async def _remove(self, consumer: str) -> None:
        if self.client.is_connected:
            await self.client.publish(f"$JS.API.CONSUMER.DELETE.{self.stream}.{consumer}")

    async def _pulled(self, consumer: str, inbox: str, arrived: "asyncio.Queue[Msg]") -> AsyncIterator[list[Record]]:
        position, delivered, wanted = self.position, 0, 0
        while True:
            if wanted == 0:
                wanted = _BATCH
                await self._pull(consumer, inbox)
            batch: list[Record] = []
            for message in await self._next(arrived):
                if message.reply.startswith("$JS.ACK."):
                    place = message.metadata
                    delivered += 1
                    expected = position + 1 if not self.subjects else place.sequence.stream
                    if place.sequence.consumer != delivered or place.sequence.stream != expected:
                        if batch:
                            yield batch
                            batch = []
                        async for left in self._left(position, place):
                            position = left[-1].sequence
                            yield left
                        if place.sequence.consumer != delivered or place.sequence.stream != position + 1:
                            raise GapInLog(position + 1, place.sequence.stream)
                    position, wanted, self.pending = place.sequence.stream, wanted - 1, place.num_pending
                    batch.append(Record(position, message.subject, _stored_at(message, place.timestamp), message.data))
                else:
                    wanted = _left(message, wanted)
                    # The server has nothing more for us, so whatever was wrong is over, although no event says so.
                    self.fault = None
            if batch:
                yield batch

    async def _left(self, position: int, place: Msg.Metadata) -> AsyncIterator[list[Record]]:
        """The events that left the log between a position and the place of a message, as far as they stand one behind
        the other."""
        if self.subjects or self.stream != STREAM:
            return
        async with aclosing(self._retired.stretches(position + 1, place.sequence.stream - 1)) as stretches:
            async for stretch in stretches:
                for begin in range(0, len(stretch), _BATCH):
                    batch = stretch[begin : begin + _BATCH]
                    if (batch[0].sequence, batch[-1].sequence) != (position + 1, position + len(batch)):
                        return
                    position = batch[-1].sequence
                    yield batch

    async def _pull(self, consumer: str, inbox: str) -> None:
        nanoseconds = 1_000_000_000
        request = {
            "batch": _BATCH,
            "max_bytes": _BATCH_BYTES,
            "expires": int(_EXPIRES_SECONDS * nanoseconds),
            "idle_heartbeat": int(_HEARTBEAT_SECONDS * nanoseconds),
        }
        with translated():
            await self.client.publish(
                f"$JS.API.CONSUMER.MSG.NEXT.{self.stream}.{consumer}", json.dumps(request).encode(), reply=inbox
            )

    async def _next(self, arrived: "asyncio.Queue[Msg]") -> list[Msg]:
        with translated():
            async with asyncio.timeout(_SILENCE_SECONDS):
                messages = [await arrived.get()]
        while not arrived.empty() and len(messages) < _BATCH:
            messages.append(arrived.get_nowait())
        self.heard = time.monotonic()
        return messages


def _stored_at(message: Msg, written_at: dt.datetime) -> dt.datetime:
    """When the event was stored, which is before it was written where the log was restored."""
    told = (message.headers or {}).get(STORED_AT)
    return dt.datetime.fromisoformat(told) if told else written_at


def _left(message: Msg, wanted: int) -> int:
    """How many events the server still owes on the current pull, after it sent a status instead of an event.

    Raises:
        LogUnavailable: the consumer is gone, or moves to another server.
    """
    headers = message.headers or {}
    status, description = headers.get("Status", ""), headers.get("Description", "")
    if status == "100":
        return wanted
    if status in {"404", "408"} or "MaxBytes" in description:
        return 0
    if description == "Batch Completed":  # sent behind a pull's last event, when the next pull may be under way already
        return wanted if wanted == _BATCH else 0
    raise LogUnavailable(f"the cursor ended: {status} {description}")


async def _end(subscription: Subscription) -> None:
    try:
        await subscription.unsubscribe()
    except Exception as error:  # noqa: BLE001 - the cursor ends whatever the connection's state is
        log.debug("cursor_ended", error=str(error))
