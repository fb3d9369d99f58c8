"""Terms that run from a day: so many days, working days, weeks or months from the notice, or from something else."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from dateutil.relativedelta import relativedelta

from shared.working_days import WorkingDays

Beginning = Literal["notice", "meeting", "unsaid", "day", "event"]
"""From when a term runs: the notice, its meeting, a day that the words name, another event, or they do not say."""

Unit = Literal["hour", "day", "working-day", "week", "month", "quarter", "year"]

_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười lăm": 15, "hai mươi": 20, "ba mươi": 30, "one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20,
    "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_NUMERAL = "|".join(sorted((word.replace(" ", r"\s") for word in _WORDS), key=len, reverse=True))
_COUNT = rf"(?<![\w/.,-])(?P<count>\d{{1,3}}|{_NUMERAL})(?:\s?\((?:\d{{1,3}}|[^\W\d]+(?:\s[^\W\d]+){{0,2}})\))?\s"
_TERM = re.compile(
    rf"{_COUNT}(?:(?P<working>ngày\slàm\sviệc|(?:working|business)\sdays?)|(?P<hours>giờ|tiếng|hours?)"
    r"|(?P<days>ngày|(?:calendar\s)?days?)|(?P<weeks>tuần(?:\slễ)?|weeks?)|(?P<months>tháng|months?)"
    r"|(?P<quarters>quý|quarters?)|(?P<years>năm|years?))\b"
    r"(?!\s?/|\s(?:\d|đầu|cuối|một\slần|lần\b|tuổi))",
    re.IGNORECASE,
)
_FROM = re.compile(
    r",?\s(?:kể\stừ|tính\stừ|từ|sau|kể|sau\skể\stừ|of|from|after|following|since|upon)\s"
    r"(?P<event>[^,;.()]{1,120})",
    re.IGNORECASE,
)
_NOTICE_VI = r"(?:thông\sbáo|kết\sluận|văn\sbản|biên\sbản|chỉ\sđạo)(?:\skết\sluận|\snày|\scuộc\shọp|\shội\snghị)*"
_OF_NOTICE = re.compile(
    r"(?:(?:từ|khi|ngày|thời\sđiểm|lúc|có|được|nhận)\s)*"
    rf"(?:(?:ban\shành|ký|phát\shành|ra|công\sbố|nhận\sđược|nhận)(?:\sban\shành)?(?:\s{_NOTICE_VI})?|{_NOTICE_VI}"
    r"|hôm\snay|(?:kết\sthúc\s)?(?:hội\snghị|cuộc\shọp|phiên\shọp|buổi\shọp)(?:\snày)?|họp|(?:kết\sthúc\s)?họp)"
    r"(?:\s(?:được|có|ban\shành|ký|phát\shành|hiệu\slực))*"
    r"|(?:the\s)?(?:date\sof\s)?(?:the\s)?(?:(?:issue|issuance|publication|receipt|circulation|signature|signing|date)"
    r"(?:\sdate)?(?:\sof)?\s?)?(?:(?:this|these|the\spresent)\s(?:present\s)?(?:notice|conclusions?|decisions?"
    r"|minutes|summary|record|document|meeting)|the\s(?:notice|conclusions|minutes|meeting)"
    r"|today|now|issue|issuance)",
    re.IGNORECASE,
)
_OF_MEETING = re.compile(r"hôm\snay|today|now|(?<!thông\sbáo\s)\b(?:họp|hội\snghị|meeting)\b", re.IGNORECASE)
_WHENEVER = re.compile(r"khi\s(?!.{0,60}\snày\b)", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*$|\s(?:để|phải|và|hoàn\sthành|báo\scáo|gửi|trình|nộp|các|tổ\schức|thực\shiện|and|to|or|at|with)\b",
    re.IGNORECASE,
)
_FROM_NOW = re.compile(r"\s(?:tới|nữa|sắp\stới|from\snow|from\stoday)\b", re.IGNORECASE)
_BACKWARDS = re.compile(r"\s(?:trước|before|prior|ahead)\b", re.IGNORECASE)
_LONGEST_EVENT = 130


@dataclass(frozen=True, slots=True)
class Term:
    """A term that words name: so many units, and from when. `event` holds the words that say it."""

    start: int
    end: int
    count: int
    unit: Unit
    begins: Beginning
    event: str = ""

    def ends_on(self, day: dt.date, calendar: WorkingDays) -> dt.date | None:
        """The last day of the term that begins after a day; none where the calendar ends before it.

        The first day does not count. Source: Bộ luật Dân sự 2015, điều 147.
        """
        try:
            if self.unit == "working-day":
                return calendar.after(day, self.count)
            return day + self._length()
        except (OverflowError, ValueError):
            return None

    def _length(self) -> relativedelta:
        if self.unit == "hour":
            return relativedelta(days=-(-self.count // 24))
        if self.unit in ("day", "working-day"):
            return relativedelta(days=self.count)
        if self.unit == "week":
            return relativedelta(weeks=self.count)
        months = {"month": 1, "quarter": 3, "year": 12}[self.unit]
        return relativedelta(months=months * self.count)


def terms_in(words: str) -> list[Term]:
    """Every term that the words name, in their order."""
    found: list[Term] = []
    for match in _TERM.finditer(words):
        said = match["count"].casefold()
        count = int(said) if said.isdigit() else _WORDS[said]
        if count == 0 or _BACKWARDS.match(words, match.end()):
            continue
        begins, end, event = _beginning(words, match.end())
        found.append(Term(match.start(), end, count, _unit(match), begins, event))
    return found


def _unit(match: re.Match[str]) -> Unit:
    units: tuple[tuple[str, Unit], ...] = (
        ("working", "working-day"),
        ("hours", "hour"),
        ("days", "day"),
        ("weeks", "week"),
        ("months", "month"),
        ("quarters", "quarter"),
    )
    return next((unit for group, unit in units if match[group]), "year")


def _beginning(words: str, at: int) -> tuple[Beginning, int, str]:
    if soon := _FROM_NOW.match(words, at):
        return "notice", soon.end(), ""
    said = _FROM.match(words, at, at + _LONGEST_EVENT)
    if said is None:
        return "unsaid", at, ""
    event = said["event"]
    if any(mark.isdigit() for mark in event[:12]):
        return "day", said.end(), event
    notice = _OF_NOTICE.match(event)
    if notice and (notice[0].casefold().endswith("này") or _GOES_ON.match(event, notice.end())):
        begins: Beginning = "meeting" if _OF_MEETING.search(notice[0]) else "notice"
        if begins == "meeting" and _WHENEVER.match(event):
            return "event", said.end(), event
        return begins, said.start("event") + notice.end(), event
    return "event", said.end(), event
