"""Who will be told of a notice that is not published yet: decided by the rules that tell them once it is."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.policy.case import Case, Change, Notification
from services.notify.policy.decide import decisions
from services.notify.policy.people import People
from services.notify.projection.addressing import bringing, reachable
from services.notify.projection.choices import Choices
from services.notify.projection.projection import Office
from services.notify.taskstate import Place, of_directive
from shared.database import translated
from shared.directory.directory import Directory
from shared.events.fields import Channel, Name, NamedPerson, NamedUnit, Token, UnitRef, derived_id
from shared.events.inbox import Reason
from shared.events.meeting import Assignee, Directive, Document, MeetingConcluded, TaskRef
from shared.language import Words
from shared.vocabulary import REASONS

MOST_TASKS = 2_000
_MOST_COOPERATORS = 200
_NOTHING = hashlib.sha256().hexdigest()

UNKNOWN_UNIT = Words(
    "danh bạ chưa có đơn vị này; văn phòng xác định đơn vị sau khi gửi",
    "the directory does not know this unit; the office resolves it afterwards",
)
NOBODY_THERE = Words(
    "đơn vị này chưa có người nào trong danh bạ", "the directory knows nobody who belongs to this unit"
)
UNKNOWN_LEAD = Words(
    "danh bạ không có, hoặc có nhiều người tên này", "the directory knows nobody, or several people, of this name"
)


class ProposedTask(BaseModel):
    """A task as it would be given: the unit's id where the directory knows it, and how the notice calls it."""

    model_config = ConfigDict(extra="forbid")

    unit: Token | None = None
    phrase: Name
    lead: Name | None = None
    cooperators: Annotated[tuple[Token, ...], Field(max_length=_MOST_COOPERATORS)] = ()


class ReasonView(BaseModel):
    """Why somebody will be told, by its code and in words."""

    code: Reason
    vi: str
    en: str


class ToldPerson(BaseModel):
    """Somebody who will be told, why, and by which channels as they chose until now."""

    person_id: str
    name: str
    unit: str | None
    reasons: list[ReasonView]
    channels: list[Channel]


class Why(BaseModel):
    """The same words in both languages."""

    vi: str
    en: str


class Unreached(BaseModel):
    """Whom the notice names and nobody can be told for, and why."""

    phrase: str
    why: Why


class Foretold(BaseModel):
    """Who will be told of a notice, and whom it does not reach."""

    people: list[ToldPerson]
    unreached: list[Unreached]


async def foretold(
    engine: AsyncEngine, directory: Directory, office: Office, tasks: Sequence[ProposedTask], actor: str
) -> Foretold:
    """Who will be told if an actor publishes a notice with these tasks now.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    people = People(directory)
    at = dt.datetime.now(dt.UTC)
    found = sorted(decisions(_case(tasks, directory, actor, at), people), key=lambda each: each.person_id)
    ids = {each.person_id for each in found}
    with translated():
        async with engine.connect() as connection:
            held = await Choices().held(connection, ids, directory)
            ways = await reachable(connection, ids) if ids else {}

    def channels(told: Notification) -> list[Channel]:
        brought = bringing(told, held, 0, at, ways.get(told.person_id, ()), office.channels, office.hours)
        return [channel for channel, _ in brought]

    return Foretold(
        people=[_person(each, directory, channels(each)) for each in found], unreached=unreached(tasks, people)
    )


def _case(tasks: Sequence[ProposedTask], directory: Directory, actor: str, at: dt.datetime) -> Case:
    """The notice as the rules would meet it, with ids of its own."""
    place = Place("foretold", 0, at, actor)
    concluded = MeetingConcluded(
        meeting_id="foretold",
        title="-",
        fingerprint=_NOTHING,
        document=Document(media_type="application/json", sha256=_NOTHING, size=0),
        directives=tuple(_directive(ordinal, each, directory) for ordinal, each in enumerate(tasks, 1)),
    )
    given = (state for each in concluded.directives for state in of_directive(concluded.meeting_id, each, place))
    return Case(place, concluded, concluded.meeting_id, tuple(Change(None, state) for state in given), actor)


def _directive(ordinal: int, task: ProposedTask, directory: Directory) -> Directive:
    known = directory.units.get(task.unit) if task.unit else None
    own = derived_id("foretold", ordinal)
    unit = UnitRef(id=known.id, name=known.name) if known else UnitRef(id=own, name=task.phrase, provisional=True)
    return Directive(
        id=own,
        ordinal=ordinal,
        text=task.phrase,
        assignees=(Assignee(phrase=task.phrase, tasks=(TaskRef(id=own, unit=unit),)),),
        lead=NamedPerson(name=task.lead) if task.lead else None,
        cooperators=tuple(NamedUnit(phrase=each, unit=each) for each in task.cooperators),
    )


def _person(told: Notification, directory: Directory, channels: list[Channel]) -> ToldPerson:
    known = directory.people[told.person_id]
    unit = directory.units.get(known.unit_id) if known.unit_id else None
    return ToldPerson(
        person_id=known.id,
        name=known.name,
        unit=unit.name if unit else None,
        reasons=[ReasonView(code=each, vi=REASONS[each].vi, en=REASONS[each].en) for each in told.reasons],
        channels=channels,
    )


def unreached(tasks: Sequence[ProposedTask], people: People) -> list[Unreached]:
    """Whom these tasks do not reach, each phrase once for each reason."""
    found = dict.fromkeys(each for task in tasks for each in _gaps(task, people))
    return [Unreached(phrase=phrase, why=Why(vi=why.vi, en=why.en)) for phrase, why in found]


def _gaps(task: ProposedTask, people: People) -> Iterator[tuple[str, Words]]:
    units = people.directory.units
    known = units.get(task.unit) if task.unit else None
    led = bool(task.lead and people.named(task.lead, task.unit or ""))
    if known is None:
        yield task.phrase, UNKNOWN_UNIT
    elif not people.answering_for(known.id) and not led:
        yield task.phrase, NOBODY_THERE
    if task.lead and not led:
        yield task.lead, UNKNOWN_LEAD
    for unit_id in task.cooperators:
        if not people.answering_for(unit_id):
            yield (units[unit_id].name if unit_id in units else unit_id), NOBODY_THERE
