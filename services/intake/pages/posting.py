"""Routes of posting: a file or a text is read, and waits for whoever posted it to go through the reading."""

import datetime as dt
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.intake.api.refused import refused
from services.intake.body import ANY_TYPE, ContentType, Upload, file_name, files_room, read_posted
from services.intake.conclude import Origin
from services.intake.pages.words import label
from services.intake.posted import TEXT_TYPE
from services.intake.publication import Publisher
from services.intake.reading.documents.conversion import LARGEST_DOCUMENT
from services.intake.refusals import NothingChosen, TooLarge, TwoNotices
from shared.events.meeting import CorrectedFields
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.problems import Problem
from shared.web.forms import checked, files, filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_LARGEST_FORM = 2 * LARGEST_DOCUMENT
"""What is a little too large is read all the same, so that the page can say it beside the form."""

_FIELDS = ("number", "issued_on", "held_on")

router = page_router()


@router.get("/conclusions/new", dependencies=[requires("publish-conclusions")])
async def show_form(request: Request) -> HTMLResponse:
    """Where a notice is posted."""
    return _form(request, {})


@router.post("/conclusions/new", max_body_size=_LARGEST_FORM)
async def post_notice(request: Request, caller: Annotated[Caller, requires("publish-conclusions")]) -> Response:
    """Reads a notice and holds it: nobody is given anything before the reading is confirmed on its page."""
    fields = await filled(request)
    publisher: Publisher = request.app.state.publisher
    origin = Origin(caller.actor, request.state.request_id, dt.datetime.now(dt.UTC))
    try:
        async with files_room:
            upload = await _upload(request, fields)
            posted = await read_posted(upload, request.app.state.reader, request.app.state.policy, None)
        with refused(request.url.path):
            publication = await publisher.publish(posted, origin, duplicate_allowed="another" in fields, hold=True)
    except Problem as problem:
        return _form(request, fields, problem)
    said = "already" if publication.repeated else "read"
    return see(request, f"/conclusions/{publication.meeting.meeting_id}", said)


async def _upload(request: Request, fields: dict[str, Any]) -> Upload:
    """The one notice that a form holds, as a file or as a text.

    Raises:
        NothingChosen, TwoNotices, TooLarge, Invalid: see there.
    """
    chosen, words = await files(request, "file"), fields.get("words")
    if (bool(chosen) and bool(words)) or len(chosen) > 1 or isinstance(words, list):
        raise TwoNotices
    known = checked(CorrectedFields, {name: fields[name] for name in _FIELDS if name in fields})
    if words:
        return Upload(words.encode(), TEXT_TYPE, None, known)
    if not chosen:
        raise NothingChosen
    if (chosen[0].size or 0) > LARGEST_DOCUMENT:
        raise TooLarge(most=LARGEST_DOCUMENT // 1024 // 1024)
    declared = ContentType.of(chosen[0].content_type or ANY_TYPE).media_type
    return Upload(await chosen[0].read(), declared, file_name(chosen[0].filename), known)


def _form(request: Request, fields: dict[str, Any], problem: Problem | None = None) -> HTMLResponse:
    told = problem.told(language_of(request)) if problem else None
    values = {name: str(value) for name, value in fields.items()}
    other = problem.values.get("meeting_id") if problem else None
    status = problem.status if problem else 200
    return shown(
        request,
        "conclusion_new.html",
        status,
        told=told,
        values=values,
        other=other,
        most=LARGEST_DOCUMENT,
        label=label,
    )
