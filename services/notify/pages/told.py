"""Who will be told of a notice that is not published yet, for whoever is about to publish it."""

from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Json

from services.notify.api.source import Source
from services.notify.api.told import LARGEST_PROPOSAL, Proposal, post_told
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.web.forms import checked, filled, see
from shared.web.pages import shown
from shared.web.routing import page_router

router = page_router()

Publisher = Annotated[Caller, requires("publish-conclusions")]


class Sent(BaseModel):
    """The form: the tasks as JSON."""

    tasks: Json[Any]


@router.get("/told")
async def show_where_to_post(request: Request, caller: Publisher) -> RedirectResponse:
    """Without a notice there is nobody to be told: leads to where one is posted."""
    return see(request, "/conclusions/new")


@router.post("/told", max_body_size=LARGEST_PROPOSAL)
async def show_told(request: Request, source: Source, caller: Publisher) -> HTMLResponse:
    """The people, why and by which channels each is told, and whom the notice does not reach."""
    sent = checked(Sent, await filled(request))
    proposal = checked(Proposal, {"tasks": sent.tasks})
    found = await post_told(request, source, caller, proposal)
    return shown(request, "told.html", found=found, tasks=len(proposal.tasks), vocabulary=vocabulary)
