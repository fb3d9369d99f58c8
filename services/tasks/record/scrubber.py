"""Verifies the record again and again while the service runs, and when somebody asks for it."""

import asyncio
import datetime as dt
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.record import passes
from services.tasks.record.findings import Finding
from services.tasks.record.passes import Pass, State
from services.tasks.record.register_rows import compared_tasks, merged
from services.tasks.record.verification import AT_LEISURE, Sources, verify
from shared.cancelling import cancelled
from shared.database import DatabaseUnavailable, RowsRefused, Signal, translated
from shared.health import Check
from shared.log.faults import LogFault

_ONE_AT_A_TIME = 0x6B6C2D736372756  # any number that no other lock of this database has
_ON_REQUEST = 20_000
_TELL_EVERY_SECONDS = 1.0
_BETWEEN_SECONDS = 300.0
_LOOK_AGAIN_SECONDS = 60.0
_CHECK_SECONDS = 2.0

log = structlog.get_logger()

Faults = (LogFault, DatabaseUnavailable, RowsRefused)


@dataclass
class Scrubber:
    """Verifies, `pace` events a second, with pauses in between. `told` is raised whenever one came further, whichever
    copy of the service does it."""

    source: Sources
    pace: int
    told: Signal = field(default_factory=Signal)
    _asked: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def engine(self) -> AsyncEngine:
        """The database."""
        return self.source.engine

    async def run(self) -> None:
        """Verifies for ever; of several copies of the service one does at a time."""
        while True:
            try:
                await self._once_alone()
            except (DatabaseUnavailable, RowsRefused) as fault:
                log.warning("record_not_verified", fault=str(fault))
            await asyncio.sleep(_BETWEEN_SECONDS if self.pace else _LOOK_AGAIN_SECONDS)

    async def end(self) -> None:
        """Breaks off what was asked for here and goes on."""
        await cancelled(self._asked)

    async def ask(self) -> str:
        """Begins a verification, or joins the one that was asked for before and goes on. Gives its id.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer; none began.
        """
        with translated():
            async with self.engine.begin() as connection:
                for each in await passes.passes(connection, 10):
                    if each.origin == "request" and each.state == "running":
                        return each.id
                identity = await passes.begin(connection, "request")
        task = asyncio.create_task(self._verify(identity, _ON_REQUEST))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        return identity

    async def _once_alone(self) -> None:
        if not self.pace:
            return
        with translated():
            async with self.engine.connect() as alone:
                await alone.execution_options(isolation_level="AUTOCOMMIT")
                if not await alone.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ONE_AT_A_TIME}):
                    return
                try:
                    async with self.engine.begin() as connection:
                        identity = await passes.begin(connection, "continuous")
                    await self._verify(identity, self.pace)
                finally:
                    await alone.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ONE_AT_A_TIME})

    async def _verify(self, identity: str, pace: int) -> None:
        began, noted = time.monotonic(), 0.0
        wrong: tuple[Finding, ...] = ()

        async def told(compared: int, of: int, findings: Sequence[Finding]) -> None:
            nonlocal noted, wrong
            if time.monotonic() - noted > _TELL_EVERY_SECONDS or len(findings) != len(wrong):
                noted, wrong = time.monotonic(), tuple(findings)
                async with self.engine.begin() as connection:
                    await passes.go_on(connection, identity, compared, of, findings)
            await asyncio.sleep(max(0.0, began + compared / pace - time.monotonic()))

        try:
            found = await verify(self.source, told, width=AT_LEISURE)
            found = found.with_findings(await self._register(pace))
            with translated():
                async with self.engine.begin() as connection:
                    await passes.end(connection, identity, found.verification)
            if not found.verification.is_sound:
                log.error("record_damaged", findings=[each.kind for each in found.verification.findings])
        except Faults as fault:
            log.warning("record_not_verified", fault=str(fault))
            with translated():
                async with self.engine.begin() as connection:
                    await passes.fail(connection, identity, str(fault))

    async def _register(self, pace: int) -> list[Finding]:
        """What is wrong with the tasks of the register, one after the other."""
        wrong: list[Finding] = []
        async with aclosing(compared_tasks(self.engine)) as tasks:
            async for events, findings in tasks:
                wrong += findings
                await asyncio.sleep(events / pace)
        return merged(wrong)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the record stands: `unknown`, `sound` or `damaged`.

    `findings` are what is wrong, `last_sound_at` is when it was last found whole as far as the first of them, and
    `newest` are the newest verifications.
    """

    state: State
    findings: tuple[Finding, ...]
    last_sound_at: dt.datetime | None
    newest: tuple[Pass, ...]


async def standing(engine: AsyncEngine) -> Standing:
    """How the record stands.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with translated():
        async with engine.connect() as connection:
            newest, ended = await passes.passes(connection, 10), await passes.last_ended(connection)
            state, findings = passes.standing(newest, ended)
            first = min((each.first for each in findings if each.first), default=0)
            return Standing(state, findings, await passes.last_sound(connection, first), tuple(newest))


def record_note(engine: AsyncEngine) -> Check:
    """What is wrong with the record, as a note of the process's health: it takes nothing from readiness, since whoever
    mends it needs to see it."""

    async def note() -> str | None:
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                found = await standing(engine)
        except (DatabaseUnavailable, TimeoutError):
            return "not known while PostgreSQL does not answer"
        kinds = ", ".join(dict.fromkeys(each.kind for each in found.findings))
        return f"damaged: {kinds}, see /v1/record/verification" if found.state == "damaged" else None

    return note
