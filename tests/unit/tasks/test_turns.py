"""The periods of a recurring task."""

import datetime as dt
import itertools
import time

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.tasks.task.recurrence import Turn, rule
from services.tasks.task.turns import MOST_MISSED, assigned_turn, due_turns, turn_id
from shared.events.fields import UnitRef
from shared.events.task import TaskCancelled
from tests.examples import assigned as assignment
from tests.unit.tasks.life import CHINH, given

DAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("recurrence", "starts_on", "ends_on", "due"),
    [
        ("FREQ=DAILY", "2026-11-23", "2026-11-23", "2026-11-23"),
        ("FREQ=WEEKLY", "2026-11-23", "2026-11-29", "2026-11-29"),
        ("FREQ=WEEKLY;BYDAY=FR", "2026-11-23", "2026-11-29", "2026-11-27"),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-11-23", "2026-12-06", "2026-12-06"),
        ("FREQ=MONTHLY", "2026-11-01", "2026-11-30", "2026-11-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=25", "2026-11-01", "2026-11-30", "2026-11-25"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-01", "2026-11-30", "2026-11-30"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-01", "2026-11-30", "2026-11-30"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-01", "2026-11-30", "2026-11-27"),
        ("FREQ=MONTHLY;INTERVAL=3", "2026-10-01", "2026-12-31", "2026-12-31"),
        ("FREQ=MONTHLY;INTERVAL=6", "2026-07-01", "2026-12-31", "2026-12-31"),
        ("FREQ=YEARLY", "2026-01-01", "2026-12-31", "2026-12-31"),
        ("RRULE:FREQ=YEARLY;INTERVAL=1", "2026-01-01", "2026-12-31", "2026-12-31"),
    ],
)
def test_a_period_is_one_of_the_calendar(recurrence: str, starts_on: str, ends_on: str, due: str) -> None:
    found = rule(recurrence)
    assert found is not None
    (turn,) = found.turns(DAY, DAY)
    assert turn == Turn(*map(dt.date.fromisoformat, (starts_on, ends_on, due)))


@pytest.mark.parametrize(
    "recurrence",
    [
        None,
        "",
        "thường xuyên",
        "FREQ=HOURLY",
        "FREQ=MONTHLY;INTERVAL=0",
        "FREQ=MONTHLY;COUNT=3",
        "FREQ",
        "FREQ=DAILY;BYMONTHDAY=32",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;BYMONTHDAY=13",
        "FREQ=WEEKLY;BYDAY=2FR",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31",
    ],
)
def test_words_that_state_no_period_make_no_series(recurrence: str | None) -> None:
    assert rule(recurrence) is None
    assert not given(recurrence=recurrence or None).task.is_series


@for_all(
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=3", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=5", "FREQ=YEARLY"]),
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
    st.integers(0, 800),
)
def test_periods_follow_one_another_without_a_gap(recurrence: str, first: dt.date, days: int) -> None:
    found = rule(recurrence)
    assert found is not None
    until = first + dt.timedelta(days=days)
    turns = list(found.turns(first, until))
    assert turns[0].starts_on <= first <= turns[0].ends_on
    assert turns[-1].starts_on <= until <= turns[-1].ends_on
    for one, following in itertools.pairwise(turns):
        assert following.starts_on == one.ends_on + dt.timedelta(days=1)


@pytest.mark.parametrize("interval", [1, 2, 5, 12, 24, 60])
@pytest.mark.parametrize(
    "days",
    [
        "WEEKLY;BYDAY=MO",
        "MONTHLY;BYMONTHDAY=31",
        "MONTHLY;BYMONTHDAY=-31",
        "MONTHLY;BYDAY=5FR",
        "YEARLY;BYMONTHDAY=31",
        "YEARLY;BYDAY=MO",
    ],
)
def test_whatever_days_a_rule_names_a_turn_is_found_at_once(days: str, interval: int) -> None:
    found = rule(f"FREQ={days};INTERVAL={interval}")
    assert found is not None
    began = time.perf_counter()
    (turn,) = found.turns(DAY, DAY)
    assert time.perf_counter() - began < 0.5
    assert turn.starts_on <= turn.due <= turn.ends_on


def test_missed_periods_are_opened_and_none_twice() -> None:
    series = given(recurrence="FREQ=WEEKLY", deadline=None).task
    turns = due_turns(series, dt.date(2026, 11, 20), dt.date(2026, 12, 8), {dt.date(2026, 11, 23)})
    assert [turn.starts_on.isoformat() for turn in turns] == ["2026-11-16", "2026-11-30", "2026-12-07"]


def test_however_long_nothing_ran_only_the_latest_are_opened() -> None:
    series = given(recurrence="FREQ=DAILY", deadline=None).task
    turns = due_turns(series, dt.date(2020, 1, 1), DAY, ())
    assert len(turns) == MOST_MISSED
    assert turns[-1].starts_on == DAY


def test_an_ended_series_opens_nothing_more() -> None:
    life = given(recurrence="FREQ=WEEKLY", deadline=None)
    ended = life.and_(TaskCancelled(task_id=life.task.id, reason="Thôi."), by=CHINH).task
    assert due_turns(ended, DAY, DAY, ()) == []


def test_a_periods_task_lies_with_whom_the_series_lies_with_now() -> None:
    weekly = given(recurrence="FREQ=WEEKLY", deadline=None).task
    series = weekly._replace(unit=UnitRef(id="khac", name="Phòng Khác"))
    (turn,) = due_turns(series, DAY, DAY, ())
    event = assigned_turn(series, assignment("life", recurrence="FREQ=WEEKLY", deadline=None), turn)
    assert (event.unit.id, event.task_id, event.text) == (
        "khac",
        turn_id(series.id, turn.starts_on),
        "Hoàn thiện quy chế làm việc.",
    )
    assert event.deadline is not None
    assert event.deadline.date == dt.date(2026, 11, 29)
