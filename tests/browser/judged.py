"""What every page is judged by: axe in both themes and languages, at a desk and on a phone, and no foreign request."""

from collections.abc import Sequence
from http import HTTPStatus
from itertools import product
from typing import Any, Literal

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page

from tests.browser.office import Office, signed_in

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
_DESK, _PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
_THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


async def judged(browser: Browser, office: Office, person_id: str, addresses: Sequence[str]) -> list[str]:
    """Everything that stands in somebody's way on these pages, as a person sees them; empty where nothing does.

    `addresses` are paths without `lang`. At a desk it is light and Vietnamese, then dark and English; on a phone the
    other way round, so that every pair is met.
    """
    found: list[str] = []
    for theme, (language, size) in product(_THEMES, (("vi", _DESK), ("en", _PHONE))):
        width = size["width"] if theme == "light" else (_PHONE if size is _DESK else _DESK)["width"]
        context = await signed_in(
            browser, office.url, person_id, color_scheme=theme, viewport={"width": width, "height": size["height"]}
        )
        page = await context.new_page()
        complaints = _complaints(page, office)
        for address in addresses:
            asked = address if language == "vi" else f"{address}{'&' if '?' in address else '?'}lang=en"
            where = f"{asked} ({theme}, {width} px)"
            answer = await page.goto(asked)
            if answer is None or answer.status != HTTPStatus.OK:
                found.append(f"{where}: {answer.status if answer else 'no answer'}")
            if await page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{where}: scrolls sideways")
            found += [f"{where}: {each}" for each in await violations(page)]
        found += complaints
        await context.close()
    return found


async def violations(page: Page) -> list[str]:
    """What axe finds on a page: each rule with the elements that break it."""
    answer: Any = await Axe().run(page, options=_RULES)
    return [f"{each['id']} {node['html']}" for each in answer.response["violations"] for node in each["nodes"]]


def _complaints(page: Page, office: Office) -> list[str]:
    """What the page asks of other hosts, and what its console complains of, as it comes."""
    heard: list[str] = []
    page.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith(office.url) else None)
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
