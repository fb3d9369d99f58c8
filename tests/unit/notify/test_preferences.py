"""When and by which channel somebody hears."""

import datetime as dt
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.preferences.defaults import DEFAULTS
from services.notify.preferences.floors import NO_FLOOR, Floor, Pair, floor_of
from services.notify.preferences.hours import OfficeHours, is_quiet
from services.notify.preferences.timing import Answer, Timing, answer, timing
from shared.directory.directory import Directory
from shared.events.fields import Channel
from shared.events.inbox import PreferencesChanged
from shared.events.preferences import Category, ChannelChoice, QuietHours, Urgency
from shared.events.preferences import Timing as Chosen
from shared.events.unit import UnitRegistered
from shared.working_days import WorkingDays

OFFICE_HOURS = OfficeHours()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = dt.date(2026, 11, 16)
TUESDAY = dt.date(2026, 11, 17)
SATURDAY = dt.date(2026, 11, 28)
FLOOR: Floor = {("change", "mail"): "van-phong"}

CHANNELS: tuple[Channel, ...] = get_args(Channel)
CATEGORIES: tuple[Category, ...] = get_args(Category)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)


def local(day: dt.date, hour: str, zone: ZoneInfo = HANOI) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(hour), zone)


def wants(*choices: tuple[Category, Channel, Chosen | None], **others: object) -> PreferencesChanged:
    chosen = [ChannelChoice(category=category, channel=channel, timing=how) for category, channel, how in choices]
    return PreferencesChanged.model_validate({"person_id": "lan", "choices": chosen, **others})


def told(
    wanted: PreferencesChanged | None,
    category: Category,
    urgency: Urgency,
    channel: Channel = "mail",
    *,
    at: dt.datetime | None = None,
    floor: Floor = NO_FLOOR,
) -> Answer:
    return answer(wanted, floor, category, urgency, channel, at or local(MONDAY, "10:00"), OFFICE_HOURS)


def came_at(given: Answer) -> dt.datetime:
    assert given.timing is not None
    return given.timing.not_before


def test_every_category_has_a_default_for_every_channel() -> None:
    assert set(DEFAULTS) == set(CATEGORIES)
    assert all(set(row) == set(CHANNELS) for row in DEFAULTS.values())


def test_who_chose_nothing_gets_tasks_by_mail_at_once() -> None:
    assert told(None, "assignment", "important") == Answer(Timing(local(MONDAY, "10:00")), ("default",))


def test_who_chose_nothing_gets_routine_changes_with_the_digest_of_the_next_morning() -> None:
    given = told(None, "change", "routine")
    assert given == Answer(Timing(local(TUESDAY, "07:30"), digest=True), ("default", "digest"))


def test_an_important_change_does_not_wait_for_a_digest_that_nobody_chose() -> None:
    assert came_at(told(None, "change", "important")) == local(MONDAY, "10:00")


def test_chat_brings_what_is_urgent_and_nothing_else_unless_it_is_chosen() -> None:
    assert told(None, "reminder", "important", "chat").timing is None
    assert told(None, "reminder", "urgent", "chat").timing is not None
    assert told(wants(("reminder", "chat", "at_once")), "reminder", "routine", "chat").timing is not None


def test_what_was_switched_off_does_not_come_even_when_it_is_urgent() -> None:
    assert told(wants(("reminder", "mail", None)), "reminder", "urgent") == Answer(None, ("choice",))


def test_the_inbox_cannot_be_switched_off() -> None:
    wanted = wants(("assignment", "inbox", None), quiet=QuietHours(begin="00:00", end="23:59", days_off=True))
    assert told(wanted, "assignment", "routine", "inbox") == Answer(Timing(local(MONDAY, "10:00")), ("inbox",))


def test_a_chosen_digest_holds_for_what_is_important_too() -> None:
    given = told(wants(("assignment", "mail", "digest"), digest_at="16:00"), "assignment", "important")
    assert given == Answer(Timing(local(MONDAY, "16:00"), digest=True), ("choice", "digest"))


def test_what_is_urgent_waits_neither_for_the_digest_nor_for_the_morning() -> None:
    wanted = wants(("reminder", "mail", "digest"), quiet=QuietHours(begin="20:00", end="07:00"))
    given = told(wanted, "reminder", "urgent", at=local(MONDAY, "23:00"))
    assert given == Answer(Timing(local(MONDAY, "23:00")), ("choice", "urgent"))


def test_a_unit_s_floor_goes_before_what_its_member_chose_and_is_named() -> None:
    given = told(wants(("change", "mail", None)), "change", "routine", floor=FLOOR)
    assert given == Answer(Timing(local(MONDAY, "10:00")), ("floor",), "van-phong")


def test_a_floor_disturbs_nobody_at_night() -> None:
    wanted = wants(quiet=QuietHours(begin="20:00", end="07:00"))
    given = told(wanted, "change", "important", at=local(MONDAY, "23:00"), floor=FLOOR)
    assert given == Answer(Timing(local(TUESDAY, "07:00")), ("floor", "quiet"), "van-phong")


def test_quiet_hours_pass_midnight() -> None:
    wanted = wants(quiet=QuietHours(begin="20:00", end="06:30"))
    assert came_at(told(wanted, "decision", "important", at=local(MONDAY, "19:59"))) == local(MONDAY, "19:59")
    assert came_at(told(wanted, "decision", "important", at=local(MONDAY, "05:00"))) == local(MONDAY, "06:30")
    assert came_at(told(wanted, "decision", "important", at=local(MONDAY, "06:30"))) == local(MONDAY, "06:30")


def test_quiet_days_off_last_through_the_weekend_and_a_night_behind_it() -> None:
    wanted = wants(quiet=QuietHours(begin="21:00", end="07:00", days_off=True))
    given = told(wanted, "decision", "important", at=local(SATURDAY, "12:00"))
    assert came_at(given) == local(dt.date(2026, 11, 30), "07:00")


def test_a_digest_waits_until_the_lunar_new_year_is_over() -> None:
    given = told(None, "progress", "routine", at=local(dt.date(2027, 2, 4), "17:00"))
    assert came_at(given) == local(dt.date(2027, 2, 11), "07:30")


def test_a_digest_whose_hour_is_quiet_comes_when_quiet_is_over() -> None:
    wanted = wants(digest_at="06:00", quiet=QuietHours(begin="22:00", end="08:00"))
    given = told(wanted, "progress", "routine")
    assert given.grounds == ("default", "digest", "quiet")
    assert came_at(given) == local(TUESDAY, "08:00")


def test_hours_are_those_of_the_person_s_own_zone() -> None:
    wanted = wants(("progress", "mail", "digest"), digest_at="09:00", zone="Europe/Paris")
    assert came_at(told(wanted, "progress", "routine")) == local(MONDAY, "09:00", ZoneInfo("Europe/Paris"))


def test_quiet_hours_that_end_when_they_begin_leave_the_days_off() -> None:
    wanted = wants(quiet=QuietHours(begin="00:00", end="00:00", days_off=True))
    assert came_at(told(wanted, "decision", "important", at=local(MONDAY, "03:00"))) == local(MONDAY, "03:00")


def test_a_floor_holds_for_the_units_below_and_the_nearest_is_named() -> None:
    directory = Directory()
    directory.apply(UnitRegistered(unit_id="so", name="Sở"))
    directory.apply(UnitRegistered(unit_id="phong", name="Phòng", parent_id="so"))
    directory.apply(UnitRegistered(unit_id="khac", name="Phòng khác"))
    floors: dict[str, list[Pair]] = {
        "so": [("reminder", "mail"), ("change", "mail")],
        "phong": [("change", "mail")],
        "khac": [],
    }
    assert floor_of("phong", floors, directory) == {("reminder", "mail"): "so", ("change", "mail"): "phong"}
    assert floor_of("khac", floors, directory) == NO_FLOOR
    assert floor_of(None, floors, directory) == NO_FLOOR


def test_units_above_one_another_in_a_circle_have_the_floors_of_the_circle() -> None:
    directory = Directory()
    directory.apply(UnitRegistered(unit_id="a", name="A", parent_id="b"))
    directory.apply(UnitRegistered(unit_id="b", name="B", parent_id="a"))
    assert floor_of("a", {"b": [("change", "mail")]}, directory) == {("change", "mail"): "b"}


hours = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
ZONES = [
    "Asia/Ho_Chi_Minh",
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Asia/Kathmandu",
]
quiets = st.builds(QuietHours, begin=hours, end=hours, days_off=st.booleans())
choices = st.builds(
    ChannelChoice,
    category=st.sampled_from(CATEGORIES),
    channel=st.sampled_from(CHANNELS),
    timing=st.sampled_from([None, "at_once", "digest"]),
)
preferences = st.builds(
    PreferencesChanged,
    person_id=st.just("lan"),
    choices=st.lists(choices, max_size=6).map(tuple),
    digest_at=hours,
    quiet=st.none() | quiets,
    zone=st.none() | st.sampled_from(ZONES),
)
moments = st.integers(0, 4 * 365 * 24 * 3600).map(
    lambda s: dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=s)
)
anything = {
    "wanted": st.none() | preferences,
    "category": st.sampled_from(CATEGORIES),
    "urgency": st.sampled_from(URGENCIES),
    "channel": st.sampled_from(CHANNELS),
    "at": moments,
    "floor": st.sampled_from([NO_FLOOR, FLOOR]),
}
TET = OfficeHours(WorkingDays(extra_holidays=frozenset({dt.date(2026, 2, 16), dt.date(2026, 2, 23)})))


@given(**anything)
def test_nothing_comes_before_it_was_decided_or_much_later(
    wanted: PreferencesChanged | None,
    category: Category,
    urgency: Urgency,
    channel: Channel,
    at: dt.datetime,
    floor: Floor,
) -> None:
    given = answer(wanted, floor, category, urgency, channel, at, TET)
    if given.timing is None:
        assert channel != "inbox"
        assert given.grounds in {("default",), ("choice",)}
        return
    assert dt.timedelta(0) <= given.timing.not_before - at < dt.timedelta(days=16)
    if urgency == "urgent" or channel == "inbox":
        assert given.timing == Timing(at)
    elif wanted and wanted.quiet:
        zone = TET.zone_of(wanted.zone)
        assert not is_quiet(given.timing.not_before, wanted.quiet, zone, TET.days)


@given(**anything, later=st.timedeltas(dt.timedelta(0), dt.timedelta(days=3)))
def test_what_is_decided_later_does_not_come_earlier(
    wanted: PreferencesChanged | None,
    category: Category,
    urgency: Urgency,
    channel: Channel,
    at: dt.datetime,
    floor: Floor,
    later: dt.timedelta,
) -> None:
    first = timing(wanted, floor, category, urgency, channel, at, TET)
    second = timing(wanted, floor, category, urgency, channel, at + later, TET)
    assert (first is None) == (second is None)
    if first and second:
        assert first.not_before <= second.not_before


@given(wanted=preferences, at=moments)
@example(wanted=wants(digest_at="02:30", zone="Europe/Paris"), at=dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC))
def test_all_of_one_day_s_digest_is_due_at_one_moment(wanted: PreferencesChanged, at: dt.datetime) -> None:
    due = [
        found.not_before
        for hour in range(24)
        if (found := timing(wanted, NO_FLOOR, "progress", "routine", "mail", at + dt.timedelta(hours=hour), TET))
        and found.digest
    ]
    assert len(set(due)) <= 2


@pytest.mark.parametrize(
    ("end", "at", "over"),
    [
        ("02:30", dt.datetime(2026, 3, 29, 0, 45, tzinfo=dt.UTC), dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)),
        ("02:30", dt.datetime(2026, 10, 25, 1, 10, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)),
    ],
    ids=["set forward", "set back"],
)
def test_quiet_hours_end_when_clocks_are_changed_in_them(end: str, at: dt.datetime, over: dt.datetime) -> None:
    wanted = wants(quiet=QuietHours(begin="22:00", end=end), zone="Europe/Paris")
    assert came_at(told(wanted, "decision", "important", at=at)) == over
