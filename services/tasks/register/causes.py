"""Why something is as it is: the events that led to it, one by one, back to the sentence of the notice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.tables import event as ledger_event
from services.tasks.register.changes import called
from services.tasks.register.differences import TASK_FIELDS
from services.tasks.register.history import actor_names
from services.tasks.register.standing import Step
from services.tasks.register.views import BothLanguages
from services.tasks.register.views_of_pasts import Because, ChainLink, EventBrief, Link
from shared.database import among
from shared.events.catalogue import CATALOGUE, Event, Unknown, UnreadableEvent
from shared.events.meeting import ConclusionCorrected, Directive, Document, MeetingConcluded
from shared.events.task import TaskAssigned
from shared.language import Words
from shared.log.stream import PREFIX

_LONGEST = 50
_DIGITS = 19
_WILD, _ESCAPED = re.compile(r"[%_\\]"), r"\\\g<0>"
_LINKS: Mapping[Link, Words] = {
    "this": Words("sự kiện được hỏi", "what is asked about"),
    "cause": Words("dẫn tới sự kiện trên", "led to the one above"),
    "assignment": Words("giao nhiệm vụ này", "made this task"),
    "correction": Words("đính chính chỉ đạo của nhiệm vụ này", "put right the directive of this task"),
    "notice": Words("kết luận đã ra chỉ đạo", "the notice that ordered it"),
}
_RULES: Mapping[str, Words] = {
    "read": Words(
        "đọc từ “{phrase}” trong văn bản, theo quy tắc {rule}", "read from “{phrase}” in the notice, by the rule {rule}"
    ),
    "set": Words("do người có thẩm quyền đặt", "set by somebody with the authority"),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """An event that could be read, with its sequence."""

    sequence: int
    event: Event

    @property
    def id(self) -> str:
        """The event's id."""
        return self.event.envelope.id


@dataclass(frozen=True, slots=True)
class Ordered:
    """The directive that a task carries out, as the notice or its last correction says it, and the document."""

    directive: Directive
    concluded: MeetingConcluded

    @property
    def document(self) -> Document:
        """The document that the notice came as."""
        return self.concluded.document

    @property
    def passage(self) -> str | None:
        """The words of the document that order it; None where it came without its text, or a person added it."""
        text, span = self.document.text, self.directive.span
        return text[span[0] : span[1]] if text and span else None


async def find_event(connection: AsyncConnection, name: str) -> Placed | None:
    """The event of a sequence or of an id; None where there is none, or it cannot be read.

    Ids are not indexed, since every event would pay for it: the ledger is read from its end until the id is found.
    """
    event = ledger_event.c
    statement = select(event.sequence, event.content).order_by(event.sequence.desc()).limit(_LONGEST)
    if name.isascii() and name.isdigit() and len(name) < _DIGITS:
        rows = await connection.execute(statement.where(event.sequence == int(name)))
    else:
        written = f'%"id":"{_WILD.sub(_ESCAPED, name)}"%'
        rows = await connection.execute(statement.where(event.content.bool_op("LIKE")(written.encode())))
    for row in rows:
        placed = _placed(row)
        if placed and name in {placed.id, str(placed.sequence)}:
            return placed
    return None


async def chain_of(connection: AsyncConnection, of: Placed) -> tuple[list[ChainLink], Ordered | None]:
    """What led to an event, the nearest first, and the directive where it came from one. An event that names no other
    as its cause was asked for from outside: what happens to a task then goes back to its assignment."""
    around = await _around(connection, of)
    by_id = {each.id: each for each in around}
    links: list[tuple[Link, Placed]] = [("this", of)]
    while len(links) < _LONGEST and (cause := by_id.get(links[-1][1].event.envelope.causationid)):
        if cause in {each for _, each in links}:
            break
        links.append(("cause", cause))
    told = {each.sequence for _, each in links}
    task_id = getattr(links[-1][1].event.data, "task_id", None) or _first_task(of)
    origin = _origin(around, task_id, links[-1][1])
    links.extend((link, each) for link, each in origin if each.sequence not in told)
    names = await actor_names(connection, {each.event.envelope.actor for _, each in links})
    return [_link(link, each, names) for link, each in links], _ordered(around, task_id)


def because(life: Sequence[Step], briefs: Mapping[int, EventBrief]) -> list[Because]:
    """Why each field of a task is as it is: the last event that changed it, and by which rule a deadline was read."""
    found = []
    for name, (words, of) in TASK_FIELDS.items():
        made = [step for step in life if (of(step.before) if step.before else None) != of(step.after)]
        if made and of(life[-1].after) is not None:
            step = made[-1]
            found.append(
                Because(
                    field=name,
                    words=_both(words),
                    value=_value(of(step.after)),
                    event=briefs.get(step.place.sequence),
                    rule=_rule(step) if name == "deadline" else None,
                )
            )
    return found


def _value(value: Any) -> Any:
    return to_jsonable_python(value, exclude_none=True)


def _rule(step: Step) -> BothLanguages | None:
    deadline = step.after.deadline
    if deadline is None:
        return None
    if deadline.rule is None:
        return _both(_RULES["set"])
    said = {"phrase": deadline.phrase or "", "rule": deadline.rule}
    return BothLanguages(vi=_RULES["read"].to("vi", **said), en=_RULES["read"].to("en", **said))


def _both(words: Words) -> BothLanguages:
    return BothLanguages(vi=words.vi, en=words.en)


async def _around(connection: AsyncConnection, of: Placed) -> list[Placed]:
    """The events up to this one of its aggregate and of the tasks, series and notices that it is about."""
    subjects, known = {of.event.envelope.subject}, dict[int, Placed]()
    wanted = subjects | _about(of.event)
    for _ in range(3):
        rows = await _events(connection, wanted, of.sequence)
        known.update({each.sequence: each for each in rows})
        subjects |= wanted
        wanted = {subject for each in rows for subject in _about(each.event)} - subjects
        if not wanted or len(wanted) > _LONGEST:
            break
    return [known[sequence] for sequence in sorted(known)]


async def _events(connection: AsyncConnection, subjects: set[str], last: int) -> list[Placed]:
    event = ledger_event.c
    statement = (
        select(event.sequence, event.content)
        .where(among(event.subject, [PREFIX + each for each in subjects]), event.sequence <= last)
        .order_by(event.sequence)
    )
    return [placed for row in await connection.execute(statement) if (placed := _placed(row))]


def _about(event: Event) -> set[str]:
    """The aggregates that an event names. A notice names its tasks, but is no consequence of what they became."""
    data, subjects = event.data, set[str]()
    if isinstance(data, MeetingConcluded | ConclusionCorrected):
        return subjects
    if meeting_id := getattr(data, "meeting_id", None):
        subjects.add(f"meeting.{meeting_id}")
    if task_id := getattr(data, "task_id", None):
        subjects.add(f"task.{task_id}")
    if period := getattr(data, "period", None):
        subjects.add(f"task.{period.series_id}")
    for mention in getattr(data, "tasks", ()):
        subjects.add(f"task.{mention.task_id}")
    return subjects


def _first_task(of: Placed) -> str | None:
    mentioned = [mention.task_id for mention in getattr(of.event.data, "tasks", ())]
    return mentioned[0] if len(mentioned) == 1 else None


def _origin(around: Sequence[Placed], task_id: str | None, last: Placed) -> list[tuple[Link, Placed]]:
    """How a task goes back to its notice: corrections of its directive, its assignment, and the notice."""
    directive_id = None
    found: list[tuple[Link, Placed]] = []
    for each in around:
        data = each.event.data
        if isinstance(data, TaskAssigned) and data.task_id == task_id:
            directive_id = data.directive_id
            found.append(("assignment", each))
    for each in around:
        data = each.event.data
        if isinstance(data, ConclusionCorrected) and directive_id in {
            *(one.id for one in data.directives),
            *data.withdrawn,
        }:
            found.append(("correction", each))
        elif isinstance(data, MeetingConcluded) and directive_id in {one.id for one in data.directives}:
            found.append(("notice", each))
    order: Sequence[Link] = ("correction", "assignment", "notice")
    return sorted(found, key=lambda pair: (order.index(pair[0]), -pair[1].sequence))


def _ordered(around: Sequence[Placed], task_id: str | None) -> Ordered | None:
    directive_id = next(
        (
            each.event.data.directive_id
            for each in around
            if isinstance(each.event.data, TaskAssigned) and each.event.data.task_id == task_id
        ),
        None,
    )
    concluded: MeetingConcluded | None = None
    directive: Directive | None = None
    for each in around:
        data = each.event.data
        if isinstance(data, MeetingConcluded):
            concluded = data
        if isinstance(data, MeetingConcluded | ConclusionCorrected):
            directive = next((one for one in data.directives if one.id == directive_id), directive)
    return Ordered(directive, concluded) if directive and concluded else None


def _link(link: Link, each: Placed, names: Mapping[str, str]) -> ChainLink:
    envelope = each.event.envelope
    told = EventBrief(
        sequence=each.sequence,
        id=envelope.id,
        type=envelope.type,
        words=called(envelope.type),
        time=envelope.at(),
        actor=envelope.actor,
        actor_name=names.get(envelope.actor),
    )
    return ChainLink(
        link=link, words=_both(_LINKS[link]), event=told, request=envelope.correlationid, said=_said(each.event)
    )


def _said(event: Event) -> dict[str, Any]:
    """What an event says, without the notice's text and all its directives."""
    data = event.data
    if isinstance(data, Unknown):
        return {}
    left_out = {"directives", "other", "doubts", "document"} if isinstance(data, MeetingConcluded) else set()
    return data.model_dump(mode="json", exclude_none=True, exclude=left_out)


def _placed(row: Any) -> Placed | None:
    try:
        return Placed(row.sequence, CATALOGUE.read(row.content))
    except UnreadableEvent:
        return None
