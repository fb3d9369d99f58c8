"""Tables whose rows lay duties: their columns say what, on whom, with whom and until when."""

import re
from dataclasses import dataclass, field

from services.intake.reading.addressees import addressees_at, person_at
from services.intake.reading.columns import COLUMNS_OF_HEADS, Column, column_of
from services.intake.reading.duty import cooperators_in, duty_in, lead_in_brackets, report_to_in
from services.intake.reading.headings import Heading
from services.intake.reading.kinds import Tone
from services.intake.reading.laid import Aside, LaidDuty
from services.intake.reading.names import is_class, is_name
from services.intake.reading.tables import Cells, Grid
from services.intake.reading.text import Passage
from services.intake.reading.units import KnownNames, begins_unit, units_at
from shared.events.fields import NamedPerson

_MOST_HEAD_ROWS = 3
_PAST = re.compile(
    r"^(?:đã|đang|chưa|hoàn thành|đạt|xong|quá hạn|chậm|đúng hạn|không hoàn thành|cơ bản|completed?|done"
    r"|ongoing|in progress"
    r"|not (?:yet )?started|delayed|achieved|pending|\d{1,3}\s?%)",
    re.IGNORECASE,
)
_GROUP_ORDINAL = re.compile(r"[IVXLC]+\.?|[A-ZĐ]\.?")
_ORDINAL = re.compile(r"\(?\d{1,3}(?:\.\d{1,2}){0,3}[.)]?|[a-zđ][.)]")
_PARTS = re.compile(r";|\n|\s[+•]\s|\s/\s")
_ROLE = re.compile(
    r"^\s*[-+•]?\s*(?P<role>chủ trì|phối hợp|đơn vị chủ trì|đơn vị phối hợp|cơ quan chủ trì|cơ quan phối hợp"
    r"|thực hiện|lead|support|chỉ đạo|tham mưu"
    r"|thời hạn|hạn|thời gian|hoàn thành|deadline|due)\s*:\s*",
    re.IGNORECASE,
)
_TERMS = frozenset({"thời hạn", "hạn", "thời gian", "hoàn thành", "deadline", "due"})
_TOLD_TO_LEAD = re.compile(
    r"chủ trì|phụ trách|chịu trách nhiệm|chỉ đạo|đầu mối|lead|responsib|in charge", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column holds what, the rows of heads, and whether the owners' head tells to lead."""

    places: dict[Column, int]
    head_rows: int
    tells_to_lead: bool


@dataclass(slots=True)
class _Row:
    """A row with what rows below it add."""

    task: Passage
    owner: Passage | None = None
    lead: Passage | None = None
    cooperator: Passage | None = None
    term: Passage | None = None
    others: list[Passage] = field(default_factory=list)
    group: str | None = None
    group_units: tuple[str, ...] = ()


def duties_of_table(
    grid: Grid, passage: Passage, above: Heading, known: KnownNames
) -> tuple[list[LaidDuty], list[Aside]]:
    """The duties that a table lays; a table of past results, or of something else, lays none."""
    columns = _columns_of(grid)
    if columns is None or _tells_results(grid, columns, above):
        return [], [Aside(passage, "assessment")]
    rows = _rows(grid, columns)
    laid: list[LaidDuty] = []
    owners: tuple[str, ...] = ()
    for row in rows:
        duty = _laid(row, columns, above, known, owners)
        owners = duty.assignees or owners
        laid.append(duty)
    return laid, []


def lays_duties(grid: Grid) -> bool:
    """Whether the heads of a table are those of duties."""
    return _columns_of(grid) is not None


def _columns_of(grid: Grid) -> _Columns | None:
    for at, row in enumerate(grid.rows[:_MOST_HEAD_ROWS]):
        heads = [cell.words if cell else "" for cell in row]
        kinds = [column_of(head) for head in heads]
        if len(set(kinds) & COLUMNS_OF_HEADS) < 1 or len(set(kinds) - {Column.OTHER}) < 2:
            continue
        length = at + 1
        if length < len(grid.rows) and _is_second_head(grid.rows[length], kinds):
            below = [column_of(cell.words) if cell else Column.OTHER for cell in grid.rows[length]]
            kinds = [under if under is not Column.OTHER else kind for under, kind in zip(below, kinds, strict=False)]
            heads = [
                f"{head} {cell.words if cell else ''}" for head, cell in zip(heads, grid.rows[length], strict=False)
            ]
            length += 1
        places: dict[Column, int] = {}
        for place, kind in enumerate(kinds):
            places.setdefault(kind, place)
        if Column.TASK not in places:
            widest = _widest(grid, length, [place for place, kind in enumerate(kinds) if kind is Column.OTHER])
            if widest is None:
                return None
            places[Column.TASK] = widest
        if not {Column.OWNER, Column.LEAD, Column.DEADLINE} & set(places):
            return None
        owner = places.get(Column.OWNER)
        return _Columns(places, length, owner is not None and _TOLD_TO_LEAD.search(heads[owner]) is not None)
    return None


def _is_second_head(row: Cells, kinds: list[Column]) -> bool:
    cells = [cell.words for cell in row if cell is not None]
    named = [column_of(words) for words in cells if not words.isdigit()]
    new = {kind for kind in named if kind is not Column.OTHER}
    return (
        bool(cells) and all(len(words) < 40 for words in cells) and bool(new - set(kinds)) and Column.OTHER not in named
    )


def _widest(grid: Grid, head_rows: int, places: list[int]) -> int | None:
    def width(place: int) -> int:
        return sum(len(words) for words in _words_of(grid, head_rows, place))

    return max(places, key=width, default=None)


def _words_of(grid: Grid, head_rows: int, place: int) -> list[str]:
    """The words of a column's cells."""
    cells = (row[place] for row in grid.rows[head_rows:] if place < len(row))
    return [cell.words for cell in cells if cell is not None]


def _tells_results(grid: Grid, columns: _Columns, above: Heading) -> bool:
    result = columns.places.get(Column.RESULT)
    if above.tone is Tone.ASSESSING and (result is not None or Column.DEADLINE not in columns.places):
        return True
    for place in (result, columns.places.get(Column.DEADLINE), columns.places.get(Column.OTHER)):
        cells = _words_of(grid, columns.head_rows, place) if place is not None else []
        if cells and 2 * sum(1 for words in cells if _PAST.match(words)) > len(cells):
            return True
    return False


def _rows(grid: Grid, columns: _Columns) -> list[_Row]:
    """The rows that lay duties, each with its group's name, and with what stands in rows that only go on with it."""
    rows: list[_Row] = []
    group: Passage | None = None
    heads = [_keys(row) for row in grid.rows[: columns.head_rows]]
    for at, row in enumerate(grid.rows[columns.head_rows :], columns.head_rows):
        cells = [cell for cell in row if cell is not None]
        if not cells or _keys(row) in heads or all(cell.words.strip("()").isdigit() for cell in cells):
            continue
        ordinal = _at(row, columns, Column.ORDINAL)
        task = _at(row, columns, Column.TASK)
        said = [_at(row, columns, kind) for kind in (Column.OWNER, Column.COOPERATOR, Column.DEADLINE, Column.LEAD)]
        alone = len({cell.span for cell in cells if cell is not ordinal}) == 1
        if task is None or (alone and not any(cell is not None and cell.span != task.span for cell in said)):
            words = task or cells[-1]
            if task is None and rows and ordinal is None and any(said):
                _go_on(rows[-1], row, columns)
            elif rows and ordinal is None and words.words[:1].islower():
                rows[-1].task = rows[-1].task.followed_by(words)
            elif task is not None and ordinal is not None and ordinal.span == task.span:
                group = task
            elif task is not None and ordinal is not None and not _begins_group(grid, at, columns, ordinal):
                rows.append(_row(row, columns, task, group))
            else:
                group = words
            continue
        if ordinal is None and rows and task.words[:1].islower() and Column.ORDINAL in columns.places:
            _go_on(rows[-1], row, columns)
        else:
            rows.append(_row(row, columns, task, group))
    return rows


def _row(row: Cells, columns: _Columns, task: Passage, group: Passage | None) -> _Row:
    named = group.words if group is not None else ""
    units = units_at(named) if named else None
    return _Row(
        task,
        _at(row, columns, Column.OWNER),
        _at(row, columns, Column.LEAD),
        _at(row, columns, Column.COOPERATOR),
        _at(row, columns, Column.DEADLINE),
        group=group.text[:500] if group is not None else None,
        group_units=units.phrases if units is not None and units.end >= len(named.rstrip(" .:")) else (),
    )


def _go_on(before: _Row, row: Cells, columns: _Columns) -> None:
    """Adds the cells of a row that only goes on with the row before, as over a page's end."""
    if (more := _at(row, columns, Column.TASK)) is not None:
        before.task = before.task.followed_by(more)
    if (more := _at(row, columns, Column.OWNER)) is not None:
        before.owner = before.owner.followed_by(more) if before.owner else more
    if (more := _at(row, columns, Column.COOPERATOR)) is not None:
        before.cooperator = before.cooperator.followed_by(more) if before.cooperator else more
    if (more := _at(row, columns, Column.DEADLINE)) is not None:
        before.term = before.term.followed_by(more) if before.term else more


def _begins_group(grid: Grid, at: int, columns: _Columns, ordinal: Passage) -> bool:
    """Whether a row whose task stands alone is the head of the rows below it."""
    if _GROUP_ORDINAL.fullmatch(ordinal.words):
        return True
    below = _at(grid.rows[at + 1], columns, Column.ORDINAL) if at + 1 < len(grid.rows) else None
    number = ordinal.words.strip("*.) ")
    if below is not None and below.words.startswith(f"{number}."):
        return True
    return below is not None and below.words.strip(".)") == "1" and _ORDINAL.fullmatch(ordinal.words) is not None


def _at(row: Cells, columns: _Columns, kind: Column) -> Passage | None:
    place = columns.places.get(kind)
    return row[place] if place is not None and place < len(row) else None


def _keys(row: Cells) -> tuple[str, ...]:
    return tuple(cell.words.lower() if cell else "" for cell in row)


def _laid(row: _Row, columns: _Columns, above: Heading, known: KnownNames, before: tuple[str, ...]) -> LaidDuty:
    owner = _named(row.owner, known)
    owners, persons, helping = owner.units, owner.persons, owner.helping
    leads = _named(row.lead, known).persons
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
    beside = _named(row.cooperator, known)
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


@dataclass(frozen=True, slots=True)
class _Named:
    """The units and people that a cell names, those that it says co-operate, and until when."""

    units: tuple[str, ...] = ()
    persons: tuple[NamedPerson, ...] = ()
    helping: tuple[str, ...] = ()
    term: str = ""


def _named(cell: Passage | None, known: KnownNames) -> _Named:
    """What a cell of names says."""
    if cell is None:
        return _Named()
    units: list[str] = []
    persons: list[NamedPerson] = []
    helping: list[str] = []
    term = ""
    lines = [cell.joined([Passage(cell.source, (fragment,))]).words for fragment in cell.fragments]
    for part in (piece for line in _joined(lines) for piece in _PARTS.split(line)):
        part = part.strip(" ,.-–+•*")
        role = _ROLE.match(part)
        said = role["role"].lower() if role else ""
        words = part[role.end() :] if role else part
        if said in _TERMS:
            term = words
            continue
        into = helping if "phối hợp" in said or said == "support" else units
        if not words or words.lower() in {"không", "không có", "none", "n/a"}:
            continue
        if role is None and (match := re.search(r"[,.]?\s*[Pp]hối hợp(?: với)?:?\s+", words)) and match.start():
            helping.extend(_units(words[match.end() :], known)[0])
            words = words[: match.start()].strip(" ,.")
        named, people = _units(words, known)
        into.extend(named)
        persons.extend(people)
    return _Named(tuple(dict.fromkeys(units)), tuple(persons), tuple(dict.fromkeys(helping)), term)


def _joined(lines: list[str]) -> list[str]:
    """A cell's lines as they belong together: a line that begins no name goes on with the one before."""
    joined: list[str] = []
    for line in lines:
        if joined and not (begins_unit(line) or line[:1] in "-+•" or person_at(line + " ", 0) or _ROLE.match(line)):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    return joined


def _units(words: str, known: KnownNames) -> tuple[list[str], list[NamedPerson]]:
    """The names of a cell's words, which hold nothing but names."""
    if is_name(words) or is_class(words):
        return [words], []
    units: list[str] = []
    persons: list[NamedPerson] = []
    for part in _names(words):
        person = person_at(part + " ", 0)
        if person is not None and person[1] >= len(part) - 2:
            persons.append(person[0])
            continue
        named = addressees_at(part, 0, known)
        if named is not None and named.end >= len(part) - 1:
            units.extend(named.units)
            persons.extend(named.persons)
        elif named is not None and named.persons and not named.units:
            persons.extend(named.persons)
        elif part:
            bare = re.sub(r"\s*\([^()]*\)$", "", part)
            inside = re.search(r"\(([^()]{4,80})\)$", part)
            units.append(bare)
            if inside and (person := person_at(inside[1] + " ", 0)) is not None and person[1] >= len(inside[1]) - 1:
                continue
    return units, persons


def _names(words: str) -> list[str]:
    """Words cut where a second name begins; a class of units stays whole."""
    if re.match(r"(?:các|toàn thể|toàn bộ|những|tất cả)\b", words, re.IGNORECASE):
        pieces = re.split(r",\s+(?=[A-ZĐƯ])", words)
    else:
        pieces = re.split(r",\s+|\s+và\s+(?=[A-ZĐƯ])|\s+and\s+(?=[A-Z])", words)
    names: list[str] = []
    for piece in pieces:
        begins = (
            begins_unit(piece) or person_at(piece + " ", 0) is not None or re.fullmatch(r"[A-ZĐƯ.&\-]{2,10}", piece)
        )
        if names and not begins and begins_unit(names[0]) and not piece.lower().startswith("các "):
            names[-1] = words[words.index(names[-1]) : words.index(piece, words.index(names[-1])) + len(piece)]
        else:
            names.append(piece)
    return [name.strip(" ,.") for name in names if name.strip(" ,.")]
