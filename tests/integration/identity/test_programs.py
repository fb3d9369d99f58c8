"""Programs: their keys, the tokens that they get for them, and how soon a revoked key is refused everywhere."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from nats.aio.client import Client

from shared.events.client import Scope
from shared.identity.administration import Unknown, close_client, issue_key, register_client, revoke_key
from shared.identity.keys import ApiKey
from shared.log.stream import stream_info
from tests.examples import conclusion
from tests.integration.identity.conftest import Town

EVERY_SERVICE = {"intake": "/intake/openapi.json", "tasks": "/v1/tasks", "notify": "/notify/openapi.json"}
AT_ONCE_SECONDS = 1.2
"""A second, as promised, and what asking takes."""


async def program(log: Client, name: str, *scopes: Scope) -> ApiKey:
    """A new program with one key."""
    await register_client(log, name, f"Hệ thống {name}", scopes or ("conclusions:write", "tasks:read"))
    return await issue_key(log, name, days=30)


def shown(text: str) -> dict[str, str]:
    """Headers that show a key or a token."""
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A program's own HTTP."""
    async with httpx.AsyncClient(timeout=20) as client:
        yield client


async def token(http: httpx.AsyncClient, town: Town, form: Mapping[str, str], **headers: str) -> httpx.Response:
    """What the endpoint for tokens answers."""
    return await http.post(f"{town.urls['tasks']}/oauth/token", data=dict(form), headers=headers)


def credentials(client_id: str, key: ApiKey, **more: str) -> dict[str, str]:
    """What a program posts for a token."""
    return {"grant_type": "client_credentials", "client_id": client_id, "client_secret": key.text, **more}


async def test_a_program_posts_with_its_key_and_the_event_names_it(
    town: Town, http: httpx.AsyncClient, log: Client
) -> None:
    key = await program(log, "van-thu", "conclusions:write", "tasks:read", "events:read")

    body = conclusion(1, number="1/TB-KEY")
    posted = await http.post(f"{town.urls['intake']}/v1/conclusions", json=body, headers=shown(key.text))

    assert posted.status_code == 201
    events = await http.get(
        f"{town.urls['tasks']}/v1/events",
        params={"after": 0, "limit": 1000, "min_sequence": posted.json()["sequence"]},
        headers=shown(key.text),
    )
    concluded = [each["event"] for each in events.json() if each["subject"].startswith("log.meeting.")]
    assert concluded[-1]["actor"] == "client.van-thu"


async def test_a_program_without_the_scope_is_refused_and_told_who_could(
    town: Town, http: httpx.AsyncClient, log: Client
) -> None:
    key = await program(log, "chi-doc", "tasks:read")

    refused = await http.post(
        f"{town.urls['intake']}/v1/conclusions", json=conclusion(1, number="2/TB-KEY"), headers=shown(key.text)
    )

    assert refused.status_code == 403
    assert refused.json()["code"] == "not-allowed"
    assert "văn phòng" in refused.json()["detail"]


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer klk_abc_def", "Bearer klk_", "Basic YTpi", "Bearer kla_x.y.z", "klk_x", "Bearer ế"],
)
async def test_what_proves_nothing_is_answered_with_401_and_how_to_prove_it(
    town: Town, http: httpx.AsyncClient, header: str
) -> None:
    for service, path in EVERY_SERVICE.items():
        refused = await http.get(town.urls[service] + path, headers={b"Authorization": header.encode()})

        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.json()["code"] == "unidentified"


async def test_a_revoked_key_is_refused_by_every_service_at_once(
    town: Town, http: httpx.AsyncClient, log: Client
) -> None:
    key = await program(log, "lo-khoa")
    access = (await token(http, town, credentials("lo-khoa", key))).json()["access_token"]
    for text in (key.text, access):
        assert await _answers(http, town, text) == dict.fromkeys(EVERY_SERVICE, 200)

    await revoke_key(log, "lo-khoa", key.id, "lộ khoá")

    revoked = time.monotonic()
    for text in (key.text, access):
        while await _answers(http, town, text) != dict.fromkeys(EVERY_SERVICE, 401):
            assert time.monotonic() - revoked < AT_ONCE_SECONDS
            await asyncio.sleep(0.005)
    assert (await token(http, town, credentials("lo-khoa", key))).json() == {"error": "invalid_client"}
    with pytest.raises(Unknown):
        await revoke_key(log, "lo-khoa", key.id, "lần nữa")


async def test_a_closed_program_is_refused_with_all_its_keys_and_gets_no_other(
    town: Town, http: httpx.AsyncClient, log: Client
) -> None:
    first = await program(log, "ngung")
    second = await issue_key(log, "ngung", days=1)

    await close_client(log, "ngung", "ngừng dùng")

    async with asyncio.timeout(AT_ONCE_SECONDS):
        for key in (first, second):
            while await _answers(http, town, key.text) != dict.fromkeys(EVERY_SERVICE, 401):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.005)
    with pytest.raises(Unknown):
        await issue_key(log, "ngung", days=1)


async def test_a_key_becomes_a_token_that_does_what_was_asked_for_and_no_more(
    town: Town, http: httpx.AsyncClient, log: Client
) -> None:
    key = await program(log, "doi-token", "tasks:read", "events:read")

    answer = await token(http, town, credentials("doi-token", key, scope="tasks:read"))

    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, "tasks:read")
    own = shown(body["access_token"])
    assert (await http.get(f"{town.urls['tasks']}/v1/tasks", headers=own)).status_code == 200
    assert (await http.get(f"{town.urls['tasks']}/v1/events", headers=own)).status_code == 403


async def test_credentials_may_come_in_the_header_as_well(town: Town, http: httpx.AsyncClient, log: Client) -> None:
    key = await program(log, "tieu-de")
    basic = base64.b64encode(f"tieu-de:{key.text}".encode()).decode()

    answer = await token(http, town, {"grant_type": "client_credentials"}, Authorization=f"Basic {basic}")

    assert answer.status_code == 200


async def test_errors_of_the_token_endpoint_are_those_of_the_standard(
    town: Town, http: httpx.AsyncClient, log: Client
) -> None:
    key = await program(log, "chuan")
    good = credentials("chuan", key)
    cases: list[tuple[dict[str, str], dict[str, str], int, str]] = [
        ({}, {}, 400, "invalid_request"),
        (good | {"grant_type": "password"}, {}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, {}, 400, "invalid_request"),
        (good, {"Authorization": "Basic YTpi"}, 400, "invalid_request"),
        (good | {"scope": "events:read"}, {}, 400, "invalid_scope"),
        (good | {"client_id": "van-thu"}, {}, 401, "invalid_client"),
        (good | {"client_secret": key.text[:-2]}, {}, 401, "invalid_client"),
    ]
    for form, headers, status, error in cases:
        answer = await token(http, town, form, **headers)
        assert (answer.status_code, answer.json()) == (status, {"error": error})
        assert status != 401 or answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("path", ["/oauth/token", "/signin/open", "/signout"])
async def test_nobody_fills_the_memory_before_they_say_who_they_are(
    town: Town, http: httpx.AsyncClient, path: str
) -> None:
    answer = await http.post(town.urls["tasks"] + path, data={"token": "x" * 100_000})

    assert answer.status_code == 413


async def test_guessing_a_key_has_to_wait(town: Town, http: httpx.AsyncClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "doan-mo", "client_secret": "klk_a_b"}

    answers = [(await token(http, town, form)).status_code for _ in range(12)]

    assert answers == [401] * 10 + [429] * 2


async def test_whoever_guesses_in_the_name_of_a_program_keeps_neither_it_nor_others_waiting(
    town: Town, http: httpx.AsyncClient, log: Client
) -> None:
    key = await program(log, "bi-doan")
    wrong = credentials("bi-doan", key) | {"client_secret": "klk_a_b"}
    while (await token(http, town, wrong)).status_code != 429:
        pass

    same_sender = await token(http, town, credentials("bi-doan", key))
    elsewhere = {"X-Forwarded-For": "203.0.113.20"}

    assert same_sender.status_code == 200
    assert (await token(http, town, credentials("bi-doan", key), **elsewhere)).status_code == 200
    assert (await token(http, town, wrong, **elsewhere)).status_code == 401


async def test_keys_stand_in_no_log_and_in_no_event(town: Town, http: httpx.AsyncClient, log: Client) -> None:
    key = await program(log, "bi-mat", "events:read")
    await token(http, town, credentials("bi-mat", key))
    await http.get(f"{town.urls['tasks']}/v1/tasks", headers=shown(key.text))

    asked = {"limit": 1000, "min_sequence": (await stream_info(log)).state.last_seq}
    events = (await http.get(f"{town.urls['tasks']}/v1/events", params=asked, headers=shown(key.text))).text

    written = "".join(part.output for part in (town.house.intake, town.house.tasks, town.house.notify))
    assert key.digest in events
    assert key.text not in events
    assert key.text not in written


async def _answers(http: httpx.AsyncClient, town: Town, text: str) -> dict[str, int]:
    """The status that each service answers with."""
    answers = await asyncio.gather(
        *(http.get(town.urls[service] + path, headers=shown(text)) for service, path in EVERY_SERVICE.items())
    )
    return dict(zip(EVERY_SERVICE, (answer.status_code for answer in answers), strict=True))
