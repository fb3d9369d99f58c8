"""When people are reminded of deadlines, and who: before anything is scheduled or written."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.notify.policy.people import People
from services.notify.preferences.hours import OfficeHours
from services.notify.reminders.decide import groups, reminder_id, told
from services.notify.reminders.plan import Plan, steps_of
from services.notify.taskstate import TaskState, assigned, evolve
from shared.events.fields import Deadline, UnitRef
from shared.events.person import PersonLeft
from shared.events.task import DueDateSet, ExtensionGranted, TaskAssigned, TaskEvent
from shared.events.unit import UnitRegistered
from shared.working_days import WorkingDays
from tests.unit.notify.examples import FINANCE, LABORATORY, SCIENCE, UNKNOWN, department, place
from tests.unit.notify.test_rules import EVENTS_OF_TASKS, IDS, TASK

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PLAN = Plan(steps_of((-3, -1, 0, 1), {"unit": 2, "office": 3, "leader": 5}), dt.time(8), OfficeHours(WorkingDays()))
FRIDAY = dt.date(2026, 12, 18)
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FAR_OFF = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)


def task(
    due: dt.date | None = FRIDAY,
    unit: UnitRef = SCIENCE,
    task_id: str = TASK,
    *,
    ordinal: int = 1,
    urgent: bool = False,
) -> TaskState:
    """A task with a deadline, given on 23 November 2026."""
    given_out = TaskAssigned(
        task_id=task_id,
        meeting_id="m-1",
        directive_id=f"m-1-{ordinal}",
        ordinal=ordinal,
        text="Trình dự thảo.",
        phrase=unit.name,
        unit=unit,
        deadline=Deadline(date=due) if due else None,
        urgent=urgent,
    )
    return assigned(given_out, place())


def local(day: dt.date) -> dt.datetime:
    """Eight o'clock of a day."""
    return dt.datetime.combine(day, dt.time(8), ZONE).astimezone(dt.UTC)


def moments(state: TaskState) -> dict[str, dt.date]:
    """The local day of each reminder of a task."""
    return {each.step.rule: each.at.astimezone(ZONE).date() for each in PLAN.of_task(state)}


def only(state: TaskState, rule: str) -> dict[str, tuple[str, ...]]:
    """Who is told of a task by a rule when it falls due, and by which reasons."""
    (reminder,) = [each for each in PLAN.of_task(state) if each.step.rule == rule]
    before = reminder.at - dt.timedelta(minutes=1)
    (group,) = groups([state], PLAN, before, reminder.at)
    return {each.person_id: each.reasons for each in told(group, People(department()))}


def test_people_are_reminded_before_on_and_after_the_day_and_then_up_the_chain() -> None:
    assert moments(task()) == {
        "due-in-3": dt.date(2026, 12, 15),
        "due-in-1": dt.date(2026, 12, 17),
        "due-today": FRIDAY,
        "overdue-1": dt.date(2026, 12, 21),
        "escalated-unit": dt.date(2026, 12, 22),
        "escalated-office": dt.date(2026, 12, 23),
        "escalated-leader": dt.date(2026, 12, 25),
    }
    assert PLAN.of_task(task())[0].at == local(dt.date(2026, 12, 15))


def test_over_tet_nobody_is_reminded_on_a_day_off() -> None:
    # Tết of 2027 begins on 6 February; the new year's days off are worked by nobody.
    for day in range(28):
        due = dt.date(2027, 2, 1) + dt.timedelta(days=day)
        found = moments(task(due))
        assert all(WorkingDays().is_working(each) for each in found.values())
        assert found["overdue-1"] > due


def test_a_deadline_on_a_day_off_is_due_on_the_working_day_before_and_told_once_there() -> None:
    sunday = FRIDAY + dt.timedelta(days=2)
    found = moments(task(sunday))
    assert found["due-today"] == FRIDAY
    assert "due-in-1" not in found
    assert found["overdue-1"] == dt.date(2026, 12, 21)


def test_who_does_the_work_is_reminded_and_then_those_above_them() -> None:
    assert only(task(), "due-in-3") == {"dung": ("responsible",)}
    assert only(task(unit=LABORATORY), "due-today") == {"khanh": ("responsible",), "lan": ("responsible",)}
    with_lead = replace(task(), lead="Vũ Hương Giang")
    assert only(with_lead, "overdue-1") == {"dung": ("responsible",), "giang": ("lead",)}
    assert only(task(), "escalated-unit") == {"dung": ("escalated",)}
    assert only(task(), "escalated-office") == {"binh": ("escalated",)}
    assert only(task(), "escalated-leader") == {"chau": ("escalated",)}


def test_where_nobody_can_do_the_work_the_office_hears_of_it() -> None:
    assert only(task(unit=UNKNOWN), "due-in-1") == {"binh": ("unresolved",)}
    assert only(task(unit=UNKNOWN), "escalated-unit") == {"binh": ("escalated",)}
    assert only(task(unit=LABORATORY), "escalated-unit") == {"binh": ("escalated",)}
    (group,) = groups([task(unit=FINANCE)], PLAN, local(FRIDAY) - dt.timedelta(minutes=1), local(FRIDAY))
    left = People(department(PersonLeft(person_id="hoa")))
    assert [each.person_id for each in told(group, left)] == ["binh"]


def test_a_unit_without_a_head_is_escalated_to_the_nearest_head_above_it() -> None:
    section = UnitRef(id="to-1", name="Tổ 1")
    directory = department(UnitRegistered(unit_id=section.id, name=section.name, parent_id=FINANCE.id))
    tuesday = local(dt.date(2026, 12, 22))
    (group,) = groups([task(unit=section)], PLAN, tuesday - dt.timedelta(minutes=1), tuesday)
    assert [each.person_id for each in told(group, People(directory))] == ["hoa"]


def test_six_tasks_due_on_one_day_are_one_message_in_the_order_of_the_notice() -> None:
    tasks = [task(task_id=f"m-1-{ordinal}-x", ordinal=ordinal) for ordinal in (3, 1, 6, 2, 5, 4)]
    (group,) = groups(tasks, PLAN, local(FRIDAY) - dt.timedelta(minutes=1), local(FRIDAY))
    (message,) = told(group, People(department()))
    assert [each.task_id for each in message.mentions] == [f"m-1-{ordinal}-x" for ordinal in range(1, 7)]
    assert (message.rule, message.category, message.urgency, message.offset) == ("due-today", "reminder", "urgent", 0)
    (fewer,) = told(replace(group, tasks=group.tasks[:1]), People(department()))
    assert reminder_id(fewer) == reminder_id(message)


def test_an_urgent_directive_is_urgent_days_before() -> None:
    thursday = local(dt.date(2026, 12, 17))
    for urgent, urgency in ((False, "important"), (True, "urgent")):
        (group,) = groups([task(urgent=urgent)], PLAN, thursday - dt.timedelta(minutes=1), thursday)
        assert [each.urgency for each in told(group, People(department()))] == [urgency]


def test_of_what_fell_due_meanwhile_each_line_tells_the_last_alone() -> None:
    long_after = local(dt.date(2026, 12, 31))
    found = [each.step.rule for each in groups([task()], PLAN, LONG_AGO, long_after)]
    assert found == ["overdue-1", "escalated-unit", "escalated-office", "escalated-leader"]
    assert [each.step.rule for each in groups([task()], PLAN, LONG_AGO, local(FRIDAY))] == ["due-today"]


def test_nobody_is_reminded_without_a_deadline_or_of_a_series() -> None:
    assert moments(task(None)) == {}
    assert moments(replace(task(), recurrence="FREQ=MONTHLY")) == {}
    for status in ("submitted", "done", "cancelled"):
        assert moments(replace(task(), status=status)) == {}


@given(st.dates(dt.date(2026, 12, 1), dt.date(2028, 12, 31)), st.dates(dt.date(2026, 12, 1), dt.date(2028, 12, 31)))
def test_an_extension_moves_every_reminder_to_where_a_task_of_that_deadline_has_it(old: dt.date, new: dt.date) -> None:
    granted = evolve(task(old), ExtensionGranted(task_id=TASK, until=new), place(sequence=101))
    ordered = evolve(
        task(old), DueDateSet(task_id=TASK, deadline=Deadline(date=new), reason="Vì thế."), place(sequence=101)
    )
    assert PLAN.of_task(granted) == PLAN.of_task(ordered) == PLAN.of_task(task(new))


@given(
    st.lists(st.tuples(st.sampled_from(EVENTS_OF_TASKS), st.integers(0, 40)), max_size=12),
    st.dates(dt.date(2026, 12, 1), dt.date(2027, 3, 31)),
    st.integers(0, 60),
)
def test_whatever_happens_a_reminder_is_of_work_under_way_and_of_the_deadline_that_holds(
    history: list[tuple[TaskEvent, int]], due: dt.date, days: int
) -> None:
    state, now = task(due), place().at
    for step, (event, later) in enumerate(history, 101):
        now += dt.timedelta(days=later)
        state = evolve(state, event, replace(place(f"person.{IDS[0]}"), sequence=step, at=now))
    found = PLAN.of_task(state)
    if state.status not in ("not_started", "in_progress") or state.due is None:
        assert found == ()
    for each in found:
        assert each in PLAN.of_deadline(state.due or due)
        assert state.obliged_since is not None
        assert each.at >= state.obliged_since
    assert list(found) == sorted(found, key=lambda each: each.at)
    until = now + dt.timedelta(days=days)
    assert {group.step.rule for group in groups([state], PLAN, now, until)} <= {each.step.rule for each in found}
    following = PLAN.next(state, now)
    assert following is None or following.at > now


@given(
    st.dates(dt.date(2026, 12, 1), dt.date(2027, 12, 31)),
    st.lists(st.integers(1, 60 * 24 * 50), min_size=1, max_size=12),
)
def test_however_often_it_is_looked_at_each_step_falls_due_once(due: dt.date, minutes: list[int]) -> None:
    at, seen = place().at, []
    for each in minutes:
        until = at + dt.timedelta(minutes=each)
        seen += [group.step for group in groups([task(due)], PLAN, at, until)]
        at = until
    assert len(seen) == len(set(seen))
    assert all(reminder.step in [r.step for r in PLAN.of_deadline(due)] for reminder in PLAN.of_task(task(due)))


@given(st.dates(dt.date(2026, 6, 1), dt.date(2028, 6, 1)), st.integers(0, 30))
def test_the_deadlines_that_are_looked_at_are_those_with_something_due(day: dt.date, length: int) -> None:
    after = local(day) - dt.timedelta(hours=1)
    until = after + dt.timedelta(days=length)
    found = set(PLAN.deadlines(after, until))
    for offset in range(-45, 45):
        due = day + dt.timedelta(days=offset)
        assert (due in found) == any(after < each.at <= until for each in PLAN.of_deadline(due))
