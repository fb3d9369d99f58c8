"""HTTP: as of when something is asked, by a sequence, a time or a local day, and in which sense."""

import datetime as dt
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Depends, Query, Response
from pydantic import TypeAdapter, ValidationError
from pydantic.types import AwareDatetime

from services.tasks.api.parameters import OnDay
from services.tasks.reading import LARGEST_SEQUENCE, Connection, Source
from services.tasks.register.as_of import AsOf, Sense
from services.tasks.register.moments import BeyondTheRegister, at_sequence, at_time
from services.tasks.timeliness import Day
from shared.language import Words
from shared.problems import FieldProblem, Invalid, Problem

_HEADER = "As-Of-Sequence"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = TypeAdapter(AwareDatetime)
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(9000, 12, 31)

_UNREADABLE = Words(
    "phải là số thứ tự của một sự kiện, một thời điểm có múi giờ như 2026-06-30T17:00:00+07:00, hoặc một ngày như "
    "2026-06-30",
    "must be the sequence of an event, a time with its offset such as 2026-06-30T17:00:00+07:00, or a day such as "
    "2026-06-30",
)
_BEYOND = Words("sổ theo dõi mới tới sự kiện {last}", "the register holds the log up to event {last}")
_TO_COME = Words("lúc ấy chưa tới", "that time has not come yet")
_TWICE = Words(
    "as_of và on cùng hỏi về một lúc; dùng một trong hai", "as_of and on both ask about a moment; give one of them"
)


class NotYet(Problem):
    """What is asked about is there now, and was not then."""

    status = HTTPStatus.NOT_FOUND
    code = "not-yet"
    title = Words("Lúc ấy chưa có", "Not there yet then")
    detail = Words(
        "{what} nay có, nhưng tới lúc được hỏi (sự kiện {sequence}, {time}) thì chưa. Hỏi về một lúc muộn hơn, hoặc bỏ "
        "as_of để xem hiện tại.",
        "{what} is there now, but was not by the moment asked about (event {sequence}, {time}). Ask about a later one, "
        "or leave as_of out to see the present.",
    )

    def __init__(self, what: str, as_of: AsOf) -> None:
        super().__init__(what=what, sequence=as_of.sequence, time=as_of.time.isoformat())


AsOfText = Annotated[
    str | None,
    Query(
        max_length=40,
        description="the past that is asked about: an event's sequence, a time (RFC 3339; to the end of its second) or "
        "a local day (to its end)",
    ),
]
AskedSense = Annotated[
    Sense,
    Query(
        description="known: as it was known then, by what the log held; held: as we now know that it was, late entries "
        "from when they happened and corrections of a notice from when it was concluded"
    ),
]


async def asked_as_of(
    source: Source, found: Connection, response: Response, as_of: AsOfText = None, sense: AskedSense = "known"
) -> AsOf | None:
    """The moment that a request asks about; None where it asks about now.

    Raises:
        Invalid: it cannot be read, has not come yet, or the register does not reach there.
    """
    if as_of is None:
        return None
    asked = await moment(source, found, "as_of", as_of, sense)
    response.headers[_HEADER] = str(asked.stands_on)
    return asked


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks about: the past as of a moment, or a later day than today; both None where it is now."""

    as_of: AsOf | None
    on: dt.date | None


async def asked_as_of_or_on(
    source: Source,
    found: Connection,
    response: Response,
    as_of: Annotated[AsOf | None, Depends(asked_as_of)],
    on: OnDay = None,
) -> Asked:
    """The same, where `on` a past day asks how things held when it ended.

    Raises:
        Invalid: both are given.
    """
    if as_of and on:
        raise Invalid(errors=[FieldProblem("on", "as-of-twice", _TWICE, {})])
    today = source.today()
    if on is None or on >= today.date:
        return Asked(as_of, on)
    as_of = await at_time(found, _end_of(on, today), "held")
    response.headers[_HEADER] = str(as_of.stands_on)
    return Asked(as_of, None)


async def moment(source: Source, found: Connection, name: str, given: str, sense: Sense) -> AsOf:
    """The moment that a parameter of a name asks about.

    Raises:
        Invalid: it cannot be read, has not come yet, or the register does not reach there.
    """
    if given.isascii() and given.isdigit() and int(given) <= LARGEST_SEQUENCE:
        try:
            return await at_sequence(found, int(given), sense)
        except BeyondTheRegister as beyond:
            raise _refused(name, "beyond-the-log", _BEYOND, last=beyond.last) from beyond
    before = _before(given, source.today())
    if before is None:
        raise _refused(name, "as-of", _UNREADABLE)
    if before > dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1):
        if _DAY.fullmatch(given) and dt.date.fromisoformat(given) == source.today().date:
            before = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=1)
        else:
            raise _refused(name, "to-come", _TO_COME)
    return await at_time(found, before, sense)


def _before(given: str, today: Day) -> dt.datetime | None:
    """The first moment (UTC) behind what is asked about; None where that cannot be read."""
    try:
        if _DAY.fullmatch(given):
            date = dt.date.fromisoformat(given)
            return _end_of(date, today) if _FIRST <= date <= _LAST else None
        if not re.match(r"\d{4}-", given):
            # Else a number with a sign or a point would be read as seconds since 1970.
            return None
        # A plus that was not escaped in an address arrives as a space.
        at = _TIME.validate_python(re.sub(r" (?=\d\d:\d\d$)", "+", given)).astimezone(dt.UTC)
    except (ValueError, ValidationError, OverflowError):
        return None
    return at.replace(microsecond=0) + dt.timedelta(seconds=1) if _FIRST <= at.date() <= _LAST else None


def _end_of(date: dt.date, today: Day) -> dt.datetime:
    return today.begun(date + dt.timedelta(days=1))


def _refused(name: str, code: Literal["beyond-the-log", "as-of", "to-come"], words: Words, **values: object) -> Invalid:
    return Invalid(errors=[FieldProblem(name, code, words, dict(values))])


AskedAsOf = Annotated[AsOf | None, Depends(asked_as_of)]
AskedAsOfOrOn = Annotated[Asked, Depends(asked_as_of_or_on)]
