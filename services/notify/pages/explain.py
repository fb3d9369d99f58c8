"""Why somebody was told of an event, or was not, in words."""

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse

from services.notify.api.explain import explainer, get_explanation
from services.notify.explain import Explainer
from shared import vocabulary
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.web.pages import shown
from shared.web.routing import page_router

router = page_router()


@router.get("/inbox/explain")
async def show_explanation(
    request: Request,
    answers: Annotated[Explainer, Depends(explainer)],
    caller: Annotated[Caller, requires("read-inbox")],
    event: Annotated[str | None, Query(pattern=TOKEN)] = None,
    person: Annotated[str | None, Query(pattern=TOKEN)] = None,
) -> HTMLResponse:
    """Each rule with what decided it, each channel with when and why; without an event, the question."""
    found = await get_explanation(answers, caller, event, person) if event else None
    return shown(request, "explain.html", found=found, event=event, person=person, vocabulary=vocabulary)
