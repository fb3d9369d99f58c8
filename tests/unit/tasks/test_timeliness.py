"""How open work stands to its deadline."""

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.ledger.leaf import leaf_hash, leaf_input
from services.tasks.timeliness import Timeliness, due_between, timeliness
from shared.log.record import Record

TODAY = dt.date(2026, 11, 23)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, "no_deadline"), (-1, "overdue"), (0, "due_soon"), (7, "due_soon"), (8, "in_time")],
)
def test_finishing_on_the_deadline_is_in_time(days: int | None, expected: Timeliness) -> None:
    due = None if days is None else TODAY + dt.timedelta(days=days)
    assert timeliness(due, TODAY) == expected


@given(st.one_of(st.none(), DAYS), DAYS)
def test_the_ranges_that_filter_say_the_same_as_the_single_answer(due: dt.date | None, today: dt.date) -> None:
    def within(wanted: Timeliness) -> bool:
        days = due_between(wanted, today)
        if days is None or due is None:
            return days is None and due is None
        first, last = days
        return (first is None or due >= first) and (last is None or due <= last)

    assert [wanted for wanted in get_args(Timeliness) if within(wanted)] == [timeliness(due, today)]


def test_a_leaf_covers_sequence_subject_and_bytes() -> None:
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    record = Record(7, "log.task.a", now, b"{}")
    assert leaf_input(record) == b"\0\0\0\0\0\0\0\x07" + b"\0\x0a" + b"log.task.a" + b"{}"
    others = [
        Record(8, "log.task.a", now, b"{}"),
        Record(7, "log.task.b", now, b"{}"),
        Record(7, "log.task.a", now, b"[]"),
        Record(7, "log.task.", now, b"a{}"),
    ]
    assert len({leaf_hash(each) for each in (record, *others)}) == 5
