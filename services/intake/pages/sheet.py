"""A reading as its reviewer goes through it: a card for each directive, with its doubts and what stands in its fields.
Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.intake.pages.alternatives import Alternatives
from services.intake.pages.doubts import PointedDoubt, pointed
from services.intake.pages.passages import Piece, part_shown, pieces, place_of
from services.intake.standing import Standing
from services.intake.units import NO_UNIT_NAMED
from shared.directory.directory import Directory
from shared.events.meeting import Assignee, Directive, Kind, Reading

CARDS = 50
"""Most directives of a page."""

_MOST_BOXES = 600
"""Boxes of a page's cards: a form takes a thousand fields, and other parts of the page have some too."""

_BOXES_OF_A_CARD = 8
_MOST_ASIDES = 100
_LONGEST_ASIDE = 2_000


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a directive names: the phrase, the field with the units that it means, and units that it may have meant."""

    phrase: str
    field: str
    provisional: bool
    several: bool
    named: bool
    likely: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A directive with its doubts, by the field in which each is mended."""

    directive: Directive
    owners: tuple[Owner, ...]
    doubts: Mapping[str, tuple[PointedDoubt, ...]]


@dataclass(frozen=True, slots=True)
class Aside:
    """A passage that was read as no directive."""

    number: int
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a reading. `values` are the form's fields as the notice stands now; `after` and `next` are ordinals
    behind which this page and the one behind it begin."""

    cards: tuple[Card, ...]
    doubts: tuple[PointedDoubt, ...]
    asides: tuple[Aside, ...]
    source: tuple[Piece, ...]
    values: Mapping[str, str]
    after: int
    next: int | None


def sheet(known: Standing, directory: Directory, after: int, changed: Collection[str] = ()) -> Sheet:
    """The page of a notice behind an ordinal. `changed` are ids of directives that are about to be changed."""
    reading = known.reading
    behind = [each for each in reading.directives if each.ordinal > after]
    shown = _of_one_page(behind)
    doubts = pointed(known, changed)
    alternatives = Alternatives.of(directory)
    return Sheet(
        cards=tuple(_card(each, doubts, alternatives) for each in shown),
        doubts=doubts,
        asides=tuple(_asides(reading)) if after == 0 else (),
        source=tuple(_source(reading, shown, doubts, last=len(behind) == len(shown))),
        values=values_of(reading, shown),
        after=after,
        next=shown[-1].ordinal if len(behind) > len(shown) else None,
    )


def _of_one_page(directives: Sequence[Directive]) -> list[Directive]:
    """As many of the first as one form can hold, and at least one."""
    boxes = 0
    shown: list[Directive] = []
    for each in directives[:CARDS]:
        boxes += _BOXES_OF_A_CARD + len(each.assignees)
        if shown and boxes > _MOST_BOXES:
            break
        shown.append(each)
    return shown


def values_of(reading: Reading, directives: Collection[Directive]) -> dict[str, str]:
    """What stands in the form's fields, by name, before anybody types."""
    by = reading.concluded_by
    values = {
        "n-issuer": reading.issuer or "",
        "n-number": reading.number or "",
        "n-issued_on": reading.issued_on.isoformat() if reading.issued_on else "",
        "n-held_on": reading.held_on.isoformat() if reading.held_on else "",
        "n-title": reading.title,
        "n-by": by.name if by else "",
        "n-position": (by.position or "") if by else "",
    }
    for each in directives:
        start = f"d{each.ordinal}-"
        values |= {
            f"{start}text": each.text,
            f"{start}due": each.deadline.date.isoformat() if each.deadline else "",
            f"{start}recurs": each.recurrence or "",
            f"{start}lead": each.lead.name if each.lead else "",
            f"{start}position": (each.lead.position or "") if each.lead else "",
            f"{start}with": "\n".join(named.phrase for named in each.cooperators),
        }
        values |= {f"{start}units-{place}": "\n".join(known_names(a)) for place, a in enumerate(each.assignees)}
    return values


def known_names(assignee: Assignee) -> list[str]:
    """The names of the directory's units that a phrase was taken for."""
    return [task.unit.name for task in assignee.tasks if not task.unit.provisional]


def places_aside(reading: Reading) -> dict[int, tuple[int, int]]:
    """Where the passages stand that are no directives, by their number: those that became one are left out."""
    taken = {each.span for each in reading.directives}
    return {number: each.span for number, each in enumerate(reading.other) if each.span not in taken}


def _card(directive: Directive, doubts: Collection[PointedDoubt], alternatives: Alternatives) -> Card:
    about: dict[str, tuple[PointedDoubt, ...]] = {}
    for each in doubts:
        if each.ordinal == directive.ordinal:
            about[each.field] = (*about.get(each.field, ()), each)
    return Card(directive, tuple(_owners(directive, about, alternatives)), about)


def _owners(directive: Directive, about: Collection[str], alternatives: Alternatives) -> list[Owner]:
    found = []
    for place, assignee in enumerate(directive.assignees):
        field, provisional = f"d{directive.ordinal}-units-{place}", any(t.unit.provisional for t in assignee.tasks)
        named = assignee.phrase != NO_UNIT_NAMED
        doubtful = named and (field in about or provisional)
        found.append(
            Owner(
                phrase=assignee.phrase,
                field=field,
                provisional=provisional,
                several=len(assignee.tasks) > 1,
                named=named,
                likely=alternatives.to(assignee.phrase) if doubtful else (),
            )
        )
    return found


def _asides(reading: Reading) -> list[Aside]:
    text = reading.document.text or ""
    places = list(places_aside(reading).items())[:_MOST_ASIDES]
    return [
        Aside(number, reading.other[number].kind, " ".join(text[start : min(end, start + _LONGEST_ASIDE)].split()))
        for number, (start, end) in places
    ]


def _source(
    reading: Reading, shown: Collection[Directive], doubts: Collection[PointedDoubt], *, last: bool
) -> list[Piece]:
    text = reading.document.text
    if not text:
        return []
    spans = {each.ordinal: each.span for each in shown if each.span}
    first = not shown or _begins(reading, shown)
    part = part_shown(text, list(spans.values()), first=first, last=last)
    asides = {number: place for number, place in places_aside(reading).items() if part[0] <= place[0] < part[1]}
    doubted = [
        place
        for each in doubts
        if not each.settled and each.ordinal in spans and (place := place_of(reading, each.doubt))
    ]
    return pieces(text, part, spans, asides, doubted)


def _begins(reading: Reading, shown: Collection[Directive]) -> bool:
    """Whether no directive of the notice comes before those that are shown."""
    return min(each.ordinal for each in reading.directives) in {each.ordinal for each in shown}
