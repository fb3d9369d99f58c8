"""Where PostgreSQL is, as settings say it: one server, or a primary and its standbys.

Source: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS
"""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

DRIVER = "postgresql+asyncpg"


@dataclass(frozen=True, slots=True)
class Address:
    """`postgresql+asyncpg://user:password@host:port,host:port/database?option=value`, one server or several."""

    user: str
    password: str
    servers: tuple[str, ...]
    database: str
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, url: str) -> "Address":
        """What an address says.

        Raises:
            ValueError: it is none.
        """
        parts = urlsplit(url)
        login, _, places = parts.netloc.rpartition("@")
        user, _, password = login.partition(":")
        servers = tuple(places.split(","))
        if parts.scheme != DRIVER or not all(map(_is_server, servers)):
            raise ValueError(f"must be {DRIVER}://user:password@host:port/database, or several host:port with commas")
        return cls(
            unquote(user), unquote(password), servers, unquote(parts.path[1:]), tuple(parse_qsl(parts.query, True))
        )

    def verified_by(self, authority: str) -> "Address":
        """The same, but only by TLS and to servers whose certificate for their name an authority (PEM file) signed."""
        others = {name: value for name, value in self.options if name not in {"sslmode", "sslrootcert"}}
        options = {**others, "sslmode": "verify-full", "sslrootcert": authority}
        return replace(self, options=tuple(options.items()))

    def __str__(self) -> str:
        return self._of(DRIVER, ",".join(self.servers))

    def dsn(self, server: str) -> str:
        """How libpq and asyncpg are told of one of the servers."""
        return self._of("postgresql", server)

    def _of(self, scheme: str, place: str) -> str:
        password = f":{quote(self.password, safe='')}" if self.password else ""
        login = f"{quote(self.user, safe='')}{password}@" if self.user else ""
        options = f"?{urlencode(self.options, quote_via=quote)}" if self.options else ""
        return f"{scheme}://{login}{place}/{quote(self.database, safe='')}{options}"


def _is_server(place: str) -> bool:
    try:
        parts = urlsplit(f"//{place}")
        return bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
