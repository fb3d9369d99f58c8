"""A browser that listens to an inbox: it loses nothing when the service goes away and comes back."""

import asyncio
from typing import Any

import httpx
from playwright.async_api import Browser, Page

from tests.browser.office import CHIEF, Office, signed_in
from tests.examples import conclusion
from tests.identity import as_person

_LISTEN = """after => {
window.heard = [];
const source = new EventSource(`/v1/inbox?after=${after}`);
for (const kind of ["message", "marked", "unread"])
  source.addEventListener(kind, event => window.heard.push([kind, event.lastEventId, JSON.parse(event.data)]));
}"""
_PATIENCE_MS = 20_000


async def listening(browser: Browser, office: Office, after: int) -> Page:
    """A tab that keeps what it hears from a place of the log on."""
    page = await (await signed_in(browser, office.notify.url)).new_page()
    await page.goto("/v1/inbox/unread")
    await page.evaluate(_LISTEN, after)
    return page


async def heard(page: Page, kind: str, count: int) -> Any:
    """What the tab heard of a kind, as soon as it is so much."""
    await page.wait_for_function(f"heard.filter(each => each[0] == '{kind}').length >= {count}", timeout=_PATIENCE_MS)
    return [each for each in await page.evaluate("window.heard") if each[0] == kind]


async def test_two_tabs_hear_everything_once_though_the_service_was_away(browser: Browser, office: Office) -> None:
    async with httpx.AsyncClient(base_url=office.notify.url, headers=as_person(CHIEF), timeout=30) as http:
        before = (await http.get("/v1/inbox?limit=1")).json()
        unread = (await http.get("/v1/inbox/unread")).json()["unread"]
        after = before[0]["sequence"] if before else 0
        first, second = await listening(browser, office, after), await listening(browser, office, after)
        await asyncio.to_thread(office.post, conclusion(2, number="live-1/TB"))
        (told,) = await heard(first, "message", 1)
        office.notify.kill()
        office.notify.start()
        await asyncio.to_thread(office.post, conclusion(2, number="live-2/TB"))
        body = {"notification_ids": [told[2]["notification_id"]]}
        # While a service begins anew it may answer that it recorded this and does not show it yet.
        assert (await http.post(f"/v1/inbox/{CHIEF}/read", json=body)).status_code in {200, 202}
        for tab in (first, second):
            messages, (marked, *_) = await heard(tab, "message", 2), await heard(tab, "marked", 1)
            assert [each[2]["meeting"]["number"] for each in messages] == ["live-1/TB", "live-2/TB"]
            assert marked[2]["notification_id"] == told[2]["notification_id"]
            left = f"heard.filter(each => each[0] == 'unread').at(-1)[2].unread == {unread + 1}"
            await tab.wait_for_function(left, timeout=_PATIENCE_MS)
