"""What the pages of being told work out before they show it: forms, lines of days, and whom a notice does not reach."""

import datetime as dt
from typing import Any

import pytest

from services.notify.api.preferences import PreferencesView, Way
from services.notify.foretelling import NOBODY_THERE, UNKNOWN_LEAD, UNKNOWN_UNIT, ProposedTask, unreached
from services.notify.pages.days import drawn
from services.notify.pages.entries import entry
from services.notify.pages.wishes import read, written
from services.notify.policy.people import People
from shared.directory.directory import Directory
from shared.events.person import PersonPlaced, PersonRegistered
from shared.events.preferences import ChannelChoice, QuietHours
from shared.events.unit import UnitRegistered
from shared.problems import Invalid
from shared.working_days import WorkingDays
from shared.zone import DEFAULT_ZONE
from tests.unit.notify.letters import item, task

_MONDAY = dt.date(2026, 11, 16)
_DAY = dt.timedelta(days=1)


def preferences(**changes: Any) -> PreferencesView:
    """How somebody is told who chose nothing, or what is given."""
    ways = [
        Way(category="change", channel="inbox", default="at_once", chosen=False),
        Way(category="change", channel="mail", default="digest", chosen=False),
        Way(category="record", channel="push", default=None, chosen=True, choice="at_once"),
    ]
    shown: dict[str, Any] = {
        "choices": [],
        "digest_at": "07:30",
        "quiet": None,
        "zone": "Asia/Ho_Chi_Minh",
        "language": "vi",
    }
    return PreferencesView.model_validate({"person_id": "lan", "ways": ways} | shown | changes)


def test_a_form_that_is_sent_as_it_was_shown_changes_nothing() -> None:
    quiet = QuietHours(begin="20:00", end="07:00", days_off=True)
    wishes, version = read(written(preferences(quiet=quiet), 12), preferences(), DEFAULT_ZONE)
    assert version == 12
    assert wishes.choices == [ChannelChoice(category="record", channel="push", timing="at_once")]
    assert wishes.quiet == quiet
    assert wishes.zone is None


def test_a_zone_of_ones_own_is_kept() -> None:
    wishes, _ = read(written(preferences(), 0) | {"zone": "Asia/Tokyo"}, preferences(), DEFAULT_ZONE)
    assert wishes.zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"mail-change": "often"}, "/mail-change"),
        ({"mail-change": ["off", "digest"]}, "/mail-change"),
        ({"quiet_begin": "20:00"}, "/quiet_end"),
        ({"quiet_end": "07:00"}, "/quiet_begin"),
        ({"digest_at": "7 giờ"}, "/digest_at"),
        ({"zone": "Hải Vân"}, "/zone"),
        ({"version": "-1"}, "/version"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(written(preferences(), 0) | changes, preferences(), DEFAULT_ZONE)
    assert [each.pointer for each in refused.value.errors] == [pointer]


def test_days_off_alone_can_be_quiet() -> None:
    wishes, _ = read(written(preferences(), 0) | {"days_off": "true"}, preferences(), DEFAULT_ZONE)
    assert wishes.quiet == QuietHours(begin="00:00", end="00:00", days_off=True)


def test_a_line_of_days_is_as_high_as_its_busiest_day() -> None:
    line = drawn([_MONDAY, _MONDAY, _MONDAY + 2 * _DAY], _MONDAY, _MONDAY + 6 * _DAY, WorkingDays())
    assert [bar.count for bar in line.bars] == [2, 0, 1, 0, 0, 0, 0]
    assert line.busiest is not None
    assert line.busiest.day == _MONDAY
    assert line.bars[2].height == line.busiest.height // 2
    assert [bar.is_off for bar in line.bars] == [False] * 5 + [True] * 2


@pytest.mark.parametrize("days", [1, 14, 93])
def test_no_bar_leaves_its_picture(days: int) -> None:
    line = drawn([_MONDAY] * 9, _MONDAY, _MONDAY + (days - 1) * _DAY, WorkingDays())
    assert len(line.bars) == days
    assert all(bar.x >= 0 and bar.x + line.bar <= line.width and bar.y >= 0 for bar in line.bars)
    assert drawn([], _MONDAY, _MONDAY, WorkingDays()).busiest is None


def test_a_notification_leads_to_what_it_is_about() -> None:
    assert entry(item("MeetingConcluded", "assignment", task(1), task(2)), "vi").path == "/meetings/m-1"
    assert entry(item("DueDateSet", "change", task(1)), "vi").path == "/tasks/t-1"
    assert entry(item("ConclusionHeld", "decision", task_count=0), "vi").path == "/conclusions/m-1"
    assert entry(item("CheckpointIssued", "record"), "vi").path == "/record/checkpoints"


def test_of_many_tasks_a_few_are_shown_and_the_others_counted() -> None:
    shown = entry(item("MeetingConcluded", "assignment", *map(task, range(1, 6)), task_count=9), "vi")
    assert [each.task_id for each in shown.tasks] == ["t-1", "t-2", "t-3"]
    assert (shown.more, shown.whole) == (6, "/meetings/m-1")


def test_whom_a_notice_does_not_reach_is_named_once_with_the_reason() -> None:
    directory = Directory()
    for event in (
        UnitRegistered(unit_id="khtc", name="Phòng Kế hoạch"),
        UnitRegistered(unit_id="trong", name="Đơn vị trống"),
        PersonRegistered(person_id="ha", name="Phạm Thu Hà"),
        PersonPlaced(person_id="ha", unit_id="khtc"),
    ):
        directory.apply(event)
    tasks = [
        ProposedTask(unit="khtc", phrase="Phòng KH", lead="Phạm Thu Hà"),
        ProposedTask(unit="trong", phrase="Đơn vị trống", lead="Ông Lạ", cooperators=("trong",)),
        ProposedTask(phrase="Tổ công tác"),
        ProposedTask(phrase="Tổ công tác"),
    ]
    found = [(each.phrase, each.why.vi) for each in unreached(tasks, People(directory))]
    assert found == [
        ("Đơn vị trống", NOBODY_THERE.vi),
        ("Ông Lạ", UNKNOWN_LEAD.vi),
        ("Tổ công tác", UNKNOWN_UNIT.vi),
    ]
