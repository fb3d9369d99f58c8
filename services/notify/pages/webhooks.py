"""Endpoints of other systems: registering, trying, rotating, disabling, and what each took or did not."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.notify.api.source import Cursor
from services.notify.api.webhooks import (
    Disabling,
    Doing,
    Id,
    Manager,
    NewWebhook,
    get_deliveries,
    get_webhook,
    post_disabling,
    post_enabling,
    post_replay,
    post_rotation,
    post_trial,
    post_webhook,
)
from services.notify.webhooks.commands import Webhooks
from services.notify.webhooks.payload import POSTABLE
from services.notify.webhooks.views import DeliveryState, RegisteredWebhook, Trial, list_webhooks
from shared import vocabulary
from shared.identity.guard import requires
from shared.pagination import cursor as cursor_of
from shared.problems import Problem
from shared.web.forms import checked, filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_SHOWN = 50
_LARGEST_FORM = 16 * 1024

router = page_router()


@router.get("/webhooks", dependencies=[requires("manage-webhooks")])
async def show_webhooks(request: Request, doing: Doing) -> HTMLResponse:
    """The endpoints, how they stand, and the form by which one is registered."""
    return await _list(request, doing)


@router.post("/webhooks", max_body_size=_LARGEST_FORM)
async def post_new(request: Request, doing: Doing, caller: Manager) -> HTMLResponse:
    """Registers an endpoint, and shows its secret this once."""
    fields = await filled(request)
    types = fields.get("event_types", [])
    given = {name: fields[name] for name in ("name", "url") if name in fields}
    try:
        new = checked(NewWebhook, given | {"event_types": [types] if isinstance(types, str) else types})
        made = await post_webhook(request, Response(), doing, caller, new)
    except Problem as problem:
        return await _list(request, doing, problem, fields)
    return _secret(request, made)


@router.get("/webhooks/{webhook_id}", dependencies=[requires("manage-webhooks")])
async def show_webhook(
    request: Request,
    doing: Doing,
    webhook_id: Id,
    state: Annotated[DeliveryState | None, Query()] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """One endpoint, and what was posted to it."""
    return await _one(request, doing, webhook_id, state, cursor)


@router.get("/webhooks/{webhook_id}/test", dependencies=[requires("manage-webhooks")])
@router.get("/webhooks/{webhook_id}/rotate", dependencies=[requires("manage-webhooks")])
@router.get("/webhooks/{webhook_id}/disable", dependencies=[requires("manage-webhooks")])
async def show_page_of_the_form(request: Request, webhook_id: Id) -> RedirectResponse:
    """These addresses take forms; whoever opens one is led to the page that has them."""
    return see(request, f"/webhooks/{webhook_id}")


@router.post("/webhooks/{webhook_id}/test", max_body_size=_LARGEST_FORM, dependencies=[requires("manage-webhooks")])
async def post_attempt(request: Request, doing: Doing, webhook_id: Id) -> HTMLResponse:
    """Posts a message that says nothing, and shows what became of it."""
    return await _one(request, doing, webhook_id, trial=await post_trial(doing, webhook_id))


@router.post("/webhooks/{webhook_id}/rotate", max_body_size=_LARGEST_FORM)
async def post_new_secret(request: Request, doing: Doing, caller: Manager, webhook_id: Id) -> HTMLResponse:
    """Gives an endpoint a new secret, and shows it this once."""
    return _secret(request, await post_rotation(request, Response(), doing, caller, webhook_id))


@router.post("/webhooks/{webhook_id}/disable", max_body_size=_LARGEST_FORM, response_model=None)
async def post_off(request: Request, doing: Doing, caller: Manager, webhook_id: Id) -> RedirectResponse | HTMLResponse:
    """Posts nothing more to an endpoint."""
    fields = await filled(request)
    try:
        await post_disabling(
            request, doing, caller, webhook_id, checked(Disabling, {k: v for k, v in fields.items() if k == "reason"})
        )
    except Problem as problem:
        return await _one(request, doing, webhook_id, problem=problem)
    return see(request, f"/webhooks/{webhook_id}", said="disabled")


@router.post("/webhooks/{webhook_id}/enable", max_body_size=_LARGEST_FORM)
async def post_on(request: Request, doing: Doing, caller: Manager, webhook_id: Id) -> RedirectResponse:
    """Posts to an endpoint again."""
    await post_enabling(request, doing, caller, webhook_id)
    return see(request, f"/webhooks/{webhook_id}", said="enabled")


@router.post("/webhooks/{webhook_id}/deliveries/{event_id}/replay", max_body_size=_LARGEST_FORM)
async def post_once_more(
    request: Request, doing: Doing, caller: Manager, webhook_id: Id, event_id: Id
) -> RedirectResponse:
    """Posts an event to an endpoint once more."""
    await post_replay(request, doing, caller, webhook_id, event_id)
    return see(request, f"/webhooks/{webhook_id}", said="replayed")


async def _list(
    request: Request, doing: Webhooks, problem: Problem | None = None, sent: dict[str, Any] | None = None
) -> HTMLResponse:
    sent = sent or {}
    types = sent.get("event_types", [])
    return shown(
        request,
        "webhooks.html",
        problem.status if problem else HTTPStatus.OK,
        webhooks=await list_webhooks(doing.engine, doing.way.sealing),
        types=POSTABLE,
        sent=sent | {"event_types": [types] if isinstance(types, str) else types},
        told=problem.told(language_of(request)) if problem else None,
        vocabulary=vocabulary,
    )


async def _one(
    request: Request,
    doing: Webhooks,
    webhook_id: str,
    state: DeliveryState | None = None,
    cursor: str | None = None,
    *,
    trial: Trial | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    webhook = await get_webhook(doing, webhook_id)
    found = await get_deliveries(request, Response(), doing, webhook_id, state, _SHOWN + 1, cursor)
    listed = found[:_SHOWN]
    return shown(
        request,
        "webhook.html",
        problem.status if problem else HTTPStatus.OK,
        webhook=webhook,
        deliveries=listed,
        state=state,
        cursor=cursor,
        older=cursor_of(listed[-1].sequence) if len(found) > _SHOWN else None,
        trial=trial,
        told=problem.told(language_of(request)) if problem else None,
        vocabulary=vocabulary,
    )


def _secret(request: Request, made: RegisteredWebhook) -> HTMLResponse:
    page = shown(request, "webhook_secret.html", webhook=made)
    page.headers["Cache-Control"] = "no-store"
    return page
