"""HTTP: what became of notifications by the channels that leave the house, and sending them again."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from services.notify.api.source import Cursor, Source, decider
from services.notify.delivery.dead_letters import (
    ChannelView,
    DeliveryView,
    NoSuchDelivery,
    NotGivenUp,
    OutsideChannel,
    list_channels,
    list_deliveries,
    resending,
)
from services.notify.inbox import DeliveryState, PersonMention
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.pagination import DEFAULT_LIMIT, LARGEST_LIMIT, link_next, sequence_of
from shared.problems import NotFound, Problem
from shared.vocabulary import DELIVERY

_LARGEST_BODY = 1024

router = APIRouter(prefix="/v1")


class StillUnderWay(Problem):
    """There is nothing to be sent again."""

    status = HTTPStatus.CONFLICT
    code = "not-given-up"
    title = Words("Không cần gửi lại", "There is nothing to be sent again")
    detail = Words(
        "Thông báo này qua kênh này: {state}. Chỉ gửi lại được thông báo không gửi được hoặc bị trả lại. Chưa có gì "
        "thay đổi.",
        "By this channel the notification is: {state}. Only what was not delivered or came back is sent again. "
        "Nothing was changed.",
    )


class Resending(BaseModel):
    """By which channel to send again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"channel": "mail"}]})

    channel: OutsideChannel


class Resent(BaseModel):
    """That it is sent again. `shown` says whether the lists show it already; it is never lost."""

    notification_id: str
    channel: OutsideChannel
    shown: bool


@router.get(
    "/deliveries",
    summary="What became of notifications by mail, chat and push, newest first",
    dependencies=[requires("read-deliveries")],
)
async def get_deliveries(
    request: Request,
    response: Response,
    source: Source,
    state: Annotated[DeliveryState | None, Query(description="only those in this state")] = None,
    channel: Annotated[OutsideChannel | None, Query(description="only by this channel")] = None,
    person: Annotated[str | None, Query(pattern=TOKEN, description="only to this person")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="most entries of a page")] = DEFAULT_LIMIT,
    before: Cursor = None,
) -> list[DeliveryView]:
    """One entry for each notification and channel. What `failed` was given up, what `bounced` came back: the inbox
    holds it all the same, and it can be sent again."""
    found = await list_deliveries(
        source.engine, limit=limit, state=state, channel=channel, person_id=person, before=sequence_of(before)
    )
    if len(found) == limit:
        link_next(request, response, found[-1].place)
    people = source.directory().people
    return [
        each.model_copy(
            update={
                "person": PersonMention(
                    id=each.person.id, name=known.name if (known := people.get(each.person.id)) else None
                )
            }
        )
        for each in found
    ]


@router.get(
    "/deliveries/channels",
    summary="How each channel's provider stands",
    dependencies=[requires("read-deliveries")],
)
async def get_channels(request: Request, source: Source) -> list[ChannelView]:
    """Whether each provider answers, and how much waits for it."""
    return await list_channels(source.engine, request.app.state.channels)


@router.post(
    "/notifications/{notification_id}/resend",
    status_code=HTTPStatus.ACCEPTED,
    max_body_size=_LARGEST_BODY,
    summary="Have a notification sent again by a channel that had given up",
)
async def post_resend(
    request: Request,
    source: Source,
    caller: Annotated[Caller, requires("resend-notifications")],
    notification_id: Annotated[str, Path(pattern=TOKEN)],
    resending_: Resending,
) -> Resent:
    """Sends it again soon, as the same message."""
    try:
        row = await resending(source.engine, notification_id, resending_.channel, decider(request, caller).actor)
    except NoSuchDelivery:
        raise NotFound(what=request.url.path) from None
    except NotGivenUp as refused:
        raise StillUnderWay(state=DELIVERY[refused.state]) from None
    shown = await source.door.keep([row])
    return Resent(notification_id=notification_id, channel=resending_.channel, shown=shown)
