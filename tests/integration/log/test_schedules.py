"""Moments that are set beforehand, on a real server."""

import asyncio
import datetime as dt
import json
from contextlib import suppress

import pytest
from nats.aio.client import Client

from shared.log import schedules
from shared.log.faults import Conflict, StreamDrift
from shared.log.read import read_from


def seconds_from_now(seconds: float) -> dt.datetime:
    """A moment, as a whole second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=seconds)


async def fired(client: Client) -> set[str]:
    """The names of the schedules whose moment the server has announced."""
    info = await client.jsm().stream_info(schedules.STREAM, subjects_filter=schedules.due(">"))
    return {subject.removeprefix(schedules.due("")) for subject in (info.state.subjects or {})}


async def test_migrating_the_stream_of_schedules_again_changes_nothing(log_client: Client) -> None:
    assert await schedules.migrate_schedules(log_client, 1) == "stream REMINDERS is as it must be"


async def test_a_schedule_is_moved_or_taken_away_only_as_it_was_read(log_client: Client) -> None:
    tomorrow = seconds_from_now(86_400)
    first = await schedules.put(log_client, "t-1.due-today", tomorrow)
    with pytest.raises(Conflict):
        await schedules.put(log_client, "t-1.due-today", tomorrow)
    later = tomorrow + dt.timedelta(days=1)
    moved = await schedules.put(log_client, "t-1.due-today", later, first.sequence)
    assert await schedules.standing(log_client) == {"t-1.due-today": moved}
    with pytest.raises(Conflict):
        await schedules.withdraw(log_client, first)
    await schedules.withdraw(log_client, moved)
    assert await schedules.standing(log_client) == {}
    assert await fired(log_client) == set()


async def test_a_schedule_that_is_taken_away_as_it_fires_does_one_or_the_other(log_client: Client) -> None:
    moment = seconds_from_now(2)
    placed = [await schedules.put(log_client, f"t-{number}.due-today", moment) for number in range(40)]
    withdrawn = set()

    async def withdraw(schedule: schedules.Schedule, delay: float) -> None:
        await asyncio.sleep(delay)
        with suppress(Conflict):
            await schedules.withdraw(log_client, schedule)
            withdrawn.add(schedule.name)

    until = (moment - dt.datetime.now(dt.UTC)).total_seconds()
    await asyncio.gather(*(withdraw(each, until + (place - 20) * 0.005) for place, each in enumerate(placed)))
    await asyncio.sleep(1)
    came = await fired(log_client)
    assert came | withdrawn == {each.name for each in placed}
    assert came & withdrawn == set()
    assert await schedules.standing(log_client) == {}
    for name in sorted(came)[:1]:
        found = await read_from(log_client, schedules.STREAM, {"last_by_subj": schedules.due(name)})
        assert found is not None
        assert schedules.moment_of(found.content) == moment


async def test_a_stream_that_holds_no_schedules_is_not_taken_for_ours(log_client: Client) -> None:
    await log_client.jsm().delete_stream(schedules.STREAM)
    other = {"name": schedules.STREAM, "subjects": ["reminders.>"], "retention": "limits", "storage": "file"}
    await log_client.request(f"$JS.API.STREAM.CREATE.{schedules.STREAM}", json.dumps(other).encode())
    with pytest.raises(StreamDrift, match="allow_msg_schedules"):
        await schedules.migrate_schedules(log_client, 1)
