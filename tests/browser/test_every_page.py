"""Every page of the navigation, to everybody who may open it: whole, light, safe, and in nobody's way."""

import asyncio
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from playwright.async_api import Browser, Dialog, expect

from shared.events.person import Role
from shared.identity.caller import Caller
from shared.web.pages import HEADERS
from shared.web.sections import SECTIONS, open_to
from tests.browser.judged import LOOKS, judged
from tests.browser.office import ADMINISTRATOR, AUDITOR, CHIEF, LEAD, LEADER, STAFF, Office, fill_directory, signed_in
from tests.examples import conclusion
from tests.identity import session_cookie

HOSTILE = '</title></textarea><img src="x" onerror="document.body.remove()"><script>document.body.remove()</script>'
PEOPLE: dict[str, Role] = {
    CHIEF: "office",
    LEAD: "unit_lead",
    STAFF: "staff",
    LEADER: "leader",
    AUDITOR: "auditor",
    ADMINISTRATOR: "administrator",
}
NAMES = {
    "units": [{"id": "xau", "name": f"Phòng {HOSTILE}", "aliases": [f"P. {HOSTILE}"]}],
    "people": [{"id": "xau", "name": f"Lê {HOSTILE}", "unit": "xau", "position": HOSTILE, "roles": ["staff"]}],
}
ANYBODYS = 4
LARGEST_BYTES = 130_000
_FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture(scope="module")
def hostile(office: Office) -> list[str]:
    """The pages of a notice whose every word tries to be markup, given to units and told to people of such names."""
    asyncio.run(fill_directory(office.servers.nats.url, json.dumps(NAMES)))
    directives = [
        {
            "text": f"Rà soát {HOSTILE}",
            "assignees": ["Phòng Kế hoạch - Tài chính", f"Tổ {HOSTILE}", f"Phòng {HOSTILE}"],
        },
        {"text": "Báo cáo", "heading": HOSTILE, "assignees": ["Văn phòng Sở"]},
    ]
    words = conclusion(number="950/TB-SKHCN", title=f"Kết luận {HOSTILE}")
    meeting = office.post(words | {"directives": directives})
    task = next(each["id"] for each in office.get(f"/v1/tasks?meeting={meeting}") if each["unit"]["id"] == "khtc")
    anybodys = [f"/meetings/{meeting}", f"/tasks/{task}", "/search?q=onerror", f"/search?q={quote(HOSTILE)}"]
    records = [f"/record/meetings/{meeting}", f"/record/tasks/{task}", "/directory/people/xau", "/directory/units/xau"]
    return [*anybodys, f"/conclusions/{meeting}", *records]


@pytest.fixture
def asking(office: Office) -> Iterator[httpx.Client]:
    """A browser without script."""
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
    with httpx.Client(base_url=office.url, headers=headers, timeout=20, trust_env=False) as client:
        yield client


def navigation(person_id: str) -> list[str]:
    """The paths that the navigation offers a person."""
    caller = Caller(f"person.{person_id}", person_id, person_id, frozenset({PEOPLE[person_id]}))
    return [part.path for section in open_to(caller) for part in section.parts]


def on_the_wire(asking: httpx.Client, address: str) -> int:
    """The bytes of an answer's body as they travel."""
    with asking.stream("GET", address) as answer:
        return sum(map(len, answer.iter_raw()))


@pytest.mark.parametrize("person_id", PEOPLE)
def test_every_page_of_the_navigation_opens_and_shows_markup_as_text(
    asking: httpx.Client, hostile: list[str], person_id: str
) -> None:
    asking.headers["Cookie"] = session_cookie(person_id)
    for address in [*navigation(person_id), *(hostile if person_id == ADMINISTRATOR else hostile[:ANYBODYS])]:
        answer = asking.get(address)
        assert answer.status_code == httpx.codes.OK, address
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"], address
        assert "set-cookie" not in answer.headers, address
        assert '<img src="x"' not in answer.text, address
        assert "<script>" not in answer.text, address
        assert " style=" not in answer.text, address


def test_the_first_page_of_anybody_is_light(asking: httpx.Client, hostile: list[str]) -> None:
    for person_id in PEOPLE:
        asking.headers["Cookie"] = session_cookie(person_id)
        for address in navigation(person_id):
            files = dict.fromkeys(_FILES.findall(asking.get(address).text))
            whole = on_the_wire(asking, address) + sum(on_the_wire(asking, file) for file in files)
            assert whole < LARGEST_BYTES, f"{address}: {whole}"


async def test_no_page_of_the_navigation_stands_in_anybodys_way(
    browser: Browser, office: Office, hostile: list[str]
) -> None:
    seen = dict.fromkeys(hostile)
    found = await judged(browser, office, ADMINISTRATOR, hostile, LOOKS[:1])
    for place, person_id in enumerate(PEOPLE):
        fresh = [path for path in navigation(person_id) if path not in seen]
        seen |= dict.fromkeys(fresh)
        found += await judged(browser, office, person_id, fresh, [LOOKS[place % len(LOOKS)]])
    assert found == []


async def test_keys_lead_through_lists_and_sections_and_are_told(
    browser: Browser, office: Office, hostile: list[str]
) -> None:
    page = await (await signed_in(browser, office.url)).new_page()
    await page.goto("/meetings")
    await page.keyboard.press("j")
    await expect(page.locator(".register > li").nth(0).get_by_role("link").first).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("k")
    await expect(page.locator("#keys-said")).to_have_text("Đầu danh sách.")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/meetings/.+"))

    await page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Phím tắt")
    await expect(keys).to_contain_text("Chờ xử lý")
    await expect(keys.get_by_text("Hộp tin", exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(keys).to_be_hidden()
    await page.keyboard.press("/")
    await page.keyboard.type("gm/j?")
    await expect(page.get_by_role("searchbox")).to_have_value("gm/j?")
    await page.keyboard.press("Tab")
    await page.keyboard.press("g")
    await page.keyboard.press("m")
    await expect(page).to_have_url(f"{office.url}/meetings")

    await page.get_by_role("button", name="Phím tắt").click()
    await keys.get_by_label("Dùng phím tắt trên máy này").uncheck()
    await keys.get_by_role("button", name="Đóng").click()
    await page.keyboard.press("j")
    await expect(page.locator(".register a").first).not_to_be_focused()


async def test_without_a_connection_nothing_is_sent_and_nothing_typed_is_lost(browser: Browser, office: Office) -> None:
    context = await signed_in(browser, office.url)
    page = await context.new_page()
    await page.goto("/meetings")
    await context.set_offline(True)
    await expect(page.locator("#connection")).to_contain_text("Mất kết nối từ")
    await page.get_by_role("button", name="Đăng xuất").click()
    await expect(page).to_have_url(f"{office.url}/meetings")
    await context.set_offline(False)
    await expect(page.locator("#connection")).to_be_empty()
    await page.get_by_role("button", name="Đăng xuất").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


async def test_a_page_that_hears_of_no_changes_says_since_when(browser: Browser, office: Office) -> None:
    page = await (await signed_in(browser, office.url)).new_page()
    await page.route("**/v1/live*", lambda route: route.abort())
    await page.goto("/meetings")
    await expect(page.locator("#connection")).to_contain_text("trang này chưa nhận được thay đổi mới")


async def test_whoever_leaves_what_they_typed_is_asked_first(browser: Browser, office: Office) -> None:
    page = await (await signed_in(browser, office.url)).new_page()
    asked: list[str] = []

    async def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", accept)
    await page.goto("/conclusions/new")
    await page.get_by_role("navigation", name="Các mục chính").get_by_role("link", name="Cuộc họp").click()
    await expect(page).to_have_url(f"{office.url}/meetings")
    assert asked == []
    await page.goto("/conclusions/new")
    await page.locator("details:has(textarea) > summary").first.click()
    await page.locator("main textarea").first.press_sequentially("THÔNG BÁO")
    await page.get_by_role("navigation", name="Các mục chính").get_by_role("link", name="Cuộc họp").click()
    await expect(page).to_have_url(f"{office.url}/meetings")
    assert asked == ["beforeunload"]


async def test_who_may_not_open_a_page_hears_by_name_who_could_help(browser: Browser, office: Office) -> None:
    page = await (await signed_in(browser, office.url, STAFF)).new_page()
    await page.goto("/conclusions/new")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Không có quyền làm việc này")
    await expect(page.get_by_role("main")).to_contain_text("Ngô Văn Tín")
    await expect(page.get_by_role("main")).to_contain_text("Bùi Anh Quân")
    await page.goto("/no-such-page")
    await expect(page.get_by_role("navigation", name="Các mục chính")).to_be_visible()


def test_every_section_has_a_key_of_its_own() -> None:
    keys = [section.key for section in SECTIONS]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set("gjk")
