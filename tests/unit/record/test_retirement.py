"""Which events may leave the log, when a year is over, and what a file of them must be."""

import datetime as dt

import pytest

from deploy.commands.retire import YearOpen, year_begins
from services.tasks.record.retirement.leaving import may_leave
from shared.events.catalogue import EventData
from shared.events.inbox import NotificationRead, PreferencesChanged, WatchBegun
from shared.events.task import CommentAdded
from shared.log.lines import LineUnreadable
from shared.log.record import Record
from shared.log.retired import packed, unpacked
from tests.examples import envelope

AT = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)


def record(subject: str, data: EventData, sequence: int = 1) -> Record:
    """An event as the log holds it."""
    return Record(sequence, f"log.{subject}", AT, envelope(subject, data).model_dump_json().encode())


def test_reports_and_notifications_leave_and_what_people_chose_stays() -> None:
    assert may_leave(record("task.t", CommentAdded(task_id="t", text="Xong.")))
    assert may_leave(record("inbox.lan", NotificationRead(notification_id="n", person_id="lan")))
    assert not may_leave(record("inbox.lan", PreferencesChanged(person_id="lan")))
    assert not may_leave(record("inbox.lan", WatchBegun(person_id="lan", task_id="t")))
    assert not may_leave(Record(1, "log.inbox.lan", AT, b"what nobody can read"))


def test_a_year_is_over_when_it_is_over_where_the_office_is() -> None:
    begins = year_begins(2026, "Asia/Ho_Chi_Minh", dt.datetime(2025, 12, 31, 17, tzinfo=dt.UTC))
    assert begins == dt.datetime(2025, 12, 31, 17, tzinfo=dt.UTC)
    with pytest.raises(YearOpen, match="2025 is not over"):
        year_begins(2026, "Europe/London", begins)


def test_a_file_gives_back_the_very_bytes_or_nothing() -> None:
    kept = [record("task.t", CommentAdded(task_id="t", text="Xong."), place) for place in (3, 7, 8)]
    content = packed(kept)
    assert (unpacked(content), packed(kept)) == (kept, content)
    for wrong in (content[:-9], content[:40] + bytes([content[40] ^ 1]) + content[41:], packed(kept[::-1])):
        with pytest.raises(LineUnreadable):
            unpacked(wrong)
