"""Routes of one notice: its reading beside its text, checked again, confirmed, corrected, reviewed and revoked."""

import datetime as dt
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from services.intake.amendment import Amended, Amender, AnotherVersion
from services.intake.amendment import Request as Asked
from services.intake.api.refused import refused
from services.intake.body import LARGEST_JSON
from services.intake.changes import Changes, Confirmation, Correction, Revocation
from services.intake.conclude import Origin
from services.intake.foresight import Foresight, foreseen
from services.intake.pages import words
from services.intake.pages.alternatives import unit_ids
from services.intake.pages.effects import effects_in_words
from services.intake.pages.sheet import sheet
from services.intake.pages.told import proposed
from services.intake.pages.written import BLANK, MOST_ADDED, changes_written
from services.intake.publication import Publisher
from services.intake.refusals import NothingToChange
from services.intake.standing import Standing
from shared import vocabulary
from shared.deadline_rules import RULES
from shared.directory.directory import Directory
from shared.directory.live import LiveDirectory
from shared.directory.resolution import Resolver
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import Permission, allowed
from shared.identity.refusals import NotAllowed
from shared.problems import FieldProblem, Invalid, Problem
from shared.web.forms import checked, filled, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

Id = Annotated[str, Path(pattern=TOKEN)]

_MOST_DIGITS = 9
_REVOKED_FOR = "revoked-for"

router = page_router()


@router.get("/conclusions/{meeting_id}", dependencies=[requires("read-conclusions")])
async def show_conclusion(
    request: Request, meeting_id: Id, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> HTMLResponse:
    """A notice as it stands, each directive beside the words that it was read from."""
    return await _page(request, await _stands(request, meeting_id), after)


@router.post("/conclusions/{meeting_id}", max_body_size=LARGEST_JSON)
async def post_conclusion(
    request: Request, meeting_id: Id, caller: Annotated[Caller, requires("correct-conclusions")]
) -> Response:
    """Checks again what a form changes, or does it: `act` is `check`, `confirm` or `correct`."""
    fields = await _fields(request)
    known = await _stands(request, meeting_id)
    after = _number(fields, "after")
    try:
        with refused(request.url.path):
            # What differs from another version than the form was made for is not what somebody changed.
            if _number(fields, "version") != known.version:
                raise AnotherVersion(known)
        directory, resolver = await _directory(request)
        if fields.get("act") not in {"confirm", "correct"}:
            changes = changes_written(Changes, fields, known.reading, directory, resolver)
            with refused(request.url.path):
                foresight = await foreseen(request.app.state.client, known, changes, resolver)
            return await _page(request, known, after, fields, foresight=foresight, changes=changes)
        if fields["act"] == "confirm":
            _allow(caller, "review-conclusions")
            confirmation = changes_written(Confirmation, fields, known.reading, directory, resolver)
            confirmed = await _confirmed(request, caller, known, fields, confirmation)
            return see(request, _behind(confirmed), "notice-confirmed")
        correction = changes_written(Correction, fields, known.reading, directory, resolver)
        await _corrected(request, caller, known, fields, correction)
    except Problem as problem:
        return await _refused(request, meeting_id, after, fields, problem)
    return see(request, f"/conclusions/{known.meeting_id}", "corrected")


@router.post("/conclusions/{meeting_id}/review", max_body_size=LARGEST_JSON)
async def post_review(
    request: Request, meeting_id: Id, caller: Annotated[Caller, requires("review-conclusions")]
) -> Response:
    """Notes that a person went through the doubts."""
    fields = await _fields(request)
    try:
        with refused(request.url.path):
            await _amender(request).review(_asked(request, caller, meeting_id, fields, b""))
    except Problem as problem:
        return await _refused(request, meeting_id, 0, fields, problem)
    return see(request, f"/conclusions/{meeting_id}", "reviewed")


@router.post("/conclusions/{meeting_id}/revocation", max_body_size=LARGEST_JSON)
async def post_revocation(
    request: Request, meeting_id: Id, caller: Annotated[Caller, requires("revoke-conclusions")]
) -> Response:
    """Revokes a notice in force with all its tasks, or discards one that is held."""
    fields = await _fields(request)
    try:
        revocation = _revocation(fields)
        with refused(request.url.path):
            asked = _asked(request, caller, meeting_id, fields, revocation.model_dump_json().encode())
            revoked = await _amender(request).revoke(asked, revocation)
    except Problem as problem:
        return await _refused(request, meeting_id, 0, fields, problem)
    said = "revoked" if revoked.known.concluded else "discarded"
    return see(request, f"/conclusions/{meeting_id}", said)


def _revocation(fields: Mapping[str, str]) -> Revocation:
    try:
        return checked(Revocation, {"reason": fields.get(_REVOKED_FOR, BLANK)})
    except Invalid as error:
        errors = [FieldProblem(f"/{_REVOKED_FOR}", each.code, each.detail, each.values) for each in error.errors]
        raise Invalid(errors=errors) from error


async def _confirmed(
    request: Request, caller: Caller, known: Standing, fields: Mapping[str, str], changes: Confirmation
) -> Amended:
    asked = _asked(request, caller, known.meeting_id, fields, _said(changes))
    with refused(request.url.path):
        return await _amender(request).confirm(asked, changes)


async def _corrected(
    request: Request, caller: Caller, known: Standing, fields: Mapping[str, str], changes: Correction
) -> Amended:
    if changes.changes_nothing():
        raise NothingToChange
    asked = _asked(request, caller, known.meeting_id, fields, _said(changes))
    with refused(request.url.path):
        return await _amender(request).correct(asked, changes)


async def _refused(
    request: Request, meeting_id: str, after: int, fields: Mapping[str, str], problem: Problem
) -> HTMLResponse:
    """The page with what was typed and what is wrong. Where somebody else changed the notice meanwhile, it shows their
    notice, and names what was typed beside it: sending that would undo their change."""
    known = await _stands(request, meeting_id)
    if problem.status == HTTPStatus.PRECONDITION_FAILED:
        return await _page(request, known, after, typed=fields, problem=problem)
    return await _page(request, known, after, fields, problem=problem)


async def _page(
    request: Request,
    known: Standing,
    after: int,
    fields: Mapping[str, str] | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
    foresight: Foresight | None = None,
    changes: Changes | None = None,
) -> HTMLResponse:
    directory, _ = await _directory(request)
    changed = {each.id for each in changes.directives} | set(changes.withdrawn) if changes else set()
    found = sheet(known, directory, after, changed)
    added = 1 + max((n for n in range(MOST_ADDED - 1) if fields and fields.get(f"m{n}-text")), default=-1)
    lost = {name: text for name, text in (typed or {}).items() if name in found.values and text != found.values[name]}
    return shown(
        request,
        "conclusion.html",
        problem.status if problem else HTTPStatus.OK,
        known=known,
        sheet=found,
        reading=known.reading,
        values=_values(found.values, fields),
        told=problem.told(language_of(request)) if problem else None,
        lost=lost,
        checked=foresight is not None,
        effects=effects_in_words(foresight, known.reading.directives) if foresight else [],
        proposed=proposed(foresight.directives if foresight else known.reading.directives),
        added=range(added + 1),
        ticked=any(name.endswith("-is") for name in fields or ()),
        units=sorted(unit_ids(directory)),
        words=words,
        rules=RULES,
        states=vocabulary.CONCLUSION_STATES,
        switch=_switched(request, known.meeting_id, after),
    )


def _values(standing: Mapping[str, str], fields: Mapping[str, str] | None) -> Mapping[str, str]:
    """What stands in the fields of the page. A box that was emptied is not sent, so what was sent stands alone; but
    the small forms send nothing of the reading."""
    if fields is None:
        return standing
    return fields if "cards" in fields else {**standing, **fields}


def _switched(request: Request, meeting_id: str, after: int) -> str:
    """This page's address in the other language; a form's own address shows nothing to whoever only looks."""
    asked = [f"after={after}"] if after else []
    if language_of(request) == "vi":
        asked.append("lang=en")
    return f"/conclusions/{meeting_id}?{'&'.join(asked)}"


async def _fields(request: Request) -> dict[str, str]:
    """The form's fields by name; of those that came more than once, the last."""
    sent: dict[str, Any] = await filled(request)
    return {name: value if isinstance(value, str) else str(value[-1]) for name, value in sent.items() if value}


async def _stands(request: Request, meeting_id: str) -> Standing:
    with refused(request.url.path):
        return await _amender(request).stands(meeting_id)


async def _directory(request: Request) -> tuple[Directory, Resolver]:
    live: LiveDirectory = request.app.state.directory
    publisher: Publisher = request.app.state.publisher
    with refused(request.url.path):
        directory = await live.current()
    return directory, publisher.resolver(directory)


def _asked(request: Request, caller: Caller, meeting_id: str, fields: Mapping[str, str], body: bytes) -> Asked:
    origin = Origin(caller.actor, request.state.request_id, dt.datetime.now(dt.UTC))
    return Asked(meeting_id, _number(fields, "version"), body, origin)


def _number(fields: Mapping[str, str], name: str) -> int:
    """The number in a field; 0 where none is that could be."""
    text = fields.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def _said(changes: Changes) -> bytes:
    return changes.model_dump_json(exclude_unset=True).encode()


def _allow(caller: Caller, permission: Permission) -> None:
    if not allowed(caller, permission):
        raise NotAllowed(caller.name, permission)


def _behind(confirmed: Amended) -> str:
    """The meeting's page, once the register shows it."""
    return f"/meetings/{confirmed.known.meeting_id}?min_sequence={confirmed.known.sequence}"


def _amender(request: Request) -> Amender:
    found: Amender = request.app.state.amender
    return found
