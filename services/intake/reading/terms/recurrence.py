"""How often a duty comes back, as an RFC 5545 recurrence rule."""

import re

_LONGEST = 20_000
_UNIT = r"(?P<unit>ngày|tuần|tháng|quý|quí|năm)"
_COUNT = r"(?P<count>\d{1,2}|một|hai|ba|bốn|sáu)"
_TIMES = r"(?P<times>\d{1,2}|một|hai|ba|bốn)"
_EACH = r"(?:hằng|hàng|mỗi|từng)"
_NO_COUNT = r"(?<![\w/.,])"
_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NO_COUNT}{_COUNT}\s{_UNIT}\s?(?:/|một|mỗi|1|01)\s?(?:một\s|1\s|01\s)?(?:lần|kỳ|kì)\b",
        rf"{_NO_COUNT}{_TIMES}\slần\s?(?:/|trong|một|mỗi|trên|1)\s?(?:một\s|1\s|mỗi\s)?(?:{_COUNT}\s)?{_UNIT}\b",
        rf"\bcứ\s(?:{_COUNT}\s)?{_UNIT}\b",
        rf"\bchế\sđộ\sbáo\scáo\s(?:định\sk[ỳì]\s)?{_UNIT}\b",
        rf"\b(?:mỗi|một|0?1)\s{_UNIT}\s(?:ít\snhất\s|tối\sthiểu\s)?{_TIMES}\slần\b",
        rf"\b{_UNIT}\s?(?:/|một\s|1\s)\s?lần\b",
        rf"\bđịnh\sk[ỳì]\s(?:{_EACH}\s)?{_COUNT}\s{_UNIT}\b",
        r"\bđịnh\sk[ỳì]\s(?:(?:vào|trước|theo|cuối|đầu|hết)\s){0,3}(?:ngày\s\d{1,2}\s(?:của\s)?)?"
        r"(?P<unit>tuần|tháng(?!\s(?:cuối|đầu)\b)|quý|quí|năm)\b",
        r"\bngày\s\d{1,2}\s(?:của\s)?tháng\s(?:cuối|đầu)\s(?:của\s)?(?:mỗi\s|hằng\s|hàng\s)?(?P<unit>quý|quí)\b",
        rf"(?<!theo\s)\b{_EACH}\s(?:{_COUNT}\s)?{_UNIT}\b",
        rf"\b(?:cuối|đầu)\s(?:mỗi|các)\s{_UNIT}\b",
        rf"\bngày\s\d{{1,2}}\s(?:của\s)?{_UNIT}\s(?:kế\stiếp|tiếp\stheo|liền\skề)\b",
        rf"\b(?:báo\scáo|cập\snhật|giao\sban|kiểm\sđiểm|rà\ssoát|đánh\sgiá|tổng\shợp)\s(?:[^\W\d]+\s){{0,4}}theo\s{_UNIT}\b",
        r"(?<![\w/.,])\d{1,3}\s(?!đồng|triệu|tỷ|tỉ|kg|tấn|ha|lít|người|giờ|lần)[^\W\d]{2,10}(?:\s(?!đồng)[^\W\d]{1,10})?\s?/\s?"
        r"(?:1\s|01\s)?(?P<unit>tuần|tháng|quý|năm)\b",
        r"\b(?:thứ\s(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\snhật)\s(?:(?:của\s)?(?:hằng|hàng|mỗi|các)|đầu|cuối)\s(?P<unit>tuần)\b",
        r"\b(?:các|mọi|mỗi)\s(?:ngày\s|sáng\s|chiều\s)?(?P<unit>thứ\s(?:hai|ba|tư|năm|sáu|bảy|[2-7]))\b",
    )
)
_IN_CELL = re.compile(rf"^(?:theo\s)?{_UNIT}(?:\s?,.{{0,40}})?$", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\b(?:kế\shoạch(?:\s[^\W\d]+){0,5}|dự\stoán(?:\s[^\W\d]+){0,5}|chương\strình(?:\s[^\W\d]+){0,5}|chỉ\stiêu|ngân\ssách"
    r"|lương|trợ\scấp|phụ\scấp|thu\snhập|học\sbổng|học\sphí|kinh\sphí|bình\squân|mức|phép|danh\smục|xếp\sloại|giải|lễ\shội"
    r"|thường\sniên|nhu\scầu|chi\sphí|doanh\sthu|sản\slượng|tăng\strưởng|bảo\strì|bảo\sdưỡng)\s$",
    re.IGNORECASE,
)
_YEARLY_ATTRIBUTE = re.compile(
    r"\b(?:báo\scáo|hội\snghị|kỳ\shọp|phiên\shọp|tổng\skết|sơ\skết|đánh\sgiá|kiểm\stra|thi\sđua|khen\sthưởng|tuyển\sdụng|công\stác"
    r"|sự\skiện|hội\s(?:thao|diễn|thi|chợ)|đại\shội|lễ|đợt|hoạt\sđộng)\s$",
    re.IGNORECASE,
)
_NUMBERS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6}
_RULES = {
    "ngày": ("DAILY", 1),
    "tuần": ("WEEKLY", 1),
    "tháng": ("MONTHLY", 1),
    "quý": ("MONTHLY", 3),
    "quí": ("MONTHLY", 3),
    "năm": ("YEARLY", 1),
}

_ENGLISH_NUMBER = r"(?P<count>\d{1,2}|two|three|four|six|other|second|third)"
_ENGLISH: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:every|each)\s(?:{_ENGLISH_NUMBER}\s)?(?P<unit>day|week|month|quarter|year)s?\b",
        r"\b(?:every|each)\s(?P<unit>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
        r"\b(?P<times>once|twice|\d{1,2}\stimes)\s(?:a|per|each|every)\s(?P<unit>day|week|month|quarter|year)\b",
        r"\bper\s(?P<unit>week|month|quarter)\b",
        r"\b(?P<unit>daily|weekly|fortnightly|bi-?weekly|monthly|bi-?monthly|quarterly|half-?yearly|semi-?annually"
        r"|semi-?annual|bi-?annually|six-?monthly|annually|yearly)\b",
        r"\bon\san\s(?P<unit>annual)\sbasis\b",
    )
)
_ENGLISH_RULES = {
    "day": ("DAILY", 1), "daily": ("DAILY", 1), "week": ("WEEKLY", 1), "weekly": ("WEEKLY", 1),
    "month": ("MONTHLY", 1), "monthly": ("MONTHLY", 1), "quarter": ("MONTHLY", 3), "quarterly": ("MONTHLY", 3),
    "year": ("YEARLY", 1), "yearly": ("YEARLY", 1), "annually": ("YEARLY", 1), "annual": ("YEARLY", 1),
    "fortnightly": ("WEEKLY", 2), "biweekly": ("WEEKLY", 2), "bimonthly": ("MONTHLY", 2),
    "halfyearly": ("MONTHLY", 6), "semiannually": ("MONTHLY", 6), "semiannual": ("MONTHLY", 6),
    "biannually": ("MONTHLY", 6), "sixmonthly": ("MONTHLY", 6),
}  # fmt: skip
_ENGLISH_NUMBERS = {"two": 2, "other": 2, "second": 2, "three": 3, "third": 3, "four": 4, "six": 6}
_IN_A_NAME = re.compile(r"\s[A-Z][a-z]")
_DEFINITE = re.compile(r"\b(?:the|last|previous|this|its|annual)\s$", re.IGNORECASE)


def recurrence_in(words: str, *, in_cell: bool = False) -> str | None:
    """The rule by which what the words (NFC, white space folded) order comes back; none where it is done once.

    `in_cell` says that the words are the cell of a table that is there for deadlines, where "Tháng" stands alone.
    Source: RFC 5545, section 3.3.10; a quarter is three months.
    """
    words = words[:_LONGEST]
    if in_cell and (match := _IN_CELL.match(words.strip(" ./"))):
        return _rule(*_RULES[match["unit"].casefold()], 1)
    found: list[tuple[int, str]] = []
    for at, pattern in enumerate((*_PATTERNS, *_ENGLISH)):
        is_english = at >= len(_PATTERNS)
        for match in pattern.finditer(words):
            rule = _english(match, words) if is_english else _vietnamese(match, words)
            if rule is not None:
                found.append((match.start(), rule))
                break
    return min(found)[1] if found else None


def _vietnamese(match: re.Match[str], words: str) -> str | None:
    unit = "tuần" if match["unit"][:3].casefold() == "thứ" else match["unit"].casefold()
    before = words[max(0, match.start() - 60) : match.start()]
    if _ATTRIBUTE.search(before) or (unit == "năm" and _YEARLY_ATTRIBUTE.search(before)):
        return None
    named = match.groupdict()
    frequency, interval = _RULES[unit]
    interval *= _number(named.get("count"))
    return _rule(frequency, interval, _number(named.get("times")))


def _english(match: re.Match[str], words: str) -> str | None:
    named = match.groupdict()
    unit = match["unit"].casefold().replace("-", "")
    if unit not in _ENGLISH_RULES:
        return "FREQ=WEEKLY"
    if _DEFINITE.search(words[max(0, match.start() - 20) : match.start()]) and not named.get("count"):
        return None
    if match["unit"][:1].isupper() and _IN_A_NAME.match(words, match.end()) and not named.get("count"):
        return None
    frequency, interval = _ENGLISH_RULES[unit]
    times = (named.get("times") or "once").casefold().split()[0]
    return _rule(frequency, interval * _number(named.get("count")), {"once": 1, "twice": 2}.get(times) or int(times))


def _rule(frequency: str, interval: int, times: int) -> str:
    """The rule of what comes `times` times in each `interval`: twice a year is every six months."""
    months = {"MONTHLY": interval, "YEARLY": 12 * interval}.get(frequency)
    if times > 1 and months is not None and months % times == 0 and months > 1:
        frequency, interval = "MONTHLY", months // times
    return f"FREQ={frequency}" if interval == 1 else f"FREQ={frequency};INTERVAL={interval}"


def _number(said: str | None) -> int:
    if not said:
        return 1
    said = said.casefold()
    return _NUMBERS.get(said) or _ENGLISH_NUMBERS.get(said) or max(1, int(said))
