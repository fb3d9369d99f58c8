"""What stands before and behind a day, and makes it a deadline or keeps it from being one."""

import re
from typing import Literal

Lead = Literal["before", "occasion", "by", "label", "through", "within", "on", "done", "none"]
"""How words lead to a day: "trước", "trước lễ …", "chậm nhất", "thời hạn:", "đến hết", "trong", "vào", "hoàn thành"."""

_LONGEST_LEAD = 70
_LONGEST_CLAUSE = 300

_DONE_VI = r"hoàn\s(?:thành|tất|thiện)|xong|kết\sthúc|về\sđích|dứt\sđiểm"
_DONE = rf"{_DONE_VI}|complet\w+|finali[sz]\w+|finish\w*|conclude\w*"
_HANDED_IN = (
    r"báo\scáo|gửi|nộp|trình|bàn\sgiao|ban\shành|phê\sduyệt|đưa\svào|khởi\scông|khánh\sthành|thông\sxe|giải\sngân"
    r"|đạt|cơ\sbản|phải|phấn\sđấu|thực\shiện|triển\skhai|submit\w*|report\w*|circulat\w+|provide\w*|deliver\w*|achiev\w+"
)
_TAIL_OF_TERM = (
    r"(?:\s(?:hoàn\s(?:thành|thiện|tất)|thực\shiện|báo\scáo|nộp|gửi|trình|xong|triển\skhai|xử\slý|giải\squyết|kết\squả"
    r"|là|vào|đến|đến\shết|trong|trước|cuối|chót|tối\sđa|nhất|của|ngay))*"
)
_LEAD_FORMS: tuple[tuple[Lead, str], ...] = (
    (
        "label",
        r"(?:(?<!quá\s)(?<!đúng\s)\b(?:thời\s)?hạn|thời\sgian|tiến\sđộ|thời\sđiểm|hoàn\sthành|deadline|due(?:\sdate)?"
        r"|time\s?(?:limit|frame|line))(?:\s[^\W\d]+){0,4}\s?:\s?(?:từ\s)?$",
    ),
    (
        "by",
        r"\b(?:(?:chậm|muộn|trễ|lâu)\snhất|hạn\s(?:cuối(?:\scùng)?|chót)|(?<!quá\s)(?<!đúng\s)"
        r"(?:thời\shạn|(?<!thời\s)hạn)"
        rf"|không\s(?:quá|muộn\shơn|chậm\shơn|trễ\shơn|để\squá)|tối\sđa){_TAIL_OF_TERM}\s?:?,?\s$",
    ),
    (
        "by",
        r"\b(?:no|not)\slater\sthan\s(?:the\s)?$|\b(?:on\sor\sbefore|due\s(?:on|by)?|at\sthe\slatest\s(?:by|on)?)\s?$",
    ),
    ("by", r"\bby\s(?:the\s(?:date|deadline)\sof\s|no\slater\sthan\s|at\sthe\slatest\s)?(?:the\s)?$"),
    (
        "before",
        r"\btrước(?:\s(?:mốc|thời\shạn|hạn|thời\sđiểm|thời\sgian))*[:,]?\s$|\b(?:before|prior\sto|ahead\sof)\s(?:the\s)?$",
    ),
    ("occasion", r"\btrước\s(?:ngày|lễ|đại\shội|kỳ|dịp|hội\snghị)(?:\s[^\W\d]+){0,6}\s\(?(?:ngày\s)?$"),
    ("through", r"\b(?:đến|tới)\shết\s(?:giờ\s)?$|\b(?:until|till|through)\s(?:the\s)?$"),
    ("through", r"\b(?:đến|tới)\s(?:thời\sđiểm\s)?$|\bhết\s$"),
    (
        "within",
        r"\b(?:nội\s)?(?<!bên\s)trong(?:\s(?:vòng|thời\sgian|thời\shạn|khoảng|nội|dịp|khoảng\sthời\sgian|cả|và))*"
        r"(?:\s(?:tối\sđa|không\squá|chậm\snhất(?:\slà)?))*\s$",
    ),
    (
        "within",
        r"\b(?:within|during|in|over|throughout|in\sthe\scourse\sof)\s(?:the\s|a\speriod\sof\s)?(?:next\s)?$",
    ),
    ("on", r"\b(?:(?:vào\s)?(?:đúng\s)?dịp(?:\s[^\W\d]+){0,3}|vào(?:\s(?:khoảng|lúc))?|ngay|trong)\s$|\bon\s$"),
    ("done", rf"\b(?:{_DONE})(?:\s(?:vào|trong|ngay|on|in))?[,:]?\s\(?$"),
)
_LEADS = tuple((lead, re.compile(pattern, re.IGNORECASE)) for lead, pattern in _LEAD_FORMS)
_ACTS = re.compile(rf"\b(?:{_DONE}|{_HANDED_IN})\b", re.IGNORECASE)
_DONE_SOON = re.compile(rf"\b(?:{_DONE})\b[^,;.]{{0,80}}$", re.IGNORECASE)
_EVENT = re.compile(
    r"\b(?:dự\skiến|dự\sđịnh|diễn\sra|khai\smạc|bế\smạc|lùi|hoãn|scheduled|planned|planned\sfor|tentatively|to\sbe\sheld"
    r"|held|takes?\splace|taking\splace|opens?)\b[^,;.]{0,70}$",
    re.IGNORECASE,
)
_GATHERING = re.compile(
    r"\b(?:hội\snghị|hội\sthảo|cuộc\shọp|kỳ\shọp|phiên\shọp|buổi\slàm\sviệc|đại\shội|lễ|(?-i:tổ\schức)|^\s?Tổ\schức|giao\sban|họp|ngày\shội"
    r"|chuyến|đoàn|meeting|session|conference|workshop|forum|ceremony|mission|visit|expedition)\b[^,;.]{0,60}$",
    re.IGNORECASE,
)
_COUNTS_UP = re.compile(
    r"\b(?:số\sliệu|tính|cập\snhật|lũy\skế|luỹ\skế|thống\skê|gia\shạn|kéo\sdài|hiệu\slực|giá\strị|thời\sgian|giai\sđoạn"
    r"|nhiệm\skỳ|tầm\snhìn|quy\shoạch|định\shướng|mục\stiêu|chiến\slược|kế\shoạch|từ(?!\s(?:nay|giờ)\b)|lập|duy\strì|extend\w*"
    r"|valid|as\sof|from|between)\b[^,;.]{0,60}$",
    re.IGNORECASE,
)
_NARRATES = re.compile(
    r"\b(?:đã|vừa|từng)\s(?:(?!\b(?:tại|theo)\b)[^.;,()]){0,120}$"
    r"|\b(?:had|(?:has|have|was|were)\s(?!asked|requested|invited|tasked|agreed|decided|to\b|instructed|urged))[^.;,]{0,100}$",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:nếu|trường\shợp|if)\b[^,;.]{0,120}$", re.IGNORECASE)
_STARTS = re.compile(
    r"\b(?:lần|kỳ|bản|đợt)\s(?:đầu|thứ\snhất)|bắt\sđầu|\bfirst\s(?:report|issue|by)|\bfirst\s$|starting|beginning\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\s*(?:trở\s(?:về|đi|lên)|và\s(?:các|những)\snăm|(?:của\s)?(?:hằng|hàng|mỗi|từng)\s|and\sbeyond|onwards?\b"
    r"|(?:and|và)\s(?:subsequent|following))",
    re.IGNORECASE,
)
_EXPIRES = re.compile(
    r"\b(?:hết|đến|quá|còn)\s(?:thời\s)?(?:hạn|hiệu\slực|nhiệm\skỳ)\s(?:vào\s|trong\s|trước\s)?$", re.IGNORECASE
)
_RANGE = re.compile(
    r"(?P<before>(?:^|\s|\()(?:trong(?:\s(?:thời\s(?:hạn|gian)|khoảng))*|hoàn\s(?:thành|tất)|xong|thời\s(?:hạn|gian)[^.;:]{0,20}:)\s)"
    r"từ\s[^,;.]{1,25}\s(?:đến|tới)\s(?:hết\s)?$",
    re.IGNORECASE,
)
_TO_HOLD = re.compile(r"(?:^\s?Tổ|\btổ)\schức\s")
_ATTRIBUTE = re.compile(
    r"\b(?:các|những|đối\svới|số)\s[^,;.]{1,100}\b(?:khởi\scông|phát\ssinh|ban\shành|tiếp\snhận|tuyển\sdụng|nghỉ\shưu"
    r"|(?:được|đã|bị)\s\w+(?:\s\w+)?)(?:\smới)?\s$",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?<!\w)từ\s(?!nay\b|giờ\b)[^,;.]{1,30}\s(?:đến|tới)\s(?:hết\s)?$", re.IGNORECASE)
_ENDS_CLAUSE = re.compile(r"[;.](?=\s)|\.\s?/")


def lead_to(words: str, at: int) -> tuple[Lead, int]:
    """How the words lead up to a place in them, and where that begins."""
    before = words[max(0, at - _LONGEST_LEAD) : at]
    for lead, pattern in _LEADS:
        if match := pattern.search(before):
            return lead, at - len(before) + match.start()
    return "none", at


def expires(words: str, at: int) -> bool:
    """Whether something runs out on a day: "hết hạn ngày …"."""
    return _EXPIRES.search(words[max(0, at - _LONGEST_LEAD) : at]) is not None


def holds(clause: str) -> bool:
    """Whether a clause tells somebody to hold something."""
    return _TO_HOLD.search(clause) is not None


def is_attribute(clause: str) -> bool:
    """Whether a clause ends by saying which of many things are meant: "các dự án khởi công trong năm …"."""
    return _ATTRIBUTE.search(clause) is not None


def is_range(words: str, at: int) -> bool:
    """Whether a day is the last of a range: "từ ngày … đến ngày …"."""
    return _SPAN.search(words[max(0, at - _LONGEST_LEAD) : at]) is not None


def ends_range(words: str, at: int) -> bool:
    """Whether a day is the last of a range in which something shall be done: "trong thời hạn từ … đến …"."""
    return _RANGE.search(words[max(0, at - _LONGEST_LEAD) : at]) is not None


def clause_before(words: str, at: int) -> str:
    """What stands before a place in its own clause."""
    start = max(0, at - _LONGEST_CLAUSE)
    return _ENDS_CLAUSE.split(words[start:at])[-1]


def acts(clause: str) -> bool:
    """Whether a clause tells somebody to finish something or to hand it in."""
    return _ACTS.search(clause) is not None


def finishes(clause: str) -> bool:
    """Whether what a clause tells last is to finish something."""
    return _DONE_SOON.search(clause) is not None


def is_event(clause: str) -> bool:
    """Whether a clause that leads up to a day tells when something takes place."""
    return _EVENT.search(clause) is not None


def gathers(clause: str) -> bool:
    """Whether people meet, or something is held, on the day that a clause leads up to."""
    return _GATHERING.search(clause) is not None


def counts_up(clause: str) -> bool:
    """Whether a clause says until when figures, a plan or a validity run."""
    return _COUNTS_UP.search(clause) is not None


def narrates(clause: str) -> bool:
    """Whether a clause tells what has happened."""
    return _NARRATES.search(clause) is not None


def is_condition(clause: str) -> bool:
    """Whether a clause says what if."""
    return _CONDITION.search(clause) is not None


def starts(clause: str) -> bool:
    """Whether a clause says when something repeated begins."""
    return _STARTS.search(clause[-60:]) is not None


def goes_on(words: str, at: int) -> bool:
    """Whether what follows a day stretches it over other days or years."""
    return _GOES_ON.match(words, at) is not None
