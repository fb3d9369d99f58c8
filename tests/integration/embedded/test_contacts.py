"""Addresses of a directory on their way to the notify service."""

import pytest

from deploy.directory_import import put_contacts
from shared.directory.file import PersonEntry
from tests.identity import TOKENS
from tests.integration.embedded.installed import Installed, free_port


def person(person_id: str, mail: str) -> PersonEntry:
    """A person with an address that no file was asked about."""
    return PersonEntry.model_construct(id=person_id, name="Nguyễn An", mail=mail)


async def test_an_address_that_is_refused_holds_up_no_other(running: Installed) -> None:
    people = [person("hai", "nguyễn@x.vn"), person("ba", "a..b@x.vn")]
    people += [person(f"person-{number}", "an@haivan.example") for number in range(20)]

    told = await put_contacts(running.url, people, running.tokens)

    assert told.taken == 20
    assert {each.person_id for each in told.not_taken} == {"hai", "ba"}
    assert all(each.reason.startswith("422 ") for each in told.not_taken)


async def test_addresses_go_past_a_proxy_that_is_set(running: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")

    assert (await put_contacts(running.url, [person("an", "an@haivan.example")], running.tokens)).taken == 1


async def test_where_nobody_answers_every_address_is_named() -> None:
    people = [person("an", "an@haivan.example"), person("ba", "ba@haivan.example")]

    told = await put_contacts(f"http://127.0.0.1:{free_port()}", people, TOKENS)

    assert told.taken == 0
    assert [each.person_id for each in told.not_taken] == ["an", "ba"]
