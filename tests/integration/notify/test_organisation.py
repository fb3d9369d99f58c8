"""The directory at any place of the log, however often and in whatever order it is asked."""

import asyncio

from nats.aio.client import Client

from services.notify.organisation import Organisation
from shared.events.person import PersonRegistered
from shared.log.append import append, entry
from tests.examples import envelope


async def registered(client: Client, person_id: str) -> int:
    event = envelope(f"person.{person_id}", PersonRegistered(person_id=person_id, name=person_id))
    return await append(client, [entry(event, 0)])


async def test_what_came_later_is_not_seen_earlier_whoever_asked_before(log_client: Client) -> None:
    organisation = Organisation(log_client)
    assert (await organisation.at(5)).people == {}
    first, second = await registered(log_client, "an"), await registered(log_client, "binh")
    found = await asyncio.gather(*(organisation.at(each) for each in (second, first, first - 1, second + 9)))
    assert [sorted(each.people) for each in found] == [["an", "binh"], ["an"], [], ["an", "binh"]]
    third = await registered(log_client, "cuc")
    assert sorted((await organisation.at(third)).people) == ["an", "binh", "cuc"]
    assert sorted((await organisation.at(first)).people) == ["an"]
