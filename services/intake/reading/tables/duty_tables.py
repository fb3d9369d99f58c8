"""Tables whose rows lay duties: their columns say what, on whom, with whom and until when."""

import re

from services.intake.reading.duties.cooperation import cooperators_in
from services.intake.reading.duties.duty import duty_in
from services.intake.reading.duties.headings import Heading
from services.intake.reading.duties.kinds import Tone
from services.intake.reading.duties.laid import Aside, LaidDuty
from services.intake.reading.duties.leads import lead_in_brackets
from services.intake.reading.duties.reports import report_to_in
from services.intake.reading.owners.addressees import person_at
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.units import begins_unit
from services.intake.reading.tables.cell_names import named_in
from services.intake.reading.tables.columns import Column
from services.intake.reading.tables.table_columns import Columns, columns_of, words_of
from services.intake.reading.tables.table_rows import Row, rows_of
from services.intake.reading.tables.tables import Grid
from services.intake.reading.text import Passage
from shared.events.fields import NamedPerson

_PAST = re.compile(
    r"^(?:đã|đang|chưa|hoàn thành|đạt|xong|quá hạn|chậm|đúng hạn|không hoàn thành|cơ bản|completed?|done"
    r"|ongoing|in progress"
    r"|not (?:yet )?started|delayed|achieved|pending|\d{1,3}\s?%)",
    re.IGNORECASE,
)


def duties_of_table(
    grid: Grid, passage: Passage, above: Heading, known: KnownNames
) -> tuple[list[LaidDuty], list[Aside]]:
    """The duties that a table lays; a table of past results, or of something else, lays none."""
    columns = columns_of(grid)
    if columns is None or _tells_results(grid, columns, above):
        return [], [Aside(passage, "assessment")]
    rows = rows_of(grid, columns)
    laid: list[LaidDuty] = []
    owners: tuple[str, ...] = ()
    for row in rows:
        duty = _laid(row, columns, above, known, owners)
        owners = duty.assignees or owners
        laid.append(duty)
    return laid, []


def lays_duties(grid: Grid) -> bool:
    """Whether the heads of a table are those of duties."""
    return columns_of(grid) is not None


def _tells_results(grid: Grid, columns: Columns, above: Heading) -> bool:
    result = columns.places.get(Column.RESULT)
    if above.tone is Tone.ASSESSING and (result is not None or Column.DEADLINE not in columns.places):
        return True
    for place in (result, columns.places.get(Column.DEADLINE), columns.places.get(Column.OTHER)):
        cells = words_of(grid, columns.head_rows, place) if place is not None else []
        if cells and 2 * sum(1 for words in cells if _PAST.match(words)) > len(cells):
            return True
    return False


def _people(cell: Passage | None) -> tuple[NamedPerson, ...]:
    """The people whom a cell names that holds nothing but people, whatever their family names are."""
    parts = re.split(r"[;\n]|,\s+(?=(?:đồng chí|ông|bà|đ/c)\s)", cell.text) if cell is not None else ()
    named = (
        person_at(f"{part.strip(' .-–+•*')} ", 0) or person_at(f"ông {part.strip(' .-–+•*')} ", 0) for part in parts
    )
    return tuple(person for person, _ in filter(None, named))


def _laid(row: Row, columns: Columns, above: Heading, known: KnownNames, before: tuple[str, ...]) -> LaidDuty:
    owner = named_in(row.owner, known)
    owners, persons, helping = owner.units, owner.persons, owner.helping
    leads = _people(row.lead)
    words = row.task.words
    inline = duty_in(words, known) if row.owner is None else None
    doubts: list[tuple[str, str | None, float]] = []
    assignees = (*owners, *(person.name for person in persons))
    if not assignees and inline is not None:
        assignees = inline.units
    if not assignees:
        assignees = row.group_units or above.units
    if not assignees and Column.OWNER in columns.places and before:
        assignees = before
        doubts.append(("unit-from-row-above", before[0], 0.6))
    if not assignees:
        doubts.append(("no-unit-named", row.group or above.text, 0.4))
    elif row.owner is not None and not all(begins_unit(owner) for owner in owners):
        doubts.append(("unit-not-recognised", owners[0] if owners else None, 0.75))
    lead = leads[0] if leads else None
    if lead is None and persons and columns.tells_to_lead:
        lead = persons[0]
    lead = lead or lead_in_brackets(words) or (inline.lead if inline else None)
    if leads and owners == ():
        assignees = assignees or (leads[0].name,)
    beside = named_in(row.cooperator, known)
    inside = cooperators_in(words, known) if row.cooperator is None else []
    return LaidDuty(
        row.task,
        row.group or above.text,
        tuple(dict.fromkeys(assignees)),
        lead,
        tuple(
            dict.fromkeys(
                (*beside.units, *beside.helping, *(person.name for person in beside.persons), *helping, *inside)
            )
        ),
        tuple(report_to_in(words, known)),
        term=row.term.words if row.term else owner.term or ("" if Column.DEADLINE in columns.places else None),
        doubts=tuple(doubts),
    )
