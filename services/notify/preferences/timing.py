"""Whether a notification comes by a channel, and when. Pure: the same preferences and floor give the same answer."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.notify.preferences.defaults import DEFAULTS
from services.notify.preferences.floors import Floor
from services.notify.preferences.hours import OfficeHours, after_quiet, next_digest
from shared.events.fields import Channel
from shared.events.inbox import PreferencesChanged
from shared.events.preferences import Category, Urgency
from shared.language import Words

Ground = Literal["inbox", "default", "choice", "floor", "urgent", "digest", "quiet"]

GROUNDS: Mapping[Ground, Words] = {
    "inbox": Words("hộp tin luôn nhận mọi tin", "the inbox always holds every notification"),
    "default": Words("theo mặc định, vì người nhận chưa chọn", "by default, since the person chose nothing"),
    "choice": Words("theo lựa chọn của người nhận", "as the person chose"),
    "floor": Words("đơn vị quy định, người nhận không tắt được", "the unit decided so, and nobody can switch it off"),
    "urgent": Words("việc gấp, gửi ngay", "it is urgent and waits for nothing"),
    "digest": Words("gộp vào bản tổng hợp trong ngày", "it comes with the daily digest"),
    "quiet": Words("chờ hết giờ yên tĩnh", "it waits until quiet hours are over"),
}
"""What decided, in words."""

DIGEST_AT: str = PreferencesChanged.model_fields["digest_at"].default
"""The local hour of the digest of whoever chose none."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When a channel may bring a notification at the earliest (UTC), and whether together with others."""

    not_before: dt.datetime
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether and when a channel brings a notification, and what decided it, the weightiest first; see `GROUNDS`.

    `timing` is None where it does not. `unit_id` is the unit whose floor decided, if one did.
    """

    timing: Timing | None
    grounds: tuple[Ground, ...]
    unit_id: str | None = None


def timing(
    preferences: PreferencesChanged | None,
    floor: Floor,
    category: Category,
    urgency: Urgency,
    channel: Channel,
    at: dt.datetime,
    office: OfficeHours,
) -> Timing | None:
    """When a channel brings what was decided at a moment; None where it does not. See `answer`."""
    return answer(preferences, floor, category, urgency, channel, at, office).timing


def answer(
    preferences: PreferencesChanged | None,
    floor: Floor,
    category: Category,
    urgency: Urgency,
    channel: Channel,
    at: dt.datetime,
    office: OfficeHours,
) -> Answer:
    """When a channel brings what was decided at a moment, and why so.

    The inbox holds everything at once. Elsewhere the floor goes before the person's choice, and that before the
    default. What is urgent waits neither for the digest nor for quiet hours, and passes no channel that its person
    switched off. Quiet hours hold back all else, the digest and what the floor brings too: a floor says that people
    hear, not that they hear at night.
    """
    if channel == "inbox":
        return Answer(Timing(at.astimezone(dt.UTC)), ("inbox",))
    how, ground = _wanted(preferences, floor, category, urgency, channel)
    unit_id = floor.get((category, channel)) if ground == "floor" else None
    if how is None:
        return Answer(None, (ground,), unit_id)
    if urgency == "urgent":
        return Answer(Timing(at.astimezone(dt.UTC)), (ground, "urgent"), unit_id)
    zone = office.zone_of(preferences.zone if preferences else None)
    grounds: tuple[Ground, ...] = (ground,)
    not_before = at.astimezone(dt.UTC)
    if how == "digest":
        not_before = next_digest(at, preferences.digest_at if preferences else DIGEST_AT, zone, office.days)
        grounds = (*grounds, "digest")
    if preferences and preferences.quiet:
        loud = after_quiet(not_before, preferences.quiet, zone, office.days)
        if loud != not_before:
            not_before, grounds = loud, (*grounds, "quiet")
    return Answer(Timing(not_before, how == "digest"), grounds, unit_id)


def _wanted(
    preferences: PreferencesChanged | None, floor: Floor, category: Category, urgency: Urgency, channel: Channel
) -> tuple[Literal["at_once", "digest"] | None, Ground]:
    """How it is to come, quiet hours and urgency aside, and what says so."""
    if (category, channel) in floor:
        return "at_once", "floor"
    for choice in reversed(preferences.choices if preferences else ()):
        if (choice.category, choice.channel) == (category, channel):
            return choice.timing, "choice"
    default = DEFAULTS[category].get(channel)
    if default == "urgent":
        return ("at_once" if urgency == "urgent" else None), "default"
    if default == "digest" and urgency != "routine":
        return "at_once", "default"
    return default, "default"
