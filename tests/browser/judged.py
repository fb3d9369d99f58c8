"""What every page is judged by: axe in both themes and languages, at a desk and on a phone, and no foreign request."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Literal, NamedTuple

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, ViewportSize

from tests.browser.office import Office, signed_in

_RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]
}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`)))"""
_DESK: ViewportSize = {"width": 1280, "height": 800}
_PHONE: ViewportSize = {"width": 360, "height": 740}


class Look(NamedTuple):
    """How somebody sees a page."""

    language: Literal["vi", "en"]
    theme: Literal["light", "dark"]
    size: ViewportSize


LOOKS = (
    Look("vi", "light", _DESK),
    Look("vi", "dark", _PHONE),
    Look("en", "dark", _DESK),
    Look("en", "light", _PHONE),
)
"""Every pair of language, theme and size."""


async def judged(
    browser: Browser, office: Office, person_id: str, addresses: Sequence[str], looks: Sequence[Look] = LOOKS
) -> list[str]:
    """Everything that stands in somebody's way on these pages, as a person sees them; empty where nothing does.

    `addresses` are paths without `lang`. A page is loaded once in each language, and looked at in each theme and size.
    """
    found: list[str] = []
    context = await signed_in(browser, office.url, person_id)
    page = await context.new_page()
    complaints = _complaints(page, office)
    for address in addresses:
        for language in dict.fromkeys(look.language for look in looks):
            asked = address if language == "vi" else f"{address}{'&' if '?' in address else '?'}lang=en"
            answer = await page.goto(asked)
            if answer is None or answer.status != HTTPStatus.OK:
                found.append(f"{asked}: {answer.status if answer else 'no answer'}")
            for _, theme, size in (look for look in looks if look.language == language):
                await page.emulate_media(color_scheme=theme)
                await page.set_viewport_size(size)
                where = f"{asked} ({theme}, {size['width']} px)"
                if await page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                    found.append(f"{where}: scrolls sideways")
                found += [f"{where}: {each}" for each in await violations(page)]
        found += [f"{address}: {each}" for each in complaints]
        complaints.clear()
    await context.close()
    return found


async def violations(page: Page) -> list[str]:
    """What axe finds on a page: each rule with the elements that break it."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    found: list[str] = await page.evaluate(_RUN)
    return found


def _complaints(page: Page, office: Office) -> list[str]:
    """What the page asks of other hosts, and what its console complains of, as it comes."""
    heard: list[str] = []
    page.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith(office.url) else None)
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
