"""A notice's body, with its farewell and what is appended, as duties and as passages that lay none."""

from dataclasses import replace

from services.intake.reading.duties.directives import duties_of, known_names
from services.intake.reading.duties.laid import Aside, LaidDuty
from services.intake.reading.layout.outline import Item, outline_of
from services.intake.reading.layout.sections import Sections
from services.intake.reading.source import Source
from services.intake.reading.tables.duty_tables import lays_duties
from services.intake.reading.tables.tables import grids_of
from services.intake.reading.text import Line


def body_of(source: Source, sections: Sections) -> tuple[list[LaidDuty], list[Aside]]:
    """What the conclusions lay, the farewell's duties, and those of appended tables.

    Raises UnreadableNotice where an item is longer than a directive can be.
    """
    body = _items(source, sections.body)
    farewell = _items(source, sections.farewell)
    appended = _items(source, sections.appendix)
    if not any(item.grid is not None and lays_duties(item.grid) for item in appended):
        appended = []
    appended = [replace(item, parent=None) for item in appended if item.grid is not None]
    known = known_names(body)
    laid, asides = duties_of(body, known)
    for items, closes in ((farewell, True), (appended, False)):
        more, beside = duties_of(items, known, closes=closes)
        laid.extend(more)
        asides.extend(beside)
    return laid, asides


def _items(source: Source, lines: list[Line]) -> list[Item]:
    if not lines:
        return []
    return outline_of(source.text, lines, grids_of(source, lines), whole_lines=source.whole_lines)
