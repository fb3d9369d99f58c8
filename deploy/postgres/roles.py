"""Who may connect to PostgreSQL: one owner of all tables for migrations, and one role a service."""

from collections.abc import Mapping

import asyncpg

DATABASE = "ketluan"
OWNER = "ketluan_owner"
SERVICES = ("ketluan_tasks", "ketluan_notify")
REBUILDS = "ketluan_tasks"
"""The role with which `ketluan replay` rebuilds the register, in temporary tables."""


async def bootstrap(
    host: str, port: int, superuser: str, superuser_password: str, passwords: Mapping[str, str]
) -> None:
    """Creates the roles and the database that are missing. `passwords` holds one for OWNER and each of SERVICES.

    Raises:
        OSError, asyncpg.PostgresError: PostgreSQL cannot be reached or refuses.
    """
    connection = await asyncpg.connect(
        host=host, port=port, user=superuser, password=superuser_password, database="postgres"
    )
    try:
        existing = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        for role in (OWNER, *SERVICES):
            verb = "ALTER" if role in existing else "CREATE"
            password = await connection.fetchval("SELECT quote_literal($1::text)", passwords[role])
            await connection.execute(
                f"{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {password}"
            )
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'")
        async with connection.transaction():
            everybody = ", ".join(("PUBLIC", *SERVICES))
            await connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM {everybody}")
            await connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {', '.join(SERVICES)}")
            await connection.execute(f"GRANT TEMPORARY ON DATABASE {DATABASE} TO {REBUILDS}")
    finally:
        await connection.close()
