"""Issues checkpoints: nothing is signed that contradicts an earlier one, or whose events were not read again."""

import asyncio
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.ledger import issued
from services.tasks.ledger.checkpoint import Checkpoint
from services.tasks.ledger.issued import AGGREGATE, Issued
from services.tasks.ledger.keyring import Keyring, act, announced
from services.tasks.ledger.keys import KeyUnusable, SigningKey, kept_key
from services.tasks.ledger.recheck import RecordAltered, roots_again
from services.tasks.ledger.settings import CheckpointSettings
from services.tasks.ledger.store import size_of
from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Chain, event_content
from shared.events.fields import derived_id
from shared.events.ledger import CheckpointIssued
from shared.log.append import Entry, append
from shared.log.faults import LogFault
from shared.log.read import last_on
from shared.log.stream import PREFIX, state_of, stream_info

ACTOR = "service.tasks"
SOURCE = "/ketluan/tasks"

_ONE_AT_A_TIME = 0x636865636B  # any number that nobody else locks in this database

log = structlog.get_logger()


class Contradiction(RecordAltered):
    """The tree is not a continuation of one that was signed before. Nothing was signed."""


class NotYet(Exception):
    """There is nothing to sign, or the ledger is still catching up. Nothing was signed."""


@dataclass
class Issuer:
    """Issues checkpoints. Several copies may: one at a time does.

    `key_file` holds the key; `folder`, where one is named, gets a file for each checkpoint; one is issued `every` so
    often, which is looked at every `look_again_seconds`, or on demand only. `alarm` says what contradicts an earlier
    checkpoint, and `fault` what else keeps it from issuing; both are None while all is well.
    """

    engine: AsyncEngine
    client: Client
    key_file: Path | None = None
    folder: Path | None = None
    every: dt.timedelta | None = None
    look_again_seconds: float = 30.0
    alarm: str | None = None
    fault: str | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, settings: CheckpointSettings, engine: AsyncEngine, client: Client) -> "Issuer":
        """The issuer of a service."""
        key_file, folder = settings.checkpoint_key_file, settings.checkpoint_folder
        return cls(
            engine,
            client,
            Path(key_file) if key_file else None,
            Path(folder) if folder else None,
            dt.timedelta(minutes=settings.checkpoint_minutes) if settings.checkpoint_minutes else None,
        )

    async def run(self) -> None:
        """Issues the first one soon, and one `every` so often from then on, for ever, if anything but checkpoints
        happened meanwhile."""
        refused: dt.datetime | None = None
        while True:
            await asyncio.sleep(self.look_again_seconds)
            if not (self.every and self.key_file):
                continue
            try:
                with translated():
                    async with self.engine.connect() as connection:
                        newest = await issued.newest(connection)
                        grew = await issued.grew(connection, newest.size if newest else 0)
                since = max((at for at in (refused, newest and newest.issued_at) if at), default=None)
                if grew and (since is None or dt.datetime.now(dt.UTC) - since >= self.every):
                    await self.issue(act(ACTOR, SOURCE))
            except RecordAltered:
                # Reading everything again finds the same, until somebody mends it.
                refused = dt.datetime.now(dt.UTC)
            except (KeyUnusable, NotYet, LogFault, DatabaseUnavailable, RowsRefused) as fault:
                log.warning("no_checkpoint_issued", fault=str(fault))

    async def issue(self, chain: Chain) -> tuple[Issued, bool]:
        """A checkpoint over all that the ledger holds, and whether it is new: where nothing but checkpoints happened
        since the last one, that is given.

        Raises:
            RecordAltered, Contradiction: the ledger is not what it was, or not what was signed; nothing was signed.
            KeyUnusable: there is no key to sign with.
            NotYet: there is nothing to sign, or the ledger is behind the log.
            LogFault, DatabaseUnavailable, RowsRefused: it may have been signed; the next call tells of it.
        """
        async with self._turn:
            try:
                given = await self._issue(chain)
            except RecordAltered as error:
                log.critical("checkpoint_refused", error=str(error))
                self.alarm = str(error)
                raise
            except KeyUnusable as error:
                self.fault = str(error)
                raise
        self.alarm = self.fault = None
        return given

    async def note(self) -> str | None:
        """What keeps checkpoints from being issued, as a note of the process's health."""
        return self.alarm or self.fault

    async def _issue(self, chain: Chain) -> tuple[Issued, bool]:
        if self.key_file is None:
            raise KeyUnusable("KETLUAN_CHECKPOINT_KEY_FILE names no key, so no checkpoint is issued.")
        key = kept_key(self.key_file)
        ring = await announced(self.client, key, chain)
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
                checkpoints, is_new = await self._next(connection, key, ring, chain)
        # What was signed and not told of yet, by us just now or by somebody who ended midway, is told of now.
        await self._tell(checkpoints)
        if self.folder:
            await asyncio.to_thread(_filed, self.folder, checkpoints)
        return checkpoints[-1], is_new

    async def _next(
        self, connection: AsyncConnection, key: SigningKey, ring: Keyring, chain: Chain
    ) -> tuple[list[Issued], bool]:
        """Every checkpoint with the new one, and whether there is a new one."""
        earlier = await self._earlier(connection, ring)
        size = await size_of(connection)
        newest = earlier[-1] if earlier else None
        ends = state_of(await stream_info(self.client)).last_sequence
        if ends < max(size, newest.size if newest else 0):
            raise Contradiction(
                f"the log ends at event {ends}, but the ledger holds {size} events and the newest checkpoint speaks of "
                f"{newest.size if newest else 0}. Nothing was signed; see `ketluan verify`."
            )
        if size == 0 or (newest and newest.size > size):
            raise NotYet(f"the ledger holds {size} events so far. Nothing was signed; try again when it has caught up.")
        if newest and not await issued.grew(connection, newest.size):
            await issued.keep(connection, earlier)
            return earlier, False
        roots = await roots_again(connection, [size, *(each.size for each in earlier)])
        for each in earlier:
            if roots[each.size] != each.root:
                raise Contradiction(
                    f"the first {each.size} events have the root {roots[each.size].hex()}, but the checkpoint that "
                    f"{each.key_id} signed at {each.issued_at.isoformat()} says {each.root.hex()}. Nothing was signed; "
                    "see `ketluan verify`."
                )
        found = Checkpoint(key.name, size, roots[size])
        new = Issued(size, found.root, key.verifier.key_id, key.signed(str(found)), chain.at)
        await issued.keep(connection, [*earlier, new])
        return [*earlier, new], True

    async def _earlier(self, connection: AsyncConnection, ring: Keyring) -> list[Issued]:
        """Every checkpoint that is kept or told of, smallest first."""
        found: dict[int, Issued] = {}
        last = await last_on(self.client, PREFIX + AGGREGATE)
        of_the_leader = issued.issued_of(last.content) if last else None
        for each in (*await issued.kept(connection), *await issued.told(connection), of_the_leader):
            if each is None:
                continue
            other = found.setdefault(each.size, each)
            if other.root != each.root:
                raise Contradiction(
                    f"of the first {each.size} events, one checkpoint says that their root is {other.root.hex()}, and "
                    f"another {each.root.hex()}. Nothing was signed; see `ketluan verify`."
                )
        for each in found.values():
            if fault := issued.fault_of(each, ring.verifiers):
                raise Contradiction(
                    f"the checkpoint of size {each.size} is not what was signed: {fault}. Nothing was signed; "
                    "see `ketluan verify`."
                )
        return [found[size] for size in sorted(found)]

    async def _tell(self, checkpoints: list[Issued]) -> None:
        """Puts into the log what it does not tell of yet."""
        last = await last_on(self.client, PREFIX + AGGREGATE)
        newest = issued.issued_of(last.content) if last else None
        follows = last.sequence if last else 0
        version = CATALOGUE.read(last.content).envelope.aggregateversion if last else 0
        for each in checkpoints:
            if newest and each.size <= newest.size:
                continue
            version += 1
            data = CheckpointIssued(key_id=each.key_id, size=each.size, root=each.root.hex(), note=each.note)
            event_id = derived_id("checkpoint", each.note)
            chain = Chain(SOURCE, ACTOR, event_id, event_id, each.issued_at)
            content = event_content(data, data.type, event_id, AGGREGATE, chain, version)
            follows = await append(self.client, [Entry(event_id, PREFIX + AGGREGATE, content, follows)])


def _filed(folder: Path, checkpoints: list[Issued]) -> None:
    """Writes each checkpoint into a file of its own, and the newest one into `checkpoint` too."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in checkpoints:
            file = folder / f"checkpoint-{each.size}"
            if not file.exists():
                _put(file, each.note)
        _put(folder / "checkpoint", checkpoints[-1].note)
    except OSError as error:
        log.error("checkpoint_not_filed", folder=str(folder), error=str(error))


def _put(file: Path, content: str) -> None:
    draft = file.with_name(f"{file.name}.new")
    draft.write_text(content, encoding="utf-8")
    draft.replace(file)
