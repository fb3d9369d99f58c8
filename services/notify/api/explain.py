"""HTTP: the rules of who is told, and why somebody was told of an event, or was not."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.notify.api.problems import LOG_AWAY
from services.notify.api.source import LARGEST_SEQUENCE
from services.notify.explain import Explainer
from services.notify.explanation import Explanation, RuleRow, rule_rows
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.identity.permissions import allowed
from shared.identity.refusals import NotAllowed
from shared.language import Words
from shared.log.faults import LogFault
from shared.problems import FieldProblem, Invalid, NotFound, Unavailable

_PATIENCE_SECONDS = 20.0

router = APIRouter(prefix="/v1")

PERSON_MISSING = Words("chương trình phải nêu người cần hỏi", "a program has to say whom it asks about")


async def explainer(request: Request) -> Explainer:
    """What answers why."""
    found: Explainer = request.app.state.explainer
    return found


@router.get(
    "/notifications/rules",
    summary="Of which events who is told, and how urgently",
    dependencies=[requires("read-descriptions")],
)
async def get_rules() -> list[RuleRow]:
    """The table by which every notification but reminders is decided, in both languages."""
    return rule_rows()


@router.get(
    "/notifications/explain",
    summary="Why somebody was told of an event, or was not",
    responses={404: {"description": "There is no such event, or none that whoever asks may see"}},
)
async def get_explanation(
    answers: Annotated[Explainer, Depends(explainer)],
    caller: Annotated[Caller, requires("read-inbox")],
    event: Annotated[str, Query(pattern=TOKEN, description="an event's sequence or id, or the id of a notification")],
    person: Annotated[str | None, Query(pattern=TOKEN, description="id of the person; your own where absent")] = None,
) -> Explanation:
    """Each rule for the event with what decided it, each channel with when and why, and what became of it.

    It is decided once more on the log as it stood at the event: the directory, the tasks, and what the person and
    their unit had chosen. About others ask those who may see who was told; to anybody else, an event that neither
    concerned them nor is about a task that they could see is not there.
    """
    person = person or caller.person_id
    if person is None:
        raise Invalid(errors=[FieldProblem("person", "missing", PERSON_MISSING, {})])
    sees_all = allowed(caller, "read-notifications", "all")
    if person != caller.person_id and not sees_all:
        raise NotAllowed(caller.name, "read-notifications", "all")
    if event.isdecimal() and int(event) > LARGEST_SEQUENCE:
        raise NotFound(what=f"event {event}")
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await answers.explain(event, person, own=not sees_all)
    except (LogFault, TimeoutError) as fault:
        raise Unavailable(LOG_AWAY) from fault
    if found is None:
        raise NotFound(what=f"event {event}")
    return found
