"""What somebody wrote into the form of a reading, as changes of the notice. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from services.intake.changes import Changes
from services.intake.pages.alternatives import Alternatives
from services.intake.pages.sheet import known_names, places_aside, values_of
from services.intake.units import responsible
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.events.meeting import Assignee, Directive, Reading
from shared.language import Words
from shared.problems import FieldProblem, Invalid, field_problems

C = TypeVar("C", bound=Changes)

MOST_ADDED = 20
"""Directives that one form adds in words of their own."""

_UNKNOWN = Words("danh bạ không có đơn vị “{name}”", "the directory has no unit “{name}”")
_UNKNOWN_LIKE = Words(
    "danh bạ không có đơn vị “{name}”; gần giống: {likely}", "the directory has no unit “{name}”; nearly so: {likely}"
)
_SEVERAL = Words(
    "có nhiều đơn vị tên “{name}”; ghi đúng một trong: {likely}",
    "several units are named “{name}”; write one of {likely}",
)
_NOBODY = Words(
    "phải có ít nhất một đơn vị; nếu câu này không giao việc, đánh dấu “Không phải chỉ đạo”",
    "at least one unit has to have it; where it orders nothing, tick “No directive”",
)
_NOTHING_LEFT = Words(
    "không còn chỉ đạo nào; nếu cả thông báo không giao việc, hãy loại bỏ thông báo",
    "no directive is left; where the whole notice orders nothing, discard it",
)


@dataclass
class _Writing:
    """What is gathered from the fields: the changes, where each of them was written, and what is wrong."""

    fields: Mapping[str, str]
    directory: Directory
    resolver: Resolver
    places: dict[str, str] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)

    def at(self, name: str) -> str:
        """What was written in a field, without space around; empty where nothing was."""
        return self.fields.get(name, "").strip()

    def refuse(self, box: str, code: str, words: Words, **values: object) -> None:
        """Notes what is wrong in a field."""
        self.problems.append(FieldProblem(f"/{box}", code, words, values))

    def units(self, name: str) -> list[str]:
        """The ids of the units that are written in a field, one on a line."""
        found = []
        for written in _lines(self.at(name)):
            units = [each for each in self.directory.units.values() if each.name == written and not each.closed]
            units = units or list(self.directory.named(written))
            if len(units) == 1:
                found.append(units[0].id)
                continue
            likely = ", ".join(Alternatives.of(self.directory).to(written))
            if units:
                self.refuse(name, "unit-ambiguous", _SEVERAL, name=written, likely=likely)
            else:
                self.refuse(name, "unknown-unit", _UNKNOWN_LIKE if likely else _UNKNOWN, name=written, likely=likely)
        return list(dict.fromkeys(found))


def changes_written(
    model: type[C], fields: Mapping[str, str], reading: Reading, directory: Directory, resolver: Resolver
) -> C:
    """The changes that a form asks for: what its fields say otherwise than the notice as it stands.

    Directives that the form does not show stay as they are.

    Raises:
        Invalid: some of it cannot be used; each pointer is `/` and the field's name.
    """
    writing = _Writing(fields, directory, resolver)
    shown = {part for part in fields.get("cards", "").split(",") if part}
    directives = [each for each in reading.directives if str(each.ordinal) in shown]
    before = values_of(reading, directives)
    withdrawn = [each for each in directives if f"d{each.ordinal}-none" in fields]
    kept = [each for each in directives if each not in withdrawn]
    changed = [change for each in kept if len(change := _directive(writing, each, before)) > 1]
    missed = [*_from_asides(writing, reading), *_added(writing, reading)]
    if len(withdrawn) == len(reading.directives) and not missed:
        writing.refuse(f"d{withdrawn[0].ordinal}-none", "nothing-left", _NOTHING_LEFT)
    given: dict[str, Any] = {
        "fields": _notice(writing, before),
        "directives": changed,
        "withdrawn": [each.id for each in withdrawn],
        "missed": missed,
        "learn": "forget" not in fields,
    }
    for place, change in enumerate(changed):
        ordinal = next(each.ordinal for each in kept if each.id == change["id"])
        writing.places |= {f"/directives/{place}/{part}": f"d{ordinal}-{name}" for part, name in _PARTS.items()}
    if "reason" in model.model_fields:
        given["reason"] = writing.at("reason") or _BLANK
    return _checked(model, given, writing)


_BLANK = " "
"""What an empty box holds, so that it is refused as blank rather than as short."""

_PARTS = {"text": "text", "assignees": "add", "lead": "lead", "cooperators": "with", "deadline": "due"}


def _checked(model: type[C], given: dict[str, Any], writing: _Writing) -> C:
    try:
        made = model.model_validate(given)
    except ValidationError as error:
        for problem in field_problems(error.errors()):
            places = (place for place in writing.places if problem.pointer.startswith(place))
            at = writing.places.get(next(places, ""), problem.pointer.rpartition("/")[2])
            writing.problems.append(FieldProblem(f"/{at}", problem.code, problem.detail, problem.values))
    if writing.problems:
        raise Invalid(errors=writing.problems)
    return made


def _notice(writing: _Writing, before: Mapping[str, str]) -> dict[str, Any]:
    """The notice's own fields that are other than they were; an empty one stays as it was."""
    given: dict[str, Any] = {}
    for name in ("issuer", "number", "issued_on", "held_on", "title"):
        written = writing.at(f"n-{name}")
        if written and written != before[f"n-{name}"]:
            given[name] = written
            writing.places[f"/fields/{name}"] = f"n-{name}"
    by = (writing.at("n-by"), writing.at("n-position"))
    if by[0] and by != (before["n-by"], before["n-position"]):
        given["concluded_by"] = {"name": by[0], "position": by[1] or None}
        writing.places["/fields/concluded_by"] = "n-by"
    return given


def _directive(writing: _Writing, directive: Directive, before: Mapping[str, str]) -> dict[str, Any]:
    """What of a directive is other than it was, beside its id."""
    start = f"d{directive.ordinal}-"
    given: dict[str, Any] = {"id": directive.id}

    def differs(name: str) -> bool:
        return _lines(writing.at(start + name)) != _lines(before[start + name])

    text = writing.at(f"{start}text")
    if text and text.split() != directive.text.split():
        given["text"] = text
    if differs("due"):
        phrase = directive.deadline.phrase if directive.deadline else None
        due = writing.at(f"{start}due")
        given["deadline"] = {"date": due, "phrase": phrase} if due else None
    if differs("recurs"):
        given["recurrence"] = writing.at(f"{start}recurs") or None
    if differs("lead") or differs("position"):
        name, position = writing.at(f"{start}lead"), writing.at(f"{start}position")
        given["lead"] = {"name": name, "position": position or None} if name else None
    if differs("with"):
        given["cooperators"] = [{"phrase": phrase} for phrase in _lines(writing.at(f"{start}with"))]
    if (assignees := _assignees(writing, directive)) is not None:
        given["assignees"] = assignees
    return given


def _assignees(writing: _Writing, directive: Directive) -> list[dict[str, Any]] | None:
    """Whom a directive is given to; None where that stays as it was."""
    start, given, same = f"d{directive.ordinal}-", [], True
    for place, assignee in enumerate(directive.assignees):
        name = f"{start}units-{place}"
        if f"{start}drop-{place}" in writing.fields:
            same = False
        elif _lines(writing.at(name)) == known_names(assignee):
            given.append(_as_it_was(writing, assignee))
        else:
            same = False
            given.append({"phrase": assignee.phrase, "units": writing.units(name)})
    added = writing.units(f"{start}add")
    given.extend({"phrase": writing.directory.units[unit_id].name, "units": [unit_id]} for unit_id in added)
    if not given:
        writing.refuse(f"{start}add", "nobody", _NOBODY)
        return None
    return None if same and not added else given


def _as_it_was(writing: _Writing, assignee: Assignee) -> dict[str, Any]:
    """An assignee that stays while others change: where the directory says the same, nothing is to be learnt of it."""
    units = [task.unit for task in assignee.tasks]
    if any(unit.provisional for unit in units) or list(responsible(writing.resolver, assignee.phrase)) == units:
        return {"phrase": assignee.phrase}
    return {"phrase": assignee.phrase, "units": [unit.id for unit in units]}


def _from_asides(writing: _Writing, reading: Reading) -> list[dict[str, Any]]:
    """Passages that were taken for none, and are directives."""
    text = reading.document.text or ""
    return [
        _missed(writing, f"a{number}-", " ".join(text[start:end].split()), (start, end))
        for number, (start, end) in places_aside(reading).items()
        if f"a{number}-is" in writing.fields
    ]


def _added(writing: _Writing, reading: Reading) -> list[dict[str, Any]]:
    """Directives that stand in words of their own, with their place in the notice where they stand there so."""
    found = []
    for start in (f"m{number}-" for number in range(MOST_ADDED)):
        if words := writing.at(f"{start}text"):
            at = (reading.document.text or "").find(words)
            found.append(_missed(writing, start, words, (at, at + len(words)) if at >= 0 else None))
    return found


def _missed(writing: _Writing, start: str, text: str, span: tuple[int, int] | None) -> dict[str, Any]:
    units = writing.units(f"{start}units")
    names = [writing.directory.units[unit_id].name for unit_id in units]
    due = writing.at(f"{start}due")
    place = len([each for each in writing.places if each.endswith("/text") and each.startswith("/missed")])
    writing.places |= {f"/missed/{place}/text": f"{start}text", f"/missed/{place}/deadline": f"{start}due"}
    return {
        "text": text,
        "span": span,
        "assignees": names,
        "units": [{"phrase": name, "units": [unit_id]} for name, unit_id in zip(names, units, strict=True)],
        "deadline": {"date": due} if due else None,
    }


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.replace("\r", "\n").replace(";", "\n").split("\n") if line.strip()]
