"""Migrating: the one moment at which the stream and the tables may change their shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from shared.database import engine, translated
from shared.log.connect import broker, connected
from shared.log.objects import migrate_buckets
from shared.log.schedules import migrate_schedules
from shared.log.stream import migrate
from shared.settings import NatsSettings

_ONE_AT_A_TIME = 0x6B65746C75616E  # any number that no other application of this database locks


class DatabaseIsNewer(Exception):
    """The database was migrated by a newer version of ketluan. Nothing was changed."""


async def migrate_log(settings: NatsSettings) -> str:
    """Creates the log, the buckets and the stream of schedules, or confirms them, and says what was done. `settings`
    name the user that may.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: see `shared.log.stream.migrate`.
    """
    nats_broker = broker(settings, "ketluan-migrate")
    try:
        client = await connected(nats_broker)
        replicas = settings.nats_replicas
        done = [await migrate(client, replicas), *await migrate_buckets(client, replicas)]
        return "; ".join([*done, await migrate_schedules(client, replicas)])
    finally:
        await nats_broker.stop()


async def migrate_database(url: str) -> str:
    """Runs the steps that the database lacks, in one transaction. `url` is the owner's; says what was done.

    Raises:
        DatabaseIsNewer: the database is at a step that this version does not know.
        DatabaseUnavailable, RowsRefused: PostgreSQL does not answer, or refuses; nothing was changed.
    """
    database = engine(url, "ketluan-migrate")
    try:
        with translated():
            async with database.begin() as connection:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
                return await connection.run_sync(_upgrade)
    finally:
        await database.dispose()


def _upgrade(connection: Connection) -> str:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    if current == newest:
        return f"database is at {newest}"
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseIsNewer(
            f"the database is at step {current}, which this version does not know. Nothing was changed; "
            "start the version that migrated it, or a newer one."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return f"database migrated from {current or 'nothing'} to {newest}"
