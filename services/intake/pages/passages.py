"""A notice's text in pieces, so that a page can mark which words became which directive. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from shared.events.meeting import Doubt, Reading

PlaceInText = tuple[int, int]
"""Start and exclusive end, in characters."""

_AROUND = 1_500


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together: to the same directives, by their ordinals, or to the same passage that is none, by
    its place among them. `begins` are the directives that begin here; `doubtful` says that a doubt is about them."""

    text: str
    ordinals: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    aside: int | None = None
    doubtful: bool = False


def pieces(
    text: str,
    part: PlaceInText,
    directives: Mapping[int, PlaceInText],
    asides: Mapping[int, PlaceInText],
    doubtful: Collection[PlaceInText] = (),
) -> list[Piece]:
    """A part of a text in pieces. Places that reach out of it are cut; directives may lie within one another."""
    start, end = part
    edges = {start, end}
    for place in (*directives.values(), *asides.values(), *doubtful):
        edges.update(edge for edge in place if start < edge < end)
    ordered = sorted(edges)
    found = []
    for begin, stop in pairwise(ordered):
        within = tuple(ordinal for ordinal, place in directives.items() if place[0] <= begin and stop <= place[1])
        aside = next((number for number, place in asides.items() if place[0] <= begin and stop <= place[1]), None)
        found.append(
            Piece(
                text=text[begin:stop],
                ordinals=within,
                begins=tuple(each for each in within if max(directives[each][0], start) == begin),
                aside=None if within else aside,
                doubtful=any(place[0] <= begin and stop <= place[1] for place in doubtful),
            )
        )
    return found


def part_shown(text: str, spans: Collection[PlaceInText], *, first: bool, last: bool) -> PlaceInText:
    """Which part of a text stands beside directives: from the first to the last of them, with what stands around.

    `first` and `last` say that no directive comes before or behind them.
    """
    start = min((span[0] for span in spans), default=0)
    end = max((span[1] for span in spans), default=0 if spans else len(text))
    around_start = 0 if first and start <= 20 * _AROUND else max(0, start - _AROUND)
    around_end = len(text) if last and len(text) - end <= 20 * _AROUND else min(len(text), end + _AROUND)
    return around_start, around_end


def place_of(reading: Reading, doubt: Doubt) -> PlaceInText | None:
    """Where the words stand that a doubt is about: in its directive's text, or else in the last heading before it; None
    where they stand in neither."""
    text = reading.document.text
    span = next((each.span for each in reading.directives if each.id == doubt.directive_id), None)
    if not text or not span or not doubt.about:
        return None
    at = text.find(doubt.about, *span)
    if at < 0:
        at = text.rfind(doubt.about, max(0, span[0] - _AROUND), span[0])
    return (at, at + len(doubt.about)) if at >= 0 else None
