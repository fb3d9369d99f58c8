"""Brings a kept copy of a database server to a moment, by PostgreSQL's own recovery, and makes it the embedded one."""

import asyncio
import datetime as dt
import os
import shlex
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg

from deploy.backup.folder import Backup, BackupDamaged, Take
from deploy.embedded import postgres
from deploy.embedded.child import Child
from deploy.embedded.folder import DataFolder
from deploy.embedded.ports import free_ports
from deploy.postgres.roles import DATABASE, OWNER, SERVICES

_UNPACK = Path(__file__).with_name("segment.py")
_LOOK_AGAIN_SECONDS = 0.1
_ACCESS = (
    "# Made by ketluan.\nhost all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n"
)
_DRAFT = "postgres.new"

Told = Callable[[str, int, int | None], None]


async def recover(backup: Backup, take: Take, until: dt.datetime | None, folder: DataFolder, told: Told) -> None:
    """Makes the cluster of a prepared data folder: the copy that a take rests on, with all that was committed up to a
    moment; all that was kept where it is None.

    Raises:
        BackupDamaged: PostgreSQL could not recover from what was kept; the message holds what it said.
        OSError: the folder cannot be written.
    """
    draft = folder.path / _DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    told("Giải nén cơ sở dữ liệu (unpacking the database)", 0, None)
    await asyncio.to_thread(_unpack, backup.copy_folder(take.copy_.number) / "base.tar.gz", draft)
    with _closed_folder() as socket:
        _configure(draft, socket)
        await _run(backup, take, until, folder, draft, socket, told)
    for name in ("recovery.signal", "backup_label.old", "tablespace_map.old"):
        (draft / name).unlink(missing_ok=True)
    draft.rename(folder.postgres)


def _unpack(packed: Path, draft: Path) -> None:
    draft.mkdir(mode=0o700)
    with tarfile.open(packed) as archive:
        archive.extractall(draft, filter="data")
    (draft / "pg_wal" / "archive_status").mkdir(mode=0o700, parents=True, exist_ok=True)


def _configure(draft: Path, socket: Path) -> None:
    """Takes away how the former place was set up, and closes the files to everybody but PostgreSQL's own user."""
    for name in ("postgresql.conf", "postgresql.auto.conf", "pg_ident.conf"):
        (draft / name).write_text("", encoding="ascii")
    (draft / "pg_hba.conf").write_text(_ACCESS, encoding="ascii")
    (draft / "recovery.signal").write_text("", encoding="ascii")
    (socket / "pg_hba.conf").write_text("local all all trust\n", encoding="ascii")
    user, group = postgres.owner() or (-1, -1)
    for path in (draft, socket, *draft.rglob("*"), *socket.iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.chown(path, user, group)


@contextmanager
def _closed_folder() -> Iterator[Path]:
    """A folder of our own for a socket without password: its path is short, as one of a socket has to be."""
    folder = Path(tempfile.mkdtemp(prefix="ketluan-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _run(
    backup: Backup, take: Take, until: dt.datetime | None, folder: DataFolder, draft: Path, socket: Path, told: Told
) -> None:
    port = next(free_ports())
    kept = backup.copy_folder(take.copy_.number) / "wal"
    unpack = f"{shlex.quote(sys.executable)} -I -S {shlex.quote(str(_UNPACK))} {shlex.quote(str(kept))}"
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "hba_file": str(socket / "pg_hba.conf"),
        "hot_standby": "off",
        "log_min_messages": "log",
        "restore_command": unpack.replace("%", "%%") + '/%f.gz "%p"',
        "recovery_target_action": "promote",
        "recovery_target_timeline": "current",
    }
    if until is not None:
        settings["recovery_target_time"] = until.astimezone(dt.UTC).isoformat()
    options = tuple(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
    program = postgres.program(folder, port)
    log = folder.logs / "recovery.log"
    command = (*program.command, "-D", str(draft), *options)
    child = Child(replace(program, name="recovery", command=command, log=log), lambda *_: None)
    segments = take.last_segment - take.copy_.first_segment + 1
    await child.start()
    try:
        while (connection := await _recovered(socket, port, take.copy_.superuser)) is None:
            if child.exit_code is not None:
                raise BackupDamaged(f"PostgreSQL could not recover: {_said(log)}")
            told("Khôi phục cơ sở dữ liệu (recovering)", min(_restored(log), segments), segments)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        try:
            await _settle(connection, take, folder)
        finally:
            await connection.close()
    finally:
        await child.stop()


async def _recovered(socket: Path, port: int, superuser: str) -> asyncpg.Connection | None:
    """A connection, once the server has come to its moment and is nobody's standby."""
    try:
        connection = await asyncpg.connect(host=str(socket), port=port, user=superuser, database="postgres", timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return None
    if not await connection.fetchval("SELECT pg_is_in_recovery()"):
        return connection
    await connection.close()
    return None


async def _settle(connection: asyncpg.Connection, take: Take, folder: DataFolder) -> None:
    """Makes the server one of this machine: its superuser, and where it served several organisations, this one's
    database and roles alone."""
    if take.database != DATABASE:
        await _keep_one(connection, take.database)
    secret = f"postgres/{postgres.SUPERUSER}"
    password = await connection.fetchval("SELECT quote_literal($1::text)", folder.passwords((secret,))[secret])
    there = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", postgres.SUPERUSER)
    verb = "ALTER" if there else "CREATE"
    await connection.execute(f"{verb} ROLE {postgres.SUPERUSER} LOGIN SUPERUSER PASSWORD {password}")


async def _keep_one(connection: asyncpg.Connection, database: str) -> None:
    """Takes away every other organisation, and gives this one the names of one machine."""
    for name in await _names(connection, "SELECT datname FROM pg_database WHERE NOT datistemplate", database):
        await connection.execute(f"DROP DATABASE {name}")
    await connection.execute(f'ALTER DATABASE "{database}" RENAME TO {DATABASE}')
    await connection.execute(f'ALTER ROLE "{database}_owner" RENAME TO {OWNER}')
    for name in await _names(connection, "SELECT rolname FROM pg_roles WHERE rolcanlogin AND oid > 10", OWNER):
        await connection.execute(f"ALTER ROLE {name} NOLOGIN")
    for role in SERVICES:
        await connection.execute(f"ALTER ROLE {role} LOGIN")


async def _names(connection: asyncpg.Connection, question: str, but: str) -> list[str]:
    """What a question gives, but for one name and PostgreSQL's own."""
    found = await connection.fetch(
        f"SELECT quote_ident(name) FROM ({question}) AS named (name) WHERE name <> ALL($1)",
        [
            but,
            postgres.SUPERUSER,
        ],
    )
    return [row[0] for row in found]


def _restored(log: Path) -> int:
    return _read(log).count("restored log file")


def _said(log: Path) -> str:
    told = [line for line in _read(log).splitlines() if "FATAL" in line or "PANIC" in line]
    return (told or _read(log).splitlines() or ["nothing"])[-1][-500:]


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
