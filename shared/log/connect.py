"""The one way to a NATS server."""

from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from nats.aio.client import Client

from shared.log.faults import translated
from shared.settings import NatsSettings


def broker(settings: NatsSettings, name: str) -> NatsBroker:
    """A FastStream broker that never gives up and never holds back an append for later.

    Reconnecting ends never: FastStream's pull loop was seen to freeze its process when reconnects ran out. Nothing is
    buffered while disconnected: an append must fail at once rather than happen after its sender was told that it
    failed.
    """
    password = settings.nats_password.get_secret_value()
    return NatsBroker(
        settings.nats_url,
        security=SASLPlaintext(settings.nats_user, password, use_ssl=False) if settings.nats_user else None,
        name=name,
        inbox_prefix=f"_INBOX_{settings.nats_user}" if settings.nats_user else "_INBOX",
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        connect_timeout=3,
        ping_interval=5,
        max_outstanding_pings=2,
        pending_size=0,
        logger=None,
    )


async def connected(nats_broker: NatsBroker) -> Client:
    """The broker's nats-py client, once the server answers; waits for it as long as it takes.

    Raises:
        LogUnavailable: the server answers and refuses, or speaks another protocol.
    """
    with translated():
        return await nats_broker.connect()
