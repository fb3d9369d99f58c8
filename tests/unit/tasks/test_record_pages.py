"""What the pages of the record decide by themselves: how one moves through time, and how things are said."""

import datetime as dt

import pytest

from services.tasks.ledger.search import Found
from services.tasks.pages.record.differing import Fact, Showing, known_otherwise, value_said
from services.tasks.pages.record.matrix import cells, rows, tasks_behind
from services.tasks.pages.record.saying import Said, written
from services.tasks.pages.record.sentences import sentence
from services.tasks.pages.record.travel import STEPS, Stop, along_events, along_time, asked, moved, step_of, time_of
from services.tasks.register.as_of import AsOf
from services.tasks.register.names import Names, TaskName
from services.tasks.register.summary import KINDS, Counted, Matrix
from shared.events.catalogue import Event, EventData
from shared.events.task import ExtensionGranted, ProgressReported
from shared.language import Words
from shared.zone import DEFAULT_ZONE
from tests.examples import envelope

MONDAY = dt.datetime(2026, 3, 30, 3, tzinfo=dt.UTC)
STOP = Stop(written("Tiếp nhận"), "10:00:00 30/03/2026")


def at(sequence: int, time: dt.datetime = MONDAY) -> AsOf:
    """A moment of the past."""
    return AsOf("known", sequence, time + dt.timedelta(seconds=1), sequence, by_sequence=True)


def counted(key: str, **tasks: int) -> Counted:
    """A row of a board."""
    return Counted(key, key.upper(), {kind: tasks.get(kind, 0) for kind in KINDS})


def found(data: EventData, subject: str) -> Found:
    """An event as the ledger holds it."""
    read = envelope(subject, data).model_copy(update={"actor": "person.ha"})
    return Found(7, subject, MONDAY, Event(read, data))


def test_the_slider_stands_at_the_last_event_that_had_happened() -> None:
    travel = along_events([10, 20, 30], at(25), STOP)
    assert (travel.at, travel.most) == (1, 2)
    assert travel.told.to("vi") == "2/3: Tiếp nhận, 10:00:00 30/03/2026"
    assert [jump.as_of for jump in travel.jumps] == ["10", "10", "30", "30", None]


def test_there_is_nothing_before_the_first_event_and_nothing_behind_the_last() -> None:
    before = along_events([10, 20], at(5), None)
    assert [jump.as_of for jump in before.jumps] == ["10", None, "10", "20", None]
    last = along_events([10, 20], None, STOP)
    assert [jump.as_of for jump in last.jumps] == ["10", "10", None, None, None]


def test_the_clock_offers_no_moment_before_the_log_or_in_the_future() -> None:
    since, until = MONDAY - dt.timedelta(days=3), MONDAY
    travel = along_time(since, until, at(9, MONDAY - dt.timedelta(days=1)), DEFAULT_ZONE)
    offered = {jump.words.en: jump.as_of for jump in travel.jumps}
    assert offered["− 1 day"] == "2026-03-28T03:00:00Z"
    assert offered["+ 1 day"] == "2026-03-30T03:00:00Z"
    assert offered["− 1 week"] is None
    assert offered["+ 1 week"] is None


def test_a_step_of_the_clock_leads_to_its_moment_and_back() -> None:
    since, until = MONDAY, MONDAY + dt.timedelta(days=10)
    assert all(step_of(time_of(step, since, until), since, until) == step for step in range(STEPS + 1))
    assert step_of(MONDAY, MONDAY, MONDAY) == STEPS


@pytest.mark.parametrize(
    ("months", "day"), [(-1, "2026-02-28T03:00:00Z"), (1, "2026-04-30T03:00:00Z"), (-3, "2025-12-30T03:00:00Z")]
)
def test_a_month_back_from_a_day_that_it_lacks_is_its_last_day(months: int, day: str) -> None:
    assert asked(moved(MONDAY, DEFAULT_ZONE, months)) == day


def test_what_people_wrote_is_never_taken_for_a_form() -> None:
    assert written("{it} và {0}").to("vi") == "{it} và {0}"
    outer = Said(Words("Báo cho {who}", "Tell {who}"), {"who": written("{who}")})
    assert outer.to("en") == "Tell {who}"


def test_an_event_is_told_with_its_particulars_its_words_and_who_did_it() -> None:
    names = Names(people={"ha": "Phạm Thu Hà"}, tasks={"t-1": TaskName("118/TB", 3, "Văn phòng Sở")})
    data = ExtensionGranted(task_id="t-1", until=dt.date(2026, 12, 5), note="Đồng ý.")
    told = sentence(found(data, "task.t-1"), names)
    assert told.what.to("vi") == "Cho gia hạn"
    assert [each.to("vi") for each in told.particulars] == ["đến 05/12/2026"]
    assert (told.quoted, told.by.to("vi"), told.path) == ("Đồng ý.", "Phạm Thu Hà", "/record/tasks/t-1")
    assert told.aggregate.to("en") == "118/TB, directive 3, Văn phòng Sở"


def test_a_long_quotation_ends_between_two_words() -> None:
    told = sentence(found(ProgressReported(task_id="t-1", note="dài " * 200), "task.t-1"), Names())
    assert told.quoted is not None
    assert told.quoted.endswith("dài …")
    assert len(told.quoted) < 230


def test_bytes_that_are_no_event_are_told_as_such() -> None:
    told = sentence(Found(8, "task.t-1", MONDAY, None), Names())
    assert "không đọc được" in told.what.to("vi")


def test_values_are_told_as_people_say_them() -> None:
    showing = Showing(DEFAULT_ZONE, {"person.ha": "Phạm Thu Hà"})
    told = {
        ("deadline", ("date", "2026-12-05")): "05/12/2026",
        ("submitted_by", "person.ha"): "Phạm Thu Hà",
        ("status", "done"): "Hoàn thành",
        ("done_at", "2026-03-30T03:00:00Z"): "10:00:00 30/03/2026",
        ("percent", 40): "40",
        ("lead", None): "không có",
    }
    for (field, value), words in told.items():
        given = dict([value]) if isinstance(value, tuple) else value
        assert value_said(field, given, showing).to("vi") == words


def test_what_was_otherwise_than_known_is_named_field_by_field() -> None:
    status = Fact("status", Words("tình trạng", "status"), written("Hoàn thành"), changed=False)
    due = Fact("deadline", Words("hạn", "deadline"), written("05/12/2026"), changed=False)
    later = Fact("deadline", Words("hạn", "deadline"), written("10/01/2027"), changed=False)
    (change,) = known_otherwise([status, due], [status, later])
    assert (change.name, change.before.to("vi"), change.after.to("vi")) == ("deadline", "05/12/2026", "10/01/2027")


def test_each_figure_of_the_board_stands_beside_the_one_before() -> None:
    then = Matrix(counted("all", overdue=1), [counted("a", overdue=1), counted("gone", done_late=2)], 0)
    now = Matrix(counted("all", overdue=3), [counted("a", overdue=3), counted("b", no_deadline=1)], 0)
    told = {
        row.unit: {cell.column: (cell.before, cell.count) for cell in row.cells if cell.differs}
        for row in rows(now, then)
    }
    assert told == {"a": {"overdue": (1, 3)}, "b": {"no_deadline": (0, 1)}, "gone": {"done_late": (2, 0)}}
    assert not any(cell.differs for cell in cells(now.total, None, is_compared=False))


def test_work_without_deadline_counts_whether_it_is_done_or_not() -> None:
    (cell,) = [
        each
        for each in cells(counted("a", no_deadline=2, done_without_deadline=3), None, is_compared=False)
        if each.column == "no_deadline"
    ]
    assert cell.count == 5
    assert tasks_behind("cancelled", "a", None).status == "cancelled"
    assert tasks_behind("overdue", None, None).timeliness == ("overdue",)
