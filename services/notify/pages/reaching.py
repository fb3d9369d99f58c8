"""Where one is reached: mail, chat, this browser, and the calendar, each by a form on the page of preferences."""

from collections.abc import Awaitable
from contextlib import suppress
from typing import Annotated

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from services.notify.api.contacts import (
    ChatContact,
    Contact,
    PushKeys,
    Subscription,
    delete_chat,
    delete_contact,
    delete_push,
    post_push,
    put_chat,
    put_contact,
)
from services.notify.api.deadlines import delete_deadlines, post_deadlines
from services.notify.api.source import Source
from services.notify.pages.own import Person, own
from services.notify.pages.preferences import preferences_page
from shared.problems import NotFound, Problem
from shared.web.forms import checked, filled, see
from shared.web.routing import page_router

_LARGEST_FORM = 8 * 1024

router = page_router()

Reached = Annotated[Person, own("change-contacts")]
Owner = Annotated[Person, own("change-preferences")]
Answer = RedirectResponse | HTMLResponse


class Endpoint(BaseModel):
    """A browser's subscription, as the page's script fills it in."""

    endpoint: str
    p256dh: str
    auth: str


@router.get("/preferences/mail")
@router.get("/preferences/chat")
@router.get("/preferences/push")
@router.get("/preferences/calendar")
async def show_page_of_the_form(request: Request, owner: Owner) -> RedirectResponse:
    """These addresses take forms; whoever opens one is led to the page that has them."""
    return see(request, "/preferences")


@router.post("/preferences/mail", max_body_size=_LARGEST_FORM, response_model=None)
async def post_mail(request: Request, source: Source, reached: Reached) -> Answer:
    """Keeps the address of one's mail."""
    fields = await filled(request)
    try:
        await put_contact(source, reached.caller, reached.id, checked(Contact, {"mail": fields.get("mail")}))
    except Problem as problem:
        return await preferences_page(request, source, reached, problem, fields)
    return see(request, "/preferences", said="address-saved", fragment="reached")


@router.post("/preferences/chat", max_body_size=_LARGEST_FORM, response_model=None)
async def post_chat(request: Request, source: Source, reached: Reached) -> Answer:
    """Keeps one's id within a chat service."""
    fields = await filled(request)
    given = {name: value for name, value in fields.items() if name in ("service", "to")}
    try:
        await put_chat(source, reached.caller, reached.id, checked(ChatContact, given))
    except Problem as problem:
        return await preferences_page(request, source, reached, problem, fields)
    return see(request, "/preferences", said="address-saved", fragment="reached")


@router.post("/preferences/push", max_body_size=_LARGEST_FORM, response_model=None)
async def post_browser(request: Request, source: Source, reached: Reached) -> Answer:
    """Has this browser show what is pushed."""
    fields = await filled(request)
    try:
        given = checked(Endpoint, fields)
        keys = checked(PushKeys, {"p256dh": given.p256dh, "auth": given.auth})
        await post_push(source, reached.caller, reached.id, Subscription(endpoint=given.endpoint[:500], keys=keys))
    except Problem as problem:
        return await preferences_page(request, source, reached, problem, fields)
    return see(request, "/preferences", said="address-saved", fragment="push")


@router.post("/preferences/chat/forget", max_body_size=_LARGEST_FORM)
async def post_forgotten_chat(request: Request, source: Source, reached: Reached) -> RedirectResponse:
    """Forgets one's id within the chat service."""
    return await _forgotten(request, delete_chat(source, reached.caller, reached.id), "address-forgotten")


@router.post("/preferences/push/forget", max_body_size=_LARGEST_FORM)
async def post_forgotten_browsers(request: Request, source: Source, reached: Reached) -> RedirectResponse:
    """Forgets all of one's browsers."""
    return await _forgotten(request, delete_push(source, reached.caller, reached.id), "browsers-forgotten")


@router.post("/preferences/addresses/forget", max_body_size=_LARGEST_FORM)
async def post_forgotten_addresses(request: Request, source: Source, reached: Reached) -> RedirectResponse:
    """Forgets mail, chat and browsers."""
    return await _forgotten(request, delete_contact(source, reached.caller, reached.id), "address-forgotten")


@router.post("/preferences/calendar", max_body_size=_LARGEST_FORM)
async def post_calendar(request: Request, source: Source, owner: Owner) -> HTMLResponse:
    """Makes a new private address for a calendar program, and shows it this once."""
    feed = await post_deadlines(Response(), source, owner.caller, owner.id)
    return await preferences_page(request, source, owner, feed=feed.address)


@router.post("/preferences/calendar/revoke", max_body_size=_LARGEST_FORM)
async def post_revoked_calendar(request: Request, source: Source, owner: Owner) -> RedirectResponse:
    """The private address shows nothing any more."""
    return await _forgotten(request, delete_deadlines(source, owner.caller, owner.id), "feed-revoked")


async def _forgotten(request: Request, forgetting: Awaitable[None], said: str) -> RedirectResponse:
    """Back on the page. What was forgotten before is forgotten as well."""
    with suppress(NotFound):
        await forgetting
    return see(request, "/preferences", said=said, fragment="reached")
