"""What a batch of events does to tasks, and whom it tells, before anything is written."""

import datetime as dt

import pytest

from services.notify.policy.decide import Adopted
from services.notify.policy.people import People
from services.notify.projection.deciding import INTAKE, Deciding, UnknownTask
from shared.events.catalogue import Event, EventData
from shared.events.envelope import Envelope
from shared.events.inbox import WatchBegun, WatchEnded
from shared.events.meeting import ConclusionCorrected, ConclusionRevoked
from shared.events.task import (
    CommentAdded,
    Period,
    ProgressReported,
    TaskAcknowledged,
    TaskAssigned,
    TaskCancelled,
    TaskReassigned,
)
from tests.unit.notify.examples import FINANCE, SCIENCE, department, directive, notice

SERIES = "m-1-1-khoa-hoc"


class Told:
    """Takes events one after the other, and keeps who was told of each and by which rule."""

    def __init__(self) -> None:
        self.deciding = Deciding(People(department()), Adopted())
        self.count = 0

    def take(self, data: EventData, subject: str, actor: str = "person.binh", source: str = "/tests") -> dict[str, str]:
        """The people who are told of an event, each with the rule."""
        self.count += 1
        known = len(self.deciding.decided)
        envelope = Envelope(
            id=f"event-{self.count}",
            source=source,
            type=data.type,
            subject=subject,
            time=dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC),
            actor=actor,
            correlationid="request-1",
            causationid="request-1",
            aggregateversion=1,
            data={},
        )
        self.deciding.take(Event(envelope, data), self.count)
        return {each.notification.person_id: each.notification.rule for each in self.deciding.decided[known:]}


@pytest.fixture
def told() -> Told:
    """A notice of two directives for one unit is in force."""
    found = Told()
    concluded = notice(directive(1, SCIENCE), directive(2, SCIENCE))
    assert set(found.take(concluded, "meeting.m-1", "person.giang")) == {"binh", "dung"}
    return found


def opened(task_id: str = "turn-1", period: bool = True) -> TaskAssigned:
    """A turn of the first task, or a task that comes into force with its notice."""
    turn = Period(series_id=SERIES, starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 31))
    return TaskAssigned(
        task_id=task_id,
        meeting_id="m-1",
        directive_id="m-1-1",
        ordinal=1,
        text="Báo cáo hằng tháng.",
        phrase=SCIENCE.name,
        unit=SCIENCE,
        period=turn if period else None,
    )


def test_a_new_period_is_told_to_the_unit_and_to_those_who_watch_the_series(told: Told) -> None:
    told.take(WatchBegun(person_id="giang", task_id=SERIES), "inbox.giang", "person.giang")
    assert told.take(opened(), "task.turn-1", "service.tasks") == {"dung": "period-opened", "giang": "period-opened"}
    assert told.take(ProgressReported(task_id="turn-1", percent=5), "task.turn-1", "person.dung").keys() == {"binh"}


def test_a_task_of_a_notice_that_is_not_in_force_is_told_to_nobody(told: Told) -> None:
    assert told.take(opened("t-9", period=False), "task.t-9", "client.van-thu", INTAKE) == {}
    with pytest.raises(UnknownTask):
        told.take(TaskAcknowledged(task_id="t-9"), "task.t-9")


def test_who_begins_and_ends_watching_hears_of_what_lies_between(told: Told) -> None:
    noted = TaskAcknowledged(task_id=SERIES)
    subject = f"task.{SERIES}"
    assert told.take(noted, subject, "person.dung") == {}
    told.take(WatchBegun(person_id="giang", task_id=SERIES), "inbox.giang", "person.giang")
    assert told.take(noted, subject, "person.dung") == {"giang": "task-acknowledged"}
    told.take(WatchEnded(person_id="giang", task_id=SERIES), "inbox.giang", "person.giang")
    assert told.take(noted, subject, "person.dung") == {}


def test_what_a_correction_does_is_told_by_its_last_event_alone_and_once(told: Told) -> None:
    moved = TaskReassigned(task_id=SERIES, unit=FINANCE, reason="Nhầm.")
    assert told.take(moved, f"task.{SERIES}", source=INTAKE) == {}
    missed = directive(3, FINANCE)
    corrected = ConclusionCorrected(meeting_id="m-1", reason="Nhầm.", directives=(missed,))
    found = told.take(corrected, "meeting.m-1", source=INTAKE)
    assert found.keys() == {"dung", "hoa", "giang"}
    (finance,) = [each.notification for each in told.deciding.decided if each.notification.person_id == "hoa"]
    assert [mention.task_id for mention in finance.mentions] == [SERIES, "m-1-3-tai-chinh"]
    again = ConclusionCorrected(meeting_id="m-1", reason="Vào số.")
    assert told.take(again, "meeting.m-1", source=INTAKE) == {"giang": "conclusion-corrected"}


def test_a_revocation_tells_of_the_tasks_that_went_with_it_and_of_no_others(told: Told) -> None:
    cancelled = TaskCancelled(task_id=SERIES, reason="Ban hành nhầm.")
    told.take(cancelled, f"task.{SERIES}", source=INTAKE)
    found = told.take(ConclusionRevoked(meeting_id="m-1", reason="Ban hành nhầm."), "meeting.m-1", source=INTAKE)
    assert found.keys() == {"dung", "giang"}
    last = {each.notification.person_id: each.notification for each in told.deciding.decided}
    assert [mention.task_id for mention in last["dung"].mentions] == [SERIES]


def test_an_event_that_is_taken_in_again_changes_nothing(told: Told) -> None:
    remark = CommentAdded(task_id=SERIES, text="Ai làm?")
    assert told.take(remark, f"task.{SERIES}").keys() == {"dung"}
    told.count -= 1
    assert told.take(remark, f"task.{SERIES}") == {}
