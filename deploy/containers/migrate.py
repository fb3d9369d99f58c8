"""Prepares PostgreSQL and the log before the services start, and ends: python -m deploy.containers.migrate."""

import asyncio
import sys
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from deploy.exit_codes import REFUSED
from deploy.migrations.run import DatabaseIsNewer, migrate_database, migrate_log, migrate_witnessed
from deploy.nats.witness import OWNER as WITNESS_OWNER
from deploy.postgres.roles import Database, ServesOneOnly, bootstrap
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.database_address import Address
from shared.log.faults import LogFault, LogUnavailable
from shared.organisation import checked
from shared.serving import configured
from shared.settings import DatabaseSettings, DatabaseUrl, NatsSettings

_SUPERUSER = "postgres"
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5


class MigrationSettings(NatsSettings, DatabaseSettings):
    """The owner's way to the log and the database, and the ways of the services, whose roles it makes.

    Without the superuser's password no role is made: whoever runs PostgreSQL has made them.
    """

    organisation: Annotated[str, AfterValidator(checked)] = ""
    tasks_database_url: DatabaseUrl
    notify_database_url: DatabaseUrl
    postgres_password: SecretStr = SecretStr("")
    witness_seed: SecretStr = SecretStr("")
    """Of the user that has an organisation's log copied to where nobody of it can write; "" where nothing is."""


async def migrate(settings: MigrationSettings) -> list[str]:
    """Makes roles, database, tables and stream where they are missing, and says what was done.

    Raises:
        DatabaseUnavailable, RowsRefused, DatabaseIsNewer, LogFault: see `migrate_database` and `migrate_log`.
        ServesOneOnly: see `bootstrap`.
    """
    url = settings.database_url.get_secret_value()
    if superuser_password := settings.postgres_password.get_secret_value():
        urls = (settings.database_url, settings.tasks_database_url, settings.notify_database_url)
        database = Database(settings.organisation)
        roles = (database.owner, *database.services)
        passwords = {
            role: Address.parse(each.get_secret_value()).password for role, each in zip(roles, urls, strict=True)
        }
        superuser = replace(Address.parse(url), user=_SUPERUSER, password=superuser_password, database="postgres")
        with translated():
            await bootstrap(str(superuser), passwords, database)
    done = [await migrate_database(url), await migrate_log(settings)]
    if settings.witness_seed.get_secret_value():
        witness = settings.model_copy(update={"nats_user": WITNESS_OWNER, "nats_seed": settings.witness_seed})
        done.append(await migrate_witnessed(witness, settings.organisation))
    return done


async def migrate_patiently(settings: MigrationSettings) -> list[str]:
    """Migrates, and tries again while a server is not up yet.

    Raises:
        DatabaseUnavailable, LogUnavailable: a server did not come up in a minute; nothing was lost.
        RowsRefused, DatabaseIsNewer, ServesOneOnly, LogFault: as `migrate`, where trying again is of no use.
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
    except (DatabaseUnavailable, RowsRefused, DatabaseIsNewer, ServesOneOnly, LogFault) as error:
        sys.stderr.write(f"ketluan migrate: {error}. Nothing was lost; mend it and start this again.\n")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
