"""The page of one event: its exact contents, the proof that it is in the record, its causes, and what it led to."""

import base64
import json
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.record import get_inclusion
from services.tasks.api.why import get_event_why
from services.tasks.ledger import store
from services.tasks.ledger.search import Found, caused_by, events_at
from services.tasks.pages.record.naming import names_in
from services.tasks.pages.record.sentences import sentence
from services.tasks.pages.record.telling import tellings
from services.tasks.reading import LARGEST_SEQUENCE, Connection
from services.tasks.register.notified import outcomes_of
from shared import vocabulary
from shared.events.inbox import NotificationRequested
from shared.identity.guard import requires
from shared.log.record import Record
from shared.problems import NotFound
from shared.web.pages import shown
from shared.web.routing import page_router

_EFFECTS = 60
_SHOWN_CHARACTERS = 40_000

router = page_router()


@router.get("/record/events/{sequence}", dependencies=[requires("read-log")])
async def show_event(
    request: Request, sequence: Annotated[int, Path(ge=1, le=LARGEST_SEQUENCE)], found: Connection
) -> HTMLResponse:
    """One event of the log, with everything that shows whether it is what it was."""
    record = await store.record_at(found, sequence)
    if record is None:
        raise NotFound(what=request.url.path)
    (itself,) = await events_at(found, [sequence])
    event = itself.event
    effects = await caused_by(found, event.envelope.id, sequence, _EFFECTS) if event else []
    outcomes = await _outcomes(found, effects)
    names = await names_in(request, found, [itself, *effects, *outcomes])
    proof = await get_inclusion(found, sequence, None, None)
    exact = _exact(record)
    return shown(
        request,
        "record_event.html",
        event=sentence(itself, names),
        envelope=event.envelope if event else None,
        stored_at=record.stored_at,
        exact=exact[:_SHOWN_CHARACTERS],
        is_cut=len(exact) > _SHOWN_CHARACTERS,
        proof=proof,
        proven=proof.holds() and proof.is_of(record.content),
        why=await get_event_why(str(sequence), found) if event else None,
        told=tellings(effects, outcomes, names),
        effects=[sentence(each, names) for each in effects if not _tells(each)],
        most_effects=_EFFECTS if len(effects) == _EFFECTS else None,
        last=await store.size_of(found),
        vocabulary=vocabulary,
    )


async def _outcomes(found: AsyncConnection, effects: list[Found]) -> list[Found]:
    """What became of the notifications among these events."""
    ids = [
        each.event.data.notification_id
        for each in effects
        if each.event and isinstance(each.event.data, NotificationRequested)
    ]
    return await events_at(found, await outcomes_of(found, ids)) if ids else []


def _tells(each: Found) -> bool:
    return each.event is not None and isinstance(each.event.data, NotificationRequested)


def _exact(record: Record) -> str:
    """What an event's bytes say, indented for people; in base64 where they are no JSON."""
    try:
        return json.dumps(json.loads(record.content), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return base64.b64encode(record.content).decode()
