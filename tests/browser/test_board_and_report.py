"""The board and the report, as a leader and the office use them: from signing in to the directive behind a figure."""

import asyncio
import datetime as dt
from pathlib import Path

import docx
import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from shared.identity.signin_link import signin_link
from tests.browser.judged import judged
from tests.browser.office import CHIEF, LEADER, Office, signed_in
from tests.examples import conclusion
from tests.identity import TOKENS

_NUMBER, _UNIT = "640/TB-SKHCN", "Văn phòng Sở"
_LATE, _UNDATED = "Lập danh mục đề tài quá hạn nghiệm thu.", "Thống kê tài sản của các phòng."


@pytest.fixture
async def meeting(office: Office) -> str:
    """A notice with a directive that is overdue, and one without a deadline."""
    yesterday = dt.date.today() - dt.timedelta(days=3)  # noqa: DTZ011 - late in any zone
    directives = [
        {"text": _LATE, "assignees": [_UNIT], "deadline": {"date": str(yesterday)}},
        {"text": _UNDATED, "assignees": [_UNIT]},
    ]
    return await asyncio.to_thread(office.post, conclusion(number=_NUMBER) | {"directives": directives})


async def _opens_what_is_late(page: Page, meeting: str) -> None:
    """From the board, by meeting, over a figure to the task that it counts."""
    await page.get_by_role("link", name="Theo cuộc họp").click()
    line = page.get_by_role("row").filter(has=page.locator(f"a[href='/meetings/{meeting}']"))
    figure = line.locator("td.overdue a")
    await expect(figure).to_have_text("1")
    await figure.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("quá hạn")
    await page.get_by_role("link", name=_LATE).click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await expect(page.locator("main")).to_contain_text("Lịch sử")


async def test_a_leader_sees_what_is_late_and_takes_the_report_along(
    browser: Browser, office: Office, meeting: str, tmp_path: Path
) -> None:
    page = await (await browser.new_context(base_url=office.url)).new_page()
    await page.goto(signin_link(TOKENS, office.url, LEADER))
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bảng theo dõi")
    await expect(page.locator(".totals .overdue a")).to_be_visible()
    await _opens_what_is_late(page, meeting)
    await page.get_by_role("link", name="Báo cáo", exact=True).first.click()
    await page.get_by_label("Cuộc họp").select_option(label=_NUMBER)
    await page.get_by_role("button", name="Lập báo cáo").click()
    await expect(page.get_by_role("article")).to_contain_text(f"Tình hình thực hiện Thông báo số {_NUMBER}")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Tải tệp Word").click()
    path = tmp_path / "report.docx"
    await (await download.value).save_as(path)
    rows = [[cell.text for cell in row.cells] for table in docx.Document(str(path)).tables for row in table.rows]
    assert any(_LATE in row[1] and row[2] == _UNIT for row in rows if len(row) == 6)


async def test_the_office_does_the_same_on_a_phone_without_script(
    browser: Browser, office: Office, meeting: str
) -> None:
    phone = ViewportSize(width=360, height=740)
    context = await signed_in(browser, office.url, CHIEF, java_script_enabled=False, viewport=phone)
    page = await context.new_page()
    await page.goto("/board")
    await _opens_what_is_late(page, meeting)
    await page.goto("/report")
    await page.get_by_label("Từ ngày").fill("2026-12-31")
    await page.get_by_label("Đến ngày").fill("2026-12-01")
    await page.get_by_text("Cơ quan, nơi ban hành và người ký").click()
    await page.get_by_label("Địa danh").fill("Hải Vân")
    await page.get_by_role("button", name="Lập báo cáo").click()
    await expect(page.get_by_role("alert")).to_contain_text("trước ngày đầu của kỳ")
    await expect(page.get_by_label("Từ ngày")).to_have_value("2026-12-31")
    await page.get_by_label("Từ ngày").fill("2026-11-01")
    await page.get_by_role("button", name="Lập báo cáo").click()
    await expect(page.get_by_role("article")).to_contain_text("Hải Vân, ngày")


async def test_the_keyboard_alone_leads_from_a_total_to_a_directive(
    browser: Browser, office: Office, meeting: str
) -> None:
    page = await (await signed_in(browser, office.url, LEADER)).new_page()
    await page.goto("/board")
    await page.locator("#content").focus()
    await page.keyboard.press("Tab")
    await expect(page.locator(".totals .overdue a")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".criteria a").first).to_be_visible()
    await page.locator("#content").focus()
    for _ in range(3):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_contain_text("Lịch sử")


async def test_nothing_on_the_board_and_the_report_stands_in_the_way_of_anybody(
    browser: Browser, office: Office, meeting: str
) -> None:
    addresses = ["/board", "/board?by=meeting", "/board/tasks?timeliness=overdue", f"/report?meeting={meeting}"]
    assert await judged(browser, office, LEADER, addresses) == []
