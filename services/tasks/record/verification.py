"""Compares log and ledger, event by event, and both with every signed checkpoint."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from nats.aio.client import Client
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.ledger.tiles import WIDTH
from services.tasks.record import sources
from services.tasks.record.checkpoints import signed_roots
from services.tasks.record.examination import Examination, SignedRoot
from services.tasks.record.findings import Finding, FoundEvent, absent_from_log, findings_of, with_known_good
from services.tasks.record.grown_tree import GrownTile
from services.tasks.record.judgement import Judgement, Seen, side_of
from services.tasks.record.kinds import Kind
from services.tasks.record.sources import Digest, LedgerStanding, LogStanding
from shared.database import translated
from shared.log.record import Record
from shared.settings import NatsSettings

AT_FULL_SPEED = 8192
"""Events at once for whoever waits for the end."""

AT_LEISURE = 512
"""Events at once where others must not wait: some milliseconds of work."""

_SHOWN = 20

Told = Callable[[int, int, Sequence[Finding]], Awaitable[None]]
"""Is told how many events were compared, of how many, and what is wrong with them so far."""


Tiles = dict[tuple[int, int], tuple[bytes, bytes]]
"""Root and hashes of tiles by level and index."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The sides of the record: the log, by a connection and by the settings for reading in bulk, and the database."""

    settings: NatsSettings
    client: Client
    engine: AsyncEngine


class Verification(BaseModel):
    """What a verification found.

    `events` are compared; the log ends at `log_last` and the ledger at `ledger_last`, which is behind for a moment
    wherever it catches up. `known_good` is the last event up to which all is sound, and `checkpoint` the size of the
    largest checkpoint that fits, of `checkpoints` that were compared.
    """

    model_config = ConfigDict(frozen=True)

    began_at: dt.datetime
    seconds: float
    events: int
    log_last: int
    ledger_last: int
    known_good: int
    checkpoint: int
    checkpoints: int
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Compared:
    """A verification with the damaged events themselves, for whoever repairs them."""

    verification: Verification
    damaged: tuple[Judgement, ...]
    log: LogStanding
    ledger: LedgerStanding
    false_tiles: tuple[GrownTile, ...]

    def with_findings(self, more: Sequence[Finding]) -> "Compared":
        """The same with more that is wrong."""
        findings = (*self.verification.findings, *more)
        return replace(self, verification=self.verification.model_copy(update={"findings": findings}))


async def verify(
    source: Sources,
    told: Told,
    outside: Sequence[SignedRoot] = (),
    width: int = AT_FULL_SPEED,
    until: int | None = None,
) -> Compared:
    """Compares everything that the ledger must hold, or only the events up to `until`. `outside` are checkpoints that
    others kept, `width` is how many events are compared at once.

    Events that the log has and the ledger has not yet are none of its business: the projector brings them.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses the reader; nothing is known.
        DatabaseUnavailable: PostgreSQL does not answer; nothing is known.
    """
    began_at, started = dt.datetime.now(dt.UTC), time.monotonic()
    with translated():
        async with source.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            ledger = await sources.ledger_standing(connection)
            log = await sources.log_standing(source.client, source.settings.nats_replicas)
            ledger = ledger if until is None else ledger.before(until)
            signed = await signed_roots(connection)
            roots = sorted({*signed.roots, *outside}, key=lambda each: each.size)
            examination = await _examined(source, connection, (log, ledger), roots, told, width)
            absent = [await _named(connection, each) for each in _absent(examination, log)]
    findings = [
        *_of_log(log, ledger),
        *signed.findings,
        *findings_of(examination.damaged, log.last),
        *absent,
        *_of_tree(examination),
        *(_rolled_back(roots, max(log.last, ledger.end)) if until is None else ()),
    ]
    found = with_known_good(findings)
    verification = Verification(
        began_at=began_at,
        seconds=time.monotonic() - started,
        events=ledger.end,
        log_last=log.last,
        ledger_last=ledger.last,
        known_good=min((each.known_good for each in found if each.first), default=ledger.end),
        checkpoint=examination.confirmed,
        checkpoints=sum(each.size <= ledger.end for each in roots),
        findings=found,
    )
    return Compared(verification, tuple(examination.damaged), log, ledger, tuple(examination.false_tiles))


async def _examined(
    source: Sources,
    connection: AsyncConnection,
    standing: tuple[LogStanding, LedgerStanding],
    roots: Sequence[SignedRoot],
    told: Told,
    width: int,
) -> Examination:
    log, ledger = standing
    last = ledger.end
    tiles: Tiles = {}
    for level in range(1, 8):
        tiles |= await sources.tiles(connection, level, 0, last)
    examination = Examination([each for each in roots if 0 < each.size <= last], tiles)
    first = 1
    asked = asyncio.ensure_future(_kept(connection, first, min(width, last)))
    try:
        async with aclosing(sources.log_windows(source.settings, last, width, min(log.last, last))) as windows:
            async for records in windows:
                end = min(first + width - 1, last)
                digest, tiles_here = await asked
                examination.tiles = {**tiles, **tiles_here}
                ours, leaves = sources.digest_of(records)
                count = end - first + 1
                seen: list[bytes | Seen] | None = None
                is_sound = digest == ours and len(leaves) == count
                is_absent = not records and digest is not None and digest.is_whole(count)
                if not is_sound and not is_absent:
                    seen = await _looked_at(connection, records, (first, end), tiles_here, log)
                asked = asyncio.ensure_future(_kept(connection, end + 1, min(end + width, last)))
                if seen is not None:
                    examination.take(seen)
                elif is_sound:
                    examination.take_sound(leaves)
                else:
                    examination.take_absent(digest.kept if digest else [])
                await told(end, last, _so_far(examination, log))
                first = end + 1
    finally:
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    examination.end()
    return examination


async def _kept(connection: AsyncConnection, first: int, last: int) -> tuple[Digest | None, Tiles]:
    if first > last:
        return None, {}
    digest = await sources.ledger_digest(connection, first, last)
    return digest, await sources.tiles(connection, 0, (first - 1) // WIDTH, (last - 1) // WIDTH)


async def _looked_at(
    connection: AsyncConnection, records: Sequence[Record], stretch: tuple[int, int], tiles: Tiles, log: LogStanding
) -> list[bytes | Seen]:
    """The events of a stretch one by one: the leaf hash of each that is sound, what was seen of each that is not."""
    first, last = stretch
    in_log = {each.sequence: each for each in records}
    rows = await sources.ledger_rows(connection, first, last)
    found: list[bytes | Seen] = []
    for sequence in range(first, last + 1):
        row = rows.get(sequence)
        tile, place = divmod(sequence - 1, WIDTH)
        _, hashes = tiles.get((0, tile), (b"", b""))
        seen = Seen(
            sequence,
            side_of(in_log[sequence]) if sequence in in_log else None,
            side_of(row.record) if row else None,
            row.leaf if row else None,
            hashes[place * 32 : place * 32 + 32] or None,
            row is not None and log.began_at is not None and log.began_at > row.record.stored_at,
        )
        found.append(row.leaf if row and seen.is_sound else seen)
    return found


def _so_far(examination: Examination, log: LogStanding) -> list[Finding]:
    return [*findings_of(examination.so_far(_SHOWN), log.last), *_absent(examination, log)]


def _absent(examination: Examination, log: LogStanding) -> list[Finding]:
    confirmed = examination.confirmed
    return [found for stretch in examination.absent for found in absent_from_log(*stretch, log.last, confirmed)]


async def _named(connection: AsyncConnection, finding: Finding) -> Finding:
    """The finding with the first of its events, as the ledger has them."""
    rows = await sources.ledger_rows(connection, finding.first, min(finding.last, finding.first + _SHOWN - 1))
    found = {sequence: side_of(row.record) for sequence, row in rows.items()}
    events = (FoundEvent(sequence=at, subject=side.subject, event_id=side.event_id) for at, side in found.items())
    since = found[finding.first].stored_at if finding.first in found else None
    return finding.model_copy(update={"events": tuple(events), "since": since})


def _of_log(log: LogStanding, ledger: LedgerStanding) -> list[Finding]:
    if not log.created:
        return [Finding(kind=Kind.LOG_MISSING, side="log")]
    found = []
    if ledger.stream and log.created != ledger.stream:
        found.append(Finding(kind=Kind.LOG_RECREATED, side="log", detail=f"{ledger.stream} → {log.created}"))
    if log.drift:
        found.append(Finding(kind=Kind.LOG_SETTINGS, side="log", detail="; ".join(log.drift)))
    return found


def _of_tree(examination: Examination) -> list[Finding]:
    found = []
    if examination.contradicted:
        sizes = [each.size for each in examination.contradicted]
        first = examination.confirmed + 1 if sizes[0] > examination.confirmed else 1
        found.append(
            Finding(
                kind=Kind.CONTRADICTED, side=None, first=first, last=sizes[-1], count=len(sizes), detail=_listed(sizes)
            )
        )
    if examination.false_tiles:
        named = [f"{each.level}/{each.index}" for each in examination.false_tiles]
        found.append(Finding(kind=Kind.FALSE_TILE, side="ledger", count=len(named), detail=_listed(named)))
    return found


def _rolled_back(roots: Sequence[SignedRoot], end: int) -> list[Finding]:
    sizes = [each.size for each in roots if each.size > end]
    if not sizes:
        return []
    return [
        Finding(
            kind=Kind.ROLLED_BACK, first=end + 1, last=sizes[-1], count=len(sizes), side=None, detail=_listed(sizes)
        )
    ]


def _listed(named: Sequence[object]) -> str:
    return ", ".join(map(str, named[:20])) + (" …" if len(named) > 20 else "")
