"""A real browser before the real services."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.office import Office
from tests.browser.office import office as working_office
from tests.programs import CHROMIUM, installed

_OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """The services, for all tests of a process: each posts notices of its own numbers, and looks at no other."""
    with working_office() as working:
        yield working


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium."""
    return installed(CHROMIUM, "no Chromium on this machine: install the package chromium to run the browser's tests")


@pytest.fixture
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    """A browser with nothing open."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path, args=_OPTIONS)
        try:
            yield started
        finally:
            await started.close()
