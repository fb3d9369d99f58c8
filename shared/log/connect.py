"""The one way to a NATS server."""

import ssl

from faststream.nats import NatsBroker
from faststream.nats.security import NatsNKey, NatsSecurity
from nats.aio.client import Client

from shared.log.faults import translated
from shared.settings import NatsSettings


def broker(settings: NatsSettings, name: str) -> NatsBroker:
    """A FastStream broker that never gives up and never holds back an append for later.

    Reconnecting ends never: FastStream's pull loop was seen to freeze its process when reconnects ran out. Nothing is
    buffered while disconnected: an append must fail at once rather than happen after its sender was told that it
    failed.
    """
    return NatsBroker(
        settings.nats_servers,
        security=_security(settings),
        name=name,
        inbox_prefix=f"_INBOX_{settings.nats_user}" if settings.nats_user else "_INBOX",
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        connect_timeout=3,
        # A server that stands still keeps its connections: it is left after six seconds.
        ping_interval=2,
        max_outstanding_pings=2,
        pending_size=0,
        logger=None,
    )


def tls(settings: NatsSettings) -> ssl.SSLContext | None:
    """What a server has to prove before a word is said to it; None where the addresses ask for no TLS.

    The handshake has to come before the server's greeting: from a greeting somebody on the way could strike out that
    TLS is needed, and nats-py would go on in the open.
    """
    return ssl.create_default_context(cafile=settings.nats_ca) if settings.nats_is_encrypted else None


def _security(settings: NatsSettings) -> NatsSecurity:
    context, encrypted = tls(settings), settings.nats_is_encrypted
    if not settings.nats_user:
        return NatsSecurity(ssl_context=context, use_ssl=encrypted, tls_handshake_first=encrypted)
    seed = settings.nats_seed.get_secret_value()
    return NatsNKey.from_seed(seed, ssl_context=context, use_ssl=encrypted, tls_handshake_first=encrypted)


async def connected(nats_broker: NatsBroker) -> Client:
    """The broker's nats-py client, once the server answers; waits for it as long as it takes.

    Raises:
        LogUnavailable: the server answers and refuses, or speaks another protocol.
    """
    with translated():
        return await nats_broker.connect()
