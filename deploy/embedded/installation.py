"""All programs of one machine together: started in the order in which they need one another, stopped in reverse."""

import asyncio
import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

import deploy
from deploy.embedded import checkpoint_key, gateway, nats_server, postgres, services
from deploy.embedded.child import Child, Program
from deploy.embedded.folder import DataFolder, session_key
from deploy.embedded.leftovers import Roster
from deploy.embedded.ports import HOST, free_ports
from deploy.embedded.progress import Progress
from deploy.embedded.refusal import CHILD_FAILED, DISK_FULL, LOG_GONE, CannotStart
from deploy.embedded.watching import Watch
from deploy.nats.permissions import REPAIR, USERS
from deploy.postgres.roles import OWNER, SERVICES
from shared.language import Words
from shared.zone import DEFAULT_ZONE

if TYPE_CHECKING:
    from shared.settings import NatsSettings

_LOOK_AGAIN_SECONDS = 0.05
_TRIES = 6
_PATIENCE_SECONDS = 120.0
_TOO_LITTLE_MIB = 16

_NATS = Words("Nhật ký sự kiện (nats-server)", "the log")
_POSTGRES = Words("Cơ sở dữ liệu (PostgreSQL)", "the database")
_MIGRATION = Words("Cấu trúc dữ liệu", "migrations")
_SERVICES = Words("Các dịch vụ intake, tasks, notify", "the services")
_GATEWAY = Words("Cổng vào", "the gateway")


@dataclass
class Installation:
    """One machine's programs on one data folder, which must be prepared and held. `repairs` says that the log may be
    replaced meanwhile; then only the servers are started."""

    folder: DataFolder
    port: int
    progress: Progress
    zone: str = DEFAULT_ZONE
    repairs: bool = False
    children: dict[str, Child] = field(default_factory=dict)
    _watches: "list[asyncio.Task[None]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self._roster = Roster(self.folder)
        names = ("nats", "postgres", *services.NAMES, *map(services.operations, services.NAMES))
        self.ports = dict(zip(names, free_ports(), strict=False))
        self.public_url = f"http://{HOST}:{self.port}"
        self.session_key = session_key(self.folder)
        checkpoint_key.ensure(self.folder, self.public_url)
        users = (*USERS, REPAIR) if self.repairs else USERS
        seeds = self.folder.seeds(tuple(f"nats/{user.name}" for user in users))
        self._nats_seeds = {name.removeprefix("nats/"): seed for name, seed in seeds.items()}
        roles = (postgres.SUPERUSER, OWNER, *SERVICES)
        passwords = self.folder.passwords(tuple(f"postgres/{role}" for role in roles))
        self._database_passwords = {name.removeprefix("postgres/"): kept for name, kept in passwords.items()}

    async def start(self) -> None:
        """Starts everything, and returns when the whole answers on the gateway's port.

        Services of an installation that this very version has migrated start at once: they wait for their servers.

        Raises:
            CannotStart: a program does not start.
        """
        fingerprint, migrated = _migrations(), self.folder.read_text(self.folder.migrated)
        if migrated and not self.folder.log_store.exists():
            raise CannotStart(LOG_GONE, folder=self.folder.path)
        if migrated == fingerprint and self.folder.postgres.exists():
            await _all(self._start_nats(), self._start_postgres(), self._start_services(), self._start_gateway())
        else:
            await _all(self._start_nats(), self._start_postgres())
            with self.progress.step(_MIGRATION):
                await self._migrate()
            with self.folder.refusing():
                self.folder.write(self.folder.migrated, fingerprint)
            await _all(self._start_services(), self._start_gateway())
        whereabouts = {"pid": os.getpid(), "public_url": self.public_url, "ports": self.ports}
        with self.folder.refusing():
            self.folder.write(self.folder.running, json.dumps(whereabouts, indent=1))

    async def stop(self) -> None:
        """Stops everything: first what others talk to, last what others write to."""
        with contextlib.suppress(OSError):
            self.folder.running.unlink(missing_ok=True)
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        for group in (("gateway",), services.NAMES, ("postgres",), ("nats",)):
            await asyncio.gather(*(self.children[name].stop() for name in group if name in self.children))
        with contextlib.suppress(OSError):
            self._roster.clear()

    async def start_servers(self) -> None:
        """Starts the log and the database alone.

        Raises:
            CannotStart: one of them does not start.
        """
        await _all(self._start_nats(), self._start_postgres())

    async def migrate(self) -> None:
        """Makes log and database what they must be, new or not.

        Raises:
            CannotStart: they cannot be made so.
        """
        await self._migrate()

    def database_url(self, role: str) -> str:
        """How a role reaches PostgreSQL."""
        return services.database_url(role, self._database_passwords[role], self.ports["postgres"])

    def nats_settings(self, user: str) -> "NatsSettings":
        """How one of the log's users reaches it."""
        from deploy.embedded.whereabouts import nats_settings

        return nats_settings(user, self._nats_seeds[user], self.ports["nats"])

    async def _start_nats(self) -> None:
        with self.progress.step(_NATS):
            port = self.ports["nats"]
            child = await self._start(nats_server.program(self.folder, port, self._nats_seeds))
            await self._until(child, lambda: nats_server.answers(port))

    async def _start_postgres(self) -> None:
        with self.progress.step(_POSTGRES):
            port, password = self.ports["postgres"], self._database_passwords[postgres.SUPERUSER]
            await postgres.make_cluster(self.folder, password)
            child = await self._start(postgres.program(self.folder, port))
            await self._until(child, lambda: postgres.answers(port, password))

    async def _migrate(self) -> None:
        # Loading these libraries takes longer than all the rest of a later start, which does without them.
        from deploy.embedded.migration import migrate_embedded
        from deploy.migrations.run import DatabaseIsNewer
        from shared.database import DatabaseUnavailable, RowsRefused
        from shared.log.faults import LogFault

        try:
            await migrate_embedded(self.nats_settings("owner"), self.ports["postgres"], self._database_passwords)
        except (LogFault, DatabaseIsNewer, DatabaseUnavailable, RowsRefused, OSError) as error:
            raise self._failure("migrate", str(error), self.folder.logs) from error

    async def _start_services(self) -> None:
        with self.progress.step(_SERVICES):
            await _all(*(self._start_service(name) for name in services.NAMES))

    async def _start_service(self, name: str) -> None:
        program = services.program(
            name,
            self.folder,
            self.ports,
            self.public_url,
            self.zone,
            self.session_key,
            self._nats_seeds,
            self._database_passwords,
        )
        child = await self._start(program)
        watch = Watch(child, f"http://{HOST}:{self.ports[services.operations(name)]}/healthz")
        self._watches.append(asyncio.create_task(watch.run()))
        await self._until(child, lambda: _is_ready(f"http://{HOST}:{self.ports[name]}/readyz"))

    async def _start_gateway(self) -> None:
        with self.progress.step(_GATEWAY):
            behind = {name: self.ports[name] for name in services.NAMES}
            child = await self._start(gateway.program(self.folder, self.port, self.public_url, behind))
            await self._until(child, lambda: _answers(f"{self.public_url}/intake/healthz"))

    async def _start(self, program: Program) -> Child:
        child = self.children[program.name] = Child(program, self._roster.add)
        with self.folder.refusing():
            await child.start()
        return child

    async def _until(self, child: Child, probe: Callable[[], Awaitable[bool]]) -> None:
        """Returns when the probe says yes.

        Raises:
            CannotStart: the program ended several times, or runs and does not become ready.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not await probe():
            if (child.starts >= _TRIES and not child.is_running()) or time.monotonic() > deadline:
                program = child.program
                raise self._failure(program.name, child.last_words() or f"exit code {child.exit_code}", program.log)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    def _failure(self, name: str, reason: str, log: object) -> CannotStart:
        free = shutil.disk_usage(self.folder.path).free // (1024 * 1024)
        if free < _TOO_LITTLE_MIB or "no space left on device" in reason.lower():
            return CannotStart(DISK_FULL, folder=self.folder.path, free=free, needed=_TOO_LITTLE_MIB)
        return CannotStart(CHILD_FAILED, name=name, reason=reason, log=log)


def _migrations() -> str:
    """What all migrations of this version have in common with no other version's."""
    digest = hashlib.sha256()
    root = Path(deploy.__path__[0])
    steps = sorted((root / "migrations" / "versions").glob("*.py"))
    for source in (*steps, root / "postgres" / "roles.py", root.parent / "shared" / "log" / "stream.py"):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()


async def _all(*parts: Awaitable[object]) -> None:
    """Does all at once; the first failure ends the others and is raised as it is."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _is_ready(url: str) -> bool:
    return await _status(url) == httpx.codes.OK


async def _answers(url: str) -> bool:
    return await _status(url) is not None


async def _status(url: str) -> int | None:
    """The status of one GET; None where nobody answers."""
    try:
        async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
            return (await client.get(url)).status_code
    except httpx.HTTPError:
        return None
