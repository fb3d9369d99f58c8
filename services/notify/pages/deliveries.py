"""What did not arrive: by which channel, why, what to do about it, and sending it again."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from services.notify.api.deliveries import Resending, get_deliveries, post_resend
from services.notify.api.source import Cursor, Source, decider
from services.notify.delivery.dead_letters import (
    NoSuchDelivery,
    NotGivenUp,
    OutsideChannel,
    list_channels,
    list_deliveries,
    resending,
)
from services.notify.inbox import DeliveryState
from services.notify.pages.advice import advice
from services.notify.parked import list_parked
from shared import vocabulary
from shared.events.fields import TOKEN, Token
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import allowed
from shared.pagination import cursor as cursor_of
from shared.web.forms import checked, filled, see
from shared.web.pages import shown
from shared.web.routing import page_router

_SHOWN = 50
_RESENT_AT_ONCE = 200
_PARKED_SHOWN = 20
_LARGEST_FORM = 8 * 1024

router = page_router()


@dataclass(frozen=True, slots=True)
class Shown:
    """Which deliveries the page shows, as its address says."""

    state: Annotated[DeliveryState, Query()] = "failed"
    channel: Annotated[OutsideChannel | None, Query()] = None
    person: Annotated[str | None, Query(pattern=TOKEN)] = None
    cursor: Cursor = None

    def asked(self, **other: Any) -> dict[str, str]:
        """The parameters of the address, some of them otherwise."""
        now = {"state": self.state, "channel": self.channel, "person": self.person, "cursor": self.cursor} | other
        return {name: str(value) for name, value in now.items() if value}

    @property
    def path(self) -> str:
        """The address."""
        return f"/deliveries?{urlencode(self.asked())}"


Which = Annotated[Shown, Depends()]
Reader = Annotated[Caller, requires("read-deliveries")]
Sender = Annotated[Caller, requires("resend-notifications")]


class Again(BaseModel):
    """Which notification is sent again, by which channel."""

    notification_id: Token
    channel: OutsideChannel


@router.get("/deliveries")
async def show_deliveries(request: Request, source: Source, caller: Reader, which: Which) -> HTMLResponse:
    """What became of notifications by mail, chat and push, how each provider stands, and what was parked."""
    found = await get_deliveries(
        request, Response(), source, which.state, which.channel, which.person, _SHOWN + 1, which.cursor
    )
    listed = found[:_SHOWN]
    return shown(
        request,
        "deliveries.html",
        which=which,
        deliveries=[(each, advice(each)) for each in listed],
        older=cursor_of(listed[-1].place) if len(found) > _SHOWN else None,
        channels=await list_channels(source.engine, request.app.state.channels),
        parked=await list_parked(source.engine, after=0, limit=_PARKED_SHOWN)
        if allowed(caller, "read-parked", "all")
        else [],
        again=allowed(caller, "resend-notifications", "all") and which.state in ("failed", "bounced"),
        vocabulary=vocabulary,
    )


@router.post("/deliveries/resend", max_body_size=_LARGEST_FORM)
async def post_again(request: Request, source: Source, caller: Sender, which: Which) -> RedirectResponse:
    """Has one notification sent again."""
    again = checked(Again, await filled(request))
    await post_resend(request, source, caller, again.notification_id, Resending(channel=again.channel))
    return see(request, which.path, said="resent")


@router.post("/deliveries/resend-all", max_body_size=_LARGEST_FORM)
async def post_all_again(request: Request, source: Source, caller: Sender, which: Which) -> RedirectResponse:
    """Has everything sent again that the page's filter finds, the newest 200 at once."""
    actor, rows = decider(request, caller).actor, []
    for each in await list_deliveries(
        source.engine, limit=_RESENT_AT_ONCE, state=which.state, channel=which.channel, person_id=which.person
    ):
        if each.channel != "inbox":
            with suppress(NoSuchDelivery, NotGivenUp):
                rows.append(await resending(source.engine, each.notification_id, each.channel, actor))
    if rows:
        await source.door.keep(rows)
    return see(request, which.path, said="resent" if rows else "nothing-to-resend")
