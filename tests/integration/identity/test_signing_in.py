"""Signing in by link, and out again; what an attacker tries with links, cookies and forms."""

import asyncio
import re
from itertools import count
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from nats.aio.client import Client

from shared.directory.file import read_file
from shared.directory.write import write_file
from shared.identity.administration import end_sessions
from shared.identity.signin_link import signin_link
from shared.identity.tokens import Link, Session
from shared.log.stream import stream_info
from tests.identity import TOKENS
from tests.integration.identity.conftest import Town

_numbers = count(1)


def link(town: Town, person_id: str = "chanh-van-phong") -> str:
    """A new link of a person."""
    return signin_link(TOKENS, town.house.tasks.url, person_id)


async def opened(web: httpx.AsyncClient, address: str) -> httpx.Response:
    """What comes of pressing the button behind a link."""
    token = parse_qs(urlsplit(address).query)["token"][0]
    return await web.post("/signin/open", data={"token": token})


async def signed_in(town: Town, web: httpx.AsyncClient, person_id: str = "chanh-van-phong") -> None:
    """Signs somebody in; the client keeps the cookie, as a browser does."""
    answer = await opened(web, link(town, person_id))
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


async def form_token(web: httpx.AsyncClient) -> str:
    """The token of the forms on the pages."""
    found = re.search(r'name="form_token" value="([^"]+)"', (await web.get("/meetings")).text)
    assert found
    return found[1]


async def is_signed_in(web: httpx.AsyncClient) -> bool:
    """Whether the browser sees the pages."""
    return (await web.get("/meetings")).status_code == 200


async def test_a_stranger_is_led_to_sign_in_and_from_there_to_where_they_wanted_to_go(web: httpx.AsyncClient) -> None:
    asked = await web.get("/meetings/abc?after=100")

    assert asked.status_code == 303
    assert asked.headers["Location"] == "/signin?next=%2Fmeetings%2Fabc%3Fafter%3D100"
    page = await web.get(asked.headers["Location"])
    assert "Đăng nhập" in page.text
    assert 'value="/meetings/abc?after=100"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


async def test_opening_a_link_signs_nobody_in_until_the_button_is_pressed(town: Town, web: httpx.AsyncClient) -> None:
    address = link(town)

    for _ in range(2):
        page = await web.get(address)
        assert page.status_code == 200
        assert "Phạm Thu Hà" in page.text
        assert "set-cookie" not in page.headers
    assert not await is_signed_in(web)
    answer = await opened(web, address)
    assert answer.status_code == 303
    assert await is_signed_in(web)
    assert "Phạm Thu Hà" in (await web.get("/meetings")).text


async def test_a_link_is_used_up_by_the_first_of_many_at_once(town: Town) -> None:
    address = link(town)

    headers = {"X-Forwarded-For": "203.0.113.8"}
    async with httpx.AsyncClient(base_url=town.house.tasks.url, headers=headers) as web:
        answers = await asyncio.gather(*(opened(web, address) for _ in range(8)))

    places = sorted(answer.headers["Location"] for answer in answers)
    assert places == ["/", *["/signin?said=used"] * 7]
    assert sum("set-cookie" in answer.headers for answer in answers) == 1


async def test_a_used_link_says_so_when_it_is_opened_again(town: Town, web: httpx.AsyncClient) -> None:
    address = link(town)
    await opened(web, address)
    web.cookies.clear()

    again = await web.get(address, follow_redirects=True)

    assert "đã được dùng một lần rồi" in again.text


@pytest.mark.parametrize("token", ["", "kll_x", TOKENS.give(Session(person_id="quan-tri", signin_id="x", sequence=1))])
async def test_what_is_no_link_signs_nobody_in(web: httpx.AsyncClient, token: str) -> None:
    answer = await web.post("/signin/open", data={"token": token})

    assert answer.headers["Location"] == "/signin?said=unusable"
    assert "set-cookie" not in answer.headers


async def test_a_link_of_somebody_whom_nobody_knows_signs_nobody_in(town: Town, web: httpx.AsyncClient) -> None:
    answer = await opened(web, link(town, "nobody"))

    assert answer.headers["Location"] == "/signin?said=unknown-person"


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_signing_in_leads_to_no_other_site(town: Town, web: httpx.AsyncClient, page: str) -> None:
    token = TOKENS.give(Link(person_id="nhan-vien", nonce=f"open-{next(_numbers)}", page=page))

    answer = await web.post("/signin/open", data={"token": token})

    assert answer.headers["Location"] == "/"
    assert (await web.get("/signin", params={"next": page})).headers["Location"] == "/"


async def test_the_cookie_is_for_the_browser_alone(town: Town, web: httpx.AsyncClient) -> None:
    cookie = (await opened(web, link(town))).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=43200" in cookie


@pytest.mark.parametrize("value", ["", "kls_forged.x.y", "null"])
async def test_a_forged_cookie_is_worth_nothing(web: httpx.AsyncClient, value: str) -> None:
    web.cookies.set("ketluan", value)

    assert not await is_signed_in(web)


async def test_a_session_that_was_planted_is_not_taken_over_by_signing_in(town: Town, web: httpx.AsyncClient) -> None:
    await signed_in(town, web, "nhan-vien")
    planted = web.cookies["ketluan"]

    await signed_in(town, web, "chanh-van-phong")

    assert web.cookies["ketluan"] != planted
    async with httpx.AsyncClient(base_url=town.house.tasks.url, cookies={"ketluan": planted}) as attacker:
        assert "Phạm Thu Hà" not in (await attacker.get("/meetings", headers={"Accept": "text/html"})).text


async def test_a_change_with_a_session_needs_the_token_of_its_own_page(town: Town, web: httpx.AsyncClient) -> None:
    await signed_in(town, web)
    own = await form_token(web)
    async with httpx.AsyncClient(base_url=town.house.tasks.url, headers={"Accept": "text/html"}) as another:
        await signed_in(town, another, "nhan-vien")
        foreign = await form_token(another)

    for data in ({}, {"form_token": "klf_x"}, {"form_token": foreign}, {"form_token": web.cookies["ketluan"]}):
        refused = await web.post("/signout", data=data, headers={"Accept": "application/json"})
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign-form")
    assert await is_signed_in(web)
    assert (await web.post("/signout", data={"form_token": own})).headers["Location"] == "/signin"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[oops"},
    ],
)
async def test_a_page_of_another_site_changes_nothing(
    town: Town, web: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await signed_in(town, web)
    own = await form_token(web)

    refused = await web.post("/signout", data={"form_token": own}, headers=headers | {"Accept": "application/json"})

    assert (refused.status_code, refused.json()["code"]) == (403, "foreign-page")
    assert await is_signed_in(web)


async def test_signing_out_ends_the_session_in_every_service_also_where_its_cookie_was_copied(
    town: Town, web: httpx.AsyncClient
) -> None:
    await signed_in(town, web)
    copied = {"Authorization": f"Bearer {web.cookies['ketluan']}"}
    async with httpx.AsyncClient(headers=copied) as elsewhere:
        assert (await elsewhere.get(f"{town.urls['notify']}/v1/inbox")).status_code == 200

        out = await web.post("/signout", data={"form_token": await form_token(web)})

        assert "ketluan" not in web.cookies
        assert out.headers["Clear-Site-Data"] == '"cache"', "whoever goes back in this browser sees nothing"
        await _refused_everywhere(town, elsewhere)


async def test_ending_somebodys_sessions_leaves_those_of_others_and_later_ones(
    town: Town, web: httpx.AsyncClient, log: Client
) -> None:
    await signed_in(town, web, "giam-doc")
    async with httpx.AsyncClient(base_url=town.house.tasks.url, headers={"Accept": "text/html"}) as another:
        await signed_in(town, another, "kiem-tra")

        await end_sessions(log, "giam-doc")

        await _until_signed_out(web)
        assert await is_signed_in(another)
    await signed_in(town, web, "giam-doc")
    assert await is_signed_in(web)


async def test_whoever_leaves_is_signed_out_and_cannot_come_back(
    town: Town, web: httpx.AsyncClient, log: Client
) -> None:
    joined = "people: [{id: tam, name: Đỗ Tạm, unit: ke-hoach-tai-chinh, roles: [staff]}]"
    await write_file(log, read_file(joined.encode(), "d.yaml"), "service.directory")
    await signed_in(town, web, "tam")
    left = "people: [{id: tam, name: Đỗ Tạm, left: true}]"

    await write_file(log, read_file(left.encode(), "d.yaml"), "service.directory")

    await _until_signed_out(web)
    assert (await opened(web, link(town, "tam"))).headers["Location"] == "/signin?said=unknown-person"


async def test_somebody_without_a_role_is_told_whom_to_ask(town: Town, web: httpx.AsyncClient) -> None:
    await signed_in(town, web, "chua-co-vai-tro")

    page = await web.get("/")

    assert page.status_code == 403
    assert "Lý Bích Ngọc không có quyền xem cuộc họp" in page.text
    assert "đề nghị quản trị hệ thống" in page.text


async def test_trying_links_over_and_over_has_to_wait(town: Town) -> None:
    async with httpx.AsyncClient(base_url=town.house.tasks.url) as web:
        headers = {"X-Forwarded-For": "203.0.113.9"}
        answers = [await web.post("/signin/open", data={"token": "kll_x"}, headers=headers) for _ in range(25)]

    assert answers[0].status_code == 303
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


async def test_neither_links_nor_sessions_stand_in_logs_or_events(
    town: Town, web: httpx.AsyncClient, log: Client
) -> None:
    address = link(town)
    await opened(web, address)
    secrets = [parse_qs(urlsplit(address).query)["token"][0], web.cookies["ketluan"]]

    written = "".join(part.output for part in (town.house.intake, town.house.tasks, town.house.notify))
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {web.cookies['ketluan']}"}, timeout=20) as reader:
        asked = {"limit": 1000, "min_sequence": (await stream_info(log)).state.last_seq}
        events = (await reader.get(f"{town.house.tasks.url}/v1/events", params=asked)).text

    assert "ketluan.SignedIn.v1" in events
    for secret in secrets:
        assert secret not in written
        assert secret not in events


async def _until_signed_out(web: httpx.AsyncClient) -> None:
    async with asyncio.timeout(5):
        while await is_signed_in(web):  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.01)


async def _refused_everywhere(town: Town, client: httpx.AsyncClient) -> None:
    paths = {"intake": "/intake/openapi.json", "tasks": "/v1/tasks", "notify": "/v1/inbox"}
    async with asyncio.timeout(5):
        for service, url in town.urls.items():
            while (await client.get(url + paths[service])).status_code != 401:  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.01)
