"""The doubts of a reading, each with the field in which it is mended and what to do about it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from services.intake.pages.words import ADVICE, OTHER_ADVICE
from services.intake.standing import Standing
from shared.events.meeting import Directive, Doubt
from shared.language import Words
from shared.vocabulary import DOUBTS, OTHER_DOUBT

_IN_DEADLINE = {"deadline-uncertain"}
_IN_DUTY = {"directive-uncertain", "duty-not-recognised"}


@dataclass(frozen=True, slots=True)
class PointedDoubt:
    """A doubt, the field in which it is mended, and what to do. `settled` says that somebody changed that directive."""

    number: int
    doubt: Doubt
    ordinal: int | None
    field: str
    words: Words
    advice: Words
    settled: bool


def pointed(known: Standing, changed: Collection[str]) -> tuple[PointedDoubt, ...]:
    """A notice's doubts in its order, those about the whole of it first. `changed` are ids of directives that are about
    to be changed."""
    changed = {*changed, *_changed_since(known)}
    directives = {each.id: each for each in known.first.directives} | {
        each.id: each for each in known.reading.directives
    }
    told = [(doubt, directives.get(doubt.directive_id or "")) for doubt in known.reading.doubts]
    told.sort(key=lambda each: _place_on_page(*each))
    found = []
    for number, (doubt, directive) in enumerate(told, start=1):
        found.append(
            PointedDoubt(
                number=number,
                doubt=doubt,
                ordinal=directive.ordinal if directive else None,
                field=_field(doubt, directive),
                words=DOUBTS.get(doubt.code, OTHER_DOUBT),
                advice=ADVICE.get(doubt.code, OTHER_ADVICE),
                settled=known.state == "published" or doubt.directive_id in changed,
            )
        )
    return tuple(found)


def _place_on_page(doubt: Doubt, directive: Directive | None) -> tuple[int, int]:
    """Where a doubt stands among the others: by directive, then by field; those about the whole notice come first."""
    field = 0 if doubt.code in _IN_DUTY else 2 if doubt.code in _IN_DEADLINE else 1
    return (directive.ordinal if directive else 0), field


def _field(doubt: Doubt, directive: Directive | None) -> str:
    if directive is None:
        return "n-title"
    start = f"d{directive.ordinal}-"
    if doubt.code in _IN_DEADLINE:
        return f"{start}due"
    if doubt.code in _IN_DUTY:
        return f"{start}none"
    places = (place for place, each in enumerate(directive.assignees) if each.phrase == doubt.about)
    return f"{start}units-{next(places, 0)}"


def _changed_since(known: Standing) -> set[str]:
    first = {each.id: each for each in known.first.directives}
    now = {each.id: each for each in known.reading.directives}
    return {each for each in first if first[each] != now.get(each)}
