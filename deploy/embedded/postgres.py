"""PostgreSQL as our child: its cluster, its configuration, and how to know that it answers."""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded import binaries
from deploy.embedded.child import Program
from deploy.embedded.folder import DataFolder
from deploy.embedded.ports import HOST
from deploy.embedded.refusal import CHILD_FAILED, DISK_FULL, CannotStart

SUPERUSER = "postgres"

_LAUNCH = Path(__file__).with_name("launch.py")
_NEEDED_MIB = 384


def owner() -> tuple[int, int] | None:
    """The user and group to run PostgreSQL as: it refuses to run as root, so then nobody; None for our own."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def environment() -> dict[str, str]:
    """What PostgreSQL's programs are told: the same on every machine, whatever its locale or user database."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}


async def make_cluster(folder: DataFolder, superuser_password: str) -> None:
    """Makes the cluster where there is none, under another name first, so that a half-made one is never used.

    Raises:
        CannotStart: initdb failed; what it had made was removed.
    """
    if folder.postgres.exists():
        return
    draft = folder.path / "postgres.new"
    password_file = folder.path / "postgres.password"
    user = owner()
    try:
        with folder.refusing():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            folder.write(password_file, superuser_password + "\n")
            if user:
                os.chown(draft, *user)
                os.chown(password_file, *user)
        await _initdb(folder, draft, password_file, user)
        with folder.refusing():
            draft.rename(folder.postgres)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        password_file.unlink(missing_ok=True)


async def _initdb(folder: DataFolder, draft: Path, password_file: Path, user: tuple[int, int] | None) -> None:
    uid, gid = user or (-1, -1)
    identity = (str(os.getpid()), str(int(signal.SIGKILL)), str(uid), str(gid))
    options = (
        *("--username", SUPERUSER, "--pwfile", str(password_file), "--auth", "scram-sha-256"),
        *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C.UTF-8"),
        *("--data-checksums", "--no-instructions", "--pgdata", str(draft)),
    )
    command = (sys.executable, "-I", "-S", str(_LAUNCH), *identity, binaries.postgres("initdb"), *options)
    started = await asyncio.create_subprocess_exec(
        *command,
        env=environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = await started.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            started.kill()
        await started.wait()
        raise
    said = output.decode("utf-8", "replace")
    with contextlib.suppress(OSError):
        (folder.logs / "initdb.log").write_text(said, encoding="utf-8")
    if started.returncode == 0:
        return
    if "No space left on device" in said or "Disk quota exceeded" in said:
        free = shutil.disk_usage(folder.path).free // (1024 * 1024)
        raise CannotStart(DISK_FULL, folder=folder.path, free=free, needed=_NEEDED_MIB)
    last = said.strip().splitlines()[-1] if said.strip() else f"exit code {started.returncode}"
    raise CannotStart(CHILD_FAILED, name="initdb", reason=last, log=folder.logs / "initdb.log")


def program(folder: DataFolder, port: int) -> Program:
    """PostgreSQL on one port of this machine, for those who know a password, forced to disk at every commit."""
    settings: Mapping[str, str] = {
        "listen_addresses": HOST,
        "port": str(port),
        # A socket file's path may have about 100 characters, which a data folder's path may exceed.
        "unix_socket_directories": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "max_connections": "60",
        "shared_buffers": "128MB",
        "max_wal_size": "1GB",
        "min_wal_size": "128MB",
        # A backup that is never taken again must not fill the disk: its next take then copies everything anew.
        "max_slot_wal_keep_size": "2GB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "warning",
        "jit": "off",
    }
    options = tuple(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
    return Program(
        name="postgres",
        command=(binaries.postgres("postgres"), "-D", str(folder.postgres.resolve()), *options),
        environment=environment(),
        log=folder.logs / "postgres.log",
        ends_on=signal.SIGINT,
        dies_on=signal.SIGQUIT,
        patience=15,
        owner=owner(),
    )


async def answers(port: int, password: str) -> bool:
    """Whether PostgreSQL takes a connection."""
    import asyncpg

    try:
        connection = await asyncpg.connect(
            host=HOST, port=port, user=SUPERUSER, password=password, database="postgres", timeout=3
        )
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True
