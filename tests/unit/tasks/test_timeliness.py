"""How work stands to its deadline."""

import datetime as dt
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from services.tasks.ledger.leaf import leaf_hash, leaf_input
from services.tasks.task.state import Status
from services.tasks.timeliness import Day, Timeliness, timeliness
from shared.log.record import Record
from shared.working_days import WorkingDays

MONDAY = Day(dt.date(2026, 10, 19))
NOON = dt.time(12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def due_in(days: int) -> dt.date:
    """The day that comes so many days behind the Monday."""
    return MONDAY.date + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, "no_deadline"), (-1, "overdue"), (0, "due_soon"), (7, "due_soon"), (8, "in_time")],
)
def test_finishing_on_the_deadline_is_in_time(days: int | None, expected: Timeliness) -> None:
    due = None if days is None else due_in(days)
    assert timeliness("not_started", due, None, MONDAY) == expected


@pytest.mark.parametrize(
    ("status", "days_late", "expected"),
    [
        ("done", 0, "done_on_time"),
        ("done", 1, "done_late"),
        ("submitted", 0, "in_time"),
        ("submitted", 1, "overdue"),
    ],
)
def test_the_day_on_which_the_result_was_handed_in_counts(status: Status, days_late: int, expected: Timeliness) -> None:
    due = due_in(-10)
    submitted_at = dt.datetime.combine(due + dt.timedelta(days=days_late), NOON)
    assert timeliness(status, due, submitted_at, MONDAY) == expected


def test_a_result_is_handed_in_on_the_day_that_it_is_where_the_deadline_is() -> None:
    due = due_in(-10)
    before_midnight = dt.datetime.combine(due, dt.time(16, 59, 59), dt.UTC)
    assert timeliness("done", due, before_midnight, MONDAY) == "done_on_time"
    assert timeliness("done", due, before_midnight + dt.timedelta(seconds=1), MONDAY) == "done_late"


def test_what_is_done_without_a_deadline_is_neither_on_time_nor_late() -> None:
    assert timeliness("done", None, dt.datetime.combine(MONDAY.date, NOON), MONDAY) == "no_deadline"


def test_cancelled_tasks_and_series_stand_to_no_deadline() -> None:
    assert timeliness("cancelled", due_in(-1), None, MONDAY) is None
    assert timeliness("not_started", due_in(-1), None, MONDAY, is_series=True) is None


def test_soon_is_counted_in_working_days_so_public_holidays_make_it_longer() -> None:
    before_new_year = Day(dt.date(2027, 2, 1))
    assert before_new_year.due_soon_until - before_new_year.date > dt.timedelta(days=7)
    holiday = Day(MONDAY.date, calendar=WorkingDays(extra_holidays=frozenset({due_in(1)})))
    assert holiday.due_soon_until == due_in(8)


def test_a_day_ends_when_it_does_in_its_own_zone() -> None:
    assert MONDAY.ended_at == dt.datetime(2026, 10, 19, 17, tzinfo=dt.UTC)
    assert MONDAY.local_date(MONDAY.ended_at) == due_in(1)


def test_a_leaf_covers_sequence_subject_and_bytes() -> None:
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    record = Record(7, "log.task.a", now, b"{}")
    assert leaf_input(record) == b"\0\0\0\0\0\0\0\x07" + b"\0\x0a" + b"log.task.a" + sha256(b"{}").digest()
    others = [
        Record(8, "log.task.a", now, b"{}"),
        Record(7, "log.task.b", now, b"{}"),
        Record(7, "log.task.a", now, b"[]"),
        Record(7, "log.task.", now, b"a{}"),
    ]
    assert len({leaf_hash(each) for each in (record, *others)}) == 5
