"""Events as sentences: what happened, with what, to what, by whom. Pure."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.tasks.ledger.search import Found
from services.tasks.pages.record.saying import Said, said, written
from services.tasks.pages.words import ACTORS
from services.tasks.register.names import Names
from shared import vocabulary
from shared.events.catalogue import Event, Unknown
from shared.events.meeting import MeetingConcluded
from shared.language import Words
from shared.web import wording

_QUOTED = 220
_UNREADABLE = Words("Nội dung không đọc được như một sự kiện", "These bytes cannot be read as an event")
_NO_DEADLINE = Words("không có hạn", "none")
_DIRECTIVES = Words("{count} chỉ đạo", "{count} directives")
_EVENTS = Words("tới sự kiện {count}", "up to event {count}")
_UNTIL = Words("đến {day}", "until {day}")
_AGGREGATES: Mapping[str, Words] = {
    "task": Words("Nhiệm vụ {id}", "Task {id}"),
    "meeting": Words("Cuộc họp {id}", "Meeting {id}"),
    "inbox": Words("Hộp tin của {id}", "Inbox of {id}"),
    "person": Words("Người: {id}", "Person: {id}"),
    "unit": Words("Đơn vị: {id}", "Unit: {id}"),
    "client": Words("Hệ thống kết nối: {id}", "API client: {id}"),
    "webhook": Words("Điểm nhận sự kiện {id}", "Webhook {id}"),
}
_LEDGER: Mapping[str, Words] = {
    "ledger.checkpoints": Words("Điểm kiểm chứng", "Checkpoints"),
    "ledger.keys": Words("Khoá ký điểm kiểm chứng", "Keys for checkpoints"),
    "ledger.repairs": Words("Việc khôi phục sổ ghi", "Repairs of the record"),
}
_TASK = Words("{number}, chỉ đạo {ordinal}, {unit}", "{number}, directive {ordinal}, {unit}")
_NO_NUMBER = Words("chưa có số", "no number yet")


@dataclass(frozen=True, slots=True)
class Sentence:
    """An event as people read it.

    `what` happened, `particulars` of it, and the words that it quotes, `quoted`; `aggregate` is what it happened to and
    `path` the page of that, if there is one; `by` is who did it.
    """

    sequence: int
    time: dt.datetime
    type: str
    actor: str
    subject: str
    what: Said
    particulars: tuple[Said, ...]
    quoted: str | None
    aggregate: Said
    path: str | None
    by: Said


def sentence(found: Found, names: Names) -> Sentence:
    """What an event of the ledger says."""
    event = found.event
    return Sentence(
        sequence=found.sequence,
        time=event.envelope.at() if event else found.stored_at,
        type=event.envelope.type if event else "",
        actor=event.envelope.actor if event else "",
        subject=found.aggregate,
        what=called(event.envelope.type) if event else Said(_UNREADABLE),
        particulars=tuple(_particulars(event, names)) if event else (),
        quoted=_quoted(event.data) if event else None,
        aggregate=aggregate_called(found.aggregate, names),
        path=path_of(found.aggregate),
        by=actor_called(event.envelope.actor, names) if event else written(""),
    )


def called(event_type: str) -> Said:
    """What an event of a type is called."""
    name = event_type.removeprefix("ketluan.").partition(".")[0]
    words = vocabulary.EVENTS.get(name)
    return Said(words) if words else written(event_type)


def actor_called(actor: str, names: Names) -> Said:
    """Who acted."""
    if name := names.of_actor(actor):
        return written(name)
    words = ACTORS.get(actor)
    return Said(words) if words else written(actor.partition(".")[2] or actor)


def aggregate_called(aggregate: str, names: Names) -> Said:
    """What something happened to."""
    if aggregate in _LEDGER:
        return Said(_LEDGER[aggregate])
    kind, _, identity = aggregate.partition(".")
    if task := names.tasks.get(identity):
        return said(_TASK, number=task.number or _NO_NUMBER, ordinal=task.ordinal, unit=task.unit)
    meeting = names.meetings.get(identity)
    known = names.people.get(identity) or names.units.get(identity) or (meeting and meeting.number)
    words = _AGGREGATES.get(kind)
    return said(words, id=known or identity) if words else written(aggregate)


def path_of(aggregate: str) -> str | None:
    """The page on which an aggregate is looked at in time, where there is one."""
    kind, _, identity = aggregate.partition(".")
    return {"task": f"/record/tasks/{identity}", "meeting": f"/record/meetings/{identity}"}.get(kind)


def named_ids(found: Sequence[Found]) -> dict[str, set[str]]:
    """The ids of all whose names these events need: people, units, meetings and tasks."""
    ids: dict[str, set[str]] = {"people": set(), "units": set(), "meetings": set(), "tasks": set()}
    kinds = {"inbox": "people", "person": "people", "unit": "units", "meeting": "meetings", "task": "tasks"}
    for each in found:
        kind, _, identity = each.aggregate.partition(".")
        if kind in kinds:
            ids[kinds[kind]].add(identity)
        if each.event is None:
            continue
        who, _, actor = each.event.envelope.actor.partition(".")
        if who == "person":
            ids["people"].add(actor)
        for field, of in (("person_id", "people"), ("unit_id", "units"), ("meeting_id", "meetings")):
            if value := getattr(each.event.data, field, None):
                ids[of].add(value)
    return ids


def _particulars(event: Event, names: Names) -> Iterator[Said]:
    """What an event says besides its name, by the fields that it has."""
    data = event.data
    if isinstance(data, Unknown):
        return
    if isinstance(data, MeetingConcluded):
        yield written(data.number) if data.number else Said(_NO_NUMBER)
        yield said(_DIRECTIVES, count=len(data.directives))
        return
    if person := getattr(data, "person_id", None):
        yield written(names.people.get(person, person))
    for name, tell in _FIELDS.items():
        value = getattr(data, name, None)
        if value is not None and value != ():
            yield tell(value)
    if type(data).__name__ == "DueDateSet" and getattr(data, "deadline", None) is None:
        yield Said(_NO_DEADLINE)


def _channel(channel: str) -> Said:
    words = vocabulary.CHANNELS.get(channel)  # type: ignore[call-overload]
    return Said(words) if words else written(channel)


def _role(role: str) -> Said:
    words = vocabulary.ROLES.get(role)  # type: ignore[call-overload]
    return Said(words) if words else written(role)


_FIELDS: Mapping[str, Callable[[Any], Said]] = {
    "unit": lambda unit: written(unit.name),
    "percent": lambda percent: written(f"{percent}%"),
    "until": lambda day: said(_UNTIL, day=wording.date(day)),
    "deadline": lambda deadline: written(wording.date(deadline.date)),
    "cooperators": lambda units: written(", ".join(unit.phrase for unit in units)),
    "channel": _channel,
    "role": _role,
    "name": written,
    "alias": written,
    "unit_class": written,
    "size": lambda size: said(_EVENTS, count=size),
    "error": written,
}
"""How the fields of events are told, in this order."""


def _quoted(data: object) -> str | None:
    """The words that an event quotes, cut where they are long."""
    for name in ("note", "reason", "message", "text", "title"):
        if isinstance(words := getattr(data, name, None), str) and not hasattr(data, "key_id"):
            return words if len(words) <= _QUOTED else words[:_QUOTED].rpartition(" ")[0] + " …"
    return None
