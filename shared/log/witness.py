"""The copy of an organisation's log in the account WITNESS: a mirror, which nothing takes anything out of again."""

from nats.aio.client import Client
from nats.js.api import DiscardPolicy, ExternalStream, RetentionPolicy, StorageType, StreamConfig, StreamSource

from shared.log.stream import STREAM, VERSION, migrate_stream


def witness_stream(organisation: str) -> str:
    """Name of the copy of an organisation's log."""
    return f"{STREAM}_{organisation}"


def api_prefix(organisation: str) -> str:
    """By which words the WITNESS asks an organisation's account for its log."""
    return f"witnessed.{organisation}.api"


def delivery_prefix(organisation: str) -> str:
    """On which subjects an organisation's account answers."""
    return f"witnessed.{organisation}.events"


def definition(organisation: str, replicas: int) -> StreamConfig:
    """The copy as it must be. `replicas` is 3 in a cluster."""
    return StreamConfig(
        name=witness_stream(organisation),
        description=f"Every event of {organisation}, as its log held it.",
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
        allow_direct=True,
        mirror=StreamSource(
            name=STREAM,
            external=ExternalStream(api=api_prefix(organisation), deliver=delivery_prefix(organisation)),
        ),
        metadata={"ketluan-version": VERSION},
    )


async def migrate_witness(client: Client, organisation: str, replicas: int) -> str:
    """Creates the copy, or confirms it. Says what it did.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: see `migrate_stream`.
    """
    return await migrate_stream(client, definition(organisation, replicas))
