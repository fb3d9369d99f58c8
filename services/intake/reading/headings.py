"""What a heading lays down for the items under it."""

import re
from dataclasses import dataclass

from services.intake.reading.duty import Tone
from services.intake.reading.outline import Item
from services.intake.reading.units import units_at

_ASSIGNS = re.compile(r"^(?:Giao|Phân công|Đề nghị|Yêu cầu|Đối với)(?:\s+cho)?\s+", re.IGNORECASE)
_ASSESSES = re.compile(
    r"^(?:về\s+|phần\s+)?(?:những\s+|một số\s+)?(?:đánh giá|kết quả|tình hình|ưu điểm|tồn tại|hạn chế|nhận xét"
    r"|nhận định|diễn biến|thành phần|thời gian|địa điểm|ý kiến (?:phát biểu|thảo luận|tham gia))\b",
    re.IGNORECASE,
)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Heading:
    """The nearest heading that names units, or else the nearest; its units, as phrases; and how what follows speaks."""

    text: str | None
    units: tuple[str, ...]
    tone: Tone


NO_HEADING = Heading(None, (), Tone.DIRECTING)


def heading_of(item: Item, above: Heading) -> Heading:
    """What stands above an item's children, given what stands above the item itself."""
    start, end = item.passage.span
    if item.is_leaf or end - start > 4 * _LONGEST:
        return above
    words = _ASSIGNS.sub("", item.passage.words).rstrip(" :.")
    units = units_at(words)
    tone = Tone.ASSESSING if end - start < _LONGEST and _ASSESSES.match(item.passage.words) else above.tone
    if units is not None and words[units.end :].lstrip()[:1] in ("", "("):
        return Heading(_shortened(item.passage.text), units.phrases, tone)
    text = above.text if above.units else _shortened(item.passage.text)
    return Heading(text, above.units, tone)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
