"""What somebody wrote into the form of a reading, as changes of the notice. Pure."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from services.intake.changes import Changes
from services.intake.pages.sheet import known_names, places_aside, values_of
from services.intake.pages.writing import Writing, lines
from services.intake.units import responsible
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.events.meeting import Assignee, Directive, Reading
from shared.language import Words
from shared.problems import FieldProblem, Invalid, field_problems

C = TypeVar("C", bound=Changes)

MOST_ADDED = 20
"""Directives that one form adds in words of their own."""

_NOBODY = Words(
    "phải có ít nhất một đơn vị; nếu câu này không giao việc, đánh dấu “Không phải chỉ đạo”",
    "at least one unit has to have it; where it orders nothing, tick “No directive”",
)
_NOTHING_LEFT = Words(
    "không còn chỉ đạo nào; nếu cả thông báo không giao việc, hãy loại bỏ thông báo",
    "no directive is left; where the whole notice orders nothing, discard it",
)

BLANK = " "
"""What an empty box holds, so that it is refused as blank rather than as short."""

_PARTS = {"text": "text", "assignees": "add", "lead": "lead", "cooperators": "with", "deadline": "due"}


def changes_written(
    model: type[C], fields: Mapping[str, str], reading: Reading, directory: Directory, resolver: Resolver
) -> C:
    """The changes that a form asks for: what its fields say otherwise than the notice as it stands.

    Directives that the form does not show stay as they are.

    Raises:
        Invalid: some of it cannot be used; each pointer is `/` and the field's name.
    """
    writing = Writing(fields, directory, resolver)
    shown = {part for part in fields.get("cards", "").split(",") if part}
    directives = [each for each in reading.directives if str(each.ordinal) in shown]
    before = values_of(reading, directives)
    withdrawn = [each for each in directives if f"d{each.ordinal}-none" in fields]
    kept = {each.id: each for each in directives if f"d{each.ordinal}-none" not in fields}
    changed = [change for each in kept.values() if len(change := _directive(writing, each, before)) > 1]
    missed = [*_from_asides(writing, reading), *_added(writing, reading)]
    if withdrawn and len(withdrawn) == len(reading.directives) and not missed:
        writing.refuse(f"d{withdrawn[0].ordinal}-none", "nothing-left", _NOTHING_LEFT)
    given: dict[str, Any] = {
        "fields": _notice(writing, before),
        "directives": changed,
        "withdrawn": [each.id for each in withdrawn],
        "missed": missed,
        "learn": "forget" not in fields,
    }
    for place, change in enumerate(changed):
        start = f"d{kept[change['id']].ordinal}-"
        writing.places |= {f"/directives/{place}/{part}": start + name for part, name in _PARTS.items()}
    if "reason" in model.model_fields:
        given["reason"] = writing.at("reason") or BLANK
    return _checked(model, given, writing)


def _checked(model: type[C], given: dict[str, Any], writing: Writing) -> C:
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


def _notice(writing: Writing, before: Mapping[str, str]) -> dict[str, Any]:
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


def _directive(writing: Writing, directive: Directive, before: Mapping[str, str]) -> dict[str, Any]:
    """What of a directive is other than it was, beside its id."""
    start = f"d{directive.ordinal}-"
    given: dict[str, Any] = {"id": directive.id}

    def differs(name: str) -> bool:
        return lines(writing.at(start + name)) != lines(before[start + name])

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
        given["cooperators"] = [{"phrase": phrase} for phrase in lines(writing.at(f"{start}with"))]
    if (assignees := _assignees(writing, directive)) is not None:
        given["assignees"] = assignees
    return given


def _assignees(writing: Writing, directive: Directive) -> list[dict[str, Any]] | None:
    """Whom a directive is given to; None where that stays as it was. A box that was emptied gives it to nobody."""
    start, given, same = f"d{directive.ordinal}-", [], True
    for place, assignee in enumerate(directive.assignees):
        name = f"{start}units-{place}"
        if f"{start}drop-{place}" in writing.fields:
            same = False
        elif lines(writing.at(name)) == known_names(assignee):
            given.append(_as_it_was(writing, assignee))
        else:
            same = False
            if units := writing.units(name):
                given.append({"phrase": assignee.phrase, "units": units})
    added = writing.units(f"{start}add")
    given.extend({"phrase": writing.directory.units[unit_id].name, "units": [unit_id]} for unit_id in added)
    if not given and not writing.problems:
        writing.refuse(f"{start}add", "nobody", _NOBODY)
    return None if not given or (same and not added) else given


def _as_it_was(writing: Writing, assignee: Assignee) -> dict[str, Any]:
    """An assignee that stays while others change: where the directory says the same, nothing is to be learnt of it."""
    units = [task.unit for task in assignee.tasks]
    if any(unit.provisional for unit in units) or list(responsible(writing.resolver, assignee.phrase)) == units:
        return {"phrase": assignee.phrase}
    return {"phrase": assignee.phrase, "units": [unit.id for unit in units]}


def _from_asides(writing: Writing, reading: Reading) -> list[dict[str, Any]]:
    """Passages that were taken for none, and are directives."""
    text = reading.document.text or ""
    return [
        _missed(writing, f"a{number}-", " ".join(text[start:end].split()), (start, end))
        for number, (start, end) in places_aside(reading).items()
        if f"a{number}-is" in writing.fields
    ]


def _added(writing: Writing, reading: Reading) -> list[dict[str, Any]]:
    """Directives that stand in words of their own, with their place in the notice where they stand there so."""
    found = []
    for start in (f"m{number}-" for number in range(MOST_ADDED)):
        if words := writing.at(f"{start}text"):
            at = (reading.document.text or "").find(words)
            found.append(_missed(writing, start, words, (at, at + len(words)) if at >= 0 else None))
    return found


def _missed(writing: Writing, start: str, text: str, span: tuple[int, int] | None) -> dict[str, Any]:
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
