"""The inbox: what one was told, why, and what one says of having read it."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.notify.api.inbox import Marking, post_acknowledge, post_read
from services.notify.api.source import Cursor, Source
from services.notify.inbox import list_inbox
from services.notify.pages.entries import entry
from services.notify.pages.own import Person, own
from services.notify.unread import count_unread_by_category
from shared import vocabulary
from shared.events.preferences import Category
from shared.identity.guard import open_to_all
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.web.assets import ASSETS
from shared.web.forms import checked, filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_SHOWN = 20
_LARGEST_FORM = 16 * 1024

router = page_router()

Owner = Annotated[Person, own("mark-notifications")]


@dataclass(frozen=True, slots=True)
class Shown:
    """Which notifications the page shows, as its address says."""

    unread: Annotated[bool, Query()] = False
    category: Annotated[Category | None, Query()] = None
    cursor: Cursor = None

    def asked(self, **other: Any) -> dict[str, str]:
        """The parameters of the address, some of them otherwise."""
        now = {"unread": self.unread, "category": self.category, "cursor": self.cursor} | other
        return {name: "true" if value is True else str(value) for name, value in now.items() if value}

    @property
    def path(self) -> str:
        """The address."""
        asked = self.asked()
        return f"/inbox?{urlencode(asked)}" if asked else "/inbox"


Which = Annotated[Shown, Depends()]


@router.get("/inbox")
async def show_inbox(request: Request, source: Source, owner: Owner, which: Which) -> HTMLResponse:
    """One's notifications, the newest first."""
    position = source.live.position()
    items = await list_inbox(
        source.engine,
        owner.id,
        limit=_SHOWN + 1,
        before=sequence_of(which.cursor),
        unread=which.unread,
        category=which.category,
    )
    counts = await count_unread_by_category(source.engine, owner.id)
    listed = items[:_SHOWN]
    return shown(
        request,
        "inbox.html",
        entries=[entry(each, language_of(request)) for each in listed],
        which=which,
        counts=counts,
        unread=sum(counts.values()),
        up_to=listed[0].sequence if listed else None,
        older=cursor_of(listed[-1].sequence) if len(items) > _SHOWN else None,
        position=position,
        vocabulary=vocabulary,
    )


@router.post("/inbox/read", max_body_size=_LARGEST_FORM)
async def post_as_read(request: Request, source: Source, owner: Owner, which: Which) -> RedirectResponse:
    """Notes that one notification, or all up to a sequence, were read, and leads back."""
    await post_read(request, Response(), source, owner.caller, owner.id, await _marking(request))
    return see(request, which.path, said="read")


@router.post("/inbox/acknowledge", max_body_size=_LARGEST_FORM)
async def post_as_noted(request: Request, source: Source, owner: Owner, which: Which) -> RedirectResponse:
    """Notes that one has taken note of one notification, or of all up to a sequence, and leads back."""
    await post_acknowledge(request, Response(), source, owner.caller, owner.id, await _marking(request))
    return see(request, which.path, said="noted")


async def _marking(request: Request) -> Marking:
    fields = await filled(request)
    if named := fields.pop("id", None):
        fields["notification_ids"] = [named] if isinstance(named, str) else named
    return checked(Marking, fields)


@router.get("/inbox/worker.js", dependencies=[open_to_all("a script, the same for everybody")])
async def get_worker() -> Response:
    """What shows pushed messages in a browser. It stands here since a worker's scope is the folder of its address."""
    script = ASSETS["worker.js"]
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(script.content, media_type=script.media_type, headers=headers)
