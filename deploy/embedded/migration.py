"""Migrating the embedded servers."""

from collections.abc import Mapping

from deploy.embedded import postgres
from deploy.embedded.ports import HOST
from deploy.embedded.services import database_url
from deploy.migrations.run import migrate_database, migrate_log
from deploy.postgres.roles import OWNER, bootstrap
from shared.database import translated
from shared.database_address import Address
from shared.settings import NatsSettings


async def migrate_embedded(settings: NatsSettings, port: int, passwords: Mapping[str, str]) -> None:
    """Makes the stream, the roles, the database and its tables as this version needs them.

    `settings` are those of the log's owner, `port` and `passwords` those of PostgreSQL.

    Raises:
        StreamDrift, LogUnavailable, LogRefused, DatabaseIsNewer, DatabaseUnavailable, RowsRefused: nothing was
            harmed.
    """
    await migrate_log(settings)
    with translated():
        superuser = Address(postgres.SUPERUSER, passwords[postgres.SUPERUSER], (f"{HOST}:{port}",), "postgres")
        await bootstrap(str(superuser), passwords)
    await migrate_database(database_url(OWNER, passwords[OWNER], port))
