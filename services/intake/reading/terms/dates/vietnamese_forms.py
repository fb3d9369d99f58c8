"""The forms of words by which Vietnamese names days and periods."""

import re

_HOUR = (
    r"(?:(?<![\d/.,])(?P<hour>[01]?\d|2[0-4])\s?(?:giờ|h|g|:)\s?(?P<minute>[0-5]\d)?(?:\s?(?:phút|'))?"
    r"(?:\s(?P<half_day>sáng|trưa|chiều|tối))?,?\s)?"
)
_PART_OF_DAY = (
    r"(?:(?:hết|cuối|đầu)\s(?:(?:giờ|buổi)\s(?:hành chính\s|làm việc\s)?)?)?"
    r"(?:(?:giờ\shành chính|buổi\s)?\s?(?:sáng|trưa|chiều|tối)\s)?(?:của\s)?"
)
_WEEKDAY = r"(?P<weekday>thứ\s(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\snhật)"
_YEAR = r"(?:(?:\s?[/.-]\s?|,?\snăm\s|\s)(?P<year>20\d\d)(?![\d/])|\snăm\s(?P<which_year>nay|này|sau|tới))"
_NO_RANGE = r"(?!\s?[-–]\s?\d)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])(?!\d)"
_QUARTER = r"(?P<quarter>IV|I{1,3}|0?[1-4])"
_PART = (
    r"(?P<part>(?:nửa\s)?đầu|giữa|(?:nửa\s)?cuối|ngày\scuối(?:\scùng)?|ngày\sđầu(?:\stiên)?|thượng\stuần|trung\stuần"
    r"|hạ\stuần)\s(?:của\s)?"
)
_WEEK_OF_MONTH = (
    r"tuần\s(?:lễ\s)?(?:thứ\s)?(?P<week>đầu(?:\stiên)?|cuối(?:\scùng)?|nhất|hai|ba|tư|[1-5]|I{1,3}|IV)\s(?:của\s)?"
)

BEFORE_DAY = re.compile(
    rf"{_HOUR}{_PART_OF_DAY}(?:(?:ngày\s)?{_WEEKDAY}(?:\stuần\snày)?,?\s\(?)?(?:ngày\s)?(?:(?:mồng|mùng)\s)?$",
    re.IGNORECASE,
)
_FORMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "day",
        ("/",),
        rf"(?<![\d/.-])(?P<day>[0-3]?\d)\s?/\s?{_MONTH}(?!\s?/\s?\d{{3}}(?!\d))"
        r"(?:(?:\s?/\s?|\snăm\s)(?P<year>20\d\d|[2-4]\d)(?!\d))?(?![/\d]\d)",
    ),
    (
        "day",
        (".", "-"),
        rf"(?<![\d/.-])(?P<day>[0-3]?\d)\s?(?P<mark>[.-])\s?{_MONTH}\s?(?P=mark)\s?"
        r"(?P<year>20\d\d)(?!\d)",
    ),
    (
        "day",
        ("tháng",),
        rf"(?<![\d/.-])(?P<day>[0-3]?\d)\stháng\s{_MONTH}(?:{_YEAR})?",
    ),
    (
        "day",
        ("ngày",),
        r"ngày\s(?:(?:mồng|mùng)\s)?(?P<day>[0-3]?\d)(?!\d)"
        r"(?:\s(?:của\s)?tháng\s(?P<which>này|sau|tới)|(?!\s?[/.-]\s?\d|\stháng|\s(?:hằng|hàng|mỗi|của|và|đến)\b))",
    ),
    (
        "day",
        ("thứ", "chủ"),
        rf"{_WEEKDAY}(?:\s(?:của\s)?tuần\s(?P<which>này|sau|tới))?(?!\w)",
    ),
    ("today", ("nay", "mai"), r"\b(?P<today>hôm\snay|(?-i:mai))\b"),
    ("month", ("tháng",), rf"(?:{_PART}|{_WEEK_OF_MONTH})?tháng\s{_MONTH}(?!\s?/\s?\d{{1,2}}(?!\d))(?:{_YEAR})?"),
    (
        "month",
        ("tháng",),
        rf"tháng\s(?:1[0-2]|0?[1-9])\s?(?:-|–|,|và|đến)\s?(?:tháng\s)?{_MONTH}{_YEAR}",
    ),
    ("month", ("tháng",), rf"(?:{_PART}|{_WEEK_OF_MONTH})tháng(?:\s(?P<which>này|sau|tới))?(?!\s(?:\d|hằng|hàng|thứ))"),
    ("month", ("tháng",), r"tháng\s(?P<which>này|sau|tới)\b"),
    ("month", ("t",), rf"\bT{_MONTH}(?:\s?[/.-]\s?|\s)(?P<year>20\d\d)(?!\d)"),
    (
        "quarter",
        ("quý", "quí", "q"),
        rf"(?:{_PART})?(?:qu[ýí]\s|\bQ\.?)(?:(?:IV|I{{1,3}}|0?[1-4])\s?(?:-|–|,|và)\s?(?:qu[ýí]\s)?)?"
        rf"{_QUARTER}(?!\w)(?:{_YEAR})?",
    ),
    ("quarter", ("quý", "quí"), rf"(?:{_PART})?qu[ýí](?:\s(?P<which>này|sau|tới))(?!\w)"),
    ("quarter", ("quý", "quí"), r"(?P<part>cuối|hết)\squ[ýí](?!\s?(?:\w))"),
    (
        "half",
        ("năm",),
        r"(?<![\d/])(?P<count>0?[1-9]|1[01]|ba|sáu|chín)\stháng\s(?P<side>đầu|cuối)\s(?:của\s)?năm"
        r"(?:\s(?:(?P<year>20\d\d)(?!\d)|(?P<which_year>nay|này|sau|tới)))?",
    ),
    (
        "half",
        ("năm",),
        r"nửa\s(?P<side>đầu|cuối)\s(?:của\s)?năm(?:\s(?:(?P<year>20\d\d)|(?P<which_year>nay|này|sau|tới)))?",
    ),
    ("year", ("năm",), rf"(?:{_PART})?(?<!các\s)năm\s(?P<year>20\d\d)(?!\d){_NO_RANGE}"),
    ("year", ("năm",), rf"(?:{_PART})?năm\s(?P<which_year>nay|này|sau|tới)\b"),
    ("year", ("năm",), rf"{_PART}năm(?!\s(?:\d|học))\b"),
    ("week", ("tuần",), r"(?P<part>đầu|giữa|cuối)?\s?tuần\s(?:lễ\s)?(?P<which>này|sau|tới)\b"),
    (
        "week",
        ("tuần",),
        r"tuần\s(?:thứ\s)?(?P<week_of_year>[1-9]|[1-4]\d|5[0-3])(?!\s?[/.]?\d|\s(?:của\s)?tháng|\w)(?:\snăm\s(?P<year>20\d\d))?",
    ),
    ("bare", ("trong",), r"(?<=trong\s)(?P<bare>tuần|tháng|quý|năm)(?=\s*(?:[.,;:)]|$))"),
)
PATTERNS = tuple((name, needs, re.compile(pattern, re.IGNORECASE)) for name, needs, pattern in _FORMS)
"""What each form names, the words without one of which it cannot be, and the form itself."""
