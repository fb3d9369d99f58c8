"""One directive: from being told of it to its acceptance, by each who has a part in it."""

import asyncio
import time
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.browser.judged import judged
from tests.browser.office import CHIEF, LEAD, LEADER, STAFF, Office, signed_in
from tests.examples import conclusion

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
WITHIN_SECONDS = 1.0
REPORT: FilePayload = {"name": "Báo cáo <b>1</b>.txt", "mimeType": "text/plain", "buffer": "Đã làm.".encode()}
PROGRAM: FilePayload = {"name": "a.exe", "mimeType": "text/plain", "buffer": b"MZ\x00\x01"}


async def given(office: Office, number: str, **directive: Any) -> str:
    """The path of a task of the finance unit's."""
    order = {"text": "Rà soát dự toán năm 2027.", "assignees": ["Phòng Kế hoạch - Tài chính"], **directive}
    meeting = await asyncio.to_thread(office.post, conclusion(number=number) | {"directives": [order]})
    task = (await asyncio.to_thread(office.get, f"/v1/tasks?meeting={meeting}"))[0]
    return f"/tasks/{task['id']}"


async def opened(browser: Browser, office: Office, person_id: str, path: str, **options: Any) -> Page:
    """A person's browser at a page."""
    page = await (await signed_in(browser, office.url, person_id, **options)).new_page()
    await page.goto(path)
    return page


def said(page: Page) -> Any:
    """What the page says of what was just done."""
    return expect(page.get_by_role("status").filter(has_text="Đã"))


async def unfold(page: Page, name: str) -> None:
    """Opens the form that stands behind this name."""
    await page.locator(".doing summary").get_by_text(name, exact=True).click()


async def press(page: Page, name: str) -> None:
    """Presses the button of this name."""
    await page.locator(".doing").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_directive_is_worked_on_and_accepted_by_forms_alone(
    browser: Browser, office: Office, size: ViewportSize
) -> None:
    plain = {"java_script_enabled": False, "viewport": size}
    path = await given(office, f"task-forms-{size['width']}/TB", deadline={"date": "2027-03-01"})
    staff = await opened(browser, office, STAFF, path, **plain)
    await press(staff, "Tiếp nhận nhiệm vụ")
    await said(staff).to_contain_text("Đã tiếp nhận nhiệm vụ.")

    await staff.get_by_label("Đã làm được (%)").fill("40")
    await staff.get_by_label("Nội dung báo cáo").fill("Đã dự thảo.")
    await staff.locator("#report-progress-attachments").set_input_files([REPORT])
    await press(staff, "Báo cáo tiến độ")
    step = staff.locator(".steps > li").filter(has_text="Báo cáo tiến độ: 40%.")
    await expect(step).to_contain_text("Đã dự thảo.")
    await expect(step.get_by_role("link", name="Báo cáo <b>1</b>.txt")).to_be_visible()
    await expect(step).to_contain_text("Trần Hải Nam")

    await unfold(staff, "Xin gia hạn")
    await staff.locator("#request-extension-until").fill("2027-01-01")
    await staff.locator("#request-extension-reason").fill("Chờ số liệu.")
    await press(staff, "Xin gia hạn")
    await expect(staff.get_by_role("alert")).to_contain_text("Ngày gia hạn phải sau 01/03/2027.")
    await expect(staff.locator("#request-extension-reason")).to_have_value("Chờ số liệu.")
    await staff.locator("#request-extension-until").fill("2027-04-01")
    await press(staff, "Xin gia hạn")
    await said(staff).to_contain_text("Đã gửi đề nghị gia hạn")

    office_desk = await opened(browser, office, CHIEF, path, **plain)
    await expect(office_desk.locator(".awaiting")).to_contain_text("Chờ số liệu.")
    await press(office_desk, "Cho gia hạn")
    await expect(office_desk.locator(".about")).to_contain_text("hạn ban đầu 01/03/2027")

    await staff.goto(path)
    await unfold(staff, "Trình kết quả")
    await staff.get_by_label("Kết quả", exact=True).fill("Đã xong dự toán.")
    await press(staff, "Trình kết quả")
    await said(staff).to_contain_text("Đã trình kết quả; chờ duyệt.")

    leader = await opened(browser, office, LEADER, path, **plain)
    await expect(leader.locator(".awaiting")).to_contain_text("Đã xong dự toán.")
    await press(leader, "Duyệt kết quả")
    await said(leader).to_contain_text("Đã duyệt kết quả; nhiệm vụ hoàn thành.")
    await expect(leader.locator(".state")).to_contain_text("hoàn thành đúng hạn")


async def test_two_people_at_one_task_see_each_others_change_within_a_second(browser: Browser, office: Office) -> None:
    path = await given(office, "task-live/TB")
    lead, chief = await opened(browser, office, LEAD, path), await opened(browser, office, CHIEF, path)
    await expect(chief.locator(".state")).to_contain_text("Chưa thực hiện")
    await asyncio.sleep(0.5)
    await lead.locator("summary", has_text="Báo cáo tiến độ").click()
    await lead.get_by_label("Đã làm được (%)").fill("30")
    began = time.monotonic()
    await press(lead, "Báo cáo tiến độ")
    await expect(chief.locator(".state")).to_contain_text("30%")
    assert time.monotonic() - began < WITHIN_SECONDS
    await chief.locator("#remind-message").fill("Cố gắng sớm hơn.")
    await press(chief, "Đôn đốc đơn vị")
    await expect(lead.locator(".steps")).to_contain_text("Cố gắng sớm hơn.")


async def test_who_is_refused_sees_why_and_keeps_what_they_typed(browser: Browser, office: Office) -> None:
    path = await given(office, "task-late/TB")
    plain = {"java_script_enabled": False}
    staff = await opened(browser, office, STAFF, path, **plain)
    await unfold(staff, "Trình kết quả")
    await staff.get_by_label("Kết quả", exact=True).fill("Đã xong.")
    await staff.locator("#submit-completion-attachments").set_input_files([PROGRAM])
    await press(staff, "Trình kết quả")
    await expect(staff.get_by_role("alert")).to_contain_text("Không nhận loại tệp này")
    await expect(staff.get_by_label("Kết quả", exact=True)).to_have_value("Đã xong.")

    chief = await opened(browser, office, CHIEF, path, **plain)
    await unfold(chief, "Đặt lại hạn")
    await chief.get_by_label("Hạn mới").fill("2027-05-01")
    await chief.locator("#set-deadline-reason").fill("Theo yêu cầu của tỉnh.")
    await press(chief, "Đặt lại hạn")

    await staff.locator("#submit-completion-attachments").set_input_files([REPORT])
    await press(staff, "Trình kết quả")
    refusal = staff.get_by_role("alert")
    await expect(refusal).to_contain_text("Ngô Văn Tín – Đặt hạn")
    await expect(staff.locator(".about")).to_contain_text("01/05/2027")
    await expect(staff.get_by_label("Kết quả", exact=True)).to_have_value("Đã xong.")
    await press(staff, "Trình kết quả")
    await expect(staff.locator(".steps").get_by_role("link", name="Báo cáo <b>1</b>.txt")).to_be_visible()


async def test_the_keyboard_alone_reports_progress(browser: Browser, office: Office) -> None:
    path = await given(office, "task-keys/TB")
    staff = await opened(browser, office, STAFF, path)
    await staff.locator(".doing button").first.focus()
    await staff.keyboard.press("Enter")
    await said(staff).to_contain_text("Đã tiếp nhận nhiệm vụ.")
    await staff.locator("#report-progress-percent").focus()
    await staff.keyboard.type("25")
    for _ in range(3):
        await staff.keyboard.press("Tab")
    await staff.keyboard.press("Enter")
    await expect(staff.locator(".state")).to_contain_text("25%")


async def test_watching_is_asked_for_on_the_page_of_the_task(browser: Browser, office: Office) -> None:
    path = await given(office, "task-watch/TB")
    leader = await opened(browser, office, LEADER, path, java_script_enabled=False)
    await unfold(leader, "Theo dõi nhiệm vụ này")
    await press(leader, "Theo dõi")
    await expect(leader).to_have_url(f"{office.url}{path}?said=watched")
    await expect(leader.get_by_role("status").first).to_contain_text("bắt đầu theo dõi")


async def test_nothing_stands_in_the_way_on_tasks_and_meetings(browser: Browser, office: Office) -> None:
    path = await given(office, "task-judged/TB", recurrence="FREQ=MONTHLY")
    task = office.get(f"/v1{path}")
    assert await judged(browser, office, CHIEF, [path, f"/meetings/{task['meeting']['id']}"]) == []
