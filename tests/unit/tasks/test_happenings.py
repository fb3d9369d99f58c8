"""How a history reads at a glance."""

from services.tasks.pages.happenings import happenings
from services.tasks.pages.timeline import timeline
from services.tasks.register.views import HistoryEntry
from shared.events.inbox import NotificationFailed, NotificationRead, NotificationRequested, NotificationResent
from tests.unit.tasks.test_timeline import MEETING, REQUESTED, entry

OTHER = REQUESTED.model_copy(update={"notification_id": "o", "person_id": "q"})
READ = NotificationRead(notification_id="n", person_id="p")
FAILED = NotificationFailed(notification_id="n", person_id="p", channel="mail", error="550", attempts=3)
RESENT = NotificationResent(notification_id="n", person_id="p", channel="mail")


def told(sequence: int, data: NotificationRequested, cause: str) -> HistoryEntry:
    return entry(sequence, data, causation=cause).model_copy(update={"subject": f"inbox.{data.person_id}"})


def test_who_was_told_stands_with_what_they_were_told_of() -> None:
    history = [entry(7, MEETING), told(9, REQUESTED, "event-7"), told(10, OTHER, "event-7"), entry(11, READ)]
    (concluded,) = happenings(timeline(history))
    assert (concluded.people, concluded.readers, concluded.lost) == (2, 1, 0)


def test_reminders_of_one_cause_stand_together() -> None:
    history = [told(9, REQUESTED, "elsewhere"), told(10, OTHER, "elsewhere"), told(12, OTHER, "later")]
    found = happenings(timeline(history))
    assert [(each.step.entry.sequence, each.people) for each in found] == [(9, 2), (12, 1)]


def test_what_was_lost_is_counted_until_it_is_sent_again() -> None:
    history = [entry(9, REQUESTED), entry(10, FAILED)]
    assert [each.lost for each in happenings(timeline(history))] == [1]
    assert [each.lost for each in happenings(timeline([*history, entry(11, RESENT)]))] == [0]
