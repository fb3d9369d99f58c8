"""Every route of every service, with every role, against the table of permissions.

Routes are found in the applications themselves: one that says neither which permission it needs nor why it needs none
fails here, and so does one that decides otherwise than the table.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from pydantic import SecretStr

from services.intake.main import intake
from services.intake.settings import IntakeSettings
from services.notify.main import notify
from services.notify.settings import NotifySettings
from services.tasks.main import TasksSettings, tasks
from shared.identity.guard import Guard, Open
from shared.identity.permissions import PERMISSIONS, ROLES
from tests.identity import SESSION_KEY, signed

_PLACEHOLDER = re.compile(r"\{\w+\}")
_ANY_BODY = {"mail": "an@so.example"}


@pytest.fixture
async def apps(
    nats_url: str, tasks_database_url: str, notify_database_url: str
) -> AsyncIterator[Mapping[str, FastAPI]]:
    """The applications, running in this process."""
    shared = {"nats_url": nats_url, "session_key": SecretStr(SESSION_KEY)}
    made = {
        "intake": intake(IntakeSettings(**shared)),  # type: ignore[arg-type]
        "tasks": tasks(TasksSettings(**shared, database_url=SecretStr(tasks_database_url))),  # type: ignore[arg-type]
        "notify": notify(NotifySettings(**shared, database_url=SecretStr(notify_database_url))),  # type: ignore[arg-type]
    }
    async with AsyncExitStack() as running:
        for app in made.values():
            await running.enter_async_context(app.router.lifespan_context(app))
        yield made


def conditions(dependant: Dependant) -> Iterator[Guard | Open]:
    """What a route says of who may use it."""
    if isinstance(dependant.call, Guard | Open):
        yield dependant.call
    for each in dependant.dependencies:
        yield from conditions(each)


def routes(app: FastAPI) -> Iterator[tuple[str, str, list[Guard | Open]]]:
    """Method and path of every route, with its conditions."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        assert isinstance(dependant, Dependant), f"{route.path} is no route that can be asked who may use it"
        for method in route.methods or ():
            yield method, route.path or "", list(conditions(dependant))


async def test_every_route_says_who_may_use_it_and_keeps_to_it(apps: Mapping[str, FastAPI]) -> None:
    asked = 0
    for app in apps.values():
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://tests", headers={"Accept": "application/json"}
        ) as client:
            for method, path, found in routes(app):
                assert len(found) == 1, f"{method} {path} says {len(found)} times who may use it"
                asked += await _confirmed(client, method, path, found[0])
    assert asked > 200


async def _confirmed(client: httpx.AsyncClient, method: str, path: str, condition: Guard | Open) -> int:
    """Asks as nobody and in every role; gives how often it asked."""
    address = _PLACEHOLDER.sub("x", path)
    body = _ANY_BODY if method in {"POST", "PUT"} else None

    async def status(headers: dict[str, str]) -> int:
        return (await client.request(method, address, headers=headers, json=body)).status_code

    if isinstance(condition, Open):
        assert condition.why
        assert await status({}) not in {401, 403}, (method, address)
        return 1
    assert await status({}) == 401, (method, address)
    for role in ROLES:
        # What is asked for here is nobody's own, so that whoever reaches no further is refused as well.
        may = PERMISSIONS[condition.permission].reach(role) not in {None, "own"}
        refused = await status(signed(role)) == 403
        own_by_default = condition.permission == "read-inbox" and role != "integration"
        assert refused is not may or own_by_default, (method, address, role)
    return 1 + len(ROLES)
