"""What is shown of a task or a notice at a moment, field by field, and what is different of it. Pure."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.tasks.pages.record.saying import Said, said, written
from services.tasks.register.differences import NOTICE_FIELDS, TASK_FIELDS
from services.tasks.register.views import MeetingView, TaskView
from services.tasks.register.views_of_pasts import FieldChange
from shared.language import Words
from shared.vocabulary import STATUS
from shared.web import wording

_NOTHING = Words("không có", "none")
_AT_HOUR = Words("{day}, {hour}", "{day}, {hour}")
_WITH_POSITION = Words("{name}, {position}", "{name}, {position}")
_DAYS = {"deadline", "due", "issued_on", "held_on", "pending_until"}
_EMPTY: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True, slots=True)
class Showing:
    """What values are shown with: the zone (IANA name) of times, and the names of people by their actors."""

    zone: str
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """A field as it stood; `changed` where the last event made it so."""

    name: str
    words: Words
    value: Said
    changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is different, and the sequences of the events that made it so; it `began` where there was nothing
    before."""

    name: str
    words: Words
    before: Said
    after: Said
    events: tuple[int, ...] = ()
    began: bool = False


def task_facts(task: TaskView, changed: Collection[str], showing: Showing) -> list[Fact]:
    """A task field by field, without those of which it says nothing and that did not change."""
    stood = task.model_dump(mode="json", exclude_none=True)
    stood["deadline"] = stood.pop("due", None)
    words = {name: words for name, (words, _) in TASK_FIELDS.items()}
    return _facts(words, stood, changed, showing)


def notice_facts(meeting: MeetingView, changed: Collection[str], showing: Showing) -> list[Fact]:
    """A notice field by field."""
    return _facts(NOTICE_FIELDS, meeting.model_dump(mode="json", exclude_none=True), changed, showing)


def changes_of(changes: Sequence[FieldChange], showing: Showing) -> list[Change]:
    """What is different, as people read it."""
    return [
        Change(
            each.field,
            Words(each.words.vi, each.words.en),
            value_said(each.field, each.before, showing),
            value_said(each.field, each.after, showing),
            tuple(event.sequence for event in each.events),
            began=each.before in _EMPTY,
        )
        for each in changes
    ]


def known_otherwise(known: Sequence[Fact], held: Sequence[Fact]) -> list[Change]:
    """The fields of which we now know that they were otherwise than was known then."""
    then, now = ({fact.name: fact for fact in facts} for facts in (known, held))
    nothing = Said(_NOTHING)
    found = []
    for name in dict.fromkeys((*then, *now)):
        before, after = then.get(name), now.get(name)
        was, is_ = (before.value if before else nothing), (after.value if after else nothing)
        if was.to("vi") != is_.to("vi"):
            found.append(Change(name, (before or after or known[0]).words, was, is_))
    return found


def value_said(field: str, value: Any, showing: Showing) -> Said:
    """What stands in a field, as the register's answers have it."""
    match value:
        case _ if value in _EMPTY:
            return Said(_NOTHING)
        case {"date": day, "time": hour}:
            return said(_AT_HOUR, day=wording.date(dt.date.fromisoformat(day)), hour=hour)
        case {"date": day}:
            return written(wording.date(dt.date.fromisoformat(day)))
        case {"name": name, "position": position}:
            return said(_WITH_POSITION, name=name, position=position)
        case {"name": name}:
            return written(name)
        case [*each]:
            return written(
                ", ".join(str(one.get("phrase", one)) if isinstance(one, Mapping) else str(one) for one in each)
            )
        case str() if field == "status" and value in STATUS:
            return Said(STATUS[value])
        case str() if field in _DAYS:
            return written(wording.date(dt.date.fromisoformat(value)))
        case str() if field.endswith("_at"):
            return written(wording.time(dt.datetime.fromisoformat(value), showing.zone))
        case str():
            return written(showing.people.get(value, value))
        case _:
            return written(str(value))


def _facts(
    words: Mapping[str, Words], stood: Mapping[str, Any], changed: Collection[str], showing: Showing
) -> list[Fact]:
    return [
        Fact(name, called, value_said(name, stood.get(name), showing), name in changed)
        for name, called in words.items()
        if stood.get(name) not in _EMPTY or name in changed or name == "deadline"
    ]
