"""The board's pictures and the words of its filters."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.tasks.api.filters import query_of
from services.tasks.pages.board import chart as picture
from services.tasks.pages.board.listing import described
from services.tasks.pages.board.overview import lines, parts_of_bar
from services.tasks.register.figures import ALL_BUT_CANCELLED, Figure, figure, together
from services.tasks.register.summary import KINDS, Counted, Kind
from services.tasks.register.tasks import TaskFilter
from services.tasks.register.trend import Month, months_until

TODAY = dt.date(2026, 2, 24)
COUNTS = st.integers(min_value=0, max_value=2_000_000)


def counted(key: str, **tasks: int) -> Counted:
    """A unit of which so many tasks stand in each way."""
    return Counted(key, key, {kind: tasks.get(kind, 0) for kind in KINDS})


def month(*counts: int) -> Month:
    """A month of these figures."""
    return Month(TODAY, TODAY, *(Figure(count, TaskFilter()) for count in counts))


def test_those_with_most_at_risk_come_first() -> None:
    rows = [counted("a", in_time=90), counted("b", overdue=2), counted("c", overdue=2, due_soon=5)]
    assert [line.key for line in lines(rows, TaskFilter(), "unit")] == ["c", "b", "a"]


def test_the_widest_bar_fills_its_place_and_holds_no_part_that_is_not_there() -> None:
    widest = parts_of_bar(counted("a", overdue=3, no_deadline=1).tasks, 4)
    assert widest == [("overdue", 0.0, 75.0), ("no_deadline", 75.0, 25.0)]
    assert parts_of_bar(counted("b").tasks, 0) == []


def test_a_figure_names_the_tasks_that_it_counts() -> None:
    row = counted("a", no_deadline=4, done_without_deadline=3, overdue=2, cancelled=9)
    wanted = TaskFilter(unit="a")
    assert query_of(figure(row, "no_deadline", wanted).wanted) == "unit=a&timeliness=no_deadline&open=true"
    assert query_of(figure(row, "done_without_deadline", wanted).wanted) == (
        "unit=a&status=done&timeliness=no_deadline"
    )
    assert together(row, wanted).count == 9


def test_a_line_keeps_the_period_that_was_asked_for() -> None:
    wanted = TaskFilter(assigned_from=TODAY)
    (line,) = lines([counted("a", overdue=1)], wanted, "meeting")
    assert query_of(line.figures["overdue"].wanted) == "meeting=a&timeliness=overdue&from=2026-02-24"


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=24))
def test_everything_in_the_picture_stands_within_it(given: list[tuple[int, ...]]) -> None:
    drawn = picture.chart([month(*counts) for counts in given])
    for rectangle in drawn.bars:
        assert picture.LEFT <= rectangle.x <= rectangle.x + rectangle.width <= picture.RIGHT
        assert picture.TOP - 0.1 <= rectangle.y <= rectangle.y + rectangle.height <= picture.BOTTOM + 0.2
    assert all(picture.TOP - 0.1 <= point.y <= picture.BOTTOM for point in drawn.points)
    assert [tick.number for tick in drawn.ticks] == sorted({tick.number for tick in drawn.ticks})


def test_months_go_back_over_the_new_year() -> None:
    assert months_until(TODAY, 3) == [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]


def test_each_filter_is_said_in_words_and_can_be_dropped() -> None:
    wanted = TaskFilter(unit="a", timeliness=("overdue",), assigned_from=TODAY, is_open=True)
    said = described(wanted, {"a": "Phòng {Một}"})
    assert [words.to("vi") for words, _ in said] == ["quá hạn", "đang mở", "Phòng {Một}", "giao từ 24/02/2026"]
    assert said[0][1] == replace(wanted, timeliness=())
    assert said[2][1] == replace(wanted, unit=None)


def test_all_ways_together_are_no_filter_that_has_to_be_said() -> None:
    assert described(TaskFilter(**ALL_BUT_CANCELLED), {}) == []


def test_every_way_to_stand_leads_to_a_list() -> None:
    kinds: tuple[Kind, ...] = KINDS
    assert all(query_of(figure(counted("a"), kind, TaskFilter()).wanted) for kind in kinds)
