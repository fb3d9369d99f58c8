"""Prepares PostgreSQL and the log before the services start, and ends: python -m deploy.containers.migrate."""

import asyncio
import sys

from pydantic import SecretStr
from sqlalchemy import make_url

from deploy.exit_codes import REFUSED
from deploy.migrations.run import DatabaseIsNewer, migrate_database, migrate_log
from deploy.postgres.roles import OWNER, SERVICES, bootstrap
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.log.faults import LogFault, LogUnavailable
from shared.serving import configured
from shared.settings import DatabaseSettings, DatabaseUrl, NatsSettings

_SUPERUSER = "postgres"
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5


class MigrationSettings(NatsSettings, DatabaseSettings):
    """The owner's way to the log and the database, and the ways of the services, whose roles it makes.

    Without the superuser's password no role is made: whoever runs PostgreSQL has made them.
    """

    tasks_database_url: DatabaseUrl
    notify_database_url: DatabaseUrl
    postgres_password: SecretStr = SecretStr("")


async def migrate(settings: MigrationSettings) -> list[str]:
    """Makes roles, database, tables and stream where they are missing, and says what was done.

    Raises:
        DatabaseUnavailable, RowsRefused, DatabaseIsNewer, LogFault: see `migrate_database` and `migrate_log`.
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
        with translated():
            await bootstrap(server.host or "", server.port or 5432, _SUPERUSER, superuser_password, passwords)
    return [await migrate_database(url), await migrate_log(settings)]


async def migrate_patiently(settings: MigrationSettings) -> list[str]:
    """Migrates, and tries again while a server is not up yet.

    Raises:
        DatabaseUnavailable, LogUnavailable: a server did not come up in a minute; nothing was lost.
        RowsRefused, DatabaseIsNewer, LogFault: as `migrate`, where trying again is of no use.
    """
    away: DatabaseUnavailable | LogUnavailable = LogUnavailable("the log does not answer")
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                try:
                    return await migrate(settings)
                except (DatabaseUnavailable, LogUnavailable) as error:
                    away = error
                await asyncio.sleep(_PAUSE_SECONDS)
    except TimeoutError as error:
        raise away from error


def main() -> None:
    """Ends with 0 when all is as the services need it."""
    settings = configured("migrate", MigrationSettings)
    try:
        for done in asyncio.run(migrate_patiently(settings)):
            sys.stdout.write(f"{done}\n")
    except (DatabaseUnavailable, RowsRefused, DatabaseIsNewer, LogFault) as error:
        sys.stderr.write(f"ketluan migrate: {error}. Nothing was lost; mend it and start this again.\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
