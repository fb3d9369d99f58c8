"""One connection to PostgreSQL: to whichever of its servers takes writes, and let go of by both sides when it is dead.

Sources: https://www.postgresql.org/docs/18/runtime-config-client.html and …/runtime-config-connection.html.
"""

import asyncio
import socket
import ssl
from dataclasses import dataclass, field

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from shared.database_address import Address

_CONNECT_SECONDS = 5.0
_IDLE_IN_TRANSACTION_SECONDS = 30
_SILENCE_SECONDS = 8
"""For how long a peer may take nothing of what was sent, or answer no probe, before it counts as gone."""

_SERVER_LIMITS = {
    "idle_in_transaction_session_timeout": f"{_IDLE_IN_TRANSACTION_SECONDS}s",
    "client_connection_check_interval": "2s",
    "tcp_user_timeout": f"{_SILENCE_SECONDS}s",
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
}
"""After these PostgreSQL gives a frozen or unreachable client's locks to the others."""

_CLIENT_LIMITS = (
    ("SOL_SOCKET", "SO_KEEPALIVE", 1),
    ("IPPROTO_TCP", "TCP_KEEPIDLE", 4),
    ("IPPROTO_TCP", "TCP_KEEPINTVL", 2),
    ("IPPROTO_TCP", "TCP_KEEPCNT", 2),
    ("IPPROTO_TCP", "TCP_USER_TIMEOUT", _SILENCE_SECONDS * 1000),
)


class NoServerTakesWrites(ConnectionError):
    """Every server that answers is a standby. Nothing was lost; promote one."""


class NotProven(ConnectionError):
    """A server did not prove by its certificate that it is the one that was meant. It was told nothing."""


@dataclass
class Servers:
    """The servers of one address. The one that took writes last is asked first."""

    address: Address
    application: str = "ketluan"
    _order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._order = list(self.address.servers)

    async def connect(self) -> asyncpg.Connection:
        """A connection in UTC to the server that takes writes.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: none does; what the first one said
                that was asked and is no standby.
        """
        faults: list[Exception] = []
        for server in tuple(self._order):
            try:
                connection = await self._connect(server)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
                faults.append(fault)
            else:
                self._order.sort(key=lambda each: each != server)
                return connection
        raise next((fault for fault in faults if not isinstance(fault, NoServerTakesWrites)), faults[0])

    async def _connect(self, server: str) -> asyncpg.Connection:
        try:
            # A server whose packets are lost must leave time for the next one.
            async with asyncio.timeout(_CONNECT_SECONDS / len(self._order)):
                connection = await asyncpg.connect(
                    self.address.dsn(server),
                    target_session_attrs=SessionAttribute.read_write,
                    server_settings={"application_name": self.application, "timezone": "UTC", **_SERVER_LIMITS},
                )
        except asyncpg.TargetServerAttributeNotMatched as standby:
            raise NoServerTakesWrites(f"{server} is a standby and takes no writes") from standby
        except ssl.SSLError as unproven:
            raise NotProven(f"{server} does not prove its name: {unproven}") from unproven
        _limit(connection)
        return connection


def _limit(connection: asyncpg.Connection) -> None:
    # asyncpg has no way of its own to its socket.
    found = connection._transport.get_extra_info("socket")  # type: ignore[attr-defined]
    for level, option, value in _CLIENT_LIMITS:
        if hasattr(socket, option):
            found.setsockopt(getattr(socket, level), getattr(socket, option), value)
