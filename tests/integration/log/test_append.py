"""What may be appended to the log, and what an append does when it is done again or comes too late."""

import asyncio

import pytest
from nats.aio.client import Client

from shared.log.append import Appended, Entry, append, appended
from shared.log.faults import Conflict, LogRefused
from shared.log.read import next_on
from shared.log.stream import stream_info
from tests.examples import task_entry


async def events_in(client: Client) -> int:
    return (await stream_info(client)).state.messages


async def test_a_batch_is_stored_in_the_order_given(log_client: Client) -> None:
    entries = [task_entry(f"task {number}") for number in range(24)]
    assert await append(log_client, entries) == 24
    places = [await next_on(log_client, each.subject) for each in entries]
    assert [place.sequence for place in places if place] == list(range(1, 25))
    assert [place.content for place in places if place] == [each.content for each in entries]


async def test_appending_the_same_again_stores_nothing_and_gives_the_same_place(log_client: Client) -> None:
    entries = [task_entry("one"), task_entry("two")]
    first = await append(log_client, entries)
    assert await append(log_client, entries) == first
    assert await events_in(log_client) == 2


async def test_what_an_earlier_attempt_left_out_is_completed(log_client: Client) -> None:
    await append(log_client, [task_entry("one")])
    assert await append(log_client, [task_entry("one"), task_entry("two"), task_entry("three")]) == 3
    assert await events_in(log_client) == 3


async def test_who_completes_a_batch_is_told_how_much_of_it_was_there(log_client: Client) -> None:
    await append(log_client, [task_entry("one")])
    assert await appended(log_client, [task_entry("one"), task_entry("two")]) == Appended(last=2, added=1)
    assert await appended(log_client, [task_entry("one"), task_entry("two")]) == Appended(last=2, added=0)


async def test_another_event_in_its_place_is_a_conflict_and_the_whole_batch_is_left_out(log_client: Client) -> None:
    await append(log_client, [task_entry("one")])
    with pytest.raises(Conflict) as conflict:
        await append(log_client, [task_entry("two"), task_entry("one", variant="other")])
    assert conflict.value.subjects == (task_entry("one").subject,)
    assert await events_in(log_client) == 1


async def test_where_the_closing_event_is_there_nothing_is_added_to_it(log_client: Client) -> None:
    await append(log_client, [task_entry("one"), task_entry("meeting")], closing=True)
    with pytest.raises(Conflict):
        await append(log_client, [task_entry("two"), task_entry("meeting")], closing=True)
    assert await events_in(log_client) == 2


async def test_two_events_of_one_aggregate_stand_behind_one_another_in_a_batch(log_client: Client) -> None:
    await append(log_client, [task_entry("one")])
    second, third = task_entry("one", follows=1, variant="2"), task_entry("one", follows=None, variant="3")
    batch = [second, third, task_entry("two")]
    assert await append(log_client, batch) == 4
    assert await append(log_client, batch) == 4
    place = await next_on(log_client, second.subject, 2)
    assert place
    assert place.content == third.content
    assert await events_in(log_client) == 4


async def test_an_event_that_follows_one_in_a_batch_is_left_out_with_it(log_client: Client) -> None:
    await append(log_client, [task_entry("one")])
    await append(log_client, [task_entry("one", follows=1, variant="other")])
    behind = [task_entry("one", follows=1, variant="2"), task_entry("one", follows=None, variant="3")]
    with pytest.raises(Conflict):
        await append(log_client, behind)
    with pytest.raises(Conflict):
        await append(log_client, [task_entry("one", follows=1, variant="other"), behind[1]])
    assert await events_in(log_client) == 2


async def test_an_unreadable_event_in_its_place_is_a_conflict_too(log_client: Client) -> None:
    await append(log_client, [Entry("broken", task_entry("one").subject, b"no event", 0)])
    with pytest.raises(Conflict):
        await append(log_client, [task_entry("one")])


async def test_of_forty_writers_that_race_for_one_place_one_wins(log_client: Client) -> None:
    attempts = [append(log_client, [task_entry("one", variant=str(number))]) for number in range(40)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 39
    assert await events_in(log_client) == 1


async def test_an_event_larger_than_the_server_takes_is_refused(log_client: Client) -> None:
    large = Entry("large", "log.task.large", b"x" * (8 * 1024 * 1024 + 1), 0)
    with pytest.raises(LogRefused):
        await append(log_client, [task_entry("one"), large])
    assert await events_in(log_client) == 0


@pytest.mark.parametrize("count", [0, 1001])
async def test_a_batch_of_no_events_or_too_many_is_a_defect_of_the_caller(log_client: Client, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        await append(log_client, [task_entry(str(number)) for number in range(count)])
