"""Migrating: the one moment at which the stream and the tables may change their shape.

Copies of the former release serve meanwhile: no step waits long for a lock, and what takes long is done beside them.
"""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from deploy.migrations.indexes import make_indexes
from shared.database import RowsRefused, engine, translated
from shared.log.children import migrate_children
from shared.log.connect import broker, connected
from shared.log.objects import migrate_buckets
from shared.log.schedules import migrate_schedules
from shared.log.stream import migrate
from shared.log.witness import migrate_witness
from shared.release import BESIDE, RELEASE
from shared.schema import Schema, schema_of
from shared.settings import NatsSettings

_ONE_AT_A_TIME = 0x6B65746C75616E  # any number that no other application of this database locks
_PATIENCE = "2s"
_ATTEMPTS = 15
_PAUSE_SECONDS = 1.0
_LOCKED = "lock timeout"


class DatabaseIsNewer(Exception):
    """A newer release migrated the database, and this one does not work with it. Nothing was changed."""


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
        done.append(await migrate_schedules(client, replicas))
        if settings.children:
            done.append(await migrate_children(client, replicas))
        return "; ".join(done)
    finally:
        await nats_broker.stop()


async def migrate_witnessed(settings: NatsSettings, organisation: str) -> str:
    """Creates the copy of an organisation's log that nobody of it can reach, or confirms it, and says what was done.
    `settings` name the user of the witness that may; the log must be there.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: see `shared.log.witness.migrate_witness`.
    """
    nats_broker = broker(settings, "ketluan-migrate")
    try:
        return await migrate_witness(await connected(nats_broker), organisation, settings.nats_replicas)
    finally:
        await nats_broker.stop()


async def migrate_database(url: str) -> str:
    """Runs the steps that the database lacks, in one transaction. `url` is the owner's; says what was done.

    Services may go on meanwhile: whoever keeps a table for longer than two seconds is let past, and the whole is tried
    again.

    Raises:
        DatabaseIsNewer: the database is at a step that this release does not work with.
        DatabaseUnavailable, RowsRefused: PostgreSQL does not answer, or refuses, or tables were never free; nothing was
            changed.
    """
    database = engine(url, "ketluan-migrate")
    try:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with translated():
                    async with database.begin() as connection:
                        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
                        await connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
                        done = await connection.run_sync(_upgrade)
                    await make_indexes(database, migrations())
                    return done
            except RowsRefused as refused:
                if _LOCKED not in str(refused) or attempt == _ATTEMPTS:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS)
        raise AssertionError("the last attempt returns or raises")
    finally:
        await database.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrations() -> ScriptDirectory:
    """The steps, in their order."""
    return ScriptDirectory.from_config(_config())


def _upgrade(connection: Connection) -> str:
    scripts = migrations()
    newest = scripts.get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        schema = schema_of(connection)
        if schema and schema.beside <= RELEASE:
            return f"database is at {current} by a newer release, beside which this one works; nothing was changed"
        raise DatabaseIsNewer(
            f"the database is at step {current}, which this release does not know. Nothing was changed; "
            "start the release that migrated it, or a newer one."
        )
    if current != newest:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    if newest and schema_of(connection) != (made := Schema(newest, BESIDE)):
        made.write(connection)
    return (
        f"database is at {newest}"
        if current == newest
        else f"database migrated from {current or 'nothing'} to {newest}"
    )
