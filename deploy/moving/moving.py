"""Moves a data folder's installation: most of it while people work, the rest when its services have stopped.

Whatever breaks, doing it again goes on. Nothing is written to the old place but the mark that it was moved.
"""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

import asyncpg
from nats.aio.client import Client

from deploy.archive.export import export
from deploy.archive.folder import Archive, Tree, Whole
from deploy.archive.restoring import restore
from deploy.moving.tables import Differs, Sides, carry_events, carry_rest, compare
from deploy.moving.target import Target, patient, step_of
from shared.log.bulk import records
from shared.log.connect import broker, connected
from shared.log.stream import state_of, stream_info
from shared.settings import NatsSettings

Told = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Source:
    """The old place: its log, by a reader of all of it, and its database, by the owner."""

    settings: NatsSettings
    database_url: str


async def carry_bulk(source: Source, target: Target, archive: Archive, told: Told) -> Whole:
    """Carries over what the log and the ledger hold by now, while people go on working.

    Raises:
        ArchiveDamaged, AnotherHistory, TargetNotReady, StreamDrift, Differs: what was found is not what was written.
        LogUnavailable, LogRefused, DatabaseUnavailable, RowsRefused, OSError: doing it again goes on from there.
    """
    ours, theirs = broker(source.settings, "ketluan-move"), broker(target.nats, "ketluan-move")
    try:
        client = await connected(theirs)
        here = await patient(source.database_url, "ketluan move")
        try:
            await target.confirm_ready(client, await step_of(here))
            whole = await _carried_log(source, target, await connected(ours), client, archive, told)
            there = await target.connect()
            try:
                await carry_events(Sides(here, there), _of(told, "Sổ cái (the ledger)"))
            finally:
                await there.close()
        finally:
            await here.close()
        return whole
    finally:
        await ours.stop()
        await theirs.stop()


async def carry_rest_and_compare(source: Source, target: Target, archive: Archive, told: Told) -> Whole:
    """Carries over everything that is left, and compares both places: the tree of the record, and every row.

    Nobody may write to either place meanwhile.

    Raises: as `carry_bulk`, and
        Differs: the new place does not hold what the old one does.
    """
    whole = await carry_bulk(source, target, archive, told)
    theirs = broker(target.nats, "ketluan-move")
    here: asyncpg.Connection | None = None
    there: asyncpg.Connection | None = None
    try:
        client = await connected(theirs)
        here, there = await patient(source.database_url, "ketluan move"), await target.connect()
        sides = Sides(here, there)
        stream = state_of(await stream_info(client)).created
        await carry_rest(sides, stream, _of(told, "Các bảng khác (all other tables)"))
        await compare(sides, _of(told, "Đối chiếu các bảng (comparing the tables)"))
        if (root := await _root(target.nats, whole.events)) != whole.root:
            raise Differs(f"the record of the new place has the root {root}, and that of the old one {whole.root}")
        return whole
    finally:
        for connection in (here, there):
            if connection is not None:
                await connection.close()
        await theirs.stop()


async def _carried_log(
    source: Source, target: Target, ours: Client, theirs: Client, archive: Archive, told: Told
) -> Whole:
    await export(source.settings, ours, archive, _of(told, "Đọc nhật ký cũ (reading the log)"))
    return await restore(target.nats, theirs, archive, _of(told, "Ghi nhật ký mới (writing the new log)"))


async def _root(settings: NatsSettings, last: int) -> str:
    tree = Tree()
    async with aclosing(records(settings, 1, last)) as lists:
        async for found in lists:
            for each in found:
                tree.take(each)
    return tree.root().hex()


def _of(told: Told, what: str) -> Callable[[int, int], None]:
    return lambda done, of: told(what, done, of)
