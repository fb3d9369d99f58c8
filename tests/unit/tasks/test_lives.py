"""What the life of one directive tells, and what it leaves out."""

import datetime as dt

from services.tasks.register.lives import life
from services.tasks.register.standing import Step
from services.tasks.register.views import HistoryEntry
from services.tasks.task.state import Place, assigned
from shared.events.inbox import NotificationRequested, TaskMention
from shared.events.task import TaskAssigned
from tests.examples import assigned as assignment

AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
OWN, OTHER = assignment("own"), assignment("of another unit")


def entry(sequence: int, subject: str, data: TaskAssigned | NotificationRequested, causation: str) -> HistoryEntry:
    return HistoryEntry(
        sequence=sequence, id=f"event-{sequence}", type=data.type, time=AT, subject=subject, actor="service.notify",
        causation_id=causation, correlation_id="request", person="Lan", data=data.model_dump(mode="json"),
    )  # fmt: skip


def test_who_was_told_of_many_tasks_is_shown_as_told_of_this_one_alone() -> None:
    place = Place(1, AT, "client.van-ban")
    step = Step(None, assigned(OWN, place), "event-1", OWN, place, "request", OWN.type)
    requested = NotificationRequested(
        notification_id="n",
        person_id="chinh",
        rule="r",
        reasons=("overseer",),
        channels=("inbox",),
        tasks=tuple(TaskMention(task_id=each.task_id, reason="overseer") for each in (OTHER, OWN)),
    )
    (shown,) = life(
        [entry(1, f"task.{OWN.task_id}", OWN, "request"), entry(2, "inbox.chinh", requested, "event-1")], [step]
    )
    (told,) = shown.told
    assert [each["task_id"] for each in told.data["tasks"]] == [OWN.task_id]
    assert OTHER.task_id not in shown.model_dump_json()
