"""Which documents a passage cites."""

import re

from shared.events.fields import Citation

_KINDS = (
    "Luật|Nghị định|Nghị quyết|Quyết định|Chỉ thị|Kế hoạch|Thông báo|Thông tư|Công văn|Tờ trình|Biên bản|Báo cáo"
    "|Kết luận|Công điện|Chương trình|Hướng dẫn|Quy định|Văn bản|Giấy mời|Thông tư liên tịch"
)
_CITATION = re.compile(
    rf"(?:\b(?:{_KINDS})(?: [^\W\d]+){{0,3}}\s+)?(?:\bsố:?\s*)?(?<![\w/])"
    r"(?P<number>\d{1,5}(?:/\d{4})?[/-][A-ZĐƯ]\w{0,15}(?:[/-][A-ZĐƯ]\w{0,15}){0,3})(?![\w/])"
    r"(?:\s+ngày\s+\d{1,2}(?:[/.-]|\s+tháng\s+)\d{1,2}(?:[/.-]|\s+năm\s+)\d{4})?"
)
_MOST = 50
_LONGEST = 500


def citations_in(words: str) -> tuple[Citation, ...]:
    """The cited documents, each once, in the order of the words; 50 at most."""
    found: dict[str, Citation] = {}
    for match in _CITATION.finditer(words):
        found.setdefault(match["number"], Citation(number=match["number"], text=match[0].strip()[:_LONGEST]))
    return tuple(found.values())[:_MOST]
