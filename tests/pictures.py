"""`make pictures`: the main screens as a new installation shows them, for the README."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, ViewportSize, async_playwright
from rich.console import Console

from shared.identity.signin_link import signin_link
from tests.integration.embedded.installed import ROOT, Installed
from tests.programs import CHROMIUM, installed

FOLDER = ROOT / "docs" / "pictures"
LARGEST_BYTES = 120_000
_DESK: ViewportSize = {"width": 1024, "height": 620}
_PHONE: ViewportSize = {"width": 360, "height": 740}
_CHIEF, _LEAD, _STAFF, _LEADER, _AUDITOR = (
    "pham-thu-ha",
    "vu-ngoc-diep",
    "hoang-anh-khoa",
    "le-minh-chau",
    "ta-hong-nhung",
)
_SETTLED_MILLISECONDS = 600


@dataclass(frozen=True, slots=True)
class Picture:
    """One screen: its file's name, whose it is, and where."""

    name: str
    person_id: str
    address: str
    size: ViewportSize = field(default_factory=lambda: _DESK)


def pictures(house: Installed) -> Sequence[Picture]:
    """The main screens of the sample."""
    latest, former = house.get("/v1/meetings?limit=2")
    asked = next(
        each["id"]
        for each in house.get(f"/v1/tasks?meeting={former['id']}&unit=quan-ly-khoa-hoc")
        if each["directive"]["ordinal"] == 3
    )
    return (
        Picture("queue", _CHIEF, "/queue"),
        Picture("work", _LEAD, "/work"),
        Picture("task", _LEAD, f"/tasks/{asked}"),
        Picture("reading", _CHIEF, f"/conclusions/{latest['id']}"),
        Picture("board", _LEADER, "/board"),
        Picture("record", _AUDITOR, f"/record/tasks/{asked}"),
        Picture("phone", _STAFF, "/work", _PHONE),
    )


async def _taken(browser: Browser, house: Installed, picture: Picture) -> bytes:
    """A screen as somebody sees it who signed in by a link."""
    context = await browser.new_context(viewport=picture.size, base_url=house.url, color_scheme="light", locale="vi-VN")
    page = await context.new_page()
    await page.goto(signin_link(house.tokens, house.url, picture.person_id))
    await page.get_by_role("main").get_by_role("button").click()
    await page.goto(picture.address)
    await page.wait_for_timeout(_SETTLED_MILLISECONDS)
    taken = await page.screenshot()
    await context.close()
    return taken


async def _all(house: Installed, console: Console) -> None:
    chromium = installed(CHROMIUM, "no Chromium on this machine: install the package chromium to take pictures")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--lang=vi-VN"])
        for picture in pictures(house):
            taken = await _taken(browser, house, picture)
            file = FOLDER / f"{picture.name}.png"
            file.write_bytes(taken)
            mark = "" if len(taken) < LARGEST_BYTES else " [red]too large[/]"
            console.print(f"{file.relative_to(ROOT)}  {len(taken) / 1000:.0f} kB{mark}")
        await browser.close()


def main() -> None:
    """Runs the sample in a folder of its own, and takes the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, Installed(Path(folder) / "data") as house:
        asyncio.run(_all(house, Console()))


if __name__ == "__main__":
    main()
