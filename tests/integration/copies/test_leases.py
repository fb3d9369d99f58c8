"""Of several copies one does a work, and another takes it over when that one ends, falls silent or stands still."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.cancelling import cancelled
from shared.database import engine
from shared.lease import Leases

_TAKEOVER_SECONDS = 10.0


class Copy:
    """A copy with one work, which counts for how long it was done."""

    def __init__(self, url: str, name: str, release: int = 1) -> None:
        self.engine: AsyncEngine = engine(url, f"ketluan tests {name}", connections=2)
        self.able, self.works = True, 0
        self.leases = Leases(self.engine, "register", lambda: self.able, name, release)

    async def work(self) -> None:
        self.works += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.works -= 1


@asynccontextmanager
async def living(copy: Copy) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(copy.leases.while_held("count", copy.work)), asyncio.create_task(copy.leases.run())]
    try:
        yield
    finally:
        await cancelled(tasks)
        await copy.engine.dispose()


async def until(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < _TAKEOVER_SECONDS
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_one_of_two_copies_works_and_the_other_goes_on_at_once_when_it_ends(tasks_database_url: str) -> None:
    first, second = Copy(tasks_database_url, "first"), Copy(tasks_database_url, "second")
    async with living(second):
        async with living(first):
            await until(lambda: first.works + second.works > 0)
            await asyncio.sleep(1.2)
            assert first.works + second.works == 1
            if second.works:
                return
        assert first.works == 0
        assert await until(lambda: second.works == 1) < 2.0


async def test_what_cannot_work_gives_its_work_to_who_can_and_gets_it_back(tasks_database_url: str) -> None:
    first, second = Copy(tasks_database_url, "first"), Copy(tasks_database_url, "second")
    async with living(first):
        await until(lambda: first.works == 1)
        async with living(second):
            first.able = False
            await until(lambda: second.works == 1)
            assert first.works == 0
            second.able, first.able = False, True
            await until(lambda: first.works == 1)
            assert second.works == 0


async def test_the_newest_release_that_lives_works(tasks_database_url: str) -> None:
    old, new = Copy(tasks_database_url, "old", release=1), Copy(tasks_database_url, "new", release=2)
    async with living(old):
        await until(lambda: old.works == 1)
        async with living(new):
            await until(lambda: new.works == 1)
            assert old.works == 0
        await until(lambda: old.works == 1)


async def test_who_cannot_renew_stops_before_anybody_else_begins(tasks_database_url: str, database_url: str) -> None:
    copy, owner = Copy(tasks_database_url, "silent"), engine(database_url, "tests")
    async with living(copy), owner.connect() as blocking:
        await until(lambda: copy.works == 1)
        await blocking.execute(text("LOCK TABLE register.copy"))
        began = time.monotonic()
        await until(lambda: copy.works == 0)
        assert time.monotonic() - began < 3.5
        end = await blocking.scalar(text("SELECT until > clock_timestamp() FROM register.lease WHERE work = 'count'"))
        assert end
    await owner.dispose()


@pytest.mark.parametrize("clock", ["- interval '1 hour'", "+ interval '1 hour'"])
async def test_a_clock_that_jumped_keeps_nobody_from_working(
    tasks_database_url: str, database_url: str, clock: str
) -> None:
    owner = engine(database_url, "tests")
    async with owner.begin() as connection:
        lease = f"INSERT INTO register.lease VALUES ('count', 'dead', now() {clock}, now() {clock} + interval '3 s')"
        await connection.execute(text(lease))
    await owner.dispose()
    copy = Copy(tasks_database_url, "living")
    async with living(copy):
        assert await until(lambda: copy.works == 1) < 2.0
