"""The page from which evidence is fetched: of a task, of a meeting, or of a period, and what is in it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.checkpoints import get_keys
from services.tasks.api.evidence import Reader, period
from services.tasks.api.parameters import AskedDay
from services.tasks.evidence import selection
from services.tasks.evidence.selection import Matter
from services.tasks.ledger.issuing import Issuer
from services.tasks.pages.known import programs_of
from services.tasks.pages.record.saying import Said
from services.tasks.pages.record.sentences import aggregate_called
from services.tasks.reading import Connection, Reading, Source
from services.tasks.register.names import names_of
from shared.events.fields import TOKEN
from shared.problems import Invalid, NotFound
from shared.web.forms import checked
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

router = page_router()


class Asked(BaseModel):
    """Of what evidence is asked for: a task, a meeting, or some local days."""

    task: Annotated[str, Field(pattern=TOKEN)] | None = None
    meeting: Annotated[str, Field(pattern=TOKEN)] | None = None
    since: Annotated[AskedDay | None, Field(alias="from")] = None
    until: Annotated[AskedDay | None, Field(alias="to")] = None
    attachments: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it can be fetched at `address`; `about` says of what it is, and `events` how many of a period."""

    address: str
    about: Said | None
    since: dt.date | None = None
    until: dt.date | None = None
    events: int | None = None

    @property
    def is_too_much(self) -> bool:
        """Whether no bundle holds so many events."""
        return self.events is not None and self.events > selection.MOST_EVENTS


@router.get("/record/evidence")
async def show_evidence(request: Request, caller: Reader, source: Source, found: Connection) -> HTMLResponse:
    """What a bundle would hold, the link to fetch it, and how it is checked."""
    given = {name: value for name, value in request.query_params.items() if name in _ASKED and value.strip()}
    issuer: Issuer = request.app.state.issuer
    bundle: Bundle | None = None
    refusal: Invalid | None = None
    try:
        bundle = await _bundle(request, source, found, checked(Asked, given))
    except Invalid as problem:
        refusal = problem
    return shown(
        request,
        "record_evidence.html",
        refusal.status if refusal else HTTPStatus.OK,
        given=given,
        bundle=bundle,
        most=selection.MOST_EVENTS,
        has_key=issuer.key_file is not None,
        keys=[key for key in await get_keys(source) if key.retired_at is None],
        told=refusal.told(language_of(request)) if refusal else None,
    )


_ASKED = {field.alias or name for name, field in Asked.model_fields.items()}


async def _bundle(request: Request, source: Reading, found: AsyncConnection, asked: Asked) -> Bundle | None:
    """What is asked for; None where nothing is.

    Raises:
        Invalid: there is nothing in the period, or it ends before it begins.
        NotFound: there is no such task or meeting.
    """
    options: Mapping[str, object] = {"attachments": "true"} if asked.attachments else {}
    for kind, identity in (("task", asked.task), ("meeting", asked.meeting)):
        if identity:
            return await _of_one(request, found, kind, identity, options)
    if asked.since is None and asked.until is None:
        return None
    since, until = asked.since or asked.until, asked.until or asked.since
    if since is None or until is None:
        return None
    matter = await period(found, source, since, until)
    address = f"/v1/record/evidence?{urlencode({'from': since, 'to': until, **options})}"
    return Bundle(address, None, since, until, matter.last - matter.first + 1)


async def _of_one(
    request: Request, found: AsyncConnection, kind: str, identity: str, options: Mapping[str, object]
) -> Bundle:
    if not await selection.exists(found, Matter("task" if kind == "task" else "meeting", identity)):
        raise NotFound(what=request.url.path)
    tasks, meetings = ([identity], []) if kind == "task" else ([], [identity])
    names = await names_of(found, [], [], meetings, tasks, programs_of(request))
    address = f"/v1/{kind}s/{identity}/evidence"
    return Bundle(
        f"{address}?{urlencode(options)}" if options else address, aggregate_called(f"{kind}.{identity}", names)
    )
