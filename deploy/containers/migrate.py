"""Prepares PostgreSQL and the log before the services start, and ends: python -m deploy.containers.migrate."""

import asyncio
import sys
from typing import NoReturn

import asyncpg
from pydantic import SecretStr
from sqlalchemy import make_url

from deploy.migrations.run import DatabaseIsNewer, migrate_database, migrate_log
from deploy.postgres.roles import OWNER, SERVICES, bootstrap
from shared.database import DatabaseUnavailable
from shared.log.faults import LogFault
from shared.serving import configured
from shared.settings import DatabaseSettings, NatsSettings

_SUPERUSER = "postgres"
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
_UNUSABLE = 2


class MigrationSettings(NatsSettings, DatabaseSettings):
    """The owner's way to the log and the database, and the ways of the services, whose roles it makes.

    Without the superuser's password no role is made: whoever runs PostgreSQL has made them.
    """

    tasks_database_url: SecretStr
    notify_database_url: SecretStr
    postgres_password: SecretStr = SecretStr("")


async def migrate(settings: MigrationSettings) -> list[str]:
    """Makes roles, database, tables and stream where they are missing, and says what was done.

    Raises:
        OSError, asyncpg.PostgresError, DatabaseUnavailable, DatabaseIsNewer: see `bootstrap` and `migrate_database`.
        LogFault: see `migrate_log`.
    """
    url = settings.database_url.get_secret_value()
    superuser_password = settings.postgres_password.get_secret_value()
    if superuser_password:
        urls = (settings.database_url, settings.tasks_database_url, settings.notify_database_url)
        roles = (OWNER, *SERVICES)
        passwords = {
            role: make_url(each.get_secret_value()).password or "" for role, each in zip(roles, urls, strict=True)
        }
        server = make_url(url)
        await bootstrap(server.host or "", server.port or 5432, _SUPERUSER, superuser_password, passwords)
    return [await migrate_database(url), await migrate_log(settings)]


async def migrate_patiently(settings: MigrationSettings) -> list[str]:
    """Migrates, and tries again while a server is not up yet.

    Raises:
        TimeoutError: a server did not come up in a minute; nothing was lost.
        Exception: as `migrate`, where trying again is of no use.
    """
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            try:
                return await migrate(settings)
            except (OSError, DatabaseUnavailable, asyncpg.CannotConnectNowError):
                await asyncio.sleep(_PAUSE_SECONDS)


def main() -> None:
    """Ends with 0 when all is as the services need it."""
    settings = configured("migrate", MigrationSettings)
    try:
        for done in asyncio.run(migrate_patiently(settings)):
            sys.stdout.write(f"{done}\n")
    except TimeoutError:
        _refuse("PostgreSQL or NATS did not answer in a minute; nothing was changed or lost. Start them and try again")
    except (LogFault, DatabaseIsNewer, asyncpg.PostgresError) as error:
        _refuse(str(error))


def _refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"ketluan migrate: {reason}\n")
    sys.exit(_UNUSABLE)


if __name__ == "__main__":
    main()
