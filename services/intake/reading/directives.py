"""Which items lay a duty on somebody, and on whom."""

import datetime as dt
import re
from dataclasses import replace

from services.intake.conclusion import MOST_DIRECTIVES, ConcludedDirective
from services.intake.reading.citations import citations_in
from services.intake.reading.deadlines import deadline_in
from services.intake.reading.duty import Duty, Tone, begins_with_duty, cooperators_in, decides, duty_in, is_no_duty
from services.intake.reading.headings import NO_HEADING, Heading, heading_of
from services.intake.reading.outline import Item
from services.intake.reading.text import Passage
from services.intake.reading.units import units_at
from services.intake.reading.unreadable import UnreadableNotice
from shared.directory.spelling import class_key
from shared.language import Words

_CLAUSE_ENDS = re.compile(r";|(?<![A-ZĐ])\.(?=\s)|\.(?=\s+(?:Giao|Phân công|Đề nghị|Yêu cầu)\b)")
_LONGEST_DIRECTIVE = 20_000
_NO_BRACES = str.maketrans("{}", "()")

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


def directives_of(items: list[Item], today: dt.date | None) -> list[ConcludedDirective]:
    """The directives among the items, in order. `today` is the local day that deadlines without a year start from.

    Raises UnreadableNotice where an item is longer, or the items more, than a conclusion can hold.
    """
    found: list[ConcludedDirective] = []
    headings: list[Heading] = []
    with_marked_items: set[int | None] = {None} if any(item.kind != "paragraph" for item in items) else set()
    for item in items:
        above = headings[item.parent] if item.parent is not None else NO_HEADING
        headings.append(heading_of(item, above))
        announced = item.parent is not None and items[item.parent].passage.words.endswith(":")
        if item.kind != "paragraph":
            with_marked_items.add(item.parent)
        elif item.parent in with_marked_items and not announced:
            above = replace(above, tone=Tone.CLOSING)
        for passage, duty in _duties(item, above):
            found.append(_directive(passage, duty, above, today))
            if len(found) > MOST_DIRECTIVES:
                raise UnreadableNotice("too-many-directives", TOO_MANY, most=MOST_DIRECTIVES)
    return found


def _duties(item: Item, above: Heading) -> list[tuple[Passage, Duty]]:
    """The item as one duty, or as several where clauses of it name owners of their own.

    Clauses before the first duty are its context, and belong to it; decisions do not.
    """
    start, end = item.passage.span
    if end - start > _LONGEST_DIRECTIVE:
        raise UnreadableNotice(
            "item-too-long", TOO_LONG, begins=item.passage.text[:60].translate(_NO_BRACES), most=_LONGEST_DIRECTIVE
        )
    clauses = item.passage.cut_after(_CLAUSE_ENDS)
    if not item.is_leaf and clauses[-1:] and clauses[-1].words.endswith(":"):
        clauses.pop()
    found: list[tuple[Passage, Duty]] = []
    context: list[Passage] = []
    for at, clause in enumerate(clauses):
        duty = None if is_no_duty(clause.words, above.tone) else _duty(clause.words, item, above, opens=at == 0)
        if duty is not None and not (found and _goes_on(duty, found[-1][1], above)):
            found.append((item.passage.joined([*context, clause]), duty))
            context = []
        elif found:
            found[-1] = (found[-1][0].followed_by(clause), found[-1][1])
        elif not decides(clause.words):
            context.append(clause)
    units = units_at(item.passage.words) if item.is_leaf else None
    return [] if units is not None and units.end >= len(item.passage.words) - 1 else found


def _duty(clause: str, item: Item, above: Heading, *, opens: bool) -> Duty | None:
    """A clause's duty: with the owner that it names itself, or else with the heading's."""
    named = duty_in(clause, opens=opens)
    if named is not None or above.tone is not Tone.DIRECTING:
        return named
    under_unit = bool(above.units)
    inherits = begins_with_duty(clause) if not item.is_leaf or not under_unit else True
    return Duty((), None) if inherits and (item.is_leaf or under_unit) else None


def _goes_on(duty: Duty, before: Duty, above: Heading) -> bool:
    """Whether a clause's owner is one whom the clauses before it already name."""
    if duty.lead is not None:
        return False
    owners = {class_key(unit) for unit in before.units or above.units}
    return not duty.units or any(class_key(unit) in owners for unit in duty.units)


def _directive(passage: Passage, duty: Duty, above: Heading, today: dt.date | None) -> ConcludedDirective:
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
