"""HTTP: the units and people of the directory, and what may be asked to happen to them."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Body, FastAPI, Header, Query, Request, Response
from pydantic import BaseModel

from services.tasks.api.parameters import Id, IdFilter, Limit
from services.tasks.directory.asking import Editor
from services.tasks.directory.commands import OF_PEOPLE, OF_UNITS, Command, RegisterPerson, RegisterUnit
from services.tasks.directory.history import history, version_of
from services.tasks.directory.listing import key_of_person, key_of_unit, page_of, person_rows, unit_rows
from services.tasks.reading import Connection
from shared.directory.directory import Person, Unit
from shared.events.person import Role
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.pagination import DEFAULT_LIMIT
from shared.preconditions import PreconditionFailed, entity_tag, versions
from shared.problems import NotFound

_LARGEST_COMMAND = 256 * 1024
_LONGEST_QUERY = 200

router = APIRouter(prefix="/v1/directory", max_body_size=_LARGEST_COMMAND)

Wanted = Annotated[str, Query(alias="q", max_length=_LONGEST_QUERY, description="words, with or without diacritics")]
After = Annotated[IdFilter, Query(description="the id behind which the page begins; from the Link header")]
IfMatch = Annotated[str | None, Header(description="the ETag of the unit or person")]

_RESPONSES: dict[int | str, dict[str, Any]] = {
    404: {"description": "The directory knows no such unit or person"},
    409: {"description": "A rule forbids it; the code names the rule"},
    412: {"description": "Somebody changed it meanwhile; the answer names who changed what"},
    422: {"description": "Fields that cannot be used"},
    428: {"description": "The request does not say which version it is meant for"},
    503: {"description": "The log or the register does not answer"},
}


class UnitEntry(BaseModel):
    """A unit of the directory. `aliases` find it as its name does; `classes` address it together with others."""

    id: str
    name: str
    parent_id: str | None
    aliases: list[str]
    classes: list[str]
    closed: bool
    people: int

    @classmethod
    def of(cls, unit: Unit, people: int) -> "UnitEntry":
        """A unit as the API shows it."""
        aliases = [name for name in unit.names if name != unit.name]
        return cls(
            id=unit.id,
            name=unit.name,
            parent_id=unit.parent_id,
            aliases=aliases,
            classes=list(unit.classes),
            closed=unit.closed,
            people=people,
        )


class PersonEntry(BaseModel):
    """A person of the directory. Whoever `left` holds no role and may not sign in."""

    id: str
    name: str
    unit_id: str | None
    position: str | None
    roles: list[Role]
    left: bool

    @classmethod
    def of(cls, person: Person) -> "PersonEntry":
        """A person as the API shows them."""
        return cls(
            id=person.id,
            name=person.name,
            unit_id=person.unit_id,
            position=person.position,
            roles=sorted(person.roles),
            left=person.left,
        )


def install(app: FastAPI) -> None:
    """Adds the routes."""
    app.include_router(router)


@router.get("/units", summary="Units, each behind the one above it", dependencies=[requires("read-directory")])
async def get_units(
    request: Request,
    response: Response,
    editing: Editor,
    wanted: Wanted = "",
    closed: bool = False,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[UnitEntry]:
    """The open units, or the closed ones, that bear what is looked for in a name, an alias or a class."""
    directory = await editing.directory()
    key = key_of_unit(directory, after) if after else None
    rows, more = page_of(unit_rows(directory, wanted, closed=closed), key, limit)
    if more:
        _link_next(request, response, rows[-1].unit.id)
    return [UnitEntry.of(row.unit, row.people) for row in rows]


@router.get("/units/{unit_id}", summary="A unit", dependencies=[requires("read-directory")])
async def get_unit(unit_id: Id, response: Response, editing: Editor, found: Connection) -> UnitEntry:
    """A unit; its ETag is its version."""
    version = version_of(await history(found, f"unit.{unit_id}", most=1))
    directory = await editing.directory()
    if (unit := directory.units.get(unit_id)) is None:
        raise NotFound(what=f"/v1/directory/units/{unit_id}")
    response.headers["ETag"] = entity_tag(version)
    return UnitEntry.of(unit, len(directory.members(unit_id)))


@router.get("/people", summary="People, by their given names", dependencies=[requires("read-directory")])
async def get_people(
    request: Request,
    response: Response,
    editing: Editor,
    wanted: Wanted = "",
    role: Role | None = None,
    unit: IdFilter = None,
    left: bool = False,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[PersonEntry]:
    """Those who hold a role, are in a unit or below it, and bear what is looked for in name, id or position."""
    directory = await editing.directory()
    key = key_of_person(directory, after) if after else None
    rows, more = page_of(person_rows(directory, wanted, role=role, unit_id=unit, left=left), key, limit)
    if more:
        _link_next(request, response, rows[-1].person.id)
    return [PersonEntry.of(row.person) for row in rows]


@router.get("/people/{person_id}", summary="A person", dependencies=[requires("read-directory")])
async def get_person(person_id: Id, response: Response, editing: Editor, found: Connection) -> PersonEntry:
    """A person; their ETag is their version."""
    version = version_of(await history(found, f"person.{person_id}", most=1))
    if (person := (await editing.directory()).people.get(person_id)) is None:
        raise NotFound(what=f"/v1/directory/people/{person_id}")
    response.headers["ETag"] = entity_tag(version)
    return PersonEntry.of(person)


@router.post("/units", summary="Registers a unit", status_code=HTTPStatus.CREATED, responses=_RESPONSES)
async def post_unit(
    command: RegisterUnit, response: Response, editing: Editor, caller: Annotated[Caller, requires("change-units")]
) -> UnitEntry:
    """The unit; its id is told from its name unless it is given."""
    unit_id, carried = await editing.register_unit(command, caller)
    response.headers["ETag"] = entity_tag(carried.version)
    response.headers["Location"] = f"/v1/directory/units/{unit_id}"
    return UnitEntry.of((await editing.directory()).units[unit_id], 0)


@router.post("/people", summary="Registers a person", status_code=HTTPStatus.CREATED, responses=_RESPONSES)
async def post_person(
    command: RegisterPerson, response: Response, editing: Editor, caller: Annotated[Caller, requires("change-people")]
) -> PersonEntry:
    """The person, with unit, position and roles."""
    carried = await editing.register_person(command, caller)
    response.headers["ETag"] = entity_tag(carried.version)
    response.headers["Location"] = f"/v1/directory/people/{command.id}"
    return PersonEntry.of((await editing.directory()).people[command.id])


def _link_next(request: Request, response: Response, last: str) -> None:
    """Names the page behind an id in the answer's Link header. Source: RFC 8288."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    response.headers["Link"] = f'<{request.url.path}?{urlencode([*asked, ("after", last)])}>; rel="next"'


def _seen(if_match: str | None) -> int:
    """The version that a request is meant for.

    Raises:
        PreconditionRequired: it names none.
        PreconditionFailed: it names none of ours, or several.
    """
    named = versions(if_match)
    if len(named) != 1:
        raise PreconditionFailed(version="?")
    return next(iter(named))


def _of_unit(command: type[Command]) -> Callable[..., Awaitable[UnitEntry]]:
    async def post_command(
        unit_id: Id,
        asked: Annotated[Command, Body()],
        response: Response,
        editing: Editor,
        caller: Annotated[Caller, requires("change-units")],
        if_match: IfMatch = None,
    ) -> UnitEntry:
        carried = await editing.change_unit(unit_id, asked, caller, _seen(if_match))
        response.headers["ETag"] = entity_tag(carried.version)
        directory = await editing.directory()
        return UnitEntry.of(directory.units[unit_id], len(directory.members(unit_id)))

    return _typed(post_command, command)


def _of_person(command: type[Command]) -> Callable[..., Awaitable[PersonEntry]]:
    async def post_command(
        person_id: Id,
        asked: Annotated[Command, Body()],
        response: Response,
        editing: Editor,
        caller: Annotated[Caller, requires("change-people")],
        if_match: IfMatch = None,
    ) -> PersonEntry:
        carried = await editing.change_person(person_id, asked, caller, _seen(if_match))
        response.headers["ETag"] = entity_tag(carried.version)
        return PersonEntry.of((await editing.directory()).people[person_id])

    return _typed(post_command, command)


def _typed(route: Callable[..., Awaitable[Any]], command: type[Command]) -> Callable[..., Awaitable[Any]]:
    needs_body = any(field.is_required() for field in command.model_fields.values())
    body = Body() if needs_body else Body(default_factory=command)
    route.__annotations__["asked"] = Annotated[command, body]
    route.__name__ = f"post_{command.__name__.lower()}"
    route.__doc__ = command.__doc__
    return route


for _name, _command in OF_UNITS.items():
    router.post(f"/units/{{unit_id}}/{_name}", summary=_command.__doc__ or "", responses=_RESPONSES)(_of_unit(_command))
for _name, _command in OF_PEOPLE.items():
    router.post(f"/people/{{person_id}}/{_name}", summary=_command.__doc__ or "", responses=_RESPONSES)(
        _of_person(_command)
    )
