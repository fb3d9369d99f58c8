"""What organisations let their parent body know: each one's latest summary, by the organisation that the server knows.

A child says its summary on one subject of its own account; the server's configuration takes it over into the parent's
account under the child's id, so nobody speaks for another. The parent's stream keeps the last of each.
"""

from nats.aio.client import Client
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

from shared.log.stream import VERSION, migrate_stream

STREAM = "CHILDREN"
"""Name of the parent's stream."""

PREFIX = "children."

MOST_BYTES = 8_192
"""What a child may say at once."""

SHARED = "summary.shared"
"""On which subject a child says its summary."""


def child_subject(organisation: str) -> str:
    """On which subject the parent hears an organisation."""
    return f"{PREFIX}{organisation}"


def definition(replicas: int) -> StreamConfig:
    """The stream as it must be. It is no record: each child says the same again every minute."""
    return StreamConfig(
        name=STREAM,
        description="The latest summary of each organisation that shares one with this body.",
        subjects=[f"{PREFIX}*"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_msgs=-1,
        max_bytes=-1,
        max_age=0,
        max_msgs_per_subject=1,
        max_msg_size=MOST_BYTES,
        max_consumers=-1,
        num_replicas=replicas,
        metadata={"ketluan-version": VERSION},
    )


async def migrate_children(client: Client, replicas: int) -> str:
    """Creates the stream, or confirms it. Says what it did.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: see `migrate_stream`.
    """
    return await migrate_stream(client, definition(replicas))
