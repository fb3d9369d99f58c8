"""How a history is told."""

import datetime as dt
from typing import Any

from services.tasks.pages.timeline import Step, excerpt, timeline
from services.tasks.register.views import HistoryEntry
from shared.events.inbox import NotificationAcknowledged, NotificationDelivered, NotificationRead, NotificationRequested
from shared.events.meeting import Directive, Document, MeetingConcluded

TEXT = "1. Văn phòng Sở\n\n- Hoàn thiện quy chế\n\nlàm việc.\n" + "Nơi nhận: như trên. " * 40
SPAN = (TEXT.index("Hoàn"), TEXT.index("làm việc.") + len("làm việc."))
MEETING = MeetingConcluded(
    meeting_id="m",
    title="Kết luận",
    fingerprint="0" * 64,
    document=Document(media_type="text/plain", sha256="0" * 64, size=10, text=TEXT),
    directives=(Directive(id="d", ordinal=1, text="Hoàn thiện quy chế làm việc.", span=SPAN, assignees=()),),
)
REQUESTED = NotificationRequested(
    notification_id="n", person_id="p", rule="r", reasons=("responsible",), meeting_id="m", channels=("inbox",)
)
DELIVERED = NotificationDelivered(notification_id="n", person_id="p", channel="inbox")


def entry(sequence: int, data: Any, *, causation: str = "request", event_type: str = "") -> HistoryEntry:
    return HistoryEntry(
        sequence=sequence,
        id=f"event-{sequence}",
        type=event_type or data.type,
        time=dt.datetime(2026, 11, 23, tzinfo=dt.UTC),
        subject="meeting.m",
        actor="integration",
        causation_id=causation,
        correlation_id="request",
        person=None,
        data=data if isinstance(data, dict) else data.model_dump(mode="json", exclude_none=True),
    )


def told() -> list[Step]:
    concluded = entry(7, MEETING)
    requested = entry(9, REQUESTED, causation="event-7")
    return timeline([concluded, requested, entry(12, DELIVERED, causation="event-9")])


def test_a_notification_names_the_step_that_caused_it_and_holds_its_outcome() -> None:
    concluded, requested = told()
    assert (concluded.cause, requested.cause) == (None, 7)
    assert [outcome.entry.sequence for outcome in requested.outcomes] == [12]


def test_a_notification_holds_its_reading_whichever_event_led_to_it() -> None:
    read = NotificationRead(notification_id="n", person_id="p")
    acknowledged = NotificationAcknowledged(notification_id="n", person_id="p")
    steps = timeline([entry(9, REQUESTED), entry(12, read, causation="event-9"), entry(14, acknowledged)])
    assert [[outcome.kind for outcome in step.outcomes] for step in steps] == [
        ["NotificationRead", "NotificationAcknowledged"]
    ]


def test_an_outcome_whose_notification_is_not_in_the_history_still_shows() -> None:
    steps = timeline([entry(12, DELIVERED, causation="elsewhere")])
    assert [step.kind for step in steps] == ["NotificationDelivered"]


def test_an_unknown_event_shows_by_its_type() -> None:
    steps = timeline([entry(3, {"any": "thing"}, event_type="ketluan.TaskAssigned.v9")])
    assert [step.kind for step in steps] == ["ketluan.TaskAssigned.v9"]


def test_an_event_that_does_not_fit_its_type_shows_by_its_type() -> None:
    steps = timeline([entry(3, {"any": "thing"}, event_type=DELIVERED.type)])
    assert [step.kind for step in steps] == [DELIVERED.type]


def test_the_passage_stands_in_the_words_around_it_without_empty_lines() -> None:
    found = excerpt(told(), SPAN)
    assert found is not None
    assert found.before == "1. Văn phòng Sở\n- "
    assert found.passage == "Hoàn thiện quy chế\nlàm việc."
    assert found.after.endswith(" …")


def test_a_notice_without_its_text_has_no_passage() -> None:
    assert excerpt(timeline([entry(9, REQUESTED)]), SPAN) is None
    assert excerpt(told(), None) is None
