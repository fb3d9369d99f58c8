"""How dates and deadlines read."""

import datetime as dt

import pytest

from shared.web.wording import date, deadline, number, time

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days", "vi", "en"),
    [
        (-2153, "Quá hạn 2.153 ngày", "2,153 days overdue"),
        (-3, "Quá hạn 3 ngày", "3 days overdue"),
        (-1, "Quá hạn 1 ngày", "1 day overdue"),
        (0, "Hạn là hôm nay", "Due today"),
        (1, "Còn 1 ngày", "1 day left"),
        (5, "Còn 5 ngày", "5 days left"),
    ],
)
def test_a_deadline_is_said_in_days_from_today(days: int, vi: str, en: str) -> None:
    due = TODAY + dt.timedelta(days=days)
    assert (deadline(due, TODAY, "vi"), deadline(due, TODAY, "en")) == (vi, en)


def test_no_deadline_is_said_to_be_none() -> None:
    assert deadline(None, TODAY, "vi") == "Không có hạn"


def test_dates_stand_day_first_in_both_languages() -> None:
    assert date(dt.date(2026, 12, 5)) == "05/12/2026"


def test_times_are_local_to_the_zone() -> None:
    moment = dt.datetime(2026, 11, 22, 18, 5, 9, tzinfo=dt.UTC)
    assert time(moment, "Asia/Ho_Chi_Minh") == "01:05:09 23/11/2026"


def test_thousands_stand_apart_as_the_language_has_it() -> None:
    assert (number(5000, "vi"), number(5000, "en")) == ("5.000", "5,000")
