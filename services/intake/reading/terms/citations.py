"""Which documents a passage cites."""

import re

from shared.events.fields import Citation

_VIETNAMESE = """
Luật, Bộ luật, Pháp lệnh, Hiến pháp, Nghị định, Nghị quyết, Quyết định, Chỉ thị, Kế hoạch, Thông báo, Thông tư, Thông tư
liên tịch, Công văn, Tờ trình, Biên bản, Báo cáo, Kết luận, Công điện, Chương trình, Hướng dẫn, Quy định, Quy chế, Văn
bản, Giấy mời, Đề án, Phương án, Hợp đồng, Công thư, Thư, Phiếu chuyển, Phiếu trình, Lệnh, Sắc lệnh, Điện, Giấy phép
"""
_KINDS = "|".join(kind.strip() for kind in " ".join(_VIETNAMESE.split()).split(","))
_ENGLISH_KINDS = (
    r"Decision|Decree|Circular|Directive|Resolution|Regulation|Law|Notice|Report|Letter|Memorandum|Official Letter"
    r"|Document|Plan|Conclusions?|Minutes|Agreement|Contract|Recommendation|Order|Note|Instruction|Guideline|Paper|Annex"
)
_DAY = (
    r"(?:,?\s(?:ký\s)?(?:ngày|dated|of)\s(?:\d{1,2}(?:\s?[/.-]\s?\d{1,2}\s?[/.-]\s?|\stháng\s\d{1,2}\snăm\s)\d{4}"
    r"|\d{1,2}\s[A-Z][a-z]{2,8}\s\d{4}))?"
)
_SYMBOL = r"[A-ZĐƯ][^\W_]{0,15}(?:(?:\s?/\s?|[&.+-])[A-ZĐƯ][^\W_]{0,15}|[/-]\d{1,4}(?![\d/])){0,4}"
_PATH_PART = r"[A-Z\d][A-Za-z\d]{0,15}(?:[.-][A-Z\d][A-Za-z\d]{0,15}){0,3}"
_PATH = rf"(?=[A-Za-z\d.-]{{0,20}}/[^\s,;()]{{0,60}}\d)(?=[A-Z]){_PATH_PART}(?:/{_PATH_PART})"
_LEADS = (
    rf"(?:\b(?:{_KINDS})(?:\s[^\W\d]+){{0,4}}\s|\b(?i:{_ENGLISH_KINDS})\s)?"
    r"(?:\b(?:số|Số|No\.?|no\.?|Nos\.?|Ref\.?)\s?:?\s?)?"
)
_CITATIONS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_LEADS}(?<![\w/:.,-])(?P<number>\d{{1,6}}[a-z]?(?:\s?/\s?\d{{4}})?(?:\s?/\s?|-){_SYMBOL})(?![\w/]){_DAY}",
        rf"\b(?:{_KINDS})(?:\s[^\W\d]+){{0,4}}\s(?:số\s)(?P<number>\d{{1,5}}(?:/(?:19|20)\d\d)?)"
        rf"(?![\w/.,-]{{0,20}}\d|\s?[/-]\s?[A-ZĐ]){_DAY}",
        r"\b(?:Nghị quyết|Nghị định|Chỉ thị|Thông tư|Kết luận)\s(?P<number>\d{1,3})(?![\w/%]|[.,-]\d|\s?[/-]\s?[A-ZĐ]"
        r"|\s(?:về|nội|nhiệm|điểm|ngày|tháng|năm|vấn)\b)",
        rf"\b(?i:{_ENGLISH_KINDS})\s(?i:(?:of\s)?(?:no\.?|number|ref\.?)\s?:?\s?)"
        rf"(?P<number>[A-Z\d][^\s,;()]{{0,40}}\d[^\s,;()]{{0,20}})"
        rf"(?<![.,;:]){_DAY}",
        rf"\b(?i:{_ENGLISH_KINDS})\s(?P<number>{_PATH}{{1,5}})(?![\w/])",
        rf"(?<![\w/.-])(?P<number>{_PATH}{{2,5}})(?![\w/])",
    )
)
_STANDARD = re.compile(r"(?:ISO|IEC|TCVN|QCVN|TCCS|ASTM|HACCP|IEEE|EN)\b")
_SPACED = re.compile(r"\s?([/&-])\s?")
_MOST = 50
_LONGEST = 500


def citations_in(words: str) -> tuple[Citation, ...]:
    """The cited documents of the words (NFC, white space folded), each once, in their order; 50 at most."""
    found: list[tuple[int, int, str, str]] = []
    for pattern in _CITATIONS:
        for match in pattern.finditer(words):
            start, end = match.span("number")
            number = _SPACED.sub(r"\1", match["number"]).rstrip(".")
            if _STANDARD.match(number) or any(start < other_end and begun < end for begun, other_end, *_ in found):
                continue
            found.append((start, end, number, match[0].strip(" ,;")[:_LONGEST]))
    cited: dict[str, Citation] = {}
    for _, _, number, text in sorted(found):
        cited.setdefault(number, Citation(number=number, text=text))
    return tuple(cited.values())[:_MOST]
