"""What a heading lays down for the items under it."""

import re
from dataclasses import dataclass, replace

from services.intake.reading.duties.grammar import Grammar
from services.intake.reading.duties.kinds import Tone
from services.intake.reading.layout.outline import Item
from services.intake.reading.owners.names import is_class, is_name, is_title
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.units import known_name, units_at
from shared.events.fields import NamedPerson

_ASSIGNS = re.compile(
    r"^(?:(?:Nhiệm vụ (?:của|giao(?: cho)?|đối với)|Giao(?: nhiệm vụ)?|Phân công|Đề nghị|Yêu cầu|Đối với"
    r"|Về phía|Trách nhiệm của|Phía"
    r"|Actions? (?:for|by)|For|Tasks? (?:for|of))(?:\s+(?:cho|the))?:?\s+)+",
    re.IGNORECASE,
)
_ASSESSES = re.compile(
    r"^(?:về\s+|phần\s+|công tác\s+)?(?:những\s+|một số\s+|các\s+)?(?:đánh giá|kết quả|tình hình|ưu điểm"
    r"|tồn tại|hạn chế|nhận xét"
    r"|nhận định|diễn biến|thành phần|thời gian|địa điểm|ý kiến (?:phát biểu|thảo luận|tham gia|của)|khó khăn"
    r"|thuận lợi|nguyên nhân"
    r"|bối cảnh|những mặt|mặt được|kiểm điểm (?:việc|kết quả|tình hình|tiến độ)|ghi nhận|công tác (?:tháng|quý"
    r"|tuần)|bài học|nội dung (?:cuộc )?họp|mục đích|chủ trì|tham dự"
    r"|thư ký|người (?:chủ trì|tham dự)|điểm lại|rà soát (?:kết quả|việc thực hiện)|decisions?\b"
    r"|general assessment|assessment"
    r"|state of|overview|background|progress|review of|opening|attendance|participants|introduction|situation"
    r"|achievements|overall|physical progress|current|status|matters noted|recent)\b",
    re.IGNORECASE,
)
_DIRECTS = re.compile(
    r"\b(?:nhiệm vụ|thời gian tới|phương hướng|giải pháp|yêu cầu|chỉ đạo|kết luận|phân công|tổ chức thực hiện"
    r"|kế hoạch|actions?|tasks?"
    r"|follow-up|next steps)\b",
    re.IGNORECASE,
)
_ONLY_LEADS = re.compile(
    r"^[\s,:;.]*(?:(?:chịu trách nhiệm|chủ trì|phối hợp[^:]{0,200}|có trách nhiệm|khẩn trương|tập trung"
    r"|tiếp tục|chủ động|và|tổ chức"
    r"|triển khai|thực hiện(?: (?:tốt|ngay|các|một số|những|nhiệm vụ|nội dung|công việc|công tác|việc|sau"
    r"|sau đây|trọng tâm|cụ thể|như))*"
    r"|shall|should|is requested to|are requested to|to|will|must)[\s,:;.]*)*$",
    re.IGNORECASE,
)
_LEADS_AT_END = re.compile(
    r"(?:\s?,?\s(?:và\s+)?(?:lãnh đạo|chỉ đạo|chủ trì|triển khai|tổ chức|chịu trách nhiệm|có trách nhiệm"
    r"|khẩn trương|tập trung|tiếp tục"
    r"|(?:tổ chức |triển khai )?thực hiện(?: tốt)?)"
    r"(?:\s+(?:các |một số |những )?(?:nhiệm vụ|nội dung|công việc|việc)(?: (?:sau đây|sau|cụ thể|trọng tâm))*)?)+$"
)
_BRACKETS = re.compile(r"^\s*\([^()]{0,160}\)")
_BRACKETS_AT_END = re.compile(r"\s*\([^()]{0,160}\)$")
_LONGEST = 500
_LONGEST_NAME = 120


_SETS_TERM = re.compile(
    r"\b(?:hoàn thành|xong|chậm nhất|thời hạn|trước ngày|no later than|to be completed)\b[^:()]{1,80}(?::\s*$"
    r"|\)\s*:?\s*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The nearest heading that names units, or else the nearest; its units, as phrases; and how what follows speaks.

    `distance` counts the headings between it and the items that it is asked for. `terms` are its own words, where it
    lays one duty that its items only spell out.
    """

    text: str | None = None
    units: tuple[str, ...] = ()
    lead: NamedPerson | None = None
    cooperators: tuple[str, ...] = ()
    tone: Tone = Tone.DIRECTING
    distance: int = 0
    terms: str = ""


NO_HEADING = Heading()


def heading_of(item: Item, above: Heading, grammar: Grammar, known: KnownNames) -> Heading:
    """What stands above an item's children, given what stands above the item itself."""
    start, end = item.passage.span
    if item.is_leaf or end - start > 8 * _LONGEST:
        return above
    words = item.passage.words
    tone = _tone(words, item, above)
    shown = _shortened(item.passage.text)
    named = _named(words, grammar, known)
    if named is not None:
        return replace(named, text=shown, tone=tone, terms=named.terms or _terms(words))
    if above.units:
        return replace(above, tone=tone, distance=above.distance + 1, terms="")
    return Heading(shown, tone=tone, terms=_terms(words))


def names_of(items: list[Item]) -> KnownNames:
    """The units' names that stand alone in headings, and those with "và" that a duty is laid on somewhere."""
    found = set()
    for item in items:
        words = _BRACKETS_AT_END.sub("", _ASSIGNS.sub("", item.passage.words[:_LONGEST]).rstrip(" :."))
        if not item.is_leaf and len(words) < _LONGEST_NAME and is_name(words) and ";" not in words:
            found.add(known_name(words))
        named = units_at(words) if " và " in words else None
        if (
            named is not None
            and named.does
            and named.sure
            and len(named.phrases) == 1
            and not is_class(named.phrases[0])
        ):
            joined = named.phrases[0]
            if " và " in joined and joined[:1].isupper() and "các" not in joined.lower().split()[:2]:
                found.add(known_name(joined))
    return frozenset(found)


def _terms(words: str) -> str:
    """The words of a heading that says by when everything under it shall be done; none where it says nothing of it."""
    return words if len(words) <= _LONGEST and _SETS_TERM.search(words) else ""


def _tone(words: str, item: Item, above: Heading) -> Tone:
    if len(words) > _LONGEST:
        return above.tone
    if _ASSESSES.match(words) and not (
        words.rstrip().endswith(":") and _DIRECTS.search(words) and "kết luận" in words.lower()
    ):
        return Tone.ASSESSING
    return Tone.DIRECTING if _DIRECTS.search(words) and item.kind != "paragraph" else above.tone


def _named(words: str, grammar: Grammar, known: KnownNames) -> Heading | None:
    """The heading that names somebody; none where it names nobody, or says of them what is no order."""
    alone = _LEADS_AT_END.sub("", _ASSIGNS.sub("", words).rstrip(" :."))
    bare = _BRACKETS_AT_END.sub("", alone)
    if len(bare) < _LONGEST_NAME and (is_title(bare) or is_class(bare)):
        return Heading(None, (bare,))
    addressees = grammar.addressees_at(alone, 0, known)
    if addressees is not None:
        rest = _BRACKETS.sub("", alone[addressees.end :])
        if not rest.strip(" :.-–") or _ONLY_LEADS.match(rest) or rest.lstrip().startswith("/"):
            names = tuple(person.name for person in addressees.persons)
            lead = addressees.persons[0] if names and re.search(r"chủ trì|chỉ đạo|phụ trách|lead", rest) else None
            cooperators = tuple(grammar.cooperators_in(rest, known))
            return Heading(
                None, addressees.units if lead and addressees.units else (*names, *addressees.units), lead, cooperators
            )
    last = re.split(r"(?<=[.;])\s+", words.rstrip())[-1] if words.rstrip().endswith(":") else ""
    duty = grammar.duty_in(last, known) if last else None
    if duty is not None and duty.units:
        return Heading(None, duty.units, duty.lead, tuple(grammar.cooperators_in(last, known)), terms=last)
    duty = grammar.duty_in(words, known) if last else None
    if duty is not None and duty.units:
        return Heading(None, duty.units, duty.lead)
    return None


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
