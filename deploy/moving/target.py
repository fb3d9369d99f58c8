"""Where an installation moves to, as a file of settings says it."""

import os
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TypeVar

import asyncpg
from dotenv import dotenv_values
from nats.aio.client import Client
from pydantic import ValidationError

from shared.database import translated
from shared.database_address import Address
from shared.log.stream import check
from shared.postgres import Servers
from shared.settings import DatabaseSettings, NatsSettings, Settings, UnusableSettings

_STEP = "SELECT version_num FROM alembic_version"
_AT_WORK = (
    "SELECT DISTINCT application_name FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name ~ '^ketluan (tasks|notify)'"
)

_Kind = TypeVar("_Kind", bound=Settings)


class TargetNotReady(Exception):
    """The new place is not migrated, or services run there. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Target:
    """The new place: its log, by the user that may write all of it, and its database, by the owner."""

    nats: NatsSettings
    database_url: str

    @classmethod
    def of(cls, file: Path) -> "Target":
        """What a file of settings names (KETLUAN_NATS_*, KETLUAN_DATABASE_*), or the folder that its KETLUAN_SECRETS
        names.

        Raises:
            UnusableSettings: a setting is missing or wrong, or the environment names servers too.
            OSError: the file cannot be read.
        """
        if named := sorted(name for name in os.environ if name.startswith(("KETLUAN_NATS_", "KETLUAN_DATABASE_"))):
            raise UnusableSettings(f"{named[0]} is set in the environment, and would go before the file; unset it.")
        given = dotenv_values(stream=StringIO(file.read_text(encoding="utf-8")))
        database = _settings(DatabaseSettings, file, given.get("KETLUAN_SECRETS"))
        nats = _settings(NatsSettings, file, given.get("KETLUAN_SECRETS"))
        return cls(nats, database.database_url.get_secret_value())

    async def connect(self, application: str = "ketluan move") -> asyncpg.Connection:
        """A connection to its database, which may be long between two statements.

        Raises:
            DatabaseUnavailable, RowsRefused: it does not answer, or refuses the owner.
        """
        return await patient(self.database_url, application)

    async def confirm_ready(self, client: Client, step: str) -> None:
        """Confirms that both stores were migrated to this version's `step`, and that no service is at work.

        Raises:
            TargetNotReady, StreamDrift: they were not, or one is; nothing was written.
            LogUnavailable, LogRefused, DatabaseUnavailable, RowsRefused: it does not answer, or refuses.
        """
        await check(client, self.nats.nats_replicas)
        connection = await self.connect()
        try:
            there = await step_of(connection)
            with translated():
                at_work = await connection.fetch(_AT_WORK)
        finally:
            await connection.close()
        if there != step:
            raise TargetNotReady(f"its database is at step {there}, and this version needs {step}: migrate it")
        if at_work:
            raise TargetNotReady(f"services are at work there ({at_work[0][0]}): stop them")


async def step_of(connection: asyncpg.Connection) -> str:
    """The step to which a database was migrated.

    Raises:
        DatabaseUnavailable, RowsRefused: it does not answer, or was never migrated.
    """
    with translated():
        return str(await connection.fetchval(_STEP))


async def patient(url: str, application: str) -> asyncpg.Connection:
    """A connection that PostgreSQL does not end because it is silent within a transaction.

    Raises:
        DatabaseUnavailable, RowsRefused: PostgreSQL does not answer, or refuses.
    """
    with translated():
        connection = await Servers(Address.parse(url), application).connect()
        await connection.execute("SET idle_in_transaction_session_timeout = 0")
    return connection


def _settings(kind: type[_Kind], file: Path, secrets: str | None) -> _Kind:
    try:
        return kind(_env_file=file, _secrets_dir=secrets)
    except ValidationError as error:
        named = "; ".join(f"KETLUAN_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise UnusableSettings(f"{file.name}: {named}.") from error
