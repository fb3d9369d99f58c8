"""How a task stood as we know it now: given its events, from when does each of them count?"""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.tasks.register.finished import block_of, counted, first_of
from services.tasks.register.held import Held, Notice, held
from services.tasks.register.rows import version_row
from services.tasks.register.standing import Step
from services.tasks.task.state import Place, Task, assigned, evolve
from shared.events.fields import Deadline, UnitRef
from shared.events.task import (
    CompletionAccepted,
    CompletionSubmitted,
    DueDateSet,
    ExtensionGranted,
    ProgressReported,
    TaskCancelled,
    TaskEvent,
    TaskReassigned,
    TaskReopened,
)
from tests.examples import FINANCE, OFFICE
from tests.examples import assigned as assignment

BEGUN = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
READ, RIGHT, LONGER = dt.date(2026, 6, 30), dt.date(2026, 6, 15), dt.date(2026, 7, 31)
CORRECTION = "correction-1"
NOTICE = Notice(BEGUN, frozenset({CORRECTION}))


def after(days: float) -> dt.datetime:
    """So many days after the notice was concluded."""
    return BEGUN + dt.timedelta(days=days)


def life(*happened: tuple[float, TaskEvent, str]) -> list[Step]:
    """The steps of a task whose deadline was read as `READ`: when each event happened, and in which request."""
    task: Task = assigned(assignment("held", deadline=Deadline(date=READ)), Place(1, BEGUN, "client.van-ban"))
    steps = [Step(None, task, "1", assignment("held"), Place(1, BEGUN, "client.van-ban"), "notice")]
    for sequence, (days, event, request) in enumerate(happened, start=2):
        place = Place(sequence, after(days), "person.lan")
        before, task = task, evolve(task, event, place)
        steps.append(Step(before, task, str(sequence), event, place, request))
    return steps


def then(versions: list[Held], days: float) -> Task:
    """How the task stood so many days after the notice."""
    (found,) = [
        each.task for each in versions if each.at <= after(days) and (not each.until or after(days) < each.until)
    ]
    return found


def event(of: type[Any], **fields: Any) -> Any:
    """An event of the task."""
    return of(task_id="held", **fields)


CORRECTED = event(DueDateSet, deadline=Deadline(date=RIGHT), reason="Đọc nhầm.")


def test_a_corrected_deadline_was_right_from_the_beginning() -> None:
    stood = held(life((5, event(ProgressReported, percent=10), "a"), (9, CORRECTED, CORRECTION)), NOTICE)
    assert [then(stood, day).due for day in (0, 6, 10)] == [RIGHT, RIGHT, RIGHT]


def test_a_deadline_that_somebody_set_holds_from_then() -> None:
    stood = held(life((9, CORRECTED, "command-1")), NOTICE)
    assert [then(stood, day).due for day in (0, 8, 10)] == [READ, READ, RIGHT]


def test_what_was_decided_before_a_correction_holds_as_it_was_decided() -> None:
    longer = event(ExtensionGranted, until=LONGER)
    stood = held(life((3, longer, "a"), (9, CORRECTED, CORRECTION)), NOTICE)
    assert [then(stood, day).due for day in (1, 4, 10)] == [RIGHT, LONGER, RIGHT]


def test_a_corrected_unit_was_responsible_from_the_beginning() -> None:
    finance = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
    stood = held(life((9, event(TaskReassigned, unit=finance, reason="Đọc nhầm."), CORRECTION)), NOTICE)
    assert then(stood, 0).unit.id == FINANCE.unit_id
    moved = held(life((9, event(TaskReassigned, unit=finance, reason="Đúng việc."), "command-1")), NOTICE)
    assert then(moved, 0).unit.id == OFFICE.unit_id


def test_what_a_correction_cancels_never_was_an_order() -> None:
    stood = held(life((9, event(TaskCancelled, reason="Không phải chỉ đạo."), CORRECTION)), NOTICE)
    assert then(stood, 1).status == "cancelled"


def test_a_missed_directive_was_ordered_when_the_notice_was_concluded() -> None:
    late = Notice(after(-10), NOTICE.corrections)
    assert then(held(life(), late), -9).status == "not_started"


def test_what_was_entered_late_counts_from_when_it_happened() -> None:
    stood = held(life((9, CORRECTED, CORRECTION), (4, event(CompletionSubmitted, note="Đã làm."), "a")), NOTICE)
    assert [then(stood, day).status for day in (3, 5)] == ["not_started", "submitted"]


def test_a_task_that_never_came_into_force_never_stood() -> None:
    assert held(life(), Notice()) == []


@given(st.integers(1, 2**40), st.integers(1, 2**30), st.data())
def test_a_version_is_found_by_its_width_at_each_of_its_events(begins: int, length: int, data: st.DataObject) -> None:
    task = assigned(assignment("held"), Place(begins, BEGUN, "client.van-ban"))
    *_, until, width = version_row(task, begins + length)[:5]
    asked = data.draw(st.integers(begins, begins + length - 1))
    assert asked < until < asked + (1 << width)


def test_work_that_ends_and_begins_again_is_counted_and_taken_back() -> None:
    steps = life(
        (1, event(CompletionSubmitted, note="Đã làm."), "a"),
        (2, event(CompletionAccepted), "b"),
        (3, event(TaskReopened, reason="Còn thiếu."), "c"),
    )
    numbers = [each.numbers for step in steps for each in counted(step.before, step.after, step.place.sequence)]
    assert numbers == [(0, 1, 0, 0), (0, -1, 0, 0)]
    assert first_of(block_of(8192)) == 8192
