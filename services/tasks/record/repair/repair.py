"""Carries a plan out, in the order in which nothing is lost wherever it is broken off, and leaves a record of it."""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from uuid import uuid4

from nats.aio.client import Client
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.record.findings import Finding
from services.tasks.record.repair import ledger_side, log_side, register_side
from services.tasks.record.repair.later import append_again, keep_aside, kept_aside
from services.tasks.record.repair.plan import Plan
from services.tasks.record.verification import Compared
from shared.database import translated
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Chain, event_content
from shared.events.ledger import RecordRepaired, Side
from shared.log.append import Entry, append
from shared.log.bulk import present
from shared.log.read import last_on
from shared.log.record import Record
from shared.log.stream import PREFIX
from shared.settings import NatsSettings

SOURCE = "/ketluan/repair"
ACTOR = "service.administration"

_AGGREGATE = "ledger.repairs"
_FROM: dict[Side, Side] = {"log": "ledger", "ledger": "log", "register": "ledger"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a repair works on: the log as a user that may replace it, the database as its owner, and the file in which
    events are kept that only the damaged log has."""

    settings: NatsSettings
    client: Client
    engine: AsyncEngine
    aside: Path


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did besides its plan: events of the damaged log that were appended again, and those that were
    left in the file, since they contradict what was proven."""

    again: tuple[Record, ...]
    left: tuple[Record, ...]


async def carry_out(parts: Parts, plan: Plan, compared: Compared, told: log_side.Told) -> Repaired:
    """Does what the plan says. Done again after it was broken off, it goes on.

    Raises:
        StillDamaged, NotRestored: something changed meanwhile; what was not restored is as it was.
        LogUnavailable, LogRefused, DatabaseUnavailable, RowsRefused: do it again.
    """
    if plan.rows:
        await ledger_side.restore_rows(parts.engine, parts.settings, plan.rows)
    if plan.tiles:
        await ledger_side.restore_tiles(parts.engine, plan.tiles)
    if plan.checkpoints:
        await ledger_side.restore_checkpoints(parts.engine)
    again: list[Record] = []
    left: list[Record] = []
    if plan.rewrites_log:
        last = await _secure(parts, compared)
        created = await log_side.rewrite(parts.engine, parts.settings, parts.client, last, told)
        await log_side.adopt(parts.engine, created)
    elif plan.adopts_log:
        await log_side.adopt(parts.engine, compared.log.created)
    if plan.sets_log:
        await log_side.set_back(parts.client, parts.settings.nats_replicas)
    if plan.register:
        await register_side.empty(parts.engine)
    if later := kept_aside(parts.aside):
        again, left = await append_again(parts.client, later)
        at = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
        parts.aside.replace(parts.aside.with_name(f"{parts.aside.stem}-{at}{parts.aside.suffix}"))
    await _leave_record(parts.client, compared.verification.findings)
    return Repaired(tuple(again), tuple(left))


async def _secure(parts: Parts, compared: Compared) -> int:
    """Keeps all that only the log has: events that the ledger had not taken in yet go there, and those that stand
    where others were proven go into the file. Gives the last event that the ledger holds now."""
    end = compared.ledger.end
    contradicted = [each for each in compared.damaged if each.seen.log and each.seen.log.leaf != each.leaf]
    places = [each.seen.sequence for each in contradicted]
    contradicting = [record async for record in _at(parts.settings, places)]
    beyond = [record async for record in _between(parts.settings, end + 1, compared.log.last)]
    follows = not places or places[-1] != end
    whole = _in_a_row(beyond, end) if follows else []
    if whole:
        with translated():
            async with parts.engine.begin() as connection:
                await ledger_side.add_rows(connection, whole)
    known = {(each.subject, each.content) for each in kept_aside(parts.aside)}
    new = [each for each in (*contradicting, *beyond[len(whole) :]) if (each.subject, each.content) not in known]
    if new:
        keep_aside(parts.aside, new)
    return end + len(whole)


def _in_a_row(records: Sequence[Record], behind: int) -> list[Record]:
    if not records or records[0].sequence != behind + 1:
        return []
    broken = (place for place, (one, two) in enumerate(pairwise(records), 1) if two.sequence != one.sequence + 1)
    return list(records[: next(broken, len(records))])


async def _at(settings: NatsSettings, places: Sequence[int]) -> AsyncGenerator[Record]:
    for _, run in groupby(enumerate(places), key=lambda item: item[1] - item[0]):
        sequences = [sequence for _, sequence in run]
        async for record in _between(settings, sequences[0], sequences[-1]):
            yield record


async def _between(settings: NatsSettings, first: int, last: int) -> AsyncGenerator[Record]:
    if first <= last:
        async with aclosing(present(settings, first, last)) as lists:
            async for found in lists:
                for record in found:
                    yield record


async def _leave_record(client: Client, findings: Sequence[Finding]) -> None:
    """Tells in the log what was damaged and what it was restored from: one event for each side."""
    for side, restored_from in _FROM.items():
        found = [each for each in findings if (each.side or "log") == side]
        if not found:
            continue
        named = [each for each in found if each.first]
        data = RecordRepaired(
            side=side,
            restored_from=restored_from,
            first=min((each.first for each in named), default=0),
            last=max((each.last for each in named), default=0),
            count=sum(each.count for each in found),
            damage=tuple(dict.fromkeys(each.kind.value for each in found)),
            known_good=min((each.known_good for each in named), default=0),
        )
        await _append(client, data)


async def _append(client: Client, data: RecordRepaired) -> None:
    newest = await last_on(client, PREFIX + _AGGREGATE)
    version = CATALOGUE.read(newest.content).envelope.aggregateversion + 1 if newest else 1
    event_id = request = str(uuid4())
    chain = Chain(SOURCE, ACTOR, request, request, dt.datetime.now(dt.UTC))
    content = event_content(data, data.type, event_id, _AGGREGATE, chain, version)
    await append(client, [Entry(event_id, PREFIX + _AGGREGATE, content, newest.sequence if newest else 0)])
