"""Administrators at work: the directory and its roles, programs with their keys, and how the services do."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.judged import judged
from tests.browser.office import ADMINISTRATOR, CHIEF, STAFF, Office, signed_in

_SERVICES = ("tasks", "intake", "notify")
PHONE = {"width": 360, "height": 740}


@pytest.fixture
async def page(browser: Browser, office: Office) -> AsyncIterator[Page]:
    """What the administrator looks at."""
    context = await signed_in(browser, office.url, ADMINISTRATOR)
    yield await context.new_page()
    await context.close()


async def test_a_unit_and_its_people_come_into_the_directory_by_forms_without_script(
    browser: Browser, office: Office
) -> None:
    context = await signed_in(browser, office.url, ADMINISTRATOR, viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/directory/units")
    await page.get_by_text("Thêm đơn vị", exact=True).last.click()
    await page.get_by_label("Tên đơn vị").fill("Thanh tra Sở <b>")
    await page.get_by_label("Đơn vị cấp trên").fill("Văn phòng Sở")
    await page.get_by_label("Cách gọi khác").fill("TTr Sở\nVăn phòng Sở")
    await page.get_by_role("button", name="Thêm đơn vị này").click()
    await expect(page.get_by_role("alert")).to_contain_text("“Văn phòng Sở” đã là cách gọi của Văn phòng Sở")
    await expect(page.get_by_label("Tên đơn vị")).to_have_value("Thanh tra Sở <b>")
    await page.get_by_label("Cách gọi khác").fill("TTr Sở")
    await page.get_by_role("button", name="Thêm đơn vị này").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Thanh tra Sở <b>")

    await page.get_by_role("button", name="Bỏ cách gọi: TTr Sở").click()
    await expect(page.locator(".said")).to_have_text("Đã bỏ cách gọi.")
    await expect(page.locator(".steps > li").first).to_contain_text("Bùi Anh Quân")

    await page.goto("/directory/people")
    await page.get_by_text("Thêm người", exact=True).last.click()
    await page.get_by_label("Họ và tên").fill("Vũ Thu An")
    await page.get_by_label("Mã", exact=True).fill("vu-thu-an")
    await page.locator("#unit").fill("thanh-tra-so-b")
    await page.get_by_label("chuyên viên của đơn vị").check()
    await page.get_by_role("button", name="Thêm người này").click()
    await expect(page.locator(".facts")).to_contain_text("Thanh tra Sở <b>")
    await page.goto("/directory/people?q=thu+an&unit=van-phong&role=staff")
    await expect(page.locator(".people > li")).to_have_count(1)
    await context.close()


async def test_of_two_administrators_at_once_the_second_is_told_what_the_first_did(
    browser: Browser, office: Office, page: Page
) -> None:
    other = await (await signed_in(browser, office.url, CHIEF)).new_page()
    for each in (page, other):
        await each.goto("/directory/units/khtc")
    await page.get_by_label("Thêm cách gọi").fill("P. KHTC mới")
    await page.get_by_role("button", name="Thêm cách gọi").click()
    await expect(page.locator(".said")).to_have_text("Đã thêm cách gọi.")

    await other.get_by_label("Thêm vào nhóm").fill("Các phòng chuyên môn")
    await other.get_by_role("button", name="Thêm nhóm").click()
    await expect(other.get_by_role("alert")).to_contain_text("Bùi Anh Quân: Thêm cách gọi đơn vị")
    await expect(other.get_by_label("Thêm vào nhóm")).to_have_value("Các phòng chuyên môn")
    await other.get_by_role("button", name="Thêm nhóm").click()
    await expect(other.get_by_role("button", name="Bỏ nhóm: Các phòng chuyên môn")).to_be_visible()


async def test_roles_hold_at_once_and_the_last_administrator_keeps_theirs(
    browser: Browser, office: Office, page: Page
) -> None:
    await page.goto(f"/directory/people/{ADMINISTRATOR}")
    await page.get_by_role("button", name="Thu hồi vai trò: quản trị hệ thống").click()
    await expect(page.get_by_role("alert")).to_contain_text("Bùi Anh Quân là người quản trị duy nhất.")

    staff = await (await signed_in(browser, office.url, STAFF)).new_page()
    refused = await staff.goto("/directory/units")
    assert refused is not None
    assert refused.status == HTTPStatus.FORBIDDEN
    await page.goto(f"/directory/people/{STAFF}")
    await page.get_by_label("Giao thêm vai trò").select_option("auditor")
    await page.get_by_role("button", name="Giao vai trò").click()
    await expect(page.locator(".steps > li").first).to_contain_text("Giao vai trò: người kiểm tra.")
    await staff.goto("/directory/units")
    await expect(staff.get_by_role("heading", level=1)).to_have_text("Đơn vị")
    await expect(staff.get_by_role("button", name="Bỏ")).to_have_count(0)
    await page.get_by_role("button", name="Thu hồi vai trò: người kiểm tra").click()
    await expect(page.locator(".said")).to_contain_text("Đã thu hồi vai trò")


async def test_a_link_that_is_handed_over_signs_its_person_in_and_is_on_record(
    browser: Browser, office: Office, page: Page
) -> None:
    await page.goto(f"/directory/people/{STAFF}")
    await page.get_by_text("Cấp liên kết đăng nhập").click()
    await page.get_by_role("button", name="Cấp liên kết").click()
    link = await page.get_by_label("Liên kết đăng nhập").input_value()
    await expect(page.locator(".steps > li").first).to_contain_text("Cấp liên kết đăng nhập.")

    stranger = await (await browser.new_context(base_url=office.url)).new_page()
    await stranger.goto(link[link.index("/signin") :])
    await stranger.get_by_role("button", name="Đăng nhập").click()
    await expect(stranger.get_by_role("banner")).to_contain_text("Trần Hải Nam")
    await page.goto(f"/directory/people/{STAFF}")
    assert link not in await page.content()


async def test_a_file_shows_what_it_changes_before_it_does(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "danh-ba.yaml"
    file.write_text("units:\n  - {id: to-mot-cua, name: Tổ Một cửa, parent: van-phong}\n", encoding="utf-8")
    await page.goto("/directory/import")
    await page.get_by_label("Tệp YAML hoặc CSV").set_input_files(file)
    await page.get_by_role("button", name="Xem trước thay đổi").click()
    await expect(page.get_by_role("row", name="to-mot-cua")).to_contain_text("Thêm đơn vị: Tổ Một cửa")
    await page.get_by_role("button", name="Ghi các thay đổi này").click()
    await expect(page.get_by_role("link", name="Tổ Một cửa")).to_be_visible()

    file.write_text("units:\n  - {id: to-mot-cua}\n", encoding="utf-8")
    await page.goto("/directory/import")
    await page.get_by_label("Tệp YAML hoặc CSV").set_input_files(file)
    await page.get_by_role("button", name="Xem trước thay đổi").click()
    await expect(page.get_by_role("row", name="unit to-mot-cua")).to_contain_text("name: thiếu trường này")


async def test_a_program_gets_a_key_by_keyboard_that_is_shown_once_and_revoked_at_once(
    office: Office, page: Page
) -> None:
    await page.goto("/clients")
    await page.get_by_role("link", name="Thêm hệ thống").press("Enter")
    await page.get_by_label("Tên", exact=True).press_sequentially("Hệ thống văn bản")
    await page.keyboard.press("Tab")
    await page.keyboard.type("van-ban-thu")
    await page.get_by_label("xem cuộc họp và nhiệm vụ").press("Space")
    await page.get_by_label("xem cuộc họp và nhiệm vụ").press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hệ thống văn bản")
    await page.get_by_role("button", name="Cấp khoá").press("Enter")
    key = await page.get_by_label("Khoá mới", exact=True).input_value()
    assert reads(office, key) == HTTPStatus.OK
    await page.goto("/clients/van-ban-thu")
    assert key not in await page.content()
    await expect(page.locator(".its-keys")).to_contain_text(f"…{key[-4:]}")

    await page.get_by_text("Thu hồi khoá này").click()
    await page.get_by_label("Lý do, được ghi vào sổ").first.fill("Đổi máy chủ")
    await page.keyboard.press("Enter")
    await expect(page.locator(".said")).to_contain_text("Đã thu hồi khoá")
    await expect(page.locator(".steps > li").first).to_contain_text("Đổi máy chủ")
    assert reads(office, key) == HTTPStatus.UNAUTHORIZED


def reads(office: Office, key: str) -> int:
    """How tasks answers to whoever shows this key."""
    request = urllib.request.Request(f"{office.url}/v1/tasks?limit=1", headers={"Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            status: int = answer.status
    except urllib.error.HTTPError as refused:
        status = refused.code
        refused.close()
    return status


async def test_every_service_says_how_it_does(page: Page, office: Office) -> None:
    # What a service notes of itself may be true for a moment, on a machine that does much else.
    async with asyncio.timeout(30):
        while any([await _notes(page, f"{office.url}/{name}/readyz") for name in _SERVICES]):  # noqa: ASYNC110 - other processes
            await asyncio.sleep(0.5)
    await page.goto("/health")
    await expect(page.get_by_role("heading", level=2)).to_have_text(
        ["Nhiệm vụ: chạy tốt", "Tiếp nhận thông báo: chạy tốt", "Báo tin: chạy tốt"]
    )
    await page.route("**/notify/readyz", lambda route: route.abort())
    await page.reload()
    await expect(page.get_by_role("heading", level=2).last).to_have_text("Báo tin: hỏng")
    await expect(page.get_by_text("Dịch vụ không trả lời.").last).to_be_visible()


async def _notes(page: Page, readyz: str) -> object:
    return (await (await page.request.get(readyz)).json())["notes"]


async def test_the_pages_of_administration_stand_in_nobodys_way(browser: Browser, office: Office) -> None:
    addresses = [
        "/directory/units",
        "/directory/units/khtc",
        "/directory/people?q=ha",
        f"/directory/people/{STAFF}",
        "/directory/import",
        "/clients",
        "/health",
    ]

    assert await judged(browser, office, ADMINISTRATOR, addresses) == []
