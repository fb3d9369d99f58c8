"""The page of a task at any moment: how it stood, what had just changed, and its life step by step."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response

from services.tasks.api.parameters import Id
from services.tasks.api.tasks import task_as_of
from services.tasks.pages.known import programs_of
from services.tasks.pages.record.asking import OTHER, AskedMoment, AskedStep, Moment, asked_moment
from services.tasks.pages.record.differing import Showing, changes_of, known_otherwise, task_facts
from services.tasks.pages.record.saying import Said, written
from services.tasks.pages.record.sentences import actor_called
from services.tasks.pages.record.travel import Stop, Travel, along_events, place_of
from services.tasks.reading import Connection, Source
from services.tasks.register import tasks
from services.tasks.register.as_of import Sense
from services.tasks.register.history import task_history
from services.tasks.register.lives import life
from services.tasks.register.names import Names
from services.tasks.register.standing import Step, own_records, steps
from services.tasks.register.views_of_pasts import EventBrief, FieldChange, StepView
from services.tasks.sight import sight
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.web import wording
from shared.web.forms import see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

router = page_router()


@router.get("/record/tasks/{task_id}")
async def show_task_then(
    request: Request,
    task_id: Id,
    caller: Annotated[Caller, requires("read-log")],
    source: Source,
    found: Connection,
    as_of: AskedMoment = None,
    sense: Sense = "known",
    step: AskedStep = None,
) -> Response:
    """A task as it stood: by its own events, with a slider, buttons and a date."""
    seen, today = sight(caller), source.today()
    task = await task_as_of(found, task_id, seen, source)
    own = steps(await own_records(found, task_id))
    lived = life(await task_history(found, task, whole=False), own)
    stops = _stops(lived, own)
    if step is not None:
        chosen = stops[min(step, len(stops) - 1)].event.sequence
        return see(request, f"/record/tasks/{task_id}?as_of={chosen}&sense={sense}")
    asked = await asked_moment(source, found, as_of, sense)
    then = task if asked.as_of is None else await tasks.find_task(found, task_id, seen, today, asked.as_of)
    here = _here(stops, asked)
    people = {each.event.actor: each.event.actor_name for each in lived if each.event.actor_name}
    showing = Showing(source.zone, people)
    changed = changes_of(_changed(here, stops, lived), showing) if here else []
    names = {change.name for change in changed}
    facts = task_facts(then, names, showing) if then else []
    otherwise = []
    if asked.as_of:
        other = await asked_moment(source, found, as_of, OTHER[sense])
        stood = await tasks.find_task(found, task_id, seen, today, other.as_of)
        both = [facts, task_facts(stood, names, showing) if stood else []]
        otherwise = known_otherwise(*(both if sense == "known" else reversed(both)))
    return shown(
        request,
        "record_task.html",
        asked.status,
        task=task,
        then=then,
        facts=facts,
        changed=changed,
        otherwise=otherwise,
        here=here,
        lived=[(each, changes_of(each.changed, showing)) for each in lived],
        travel=_travel(stops, asked, here, source.zone),
        asked=asked,
        sense=sense,
        told=asked.told(request),
        by=partial(_by, Names(programs=programs_of(request))),
        deadline=partial(
            wording.deadline,
            today=today.local_date(asked.as_of.time) if asked.as_of else today.date,
            language=language_of(request),
        ),
        vocabulary=vocabulary,
    )


def _stops(lived: Sequence[StepView], own: Sequence[Step]) -> list[StepView]:
    """The events at which the task can be looked at: from that on which put it in force."""
    assigned = own[0].place.sequence
    first = assigned if own[0].after.in_force else assigned + 1
    return [each for each in lived if each.event.sequence >= first] or list(lived[-1:])


def _here(stops: Sequence[StepView], asked: Moment) -> StepView | None:
    place = place_of([each.event.sequence for each in stops], asked.as_of)
    return stops[place] if place >= 0 else None


def _changed(here: StepView, stops: Sequence[StepView], lived: Sequence[StepView]) -> list[FieldChange]:
    """What came about at a stop, with what had been prepared since the one before."""
    last = here.event.sequence
    before = max((each.event.sequence for each in stops if each.event.sequence < last), default=0)
    return [change for each in lived if before < each.event.sequence <= last for change in each.changed]


def _travel(stops: Sequence[StepView], asked: Moment, here: StepView | None, zone: str) -> Travel:
    marks = [_words(each.event) for each in stops]
    stop = Stop(_words(here.event), wording.time(here.event.time, zone)) if here else None
    return along_events([each.event.sequence for each in stops], asked.as_of, stop, marks)


def _words(event: EventBrief) -> Said:
    return Said(Words(event.words.vi, event.words.en))


def _by(names: Names, event: EventBrief) -> Said:
    return written(event.actor_name) if event.actor_name else actor_called(event.actor, names)
