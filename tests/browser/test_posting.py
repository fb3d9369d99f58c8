"""Posting a notice: dropped as a file, gone through beside its own words, corrected, confirmed, and corrected again."""

import re

from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.judged import judged
from tests.browser.office import CHIEF, LEADER, Office, signed_in

_DESK: ViewportSize = {"width": 1280, "height": 800}
_PHONE: ViewportSize = {"width": 360, "height": 740}
_NOTICE = """SỞ KHOA HỌC VÀ CÔNG NGHỆ
Số: {number}
Hải Vân, ngày 20 tháng 11 năm 2026

THÔNG BÁO
Kết luận của Giám đốc Sở tại cuộc họp về {topic}

1. Văn phòng Sở
- Hoàn thiện quy chế {topic}, trình Giám đốc Sở trước ngày 05/12/2026.
2. Tổ liên ngành {topic}
- Rà soát các dự án về {topic}, báo cáo Giám đốc Sở trong tuần tới.

Thống nhất chủ trương thuê dịch vụ về {topic}.
"""


def notice(number: str, topic: str) -> str:
    """A notice with two directives; a unit of the second is in no directory, and its deadline is doubtful."""
    return _NOTICE.format(number=number, topic=topic)


async def opened(
    browser: Browser, office: Office, person_id: str = CHIEF, *, script: bool = True, size: ViewportSize = _DESK
) -> Page:
    """A tab in which somebody is signed in."""
    context = await signed_in(browser, office.url, person_id, java_script_enabled=script, viewport=size)
    return await context.new_page()


async def posted(page: Page, text: str, name: str = "thong-bao.txt") -> str:
    """Posts a text as a file, and gives the path of the page on which its reading is gone through."""
    await page.goto("/conclusions/new")
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    await page.set_input_files("#file", file)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Đọc thông báo").click()
    await page.wait_for_url(re.compile(r"/conclusions/[0-9a-f-]{36}"))
    return page.url.partition("?")[0]


async def test_a_file_is_read_corrected_and_confirmed_and_its_tasks_are_given(browser: Browser, office: Office) -> None:
    page = await opened(browser, office)
    await posted(page, notice("810/TB-SKHCN", "chuyển đổi số"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("chuyển đổi số")
    await expect(page.get_by_role("navigation", name="2 chỗ chưa rõ cần xem")).to_be_visible()
    await expect(page.locator("mark[data-ordinals='2']").first).to_contain_text("Rà soát các dự án")
    told = page.locator("[data-told]")
    await expect(told.get_by_role("row", name=re.compile("Lê Minh Châu"))).to_be_visible()
    await expect(told).to_contain_text("Tổ liên ngành chuyển đổi số")

    await page.locator("mark[data-ordinals='2']").first.click()
    await expect(page.locator("#d2")).to_be_focused()
    await page.locator("#d2-units-0").fill("Phòng Kế hoạch - Tài chính")
    await page.locator("#d2-due").fill("2026-12-18")
    await page.get_by_role("button", name="Kiểm tra lại").click()
    await expect(page.locator("#d2-due")).to_have_value("2026-12-18")
    await expect(told.get_by_role("row", name=re.compile("Phạm Thu Hà"))).to_be_visible()
    assert office.get("/v1/conclusions?state=held")

    await page.get_by_role("button", name="Xác nhận và giao nhiệm vụ").click()
    await expect(page.locator(".said")).to_contain_text("Thông báo đã có hiệu lực")
    await expect(page.locator("#d2")).to_contain_text("Phòng Kế hoạch - Tài chính")
    await expect(page.locator("#d2")).to_contain_text("18/12/2026")


async def test_doubts_are_gone_through_by_keyboard_alone(browser: Browser, office: Office) -> None:
    page = await opened(browser, office)
    await posted(page, notice("811/TB-SKHCN", "dữ liệu mở"))
    await page.keyboard.press("n")
    await expect(page.locator("[data-doubt]").first).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#d2-units-0")).to_be_focused()
    await page.keyboard.type("Văn phòng Sở")
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await expect(page.locator("[data-doubt]").nth(1)).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.locator("#d2-due")).to_be_focused()
    confirm = page.get_by_role("button", name="Xác nhận và giao nhiệm vụ")
    while not await confirm.evaluate("each => each === document.activeElement"):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#d2")).to_contain_text("Văn phòng Sở")


async def test_everything_works_on_a_phone_without_script(browser: Browser, office: Office) -> None:
    page = await opened(browser, office, script=False, size=_PHONE)
    await page.goto("/conclusions/new")
    await page.get_by_role("button", name="Đọc thông báo").click()
    await expect(page.get_by_role("alert")).to_contain_text("Chưa có thông báo nào để đọc")
    address = await posted(page, notice("812/TB-SKHCN", "an toàn thông tin"))

    await page.locator("#d2-units-0").fill("Phòng Không Có")
    await page.get_by_role("button", name="Kiểm tra lại").click()
    await expect(page.get_by_role("alert")).to_contain_text("danh bạ không có đơn vị “Phòng Không Có”")
    await expect(page.locator("#d2-units-0")).to_have_value("Phòng Không Có")
    await page.locator("#d2-units-0").fill("Phòng Kế hoạch - Tài chính")
    await page.get_by_text("đoạn đọc là không giao việc").click()
    await page.get_by_label("Đây là chỉ đạo").first.check()
    await page.locator("[name$='-units'][name^='a']").first.fill("Văn phòng Sở")
    await page.get_by_role("button", name="Xác nhận và giao nhiệm vụ").click()
    await expect(page.locator("#d3")).to_contain_text("Văn phòng Sở")

    await page.goto(address)
    await page.locator("#d1-none").check()
    await page.get_by_role("button", name="Kiểm tra lại").click()
    await expect(page.get_by_role("region", name="Nếu ghi đính chính này")).to_contain_text(
        "huỷ nhiệm vụ của Văn phòng Sở"
    )
    await page.get_by_role("button", name="Ghi đính chính").click()
    await expect(page.get_by_role("alert")).to_contain_text("Lý do")
    await page.locator("#reason").fill("Đọc nhầm một câu dẫn.")
    await page.get_by_role("button", name="Ghi đính chính").click()
    await expect(page.locator(".said")).to_contain_text("Đã ghi đính chính")
    await expect(page.locator("#d1")).to_have_count(0)
    await page.get_by_text("Thu hồi thông báo này").click()
    await page.locator("#revoked-for").fill("Gửi nhầm bản dự thảo.")
    await page.get_by_role("button", name="Thu hồi").click()
    await expect(page.get_by_role("main")).to_contain_text("đã thu hồi")


async def test_what_was_typed_is_kept_when_somebody_else_was_first(browser: Browser, office: Office) -> None:
    page, other = await opened(browser, office), await opened(browser, office)
    address = await posted(page, notice("813/TB-SKHCN", "lưu trữ"))
    await other.goto(address)
    await other.get_by_role("button", name="Xác nhận và giao nhiệm vụ").click()
    await expect(other).to_have_url(re.compile("/meetings/"))
    await page.locator("#d1-due").fill("2026-12-24")
    await page.get_by_role("button", name="Xác nhận và giao nhiệm vụ").click()
    await expect(page.get_by_role("alert")).to_contain_text("Người khác vừa đổi thông báo này")
    await expect(page.get_by_role("alert")).to_contain_text("2026-12-24")
    await expect(page.locator("#d1-due")).to_have_value("2026-12-05")


async def test_the_same_notice_again_is_refused_in_words_and_hostile_words_stay_words(
    browser: Browser, office: Office
) -> None:
    page = await opened(browser, office)
    hostile = notice("814/TB-SKHCN", "<img src=x onerror=alert(1)>")
    address = await posted(page, hostile, "<b>thông báo.txt")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(page.get_by_text("<b>thông báo.txt")).to_be_visible()

    assert await posted(page, hostile) == address
    await expect(page.locator(".said")).to_contain_text("đã được nhận trước đây")
    await page.goto("/conclusions/new")
    for content, words in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, ".docx"),
        (b"%PDF-1.7 x", "PDF"),
        (hostile.replace("814/TB-SKHCN", "").encode(), "gần như trùng"),
    ):
        await page.set_input_files(
            "#file", {"name": "khac.doc", "mimeType": "application/octet-stream", "buffer": content}
        )
        await page.get_by_role("button", name="Đọc thông báo").click()
        await expect(page.get_by_role("alert")).to_contain_text(words)
    await page.get_by_label("Đây là thông báo khác, vẫn nhận").check()
    await page.get_by_role("button", name="Đọc thông báo").click()
    await page.wait_for_url(re.compile(r"/conclusions/[0-9a-f-]{36}"))


async def test_nothing_stands_in_the_way_on_the_pages_of_notices(browser: Browser, office: Office) -> None:
    page = await opened(browser, office)
    held = (await posted(page, notice("815/TB-SKHCN", "truyền thông"))).removeprefix(office.url)
    in_force = f"/conclusions/{office.post(notice('816/TB-SKHCN', 'thống kê'))}"
    addresses = ["/conclusions", "/conclusions?state=revoked", "/conclusions/new", held, in_force]
    assert await judged(browser, office, CHIEF, addresses) == []
    reader = await opened(browser, office, LEADER)
    await reader.goto(held)
    await expect(reader.locator("#d1")).to_contain_text("05/12/2026")
    await expect(reader.get_by_role("main").get_by_role("textbox")).to_have_count(0)
