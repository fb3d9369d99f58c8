"""HTTP: a person's deadlines as a calendar to which their own calendar program subscribes."""

import datetime as dt
import hashlib
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel

from services.notify.api.source import PersonId, Reading, Source, owner
from services.notify.calendars import calendar, deadline_event
from services.notify.chosen import find_preferences
from services.notify.deadlines import list_deadlines
from services.notify.feeds import is_feed_of, make_feed, revoke_feed
from shared.identity.caller import Caller
from shared.identity.guard import open_to_all
from shared.language import Words
from shared.problems import NotFound

_SHOWN_DAYS = 30
_LONGEST_KEY = 100
_NAME = Words("Hạn nhiệm vụ (ketluan)", "Deadlines (ketluan)")
_REFRESH = dt.timedelta(hours=1)

router = APIRouter(prefix="/v1")


class Feed(BaseModel):
    """A private address. It is shown once: whoever has it reads these deadlines, until it is revoked."""

    address: str


@router.post(
    "/people/{person_id}/deadlines",
    status_code=HTTPStatus.CREATED,
    summary="Get a private address for a calendar program",
)
async def post_deadlines(
    response: Response, source: Source, caller: Annotated[Caller, owner("change-preferences")], person_id: PersonId
) -> Feed:
    """Makes a new address; the one before it, if there was one, shows nothing any more."""
    key = await make_feed(source.engine, person_id)
    response.headers["Cache-Control"] = "no-store"
    return Feed(address=f"{source.public_url}/v1/people/{person_id}/deadlines.ics?{urlencode({'key': key})}")


@router.delete("/people/{person_id}/deadlines", status_code=HTTPStatus.NO_CONTENT, summary="Revoke the private address")
async def delete_deadlines(
    source: Source, caller: Annotated[Caller, owner("change-preferences")], person_id: PersonId
) -> None:
    """The address shows nothing from now on."""
    if not await revoke_feed(source.engine, person_id):
        raise NotFound(what=f"/v1/people/{person_id}/deadlines")


@router.get(
    "/people/{person_id}/deadlines.ics",
    summary="A person's deadlines as a calendar",
    dependencies=[open_to_all("calendar programs cannot sign in: the secret in the address is asked for here")],
    response_class=Response,
    responses={
        200: {"content": {"text/calendar": {}}},
        304: {"description": "Nothing changed since"},
        404: {"description": "There is no such feed, or its address was revoked"},
    },
)
async def get_deadlines(
    request: Request,
    source: Source,
    person_id: PersonId,
    key: Annotated[str, Query(max_length=_LONGEST_KEY, description="the secret of the address")] = "",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The tasks of the person's unit, and of those below it, each on its last day: the notice's number, the directive's
    place in it, and the task's address.

    A calendar is copied to wherever its program keeps it. So the words of a directive, which may be confidential, are
    not in it, and who follows a link has to sign in. Days are whole: Outlook and Google show them as all-day events,
    and ignore tasks (VTODO) in feeds. What is done or cancelled stays for thirty days. Source: RFC 5545, RFC 7986.
    """
    person = source.directory().people.get(person_id)
    if person is None or person.left or not await is_feed_of(source.engine, person_id, key):
        raise NotFound(what=request.url.path)
    content = await _content(source, person_id, person.unit_id)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"}
    if if_none_match and tag in if_none_match:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    named = {"Content-Disposition": 'inline; filename="deadlines.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers | named)


async def _content(source: Reading, person_id: str, unit_id: str | None) -> bytes:
    preferences, _ = await find_preferences(source.engine, person_id)
    language = preferences.language if preferences else "vi"
    units = source.directory().subtree(unit_id) if unit_id else frozenset()
    today = dt.datetime.now(source.office.zone).date()
    entries = await list_deadlines(source.engine, units, today - dt.timedelta(days=_SHOWN_DAYS), language)
    found = calendar()
    found.add("name", _NAME.to(language))
    found.add("x-wr-calname", _NAME.to(language))
    found.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT1H")
    for entry in entries:
        found.add_component(deadline_event(entry, source.public_url))
    return bytes(found.to_ical())
