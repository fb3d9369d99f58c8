"""Compares the ledger with the copy of the log that the WITNESS keeps, where nobody of the organisation can write.

Whoever could rewrite log and ledger alike, and sign a checkpoint of it, cannot rewrite this one.
"""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.tasks.record import sources
from services.tasks.record.findings import Finding, FoundEvent
from services.tasks.record.judgement import side_of
from services.tasks.record.kinds import Kind
from shared.database import translated
from shared.log.faults import LogRefused
from shared.log.record import Record
from shared.log.stream import differences, stream_info
from shared.log.witness import definition, witness_stream
from shared.settings import NatsSettings

_WIDTH = 8192
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Witness:
    """The copy of an organisation's log: a connection as its reader, and the settings for reading in bulk."""

    settings: NatsSettings
    client: Client
    organisation: str


async def witness_findings(
    witness: Witness, engine: AsyncEngine, end: int, told: Callable[[int, int], None]
) -> tuple[Finding, ...]:
    """What differs between the ledger and the copy, as far as both reach. Log and ledger were seen to go on until event
    `end`; `told` hears how many events were compared, of how many.

    What the log held no more when the copy began is not in the copy; what it held is missed if it is not there.

    Raises:
        LogUnavailable, LogRefused: the WITNESS does not answer, or refuses the reader; nothing is known.
        DatabaseUnavailable: PostgreSQL does not answer; nothing is known.
    """
    stream = witness_stream(witness.organisation)
    try:
        info = await stream_info(witness.client, stream)
    except LogRefused as error:
        return (Finding(kind=Kind.WITNESS_MISSING, side="witness", detail=str(error)),)
    drift = differences(info.config, definition(witness.organisation, witness.settings.nats_replicas))
    found = [Finding(kind=Kind.WITNESS_SETTINGS, side="witness", detail="; ".join(drift))] if drift else []
    copied = info.state.last_seq
    if copied > end:
        ahead = Finding(kind=Kind.WITNESS_AHEAD, side=None, first=end + 1, last=copied, count=copied - end)
        found.append(ahead)
    with translated():
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            ledger = await sources.ledger_standing(connection)
            last = min(ledger.end, copied)
            differing: list[tuple[Kind, FoundEvent]] = []
            first = 1
            windows = sources.log_windows(witness.settings, last, _WIDTH, last, stream)
            async with aclosing(windows):
                async for records in windows:
                    until = min(first + _WIDTH - 1, last)
                    # What stands before the first one of the copy was taken out of the log before the copy began.
                    begin = max(first, info.state.first_seq)
                    digest = await sources.ledger_digest(connection, begin, until) if begin <= until else None
                    if begin <= until and (digest is None or digest != sources.digest_of(records)[0]):
                        differing += await _differing(connection, records, begin, until)
                    told(until, last)
                    first = until + 1
    return tuple(sorted((*found, *_as_findings(differing)), key=lambda each: each.first))


async def _differing(
    connection: AsyncConnection, records: list[Record], first: int, last: int
) -> list[tuple[Kind, FoundEvent]]:
    rows, copies = await sources.ledger_rows(connection, first, last), {each.sequence: each for each in records}
    found = []
    for sequence in range(first, last + 1):
        row, copy = rows.get(sequence), copies.get(sequence)
        if copy is not None and row is not None and row.record == copy:
            continue
        either = copy or (row.record if row else None)
        told = side_of(either) if either else None
        event = FoundEvent(
            sequence=sequence, subject=told.subject if told else None, event_id=told.event_id if told else None
        )
        found.append((Kind.GAP_IN_WITNESS if copy is None else Kind.WITNESS_DIFFERS, event))
    return found


def _as_findings(differing: list[tuple[Kind, FoundEvent]]) -> list[Finding]:
    """Events in a row that have the same wrong as one finding."""
    runs = groupby(enumerate(differing), key=lambda item: (item[1][0], item[1][1].sequence - item[0]))
    found = []
    for (kind, _), run in runs:
        events = [event for _, (_, event) in run]
        found.append(
            Finding(
                kind=kind,
                side="witness" if kind is Kind.GAP_IN_WITNESS else None,
                first=events[0].sequence,
                last=events[-1].sequence,
                count=len(events),
                events=tuple(events[:_SHOWN]),
            )
        )
    return found
