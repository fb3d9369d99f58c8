"""The pages of being told: the inbox, how one is told, what did not arrive, what is to come, and webhooks."""

import asyncio
import base64
import datetime as dt
import json
import os
import re
from collections.abc import Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.judged import judged
from tests.browser.office import ADMINISTRATOR, CHIEF, LEAD, Office, signed_in, wait_until
from tests.examples import conclusion
from tests.identity import as_person, signed
from tests.integration.notify.receiver import Receiver, receiving

HEAD = "chau"
"""Who leads Văn phòng Sở."""
_PHONE = {"width": 360, "height": 740}
_DESK = {"width": 1280, "height": 800}
_A_SECOND = 1_000
_HEARD_WITHIN_MS = 5 * _A_SECOND


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Another system; what it is sent below /gone it will never take."""
    with receiving() as kept:
        kept.answer = lambda posted: 410 if posted.path.startswith("/gone") else 204
        yield kept


def notice(number: str, unit: str = "Phòng Kế hoạch - Tài chính", **directive: object) -> dict[str, object]:
    """A notice with one directive."""
    text = f"Rà soát, báo cáo theo thông báo {number}."
    return conclusion(0, number=number) | {"directives": [{"text": text, "assignees": [unit]} | directive]}


def entry(page: Page, number: str) -> Locator:
    """What the inbox holds of a notice."""
    return page.locator(".inbox-list > li").filter(has_text=number)


@pytest.mark.parametrize("size", [_DESK, _PHONE], ids=["desk", "phone"])
async def test_somebody_hears_at_once_and_why_and_takes_note(
    browser: Browser, office: Office, size: dict[str, int]
) -> None:
    number = f"8{size['width']}/TB-SKHCN"
    context = await signed_in(browser, office.url, LEAD, viewport=size)
    page = await context.new_page()
    await page.goto("/inbox")
    await asyncio.to_thread(office.post, notice(number))

    told = entry(page, number)
    await expect(told).to_contain_text("Chưa đọc", timeout=_HEARD_WITHIN_MS)
    await expect(told).to_contain_text("Vì: đơn vị chủ trì")
    before = await page.locator("#told").get_attribute("data-unread")
    await expect(page.locator("#unread")).to_have_text(before or "")
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    await told.get_by_role("button", name="Ghi nhận").click()
    await expect(page.locator(".said", has_text="Đã ghi nhận: văn phòng thấy")).to_be_visible()
    await expect(told).to_contain_text("Đã ghi nhận")
    await expect(told).not_to_contain_text("Chưa đọc")
    await expect(page.locator("#told")).to_have_attribute("data-unread", str(int(before or "0") - 1))
    await page.get_by_role("link", name="Chưa đọc").click()
    await expect(page).to_have_url(re.compile(r"unread=true"))
    await expect(entry(page, number)).to_have_count(0)

    await page.goto("/inbox")
    await entry(page, number).get_by_role("link", name="Vì sao tôi nhận tin này?").click()
    await expect(page.get_by_role("main")).to_contain_text("Kết luận mới có nhiệm vụ liên quan")
    await expect(page.get_by_role("row").filter(has_text="Hộp tin")).to_contain_text("đã tới")


async def test_the_keyboard_alone_opens_the_unread_and_marks_them(browser: Browser, office: Office) -> None:
    await asyncio.to_thread(office.post, notice("8401/TB-SKHCN", "Văn phòng Sở"))
    page = await (await signed_in(browser, office.url, HEAD)).new_page()
    await page.goto("/inbox")
    await page.locator(".narrowing a").first.focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"unread=true"))
    newest = entry(page, "8401/TB-SKHCN").get_by_role("button", name="Đã đọc")
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await newest.evaluate("button => button === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.locator(".said", has_text="Đã đánh dấu là đã đọc.")).to_be_visible()
    await expect(entry(page, "8401/TB-SKHCN")).to_have_count(0)


async def test_what_a_filter_shows_is_marked_and_nothing_else(browser: Browser, office: Office) -> None:
    await asyncio.to_thread(office.post, notice("8406/TB-SKHCN", "Văn phòng Sở"))
    page = await (await signed_in(browser, office.url, HEAD, java_script_enabled=False)).new_page()
    await page.goto("/inbox?category=change")
    await expect(page.locator(".lone")).to_contain_text("Không có tin nào ở đây")
    await page.goto("/inbox?category=assignment")
    await page.get_by_role("button", name="Đánh dấu đã đọc các tin trên trang này").click()
    await expect(page).to_have_url(re.compile("category=assignment"))
    await expect(entry(page, "8406/TB-SKHCN")).not_to_contain_text("Chưa đọc")


async def test_a_person_says_how_they_are_told_without_script(browser: Browser, office: Office) -> None:
    page = await (await signed_in(browser, office.url, LEAD, java_script_enabled=False)).new_page()
    await page.goto("/preferences")
    await page.get_by_label("Thay đổi: thư điện tử").select_option("off")
    await page.get_by_label("Giờ yên tĩnh từ").fill("20:00")
    await page.get_by_role("button", name="Lưu cách nhận tin").click()
    await expect(page.get_by_role("alert")).to_contain_text("nêu cả giờ bắt đầu và giờ kết thúc")
    await expect(page.get_by_label("Thay đổi: thư điện tử")).to_have_value("off")

    await page.get_by_label("đến", exact=False).and_(page.locator("#quiet_end")).fill("07:00")
    await page.get_by_role("button", name="Lưu cách nhận tin").click()
    await expect(page.locator(".said")).to_contain_text("Đã lưu.")
    await expect(page.get_by_label("Thay đổi: thư điện tử")).to_have_value("off")
    await expect(page.get_by_label("Giờ yên tĩnh từ")).to_have_value("20:00")

    await page.get_by_role("link", name="Phòng Kế hoạch - Tài chính").click()
    await page.get_by_label("Nhắc hạn: thư điện tử").check()
    await page.get_by_role("button", name="Lưu cho cả đơn vị").click()
    await expect(page.get_by_label("Nhắc hạn: thư điện tử")).to_be_checked()
    await page.goto("/preferences")
    await expect(page.get_by_role("row").filter(has_text="Nhắc hạn")).to_contain_text(
        "Luôn gửi ngay theo quy định của Phòng Kế hoạch - Tài chính"
    )
    await page.locator("#mail").fill("ha..pham@so.example")
    await page.get_by_role("button", name="Lưu địa chỉ thư").click()
    await expect(page.locator("#mail-wrong")).to_contain_text("phải là một địa chỉ thư")
    await expect(page.locator("#mail")).to_have_value("ha..pham@so.example")
    await page.locator("#mail").fill("ha@so.example")
    await page.get_by_role("button", name="Lưu địa chỉ thư").click()
    await expect(page.locator("#mail")).to_have_value("ha@so.example")

    await page.get_by_role("button", name="Tạo địa chỉ lịch").click()
    address = await page.locator(".shown-once code").inner_text()
    assert "/deadlines.ics?key=" in address
    await page.goto("/preferences")
    await expect(page.locator(".shown-once")).to_have_count(0)
    await page.get_by_role("button", name="Thu hồi địa chỉ").click()
    await expect(page.get_by_role("button", name="Tạo địa chỉ lịch")).to_be_visible()


async def test_a_task_is_watched_from_its_page_and_no_more_from_the_preferences(
    browser: Browser, office: Office
) -> None:
    meeting = await asyncio.to_thread(office.post, notice("8402/TB-SKHCN"))
    task = office.get(f"/v1/tasks?meeting={meeting}")[0]["id"]
    page = await (await signed_in(browser, office.url, CHIEF)).new_page()
    await page.goto("/preferences")
    token = await page.locator("input[name=form_token]").first.get_attribute("value")
    form: dict[str, str | float | bool] = {"form_token": token or "", "next": "/preferences"}
    answer = await page.request.post(f"/inbox/watches/{task}", form=form)
    assert answer.url.endswith("/preferences?said=watched")
    await page.goto("/preferences")
    watched = page.locator(".watched > li").filter(has_text="8402/TB-SKHCN")
    await watched.get_by_role("button", name="Thôi theo dõi").click()
    await expect(page.locator(".said")).to_contain_text("thôi theo dõi")
    await expect(watched).to_have_count(0)


async def test_the_office_sees_what_did_not_arrive_and_has_it_sent_again(
    browser: Browser, office: Office, receiver: Receiver
) -> None:
    await pushed_nowhere(office, receiver)
    page = await (await signed_in(browser, office.url, CHIEF, java_script_enabled=False)).new_page()
    await page.goto(f"/deliveries?person={HEAD}&channel=push")
    lost = page.locator(".undelivered > li").first
    await expect(lost).to_contain_text("Lê Minh Châu")
    await expect(lost).to_contain_text("Không còn trình duyệt nào của người này nhận tin đẩy.")
    await expect(lost).to_contain_text("the browser takes nothing any more: 410")
    await lost.get_by_role("button", name=re.compile("Gửi lại cho Lê Minh Châu")).click()
    await expect(page.locator(".said")).to_contain_text("Đang gửi lại.")

    await page.goto("/reminders")
    today = dt.datetime.now(dt.UTC).date()
    await page.get_by_label("Đơn vị chủ trì").select_option("van-phong")
    await page.get_by_label("Đến ngày").fill((today + dt.timedelta(days=30)).isoformat())
    await page.get_by_role("button", name="Xem").click()
    row = page.get_by_role("row").filter(has_text="8403/TB-SKHCN").filter(has_text="Còn 3 ngày làm việc đến hạn")
    await expect(row).to_contain_text("Lê Minh Châu")
    await expect(row).to_contain_text("đơn vị chủ trì")
    await expect(page.locator("svg .day-bar").first).to_be_visible()


async def pushed_nowhere(office: Office, receiver: Receiver) -> None:
    """Has a notice pushed to a browser that takes nothing any more."""
    point = generate_private_key(SECP256R1()).public_key()
    encoded = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {
        name: base64.urlsafe_b64encode(value).decode().rstrip("=")
        for name, value in {"p256dh": encoded, "auth": os.urandom(16)}.items()
    }
    due = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=21)).isoformat()
    async with httpx.AsyncClient(base_url=office.url, headers=as_person(HEAD), trust_env=False) as http:
        subscription = {"endpoint": receiver.url("/gone/browser"), "keys": keys}
        (await http.post(f"/v1/contacts/{HEAD}/push", json=subscription)).raise_for_status()
        held = await http.get(f"/v1/people/{HEAD}/preferences")
        wanted = {"choices": [{"category": "assignment", "channel": "push", "timing": "at_once"}]}
        again = {"If-Match": held.headers["ETag"]}
        (await http.put(f"/v1/people/{HEAD}/preferences", json=wanted, headers=again)).raise_for_status()
    await asyncio.to_thread(office.post, notice("8403/TB-SKHCN", "Văn phòng Sở", deadline={"date": due}))
    await asyncio.to_thread(wait_until, lambda: bool(office.get("/v1/deliveries?state=failed&channel=push")))


async def test_who_is_foretold_is_who_is_told(browser: Browser, office: Office) -> None:
    assignees = ["Phòng Kế hoạch - Tài chính", "Văn phòng Sở", "Tổ công tác chưa rõ"]
    units = ["khtc", "van-phong", None]
    tasks = [{"unit": unit, "phrase": phrase} for unit, phrase in zip(units, assignees, strict=True)]
    async with httpx.AsyncClient(base_url=office.url, headers=signed(), trust_env=False) as http:
        foretold = (await http.post("/v1/told", json={"tasks": tasks})).raise_for_status().json()
        meeting = await asyncio.to_thread(office.post, notice("8405/TB-SKHCN", assignees=assignees))
        told = (await http.get(f"/v1/notifications?meeting={meeting}")).json()
    expected = {each["person"]["id"]: each["reasons"] for each in told}
    assert {each["person_id"]: [one["code"] for one in each["reasons"]] for each in foretold["people"]} == expected
    assert [each["phrase"] for each in foretold["unreached"]] == ["Tổ công tác chưa rõ"]

    page = await (await signed_in(browser, office.url, CHIEF, java_script_enabled=False)).new_page()
    await page.goto("/preferences")
    token = await page.locator("input[name=form_token]").first.get_attribute("value")
    form: dict[str, str | float | bool] = {"form_token": token or "", "tasks": json.dumps(tasks)}
    answer = await page.request.post("/told", form=form)
    assert answer.ok
    words = await answer.text()
    assert "Phạm Thu Hà" in words
    assert "danh bạ chưa có đơn vị này" in words
    refused = await page.request.post("/told", form={**form, "tasks": "[{]"})
    assert refused.status == httpx.codes.UNPROCESSABLE_ENTITY


async def test_an_administrator_connects_another_system(browser: Browser, office: Office, receiver: Receiver) -> None:
    page = await (await signed_in(browser, office.url, ADMINISTRATOR, java_script_enabled=False)).new_page()
    await page.goto("/webhooks")
    await page.get_by_label("Tên, để người quản trị nhận ra").fill("Quản lý văn bản")
    await page.get_by_label("Địa chỉ nhận (https)").fill("ftp://nhan.example.vn/")
    await page.get_by_role("button", name="Đăng ký").click()
    await expect(page.locator("#url-wrong")).to_contain_text("phải là địa chỉ https")
    await expect(page.get_by_label("Tên, để người quản trị nhận ra")).to_have_value("Quản lý văn bản")
    await page.get_by_label("Địa chỉ nhận (https)").fill(receiver.url("/hook"))
    await page.get_by_role("button", name="Đăng ký").click()
    await expect(page.locator(".shown-once code")).to_contain_text("whsec_")
    await page.get_by_role("link", name="Tôi đã chép khoá").click()
    await expect(page.get_by_role("main")).not_to_contain_text("whsec_")
    here = page.url

    await page.get_by_role("button", name="Gửi thử").click()
    await expect(page.locator(".said")).to_contain_text("Điểm nhận trả lời 204")
    await asyncio.to_thread(office.post, notice("8404/TB-SKHCN"))
    await asyncio.to_thread(wait_until, lambda: len(receiver.ids("/hook")) > 2)
    taken = receiver.ids("/hook")[-1]
    await page.goto(here)
    await page.get_by_role("button", name=re.compile("Gửi lại sự kiện")).first.click()
    await expect(page.locator(".said")).to_contain_text("Sự kiện đang được gửi lại.")
    await asyncio.to_thread(wait_until, lambda: receiver.ids("/hook").count(taken) > 1)

    await page.get_by_text("Tắt điểm nhận này").click()
    await page.get_by_label("Lý do").fill("Bảo trì")
    await page.get_by_role("button", name="Tắt", exact=True).click()
    await expect(page.locator(".facts")).to_contain_text("đã tắt: Bảo trì")
    await page.get_by_role("button", name="Bật lại").click()
    await expect(page.locator(".facts")).to_contain_text("đang bật")


async def test_these_pages_stand_in_nobodys_way(browser: Browser, office: Office) -> None:
    async with httpx.AsyncClient(base_url=office.url, headers=as_person(LEAD), trust_env=False) as http:
        told = (await http.get("/v1/inbox?limit=1")).json()[0]["notification_id"]
        http.headers.update(as_person(ADMINISTRATOR))
        (endpoint,) = [each["id"] for each in (await http.get("/v1/webhooks")).json()][:1]
    found = await judged(browser, office, LEAD, [f"/inbox/explain?event={told}", "/preferences/units/khtc"])
    found += await judged(browser, office, ADMINISTRATOR, [f"/webhooks/{endpoint}", "/preferences"])
    assert found == []
