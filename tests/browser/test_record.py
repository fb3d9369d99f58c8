"""What an auditor does with the record: reads it as it grows, goes back in it, has it verified, takes proof away."""

import asyncio
import datetime as dt
import re
import time
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.judged import judged
from tests.browser.office import AUDITOR, CHIEF, LEAD, STAFF, Office, signed_in
from tests.examples import conclusion
from tests.identity import as_person

TODAY = dt.datetime.now(dt.UTC).date()
DUE, LATER = TODAY + dt.timedelta(days=20), TODAY + dt.timedelta(days=40)
UNKNOWN_UNIT = "Ban Lưu trữ lịch sử"
WITHIN_MS = 5_000


def said(day: dt.date) -> str:
    """A day as pages say it."""
    return f"{day:%d/%m/%Y}"


@dataclass(frozen=True)
class Lived:
    """A notice of two directives, for the first of which more time was asked for and granted."""

    meeting: str
    task: str
    granted: int

    @property
    def path(self) -> str:
        """Where the task is looked at in time."""
        return f"/record/tasks/{self.task}"


@pytest.fixture(scope="module")
def lived(office: Office) -> Lived:
    """What the tests look back on."""
    orders = [
        {
            "text": "Rà soát <b>hồ sơ</b> lưu trữ của năm.",
            "assignees": ["Phòng Kế hoạch - Tài chính"],
            "deadline": {"date": str(DUE)},
        },
        {"text": "Sắp xếp kho lưu trữ.", "assignees": [UNKNOWN_UNIT]},
    ]
    meeting = office.post(conclusion(number="record-1/TB") | {"directives": orders})
    tasks = office.get(f"/v1/tasks?meeting={meeting}")
    task = next(each["id"] for each in tasks if each["unit"]["id"] == "khtc")
    office.do(LEAD, task, "acknowledge")
    office.do(STAFF, task, "report-progress", percent=40, note="Đã xong phần kiểm đếm.")
    office.do(LEAD, task, "request-extension", until=str(LATER), reason="Kho đang sửa.")
    office.do(CHIEF, task, "grant-extension", until=str(LATER), note="Đồng ý.")
    steps = office.get(f"/v1/tasks/{task}/steps")
    granted = next(each["event"]["sequence"] for each in steps if "ExtensionGranted" in each["event"]["type"])
    return Lived(meeting, task, granted)


async def opened(browser: Browser, office: Office, person_id: str = AUDITOR, **options: Any) -> Page:
    """A page of somebody's browser, which must keep its console clean."""
    page = await (await signed_in(browser, office.url, person_id, **options)).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def facts(page: Page, name: str) -> Any:
    """A fact of a page by what it is called."""
    return page.locator(".facts div", has=page.locator("dt", has_text=re.compile(f"^{name}$")))


@pytest.mark.parametrize("width", [1280, 360])
async def test_an_auditor_goes_from_an_event_back_through_the_life_of_its_task(
    browser: Browser, office: Office, lived: Lived, width: int
) -> None:
    page = await opened(browser, office, viewport={"width": width, "height": 800})
    await page.goto(f"/record?kind=ExtensionGranted&aggregate=task.{lived.task}")
    await expect(page.locator(".log .sentence")).to_have_text([f"Cho gia hạn: đến {said(LATER)}"])
    await page.click(".log .gutter a")
    await expect(page.locator(".proven").first).to_contain_text("đúng từng byte")
    await expect(page.locator(".chain")).to_contain_text("Giao nhiệm vụ")
    await expect(page.locator("table")).to_contain_text("Phạm Thu Hà")
    await page.click(f"a[href='{lived.path}?as_of={lived.granted}']")
    due = facts(page, "hạn")
    await expect(due).to_contain_text(f"{said(LATER)}vừa đổi, trước đó: {said(DUE)}")
    await page.click("text=Trước >> nth=0")
    await expect(due).to_have_text(f"hạn{said(DUE)}")
    await expect(facts(page, "xin gia hạn tới")).to_contain_text("vừa có")
    await expect(page.locator(".later")).to_have_count(1)


async def test_the_past_is_reached_by_keyboard_alone(browser: Browser, office: Office, lived: Lived) -> None:
    page = await opened(browser, office)
    await page.goto(f"{lived.path}?as_of={lived.granted}")
    await page.focus("#step")
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator("output")).to_contain_text("Xin gia hạn")
    await page.wait_for_url(lambda url: f"as_of={lived.granted}" not in url)
    await expect(page.locator("#step")).to_be_focused()
    await page.keyboard.press("Home")
    await page.wait_for_url(re.compile("as_of="))
    await expect(page.locator("output")).to_contain_text("Kết luận có hiệu lực")


async def test_without_script_every_form_of_the_record_does_its_work(
    browser: Browser, office: Office, lived: Lived
) -> None:
    page = await opened(browser, office, java_script_enabled=False)
    await page.goto(lived.path)
    await page.locator("#step").evaluate("element => element.value = 0")
    await page.click("text=Xem lúc này")
    await expect(page.locator("output")).to_contain_text("Kết luận có hiệu lực")

    await page.goto(f"/record/board?as_of={lived.granted}&from={lived.granted - 4}&unit=khtc")
    await expect(page.locator("#changed ~ ol")).to_contain_text(f"hạn: {said(DUE)} →thành {said(LATER)}")
    await expect(page.locator(".matrix")).to_contain_text(UNKNOWN_UNIT)
    await page.fill("#day", "2999-01-01")
    await page.click("form.bydate button")
    await expect(page.get_by_role("alert")).to_contain_text("lúc ấy chưa tới")

    await page.goto("/record/checkpoints")
    await page.click("text=Ký một điểm kiểm chứng ngay")
    await expect(page.locator(".said")).to_contain_text("Đã ký điểm kiểm chứng mới")
    await expect(page.locator(".proven")).to_have_count(2)
    size = page.url.rpartition("/")[2].partition("?")[0]
    await page.goto(f"/record/consistency?from=3&to={size}")
    await expect(page.locator(".verdict h2")).to_have_text("✓ Đúng: chỉ dài thêm")

    await page.goto("/record/evidence")
    await page.fill("#from", "2000-01-02")
    await page.fill("#to", "2000-01-01")
    await page.click("text=Chuẩn bị")
    await expect(page.get_by_role("alert")).to_contain_text("2000-01-02")
    await page.goto(f"/record/evidence?task={lived.task}")
    async with page.expect_download() as bundle:
        await page.click("text=Tải hồ sơ (ZIP)")
    assert (await bundle.value).suggested_filename == f"ketluan-task-{lived.task}.zip"

    await page.goto("/record/verification")
    await page.click("text=Kiểm chứng toàn bộ ngay")
    until = time.monotonic() + 10
    while await page.locator(".verdict.running").count() and time.monotonic() < until:
        await page.reload()
    await expect(page.locator(".verdict h2")).to_have_text("✓ Sổ ghi nguyên vẹn")


async def test_what_happens_shows_in_the_record_by_itself(browser: Browser, office: Office, lived: Lived) -> None:
    page = await opened(browser, office)
    await page.goto(f"/record?aggregate=task.{lived.task}")
    await expect(page.locator(".log > li").first).to_contain_text("Cho gia hạn")
    await asyncio.to_thread(office.do, CHIEF, lived.task, "comment", text="Kho đã sửa xong.")
    await expect(page.locator(".log > li").first).to_contain_text("Kho đã sửa xong.", timeout=WITHIN_MS)


async def test_a_verification_is_followed_to_its_end(browser: Browser, office: Office, lived: Lived) -> None:
    assert lived
    page = await opened(browser, office)
    await page.goto("/record/verification")
    await page.click("text=Kiểm chứng toàn bộ ngay")
    await expect(page.locator(".verdict.sound")).to_contain_text("giống hệt, từng byte", timeout=WITHIN_MS)


async def test_both_senses_of_then_are_told_apart(browser: Browser, office: Office) -> None:
    meeting = await asyncio.to_thread(office.post, conclusion(1, number="record-2/TB"))
    task = office.get(f"/v1/tasks?meeting={meeting}")[0]
    known = office.get(f"/v1/meetings/{meeting}")["sequence"]
    async with httpx.AsyncClient(base_url=office.intake.url, headers=as_person(CHIEF)) as http:
        before = await http.get(f"/v1/conclusions/{meeting}")
        directive = before.json()["directives"][0]["id"]
        change = {
            "reason": "Đọc nhầm ngày.",
            "directives": [{"id": directive, "deadline": {"date": str(LATER)}}],
        }
        headers = {"If-Match": before.headers["ETag"]}
        answer = await http.post(f"/v1/conclusions/{meeting}/corrections", json=change, headers=headers)
        assert answer.status_code == 200, answer.text
    page = await opened(browser, office)
    await page.goto(f"/record/tasks/{task['id']}?as_of={known}")
    await expect(facts(page, "hạn")).to_contain_text("05/12/2026")
    await expect(page.locator(".then .changes")).to_contain_text(said(LATER))
    await page.click("text=Như nay biết là đúng khi ấy")
    await expect(facts(page, "hạn")).to_contain_text(said(LATER))


async def test_staff_are_told_who_may_read_the_record(browser: Browser, office: Office) -> None:
    page = await opened(browser, office, STAFF)
    answer = await page.goto("/record")
    assert answer is not None
    assert answer.status == 403
    await expect(page.locator("main")).to_contain_text("người kiểm tra")


async def test_the_pages_of_the_record_stand_in_nobodys_way(browser: Browser, office: Office, lived: Lived) -> None:
    async with httpx.AsyncClient(base_url=office.tasks.url, headers=as_person(AUDITOR)) as http:
        checkpoint = (await http.post("/v1/record/checkpoints")).json()["size"]
        verification = (await http.post("/v1/record/verifications")).json()["id"]
    addresses = [
        f"/record?aggregate=task.{lived.task}",
        f"/record/events/{lived.granted}",
        f"{lived.path}?as_of={lived.granted}",
        f"/record/meetings/{lived.meeting}?as_of={lived.granted}",
        f"/record/board?as_of={lived.granted}&from={lived.granted - 4}&unit=khtc",
        "/record/verification",
        f"/record/verifications/{verification}",
        "/record/checkpoints",
        f"/record/checkpoints/{checkpoint}",
        f"/record/consistency?from=3&to={checkpoint}",
        f"/record/evidence?task={lived.task}",
    ]
    assert await judged(browser, office, AUDITOR, addresses) == []
