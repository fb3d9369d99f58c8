"""Which items lay a duty on somebody, and on whom."""

import datetime as dt
import re
from dataclasses import dataclass

from services.intake.conclusion import MOST_DIRECTIVES, ConcludedDirective
from services.intake.reading.citations import citations_in
from services.intake.reading.deadlines import deadline_in
from services.intake.reading.duty import Duty, begins_with_duty, cooperators_in, duty_in, is_no_duty
from services.intake.reading.outline import Item
from services.intake.reading.text import Passage
from services.intake.reading.units import units_at
from services.intake.reading.unreadable import UnreadableNotice
from shared.directory.spelling import class_key
from shared.language import Words

_CLAUSE_ENDS = re.compile(r";|(?<![A-ZĐ])\.(?=\s)|\.(?=\s+(?:Giao|Phân công|Đề nghị|Yêu cầu)\b)")
_ASSIGNS = re.compile(r"^(?:Giao|Phân công|Đề nghị|Yêu cầu|Đối với)(?:\s+cho)?\s+", re.IGNORECASE)
_NO_DUTY_SECTION = re.compile(
    r"^(?:về\s+|phần\s+)?(?:đánh giá|kết quả|tình hình|ưu điểm|tồn tại|hạn chế|nhận xét|thành phần|thời gian|địa điểm|nội dung họp"
    r"|những kết quả|nhận định|diễn biến|ý kiến|general assessment)",
    re.IGNORECASE,
)
_LONGEST_HEADING = 500
_LONGEST_DIRECTIVE = 20_000

TOO_LONG = Words(
    "Mục bắt đầu bằng “{begins}” dài quá {most} ký tự nên không thể là một nhiệm vụ. Chưa có gì được ghi nhận. "
    "Kiểm tra lại việc xuống dòng của văn bản: mỗi đề mục hoặc gạch đầu dòng đứng đầu một dòng, rồi gửi lại.",
    "The item that begins “{begins}” is longer than {most} characters, so it cannot be one directive. Nothing was "
    "recorded. Check the text's line ends: each heading or bullet begins a line. Then send it again.",
)
TOO_MANY = Words(
    "Thông báo có hơn {most} nhiệm vụ. Chưa có gì được ghi nhận. Tách thành nhiều thông báo rồi gửi lại.",
    "The notice has more than {most} directives. Nothing was recorded. Split it into several notices and send them.",
)


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str | None
    units: tuple[str, ...]
    no_duties: bool


def directives_of(items: list[Item], today: dt.date | None) -> list[ConcludedDirective]:
    """The directives among the items, in order. `today` is the local day that deadlines without a year start from.

    Raises UnreadableNotice where an item is longer, or the items more, than a conclusion can hold.
    """
    found: list[ConcludedDirective] = []
    headings: list[_Heading] = []
    numbered = any(item.kind != "paragraph" for item in items)
    for item in items:
        above = headings[item.parent] if item.parent is not None else _Heading(None, (), False)
        headings.append(_heading(item, above))
        if above.no_duties or (headings[-1].no_duties and item.parent is None):
            continue
        afterword = numbered and item.kind == "paragraph" and _stands_alone(items, item)
        for passage, duty in _duties(item, above, afterword=afterword):
            found.append(_directive(passage, duty, above, today))
            if len(found) > MOST_DIRECTIVES:
                raise UnreadableNotice("too-many-directives", TOO_MANY, most=MOST_DIRECTIVES)
    return found


def _heading(item: Item, above: _Heading) -> _Heading:
    if item.is_leaf or item.passage.span[1] - item.passage.span[0] > 4 * _LONGEST_HEADING:
        text = None if item.is_leaf else _shortened(item.passage.text)
        return _Heading(text or above.text, above.units, _is_no_duty_section(item, above))
    words = _ASSIGNS.sub("", item.passage.words).rstrip(" :.")
    units = units_at(words)
    names_only_units = units is not None and words[units.end :].lstrip()[:1] in ("", "(")
    return _Heading(
        text=_shortened(item.passage.text) if names_only_units or above.text is None or not above.units else above.text,
        units=units.phrases if units is not None and names_only_units else above.units,
        no_duties=_is_no_duty_section(item, above),
    )


def _is_no_duty_section(item: Item, above: _Heading) -> bool:
    start, end = item.passage.span
    return above.no_duties or (end - start < _LONGEST_HEADING and bool(_NO_DUTY_SECTION.match(item.passage.words)))


def _stands_alone(items: list[Item], item: Item) -> bool:
    """Whether a paragraph follows numbered items, rather than standing under one that announces it."""
    return item.parent is None or not items[item.parent].passage.words.endswith(":")


def _duties(item: Item, above: _Heading, *, afterword: bool) -> list[tuple[Passage, Duty]]:
    start, end = item.passage.span
    if end - start > _LONGEST_DIRECTIVE:
        if item.kind == "paragraph":
            return []
        raise UnreadableNotice(
            "item-too-long", TOO_LONG, begins=item.passage.text[:60], most=f"{_LONGEST_DIRECTIVE:,}".replace(",", ".")
        )
    return _by_owner(item.passage, above, afterword=afterword, leaf=item.is_leaf)


def _by_owner(passage: Passage, above: _Heading, *, afterword: bool, leaf: bool) -> list[tuple[Passage, Duty]]:
    """The passage as one duty, or as several where clauses of it name owners of their own.

    Clauses before the first duty are its context, and belong to it; decisions do not.
    """
    clauses = passage.cut_after(_CLAUSE_ENDS)
    if not leaf and clauses and clauses[-1].words.endswith(":"):
        clauses.pop()
    found: list[tuple[Passage, Duty]] = []
    context: list[Passage] = []
    for at, clause in enumerate(clauses):
        if is_no_duty(clause.words, afterword=afterword):
            if found and not afterword:
                found[-1] = (found[-1][0].followed_by(clause), found[-1][1])
            continue
        duty = duty_in(clause.words, opens=at == 0)
        if duty is None and not found and not afterword and (begins_with_duty(clause.words) or (leaf and above.units)):
            duty = Duty((), None) if leaf or (above.units and not clause.words.endswith(":")) else None
        if duty is not None and not (found and _goes_on(duty, found[-1][1], above)):
            found.append((passage.joined([*context, clause]), duty))
            context = []
        elif found:
            found[-1] = (found[-1][0].followed_by(clause), found[-1][1])
        else:
            context.append(clause)
    names_only_units = leaf and (units := units_at(passage.words)) and units.end >= len(passage.words) - 1
    return [] if names_only_units else found


def _goes_on(duty: Duty, before: Duty, above: _Heading) -> bool:
    """Whether a clause's owner is one whom the clauses before it already name."""
    if duty.lead is not None:
        return False
    owners = {class_key(unit) for unit in before.units or above.units}
    return not duty.units or any(class_key(unit) in owners for unit in duty.units)


def _directive(passage: Passage, duty: Duty, above: _Heading, today: dt.date | None) -> ConcludedDirective:
    words = passage.words
    assignees = above.units if not duty.units or _same_units(duty.units, above.units) else duty.units
    if not assignees and duty.lead is not None:
        assignees = (duty.lead.name,)
    return ConcludedDirective(
        heading=above.text,
        text=passage.text,
        span=passage.span,
        assignees=assignees[:100],
        lead=duty.lead,
        cooperators=tuple(unit for unit in cooperators_in(words) if not _same_units((unit,), assignees))[:100],
        deadline=deadline_in(words, today),
        citations=citations_in(words),
    )


def _same_units(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return bool(others) and {class_key(unit) for unit in some} == {class_key(unit) for unit in others}


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_HEADING else text[: _LONGEST_HEADING - 1] + "…"
