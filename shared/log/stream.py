"""What the stream is, the one step that makes it so, and the check that it still is.

Services may only check: FastStream and any other client were seen to overwrite a stream's settings when they
"declare" it, and a limit set by mistake deletes history.
"""

from dataclasses import dataclass

import nats.js.errors
from nats.aio.client import Client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamInfo

from shared.log.faults import AnotherLog, LogRefused, StreamDrift, translated

STREAM = "LOG"
"""Name of the stream."""

PREFIX = "log."
"""First word of every subject of the log; what follows it is the aggregate."""

VERSION = "1"
"""Version of this definition, kept in the stream's metadata."""

BATCH_LIMIT = 1000
"""Most events that JetStream stores as one (ADR-50)."""

ANSWER_SECONDS = 2.0
"""After what silence to ask again: whoever leads the stream from now on knows nothing of what was asked before."""


def definition(replicas: int) -> StreamConfig:
    """The stream as it must be. `replicas` is 1 on one machine and 3 in a cluster."""
    return StreamConfig(
        name=STREAM,
        description="Every event of ketluan, in one order. Nothing is ever changed or deleted.",
        subjects=[f"{PREFIX}>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_msgs=-1,
        max_bytes=-1,
        max_age=0,
        max_msgs_per_subject=-1,
        max_consumers=-1,
        num_replicas=replicas,
        deny_delete=True,
        deny_purge=True,
        allow_atomic=True,
        allow_direct=True,
        metadata={"ketluan-version": VERSION},
    )


_FIXED = (
    "subjects",
    "retention",
    "storage",
    "discard",
    "max_msgs",
    "max_bytes",
    "max_age",
    "max_msgs_per_subject",
    "max_msg_size",
    "num_replicas",
    "sealed",
    "no_ack",
    "deny_delete",
    "deny_purge",
    "allow_rollup_hdrs",
    "allow_atomic",
    "allow_direct",
    "allow_msg_ttl",
    "allow_msg_schedules",
)
_UNSET = (None, False, 0, -1)
"""How nats-server and nats-py say that a setting is not made or a limit not set."""


def differences(actual: StreamConfig, wanted: StreamConfig) -> list[str]:
    """Each setting that matters and is not as it must be, as `name: is X, must be Y`."""
    found = []
    for name in _FIXED:
        is_now, must_be = getattr(actual, name), getattr(wanted, name)
        if is_now != must_be and not (is_now in _UNSET and must_be in _UNSET):
            found.append(f"{name}: is {is_now}, must be {must_be}")
    version = (actual.metadata or {}).get("ketluan-version")
    if version != VERSION:
        found.append(f"version: is {version}, must be {VERSION}")
    return found


async def migrate(client: Client, replicas: int) -> str:
    """Creates the log's stream, or confirms it: the only place that may. Says what it did.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: see `migrate_stream`.
    """
    return await migrate_stream(client, definition(replicas))


async def migrate_stream(client: Client, wanted: StreamConfig) -> str:
    """Creates a stream, or confirms that it is as wanted. Says what it did.

    Raises:
        StreamDrift: a stream of that name exists and is another one; it is left as it is.
        LogUnavailable, LogRefused: see `translated`.
    """
    manager, name = client.jsm(), str(wanted.name)
    with translated():
        try:
            actual = (await manager.stream_info(name)).config
        except nats.js.errors.NotFoundError:
            await manager.add_stream(wanted)
            return f"created stream {name}"
    found = differences(actual, wanted)
    if not found:
        return f"stream {name} is as it must be"
    raise StreamDrift(
        f"stream {name} exists and differs ({'; '.join(found)}). It was not touched. "
        "Set it right by hand, or point KETLUAN_NATS_URL at another server."
    )


@dataclass(frozen=True, slots=True)
class StreamState:
    """Where the stream stands. `created` tells one stream from another of the same name."""

    created: str
    last_sequence: int

    def confirm(self, created: str, position: int) -> None:
        """Confirms that this is the stream made at `created` that was read up to `position`.

        Raises:
            AnotherLog: it is not, or it ends before that.
        """
        if self.created != created or self.last_sequence < position:
            raise AnotherLog(created, position, self.created, self.last_sequence)


async def check(client: Client, replicas: int) -> StreamState:
    """The stream's state, once it is known to be as it must be.

    Raises:
        StreamDrift: the stream is missing, or one of its settings is wrong.
        LogUnavailable: see `translated`.
    """
    try:
        info = await stream_info(client)
    except LogRefused as error:
        raise StreamDrift(f"there is no stream {STREAM} ({error}). Run `ketluan migrate` first.") from error
    found = differences(info.config, definition(replicas))
    if found:
        raise StreamDrift(f"stream {STREAM} is not as it must be: {'; '.join(found)}. Nothing was read or written.")
    return state_of(info)


async def stream_info(client: Client, stream: str = STREAM) -> StreamInfo:
    """A stream as its leader sees it.

    Raises:
        LogUnavailable, LogRefused: see `translated`.
    """
    with translated():
        return await client.jsm(timeout=ANSWER_SECONDS).stream_info(stream)


def state_of(info: StreamInfo) -> StreamState:
    """What of the stream's information identifies it and tells how far it has come."""
    return StreamState(created=str(info.created), last_sequence=info.state.last_seq)
