"""What people notice on the pages: the meetings, a notice's directives, and what happened to each."""

import asyncio
import datetime as dt
import http.client
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from tests import processes
from tests.browser.judged import judged
from tests.browser.office import CHIEF, Office, fill_directory, signed_in, wait_until
from tests.examples import conclusion
from tests.identity import signed

NOTICE = """SỞ KHOA HỌC VÀ CÔNG NGHỆ
Số: 118/TB-SKHCN
Hải Vân, ngày 20 tháng 11 năm 2026

THÔNG BÁO
Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 11 năm 2026

1. Các phòng và đơn vị
- Tự đánh giá kết quả thực hiện nhiệm vụ, gửi Văn phòng Sở tổng hợp trước ngày 05/12/2026.
2. Văn phòng Sở
- Hoàn thiện dự thảo báo cáo tổng kết công tác năm.
3. Ban Chuyển đổi số
- Rà soát các phần mềm đang dùng.
"""
SENTENCE = "Tự đánh giá kết quả thực hiện nhiệm vụ, gửi Văn phòng Sở tổng hợp trước ngày 05/12/2026."
TODAY = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
NARROWEST = 320


@pytest.fixture(scope="module")
def notice(office: Office) -> str:
    """A notice that was posted as text; its meeting's id."""
    return office.post(NOTICE)


@pytest.fixture(scope="module")
def marked_up(office: Office) -> str:
    """A notice whose words look like markup, and one of whose directives is three days late."""
    late = {"date": (TODAY - dt.timedelta(days=3)).isoformat()}
    script = "<script>document.title = 'hỏng'</script>"
    directives = [
        {"text": f"Rà soát {script}", "assignees": ["<b>Tổ công tác</b>"], "deadline": late},
        {"text": "Từ" + "dài" * 60, "assignees": ["Văn phòng Sở"]},
    ]
    words = conclusion(title="Kết luận <img src=x onerror=alert(1)>")
    return office.post(words | {"directives": directives})


@pytest.fixture
async def page(browser: Browser, office: Office) -> AsyncIterator[Page]:
    """A page of an ordinary browser, which must stay with its origin and keep its console clean."""
    context = await signed_in(browser, office.url)
    opened = await context.new_page()
    requested: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda request: requested.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert [url for url in requested if not url.startswith(office.url)] == []
    assert complaints == []


@pytest.fixture(scope="module")
def addresses(office: Office, notice: str, marked_up: str) -> list[str]:
    """One address of each kind of page."""
    task = office.get(f"/v1/tasks?meeting={notice}")[0]
    return ["/meetings", f"/meetings/{notice}", f"/meetings/{marked_up}", f"/tasks/{task['id']}"]


async def test_a_directive_is_found_from_the_list_and_shows_its_history(page: Page, notice: str) -> None:
    await page.goto("/meetings")
    await page.locator(f"a[href='/meetings/{notice}']").click()
    directive = page.locator("#d1")
    await expect(directive).to_contain_text(SENTENCE)
    await expect(directive).to_contain_text("Chưa thực hiện")
    await directive.get_by_role("link", name="Phòng Kế hoạch - Tài chính").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Phòng Kế hoạch - Tài chính")
    await expect(page.locator("blockquote")).to_have_text(SENTENCE)
    await expect(page.get_by_role("main")).to_contain_text("theo lời thông báo “Các phòng và đơn vị”")
    await expect(page.get_by_role("main")).to_contain_text("đọc từ “trước ngày 05/12/2026”")
    steps = page.get_by_role("list", name="Lịch sử").locator(":scope > li")
    await expect(steps).to_have_count(2)
    await expect(steps.nth(0)).to_contain_text("Giao cho Phòng Kế hoạch - Tài chính.")
    await expect(steps.nth(1)).to_contain_text("Thông báo kết luận có hiệu lực, số 118/TB-SKHCN, gồm 3 chỉ đạo.")
    await steps.nth(1).get_by_text("Đã báo 2 người, chưa ai đọc").click()
    told = steps.nth(1).locator(".told > ul > li")
    led = told.filter(has_text="Phạm Thu Hà")
    await expect(led).to_contain_text("đơn vị chủ trì.")
    await expect(led).to_contain_text("Đã tới Phạm Thu Hà qua hộp tin.")
    await expect(told.filter(has_text="Ngô Văn Tín")).to_contain_text("theo dõi chung.")


async def test_every_step_leads_to_its_event_in_the_record(page: Page, office: Office, notice: str) -> None:
    task = office.get(f"/v1/tasks?meeting={notice}")[0]
    await page.goto(f"/tasks/{task['id']}")
    await page.locator(".steps > li").first.get_by_role("link", name="sự kiện gốc").click()
    await expect(page).to_have_url(f"{office.url}/record/events/{task['assigned_sequence']}")


async def test_the_sentence_is_marked_in_the_notice_itself(page: Page, office: Office, notice: str) -> None:
    task = office.get(f"/v1/tasks?meeting={notice}")[0]
    await page.goto(f"/tasks/{task['id']}")
    await page.get_by_text("Xem trong nguyên văn thông báo").click()
    await expect(page.locator("mark")).to_contain_text("Tự đánh giá kết quả thực hiện nhiệm vụ")
    await expect(page.locator(".excerpt")).to_contain_text("1. Các phòng và đơn vị")


async def test_a_unit_that_the_directory_lacks_is_marked(page: Page, notice: str) -> None:
    await page.goto(f"/meetings/{notice}")
    await expect(page.locator("#d3")).to_contain_text("chưa có trong danh bạ")
    await expect(page.locator("#d1")).not_to_contain_text("chưa có trong danh bạ")


async def test_lateness_is_said_in_words_and_counted(page: Page, marked_up: str) -> None:
    await page.goto(f"/meetings/{marked_up}")
    await expect(page.locator("#d1")).to_contain_text("Quá hạn 3 ngày")
    await expect(page.locator("#d2")).to_contain_text("Không có hạn")
    await page.goto("/meetings")
    entry = page.locator(".meetings > li").filter(has=page.locator(f"a[href='/meetings/{marked_up}']"))
    await expect(entry.locator(".overdue")).to_have_text("quá hạn1")


async def test_markup_in_a_notice_is_shown_as_text(page: Page, marked_up: str) -> None:
    await page.goto(f"/meetings/{marked_up}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Kết luận <img src=x onerror=alert(1)>")
    await expect(page.locator("#d1 .notice")).to_contain_text("<script>")
    await expect(page.get_by_role("link", name="<b>Tổ công tác</b>")).to_be_visible()
    assert "hỏng" not in await page.title()


async def test_a_new_notice_appears_while_the_list_is_open(page: Page, office: Office, notice: str) -> None:
    await page.goto("/meetings")
    title = "Kết luận tại cuộc họp đột xuất"
    await expect(page.get_by_role("link", name=title)).to_have_count(0)
    await asyncio.to_thread(office.post, conclusion(1, number="120/TB-SKHCN", title=title))
    await expect(page.get_by_role("link", name=title)).to_be_visible()


async def test_an_empty_list_says_how_to_send_the_first_notice(
    browser: Browser, nats_url: str, tasks_database_url: str
) -> None:
    with processes.tasks(nats_url, tasks_database_url) as empty:
        await fill_directory(nats_url)
        page = await (await signed_in(browser, empty.url)).new_page()
        await page.goto("/meetings")
        await expect(page.get_by_role("heading", level=2)).to_have_text("Chưa có thông báo kết luận nào")
        await expect(page.locator("pre")).to_contain_text(f"{empty.url}/v1/conclusions")


async def test_everything_can_be_read_without_script(browser: Browser, office: Office, notice: str) -> None:
    context = await signed_in(browser, office.url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/meetings")
    await page.locator(f"a[href='/meetings/{notice}']").click()
    await page.locator("#d1 .tasks a").first.click()
    await expect(page.get_by_role("heading", name="Lịch sử")).to_be_visible()


async def test_the_keyboard_alone_leads_to_a_directive(page: Page, notice: str) -> None:
    await page.goto("/meetings")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Tới nội dung chính")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("main").get_by_role("link", name="Gửi thông báo")).to_be_focused()
    await page.keyboard.press("Tab")
    first = page.locator(".meetings a").first
    await expect(first).to_be_focused()
    assert await first.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
    await expect(page.locator(".directives")).not_to_have_count(0)


async def test_english_is_a_switch_that_stays(page: Page, notice: str) -> None:
    await page.goto("/meetings")
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Meetings and conclusions")
    await page.locator(f"a[href^='/meetings/{notice}']").click()
    await expect(page.locator("#d1")).to_contain_text("Not started")
    await page.get_by_role("link", name="Tiếng Việt").click()
    await expect(page.locator("#d1")).to_contain_text("Chưa thực hiện")


async def test_the_narrowest_phone_never_scrolls_sideways(
    browser: Browser, office: Office, addresses: list[str]
) -> None:
    context = await signed_in(browser, office.url, viewport={"width": NARROWEST, "height": 740})
    page = await context.new_page()
    for address in addresses:
        await page.goto(address)
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, address


async def test_nothing_stands_in_the_way_of_anybody(browser: Browser, office: Office, addresses: list[str]) -> None:
    assert await judged(browser, office, CHIEF, addresses) == []


async def test_an_unknown_address_says_so_and_leads_back(browser: Browser, office: Office, notice: str) -> None:
    context = await signed_in(browser, office.url)
    page = await context.new_page()
    answer = await page.goto("/meetings/none")
    assert answer is not None
    assert answer.status == http.HTTPStatus.NOT_FOUND
    await expect(page.get_by_role("heading", level=1)).to_have_text("Không tìm thấy")
    await page.get_by_role("link", name="Về trang đầu").click()
    await expect(page).to_have_url(f"{office.url}/queue")


def test_programs_get_problem_details_even_where_they_ask_for_a_page(office: Office) -> None:
    request = urllib.request.Request(f"{office.url}/v1/meetings/none", headers=signed() | {"Accept": "text/html"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    with refused.value as answer:
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_pages_forbid_what_is_foreign_or_inline_and_files_are_kept_for_ever(office: Office) -> None:
    first = urllib.request.Request(f"{office.url}/meetings", headers=signed())
    with urllib.request.urlopen(first) as answer:
        policy, html = answer.headers["Content-Security-Policy"], answer.read().decode()
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    style = html.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    with urllib.request.urlopen(office.url + style) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    old = "/static/000000000000/" + style.rpartition("/")[2]
    with urllib.request.urlopen(office.url + old) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_long_notice_and_a_long_list_are_paged(page: Page, office: Office) -> None:
    meeting = await asyncio.to_thread(office.post, conclusion(130, number="900/TB-SKHCN"))
    await page.goto(f"/meetings/{meeting}")
    await expect(page.locator(".directives > li")).to_have_count(100)
    await page.get_by_role("link", name="Chỉ đạo sau").click()
    await expect(page.locator(".directives > li")).to_have_count(30)
    await page.locator("#d130 .tasks a").click()
    await page.get_by_role("link", name="chỉ đạo 130", exact=True).click()
    await expect(page.locator("#d130")).to_be_in_viewport()


async def test_a_database_that_is_away_is_said_plainly_and_mends_itself(
    browser: Browser, office: Office, notice: str
) -> None:
    context = await signed_in(browser, office.url)
    page = await context.new_page()
    office.servers.postgres.kill()
    try:
        answer = await page.goto("/meetings")
        assert answer is not None
        assert answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE
        await expect(page.get_by_role("heading", level=1)).to_have_text("Hệ thống tạm thời chưa sẵn sàng")
        await expect(page.get_by_role("main")).to_contain_text("Dữ liệu đã ghi nhận không bị ảnh hưởng.")
    finally:
        await asyncio.to_thread(office.servers.postgres.start)
    await asyncio.to_thread(wait_until, office.tasks.ready)
    await page.get_by_role("link", name="Tải lại trang").click()
    await expect(page.locator(f"a[href='/meetings/{notice}']")).to_be_visible()
