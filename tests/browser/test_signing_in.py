"""Signing in and out, as people with a browser meet it."""

import pytest
from playwright.async_api import Browser, expect

from shared.identity.signin_link import signin_link
from tests.browser.judged import violations
from tests.browser.office import CHIEF, Office
from tests.identity import TOKENS


async def test_a_person_signs_in_by_a_link_and_out_by_a_button(browser: Browser, office: Office) -> None:
    page = await (await browser.new_context(base_url=office.url)).new_page()
    await page.goto("/?cursor=100")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")

    await page.goto(signin_link(TOKENS, office.url, CHIEF))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Ngô Văn Tín")
    await page.get_by_role("button", name="Đăng nhập").click()

    await expect(page).to_have_url(f"{office.url}/queue")
    await page.goto("/meetings")
    await expect(page.get_by_role("banner")).to_contain_text("Ngô Văn Tín")
    await page.get_by_role("button", name="Đăng xuất").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_pages_of_signing_in_stand_in_nobodys_way(browser: Browser, office: Office, theme: str) -> None:
    link = signin_link(TOKENS, office.url, CHIEF).removeprefix(office.url)
    context = await browser.new_context(
        base_url=office.url,
        color_scheme=theme,  # type: ignore[arg-type]
        viewport={"width": 320, "height": 740},
    )
    page = await context.new_page()
    for address in ("/signin", "/signin?said=used&lang=en", "/signin?sent=true", link):
        await page.goto(address)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert await violations(page) == [], address
