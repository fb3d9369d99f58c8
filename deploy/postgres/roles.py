"""Who may connect to PostgreSQL: for each organisation one owner of all tables, and one role a service.

What a service may is granted by the migrations, to a role of its name. Where one PostgreSQL serves several
organisations, that role cannot connect, and each organisation's own role inherits from it: see
docs/decisions/an-organisation-is-a-database.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from shared.database_address import Address
from shared.organisation import checked
from shared.postgres import Servers

DATABASE = "ketluan"
OWNER = "ketluan_owner"
SERVICES = ("ketluan_tasks", "ketluan_notify")
REBUILDS = "ketluan_tasks"
"""The role with which `ketluan replay` rebuilds the register, in temporary tables."""

_RIGHTS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


class ServesOneOnly(Exception):
    """This PostgreSQL serves an organisation by itself, or several, and cannot serve one more. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Database:
    """An organisation's database and the roles that connect to it. `organisation` is its id, "" on one machine.

    Raises:
        ValueError: the id is none.
    """

    organisation: str = ""

    def __post_init__(self) -> None:
        checked(self.organisation)

    @property
    def name(self) -> str:
        """The database's name."""
        return f"{DATABASE}_{self.organisation.replace('-', '_')}" if self.organisation else DATABASE

    @property
    def owner(self) -> str:
        """The role that owns all tables, and migrates them."""
        return self.role(OWNER)

    @property
    def services(self) -> tuple[str, ...]:
        """The role of each of SERVICES, in that order."""
        return tuple(map(self.role, SERVICES))

    def role(self, kind: str) -> str:
        """The role that is here what OWNER or one of SERVICES is on one machine."""
        return f"{self.name}_{kind.removeprefix(f'{DATABASE}_')}"


async def bootstrap(superuser_url: str, passwords: Mapping[str, str], database: Database = Database()) -> None:
    """Creates the roles and the database that are missing. `superuser_url` is as `shared.settings.DatabaseUrl`;
    `passwords` holds one for the database's owner and each of its services.

    Raises:
        OSError, asyncpg.PostgresError: PostgreSQL cannot be reached or refuses.
        ServesOneOnly: it was made for one organisation alone, or for several.
    """
    connection = await Servers(Address.parse(superuser_url), "ketluan bootstrap").connect()
    try:
        await _make_roles(connection, database, passwords)
        await _make_database(connection, database)
    finally:
        await connection.close()


async def _make_roles(connection: asyncpg.Connection, database: Database, passwords: Mapping[str, str]) -> None:
    existing = {row["rolname"]: row["rolcanlogin"] for row in await connection.fetch("SELECT * FROM pg_roles")}
    kinds = [existing[kind] for kind in SERVICES if kind in existing]
    if any(may_connect == bool(database.organisation) for may_connect in kinds):
        raise ServesOneOnly(
            "this PostgreSQL serves one organisation without a name, and no other beside it; "
            "move it to an organisation of its own first (docs/backup.md)"
            if database.organisation
            else "this PostgreSQL serves organisations by name; say in KETLUAN_ORGANISATION which one is meant"
        )
    for kind in SERVICES if database.organisation and not kinds else ():
        await connection.execute(f"CREATE ROLE {kind} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    for role in (database.owner, *database.services):
        verb = "ALTER" if role in existing else "CREATE"
        password = await connection.fetchval("SELECT quote_literal($1::text)", passwords[role])
        await connection.execute(f"{verb} ROLE {role} {_RIGHTS} PASSWORD {password}")
    if database.organisation:
        for kind, role in zip(SERVICES, database.services, strict=True):
            await connection.execute(f"GRANT {kind} TO {role} WITH INHERIT TRUE, SET FALSE, ADMIN FALSE")


async def _make_database(connection: asyncpg.Connection, database: Database) -> None:
    name = database.name
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"CREATE DATABASE {name} OWNER {database.owner} TEMPLATE template0 ENCODING 'UTF8'")
    async with connection.transaction():
        everybody = ", ".join(dict.fromkeys(("PUBLIC", *SERVICES, *database.services)))
        await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM {everybody}")
        await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {', '.join(database.services)}")
        await connection.execute(f"GRANT TEMPORARY ON DATABASE {name} TO {database.role(REBUILDS)}")
        for other in ("postgres", "template1"):
            await connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {other} FROM PUBLIC")
