"""HTTP: endpoints of other systems, and what was posted to them."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, TypeVar

import structlog
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.notify.api.problems import LOG_AWAY
from services.notify.api.source import Cursor
from services.notify.egress import AddressRefused
from services.notify.webhooks.commands import AddressTaken, Asker, Webhooks
from services.notify.webhooks.payload import POSTABLE
from services.notify.webhooks.views import (
    DeliveryState,
    RegisteredWebhook,
    Trial,
    WebhookDeliveryView,
    WebhookView,
    find_delivery,
    find_row,
    list_deliveries,
    list_webhooks,
)
from shared.events.fields import ONE_LINE, TOKEN, Name, Statement
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.log.faults import LogFault
from shared.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, link_next, sequence_of
from shared.problems import FieldProblem, Invalid, NotFound, Problem, Unavailable

_LARGEST_BODY = 16_384

_ADDRESS_WORDS = {
    "unusable": Words(
        "phải là địa chỉ https, không kèm tên đăng nhập và dấu #, ví dụ https://nhan.example.vn/ketluan",
        "must be an https address without user and fragment, such as https://receiver.example.vn/ketluan",
    ),
    "unencrypted": Words(
        "phải bắt đầu bằng https; http chỉ dùng trong mạng nội bộ khi quản trị cho phép",
        "must begin with https; http serves only inside a private network where the operator allows it",
    ),
    "unknown-host": Words("không tìm thấy máy chủ tên này", "no host of this name is found"),
    "private": Words(
        "là địa chỉ mạng nội bộ; quản trị cho phép bằng KETLUAN_WEBHOOK_ALLOW_PRIVATE",
        "leads into a private network; the operator allows that by KETLUAN_WEBHOOK_ALLOW_PRIVATE",
    ),
}


class AddressIsTaken(Problem):
    """An endpoint with this address is registered. The member `webhook_id` names it."""

    status = HTTPStatus.CONFLICT
    code = "webhook-address-taken"
    title = Words("Địa chỉ này đã được đăng ký", "This address is registered")
    detail = Words(
        "Điểm nhận {webhook_id} đã dùng địa chỉ này. Không có gì thay đổi. Nếu mất khoá, đổi khoá bằng "
        "POST /v1/webhooks/{webhook_id}/rotate.",
        "The endpoint {webhook_id} has this address. Nothing was changed. If its secret was lost, have a new one by "
        "POST /v1/webhooks/{webhook_id}/rotate.",
    )

    def __init__(self, webhook_id: str) -> None:
        super().__init__(extra={"webhook_id": webhook_id}, webhook_id=webhook_id)


def _postable(given: str) -> str:
    if given not in POSTABLE:
        raise PydanticCustomError("literal_error", "must be one of {expected}", {"expected": ", ".join(POSTABLE)})
    return given


EventType = Annotated[str, AfterValidator(_postable), Field(examples=["TaskAssigned", "CompletionSubmitted"])]


class NewWebhook(BaseModel):
    """An endpoint to be registered. Without `event_types` it gets every event of meetings and tasks."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    url: Annotated[str, Field(min_length=8, max_length=2000, pattern=ONE_LINE)]
    event_types: Annotated[tuple[EventType, ...], Field(max_length=len(POSTABLE))] = ()


class Disabling(BaseModel):
    """Why an endpoint shall get nothing more."""

    model_config = ConfigDict(extra="forbid")

    reason: Statement


async def webhooks(request: Request) -> Webhooks:
    """What this application does with endpoints."""
    found: Webhooks = request.app.state.webhooks
    return found


Doing = Annotated[Webhooks, Depends(webhooks)]
Manager = Annotated[Caller, requires("manage-webhooks")]
Id = Annotated[str, Path(pattern=TOKEN)]

T = TypeVar("T")

router = APIRouter(prefix="/v1/webhooks", max_body_size=_LARGEST_BODY)
log = structlog.get_logger()


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    summary="Register an endpoint",
    responses={409: {"description": "The address is registered already"}, 422: {"description": "Not this address"}},
)
async def post_webhook(
    request: Request, response: Response, doing: Doing, caller: Manager, new: NewWebhook
) -> RegisteredWebhook:
    """Events are posted to it from now on, as Standard Webhooks, signed by `v1` and `v1a`. The secret is shown here and
    nowhere else."""
    asked = doing.register(_asker(request, caller), name=new.name, url=new.url, event_types=new.event_types)
    try:
        made = await _recorded(asked)
    except AddressRefused as refused:
        raise Invalid(errors=[FieldProblem("/url", f"url-{refused.code}", _ADDRESS_WORDS[refused.code], {})]) from None
    except AddressTaken as taken:
        raise AddressIsTaken(taken.webhook_id) from None
    response.headers["Location"] = f"/v1/webhooks/{made.id}"
    response.headers["Cache-Control"] = "no-store"
    return made


@router.get("", summary="The endpoints, and how they stand", dependencies=[requires("manage-webhooks")])
async def get_webhooks(doing: Doing) -> list[WebhookView]:
    """All of them, in the order of their registration."""
    return await list_webhooks(doing.engine, doing.way.sealing)


@router.get("/{webhook_id}", summary="One endpoint", dependencies=[requires("manage-webhooks")])
async def get_webhook(doing: Doing, webhook_id: Id) -> WebhookView:
    """How it stands: what waits for it, what failed, by which keys its messages are checked."""
    found = await list_webhooks(doing.engine, doing.way.sealing, webhook_id)
    if not found:
        raise NotFound(what=f"/v1/webhooks/{webhook_id}")
    return found[0]


@router.post("/{webhook_id}/rotate", summary="Give an endpoint a new secret")
async def post_rotation(
    request: Request, response: Response, doing: Doing, caller: Manager, webhook_id: Id
) -> RegisteredWebhook:
    """Shows the new secret this once. For a day the former one signs as well, so that nothing is refused meanwhile."""
    response.headers["Cache-Control"] = "no-store"
    return _there(await _recorded(doing.rotate(_asker(request, caller), webhook_id)), webhook_id)


@router.post("/{webhook_id}/disable", summary="Post nothing more to an endpoint")
async def post_disabling(
    request: Request, doing: Doing, caller: Manager, webhook_id: Id, disabling: Disabling
) -> WebhookView:
    """What waits for it is kept until it is enabled again; what happens meanwhile is not posted to it later."""
    asked = doing.disable(_asker(request, caller), webhook_id, disabling.reason)
    return _there(await _recorded(asked), webhook_id)


@router.post("/{webhook_id}/enable", summary="Post to an endpoint again")
async def post_enabling(request: Request, doing: Doing, caller: Manager, webhook_id: Id) -> WebhookView:
    """First what waited for it, then what happens from now on."""
    return _there(await _recorded(doing.enable(_asker(request, caller), webhook_id)), webhook_id)


@router.post(
    "/{webhook_id}/test", summary="Try whether an endpoint answers", dependencies=[requires("manage-webhooks")]
)
async def post_trial(doing: Doing, webhook_id: Id) -> Trial:
    """Posts a signed message that says nothing (`ketluan.WebhookTrial.v1`), once, and tells what became of it. An
    endpoint that takes it rests no longer: what waits for it is posted at once."""
    return _there(await doing.try_out(webhook_id), webhook_id)


@router.get(
    "/{webhook_id}/deliveries",
    summary="What is or was posted to an endpoint",
    dependencies=[requires("manage-webhooks")],
)
async def get_deliveries(
    request: Request,
    response: Response,
    doing: Doing,
    webhook_id: Id,
    state: DeliveryState | None = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="most entries of a page")] = DEFAULT_LIMIT,
    before: Cursor = None,
) -> list[WebhookDeliveryView]:
    """The newest event first."""
    if await find_row(doing.engine, webhook_id) is None:
        raise NotFound(what=f"/v1/webhooks/{webhook_id}")
    found = await list_deliveries(doing.engine, webhook_id, before=sequence_of(before), limit=limit, state=state)
    if len(found) == limit:
        link_next(request, response, found[-1].sequence)
    return found


@router.post(
    "/{webhook_id}/deliveries/{event_id}/replay",
    status_code=HTTPStatus.ACCEPTED,
    summary="Post an event to an endpoint once more",
)
async def post_replay(
    request: Request, doing: Doing, caller: Manager, webhook_id: Id, event_id: Id
) -> WebhookDeliveryView:
    """Under the same id, with all attempts before it, as soon as the endpoint is enabled and answers."""
    if await find_delivery(doing.engine, webhook_id, event_id) is None:
        raise NotFound(what=f"/v1/webhooks/{webhook_id}/deliveries/{event_id}")
    await _recorded(doing.replay(_asker(request, caller), webhook_id, event_id))
    return _there(await find_delivery(doing.engine, webhook_id, event_id), webhook_id)


def _asker(request: Request, caller: Caller) -> Asker:
    return Asker(caller.actor, request.state.request_id)


def _there(found: T | None, webhook_id: str) -> T:
    if found is None:
        raise NotFound(what=f"/v1/webhooks/{webhook_id}")
    return found


async def _recorded(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except LogFault as fault:
        log.warning("webhook_event_not_recorded", fault=str(fault))
        raise Unavailable(LOG_AWAY) from fault
