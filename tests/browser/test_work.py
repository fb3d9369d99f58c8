"""What staff find to do and take note of, and what the office and leaders decide, from their lists to the effect."""

import asyncio
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.judged import judged
from tests.browser.office import CHIEF, LEAD, LEADER, STAFF, Office, signed_in
from tests.examples import conclusion

TODAY = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
FINANCE = "Phòng Kế hoạch - Tài chính"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


def post(office: Office, number: str, *texts: str, unit: str = FINANCE) -> list[dict[str, Any]]:
    """Tasks for a unit, each late by ten days, from a notice of its own."""
    late = {"date": (TODAY - dt.timedelta(days=10)).isoformat()}
    directives = [{"text": text, "assignees": [unit], "deadline": late} for text in texts]
    meeting = office.post(conclusion(number=number) | {"directives": directives})
    tasks: list[dict[str, Any]] = office.get(f"/v1/tasks?meeting={meeting}")
    return tasks


def line(page: Page, text: str) -> Any:
    """The entry of a list in which a directive stands."""
    return page.locator(".register > li").filter(has_text=text)


@pytest.mark.parametrize(("size", "script"), [(DESK, True), (PHONE, False)])
async def test_staff_take_note_of_new_work_from_their_list(
    browser: Browser, office: Office, size: Any, script: bool
) -> None:
    text = f"Rà soát danh mục thiết bị trên màn {size['width']}."
    [task] = post(office, f"91{size['width']}/TB-SKHCN", text)
    context = await signed_in(browser, office.url, STAFF, viewport=size, java_script_enabled=script)
    page = await context.new_page()
    await page.goto("/work?only=new")
    new = line(page, text)
    await expect(new).to_contain_text("Quá hạn 10 ngày")
    await expect(new).to_contain_text("Chưa thực hiện")
    await new.get_by_role("button", name="Tiếp nhận").click()

    await expect(page.get_by_role("status").filter(has_text="Đã tiếp nhận nhiệm vụ.")).to_be_visible()
    await expect(line(page, text)).to_have_count(0)
    await page.get_by_role("navigation", name="Lọc việc").get_by_role("link", name="Quá hạn").click()
    await expect(line(page, text)).to_be_visible()
    await expect(line(page, text).get_by_role("button")).to_have_count(0)
    assert office.get(f"/v1/tasks/{task['id']}")["acknowledged_at"]
    await context.close()


async def test_what_a_unit_hands_in_is_before_the_office_within_a_second_and_is_decided_there(
    browser: Browser, office: Office
) -> None:
    done, more = post(office, "921/TB-SKHCN", "Lập danh sách đề tài dừng thực hiện.", "Xây dựng định mức chi.")
    until = TODAY + dt.timedelta(days=30)
    context = await signed_in(browser, office.url, CHIEF, viewport=DESK)
    page = await context.new_page()
    async with page.expect_request("**/v1/live**"):
        await page.goto("/queue")
    await asyncio.sleep(0.2)
    await asyncio.to_thread(office.do, STAFF, done["id"], "submit-completion", note="Đã lập, gồm 12 đề tài.")
    result = line(page, "Lập danh sách đề tài dừng thực hiện.")
    await expect(result).to_contain_text("Đã lập, gồm 12 đề tài.", timeout=1_500)
    await expect(result).to_contain_text("Trần Hải Nam")
    await result.locator("summary").click()
    await result.get_by_label("Vì sao chưa đạt").fill("Thiếu căn cứ dừng.")
    await result.get_by_role("button", name="Trả lại cho đơn vị").click()
    await expect(page.get_by_role("status").filter(has_text="Đã trả lại kết quả")).to_be_visible()
    await expect(line(page, "Lập danh sách đề tài dừng thực hiện.")).to_have_count(0)

    office.do(LEAD, more["id"], "request-extension", until=until.isoformat(), reason="Chờ số liệu.")
    await page.goto("/queue?only=extensions")
    request = line(page, "Xây dựng định mức chi.")
    await expect(request).to_contain_text("Chờ số liệu.")
    await request.get_by_role("button", name="Cho gia hạn").click()
    await expect(page.get_by_role("status").filter(has_text="Đã cho gia hạn.")).to_be_visible()
    assert office.get(f"/v1/tasks/{more['id']}")["due"]["date"] == until.isoformat()
    assert office.get(f"/v1/tasks/{done['id']}")["status"] == "in_progress"
    await context.close()


async def test_a_leader_accepts_a_result_without_script_on_a_phone(browser: Browser, office: Office) -> None:
    [task] = post(office, "931/TB-SKHCN", "Báo cáo thu chi quý IV.")
    office.do(STAFF, task["id"], "submit-completion", note="Báo cáo số 45.")
    context = await signed_in(browser, office.url, LEADER, viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/queue?only=results")
    result = line(page, "Báo cáo thu chi quý IV.")
    await result.get_by_label("Ý kiến khi duyệt").fill("Tốt.")
    await result.get_by_role("button", name="Duyệt kết quả").click()
    await expect(page.get_by_role("status").filter(has_text="nhiệm vụ hoàn thành")).to_be_visible()
    assert office.get(f"/v1/tasks/{task['id']}")["status"] == "done"
    await context.close()


async def test_the_office_resolves_a_unit_and_finds_its_work_by_keyboard_alone(
    browser: Browser, office: Office
) -> None:
    words = "Đội phản ứng nhanh số chín"
    [task] = post(office, "941/TB-SKHCN", "Trực đường dây nóng chín số.", unit=words)
    context = await signed_in(browser, office.url, CHIEF, viewport=DESK)
    page = await context.new_page()
    await page.goto("/queue/units")
    await line(page, words).get_by_label("trong danh bạ").focus()
    await page.keyboard.type(FINANCE)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text=f"Đã giao 1 nhiệm vụ cho {FINANCE}.")).to_be_visible()
    await expect(line(page, words)).to_have_count(0)

    await page.keyboard.press("/")
    await page.keyboard.type("truc duong day nong")
    await page.keyboard.press("Enter")
    found = page.get_by_role("link", name="Trực đường dây nóng chín số.")
    await expect(found.locator("mark")).to_have_text("Trực đường dây nóng")
    await found.focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{office.url}/tasks/{task['id']}")
    await expect(page.get_by_role("main")).to_contain_text(FINANCE)
    await context.close()


async def test_nothing_on_these_pages_stands_in_anybodys_way(browser: Browser, office: Office) -> None:
    done, more = post(office, "951/TB-SKHCN", "Tổng hợp số liệu giải ngân.", "Đề xuất điều chuyển vốn.")
    post(office, "952/TB-SKHCN", "Kiểm tra thực địa.", unit="Phòng Kế hoạch và tài vụ")
    office.do(STAFF, done["id"], "submit-completion", note="Đã tổng hợp.")
    office.do(
        LEAD, more["id"], "request-extension", until=(TODAY + dt.timedelta(days=9)).isoformat(), reason="Chờ số liệu."
    )
    pages = ["/queue", "/queue/units", "/search?q=so+lieu"]
    assert await judged(browser, office, CHIEF, pages) == []
    assert await judged(browser, office, LEAD, ["/work"]) == []
