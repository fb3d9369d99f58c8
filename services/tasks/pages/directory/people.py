"""Pages: the people, and one person with their roles, who gave them, and when."""

from http import HTTPStatus
from typing import Annotated, get_args

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from services.tasks.api.directory import After, Wanted
from services.tasks.api.parameters import Id
from services.tasks.directory import refusals
from services.tasks.directory.asking import Editing, Editor
from services.tasks.directory.commands import OF_PEOPLE, GiveSigninLink, RegisterPerson
from services.tasks.directory.history import history, version_of
from services.tasks.directory.listing import key_of_person, page_of, person_rows
from services.tasks.directory.problems import Refused
from services.tasks.pages.directory import forms
from services.tasks.pages.directory.forms import Sent
from services.tasks.pages.directory.telling import contents
from services.tasks.pages.directory.units import LARGEST_FORM
from services.tasks.pages.words import ACTORS
from services.tasks.reading import Reading, connected
from services.tasks.signin.routes import SignIn
from shared.events.person import Role
from shared.identity.caller import Caller
from shared.identity.gate import Gate
from shared.identity.guard import requires
from shared.identity.signin_link import signin_link
from shared.identity.tokens import Link
from shared.problems import NotFound, Problem
from shared.vocabulary import EVENTS, ROLES
from shared.web.forms import see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_PEOPLE = 50
_NOT_KEPT = {"Cache-Control": "no-store"}

router = page_router()

Changer = Annotated[Caller, requires("change-people")]


@router.get("/directory/people", dependencies=[requires("read-directory")])
async def show_people(
    request: Request,
    editing: Editor,
    wanted: Wanted = "",
    role: str = "",
    unit: str = "",
    left: bool = False,
    after: After = None,
) -> HTMLResponse:
    """The people, by their given names."""
    return await _people(request, editing, wanted, role, unit, left, after, Sent())


async def _people(
    request: Request,
    editing: Editing,
    wanted: str,
    role: str,
    unit: str,
    left: bool,
    after: str | None,
    sent: Sent,
) -> HTMLResponse:
    directory = await editing.directory()
    asked_role: Role | None = next((each for each in get_args(Role) if each == role), None)
    named = directory.named(unit) if unit and unit not in directory.units else ()
    unit_id = unit if unit in directory.units else named[0].id if len(named) == 1 else None
    found = person_rows(directory, wanted, role=asked_role, unit_id=unit_id, left=left)
    if unit and unit_id is None:
        found = []
    rows, more = page_of(found, key_of_person(directory, after) if after else None, _PEOPLE)
    return shown(
        request,
        "directory_people.html",
        sent.problem.status if sent.problem else HTTPStatus.OK,
        rows=rows,
        count=len(found),
        left_count=sum(person.left for person in directory.people.values()),
        next_page=rows[-1].person.id if more else None,
        wanted=wanted,
        role=asked_role,
        unit=unit,
        unit_name=directory.units[unit_id].name if unit_id else unit,
        left=left,
        first=after is None,
        roles=_roles(),
        suggested=forms.suggested(directory.units.values()),
        sent=sent,
        told=sent.told(language_of(request)),
    )


@router.post("/directory/people", max_body_size=LARGEST_FORM)
async def post_person(request: Request, editing: Editor, caller: Changer) -> Response:
    """Registers a person."""
    fields = await forms.fields_of(request)
    try:
        command = forms.as_command(RegisterPerson, fields)
        await editing.register_person(command, caller)
    except Problem as problem:
        return await _people(request, editing, "", "", "", False, None, Sent("register", fields, problem))
    return see(request, f"/directory/people/{command.id}", "person-registered")


@router.get("/directory/people/{person_id}", dependencies=[requires("read-directory")])
async def show_person(request: Request, person_id: Id, editing: Editor) -> HTMLResponse:
    """A person: where they work, which roles they hold, and which they held when, by whose doing."""
    return await _person(request, person_id, editing, Sent())


async def _person(
    request: Request, person_id: str, editing: Editing, sent: Sent, link: str | None = None
) -> HTMLResponse:
    source: Reading = request.app.state.reading
    async with connected(source, None) as found:
        steps = await history(found, f"person.{person_id}")
    directory = await editing.directory()
    if (person := directory.people.get(person_id)) is None:
        raise NotFound(what=request.url.path)
    return shown(
        request,
        "directory_person.html",
        sent.problem.status if sent.problem else HTTPStatus.OK,
        person=person,
        unit=directory.units.get(person.unit_id or ""),
        roles=_roles(),
        steps=[(step, contents(step.data, directory)) for step in steps],
        events=EVENTS,
        actors=ACTORS,
        version=version_of(steps),
        suggested=forms.suggested(directory.units.values()),
        gives_links=_gives_links(request),
        link_given=link,
        minutes=Link.seconds // 60,
        sent=sent,
        told=sent.told(language_of(request)),
    )


@router.post("/directory/people/{person_id}/signin-link", max_body_size=LARGEST_FORM)
async def post_signin_link(request: Request, person_id: Id, editing: Editor, caller: Changer) -> Response:
    """Gives a link with which the person signs in once. It is shown in this answer and nowhere else."""
    gate: Gate = request.app.state.gate
    try:
        if not _gives_links(request):
            raise Refused(refusals.NoLinks())
        version = await forms.version_of(request)
        await editing.change_person(person_id, GiveSigninLink(), caller, version)
    except NotFound:
        raise
    except Problem as problem:
        return await _person(request, person_id, editing, Sent("signin-link", {}, problem))
    link = signin_link(gate.tokens, request.app.state.public_url, person_id)
    answer = await _person(request, person_id, editing, Sent(), link)
    answer.headers.update(_NOT_KEPT)
    return answer


@router.post("/directory/people/{person_id}/{name}", max_body_size=LARGEST_FORM)
async def post_change(request: Request, person_id: Id, name: Id, editing: Editor, caller: Changer) -> Response:
    """Has something happen to a person."""
    command, fields = forms.command_of(OF_PEOPLE, name, request), await forms.fields_of(request)
    try:
        carried = await editing.change_person(
            person_id, forms.as_command(command, fields), caller, await forms.version_of(request)
        )
    except NotFound:
        raise
    except Problem as problem:
        return await _person(request, person_id, editing, Sent(name, fields, problem))
    return see(request, f"/directory/people/{person_id}", f"person-{name}" if carried.events else "nothing-to-change")


def _gives_links(request: Request) -> bool:
    """Whether pages give links at all: where the provider shall be the only way, the command line alone does."""
    signin: SignIn = request.app.state.signin
    return signin.links


def _roles() -> dict[Role, object]:
    """What people may be, in the order of the table of permissions."""
    return {role: ROLES[role] for role in get_args(Role)}
