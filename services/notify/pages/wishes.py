"""The form by which people say how they want to be told. Pure."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from services.notify.api.preferences import PreferencesView, Way, Wishes
from services.notify.preferences.timing import DIGEST_AT
from shared.events.fields import Hour, Name
from shared.events.preferences import ChannelChoice, Language, QuietHours, Timing
from shared.language import Words
from shared.problems import FieldProblem, Invalid
from shared.web.forms import checked
from shared.zone import DEFAULT_ZONE, UnknownZone, known_zone

DEFAULT, OFF = "default", "off"
_CHOICES: Mapping[str, Timing | None] = {"at_once": "at_once", "digest": "digest", OFF: None}
_BOTH = Words("nêu cả giờ bắt đầu và giờ kết thúc", "name both when they begin and when they end")
_NO_CHOICE = Words("chọn một trong các cách đã nêu", "choose one of the ways that are offered")
_NO_ZONE = Words("không có múi giờ tên này; ví dụ {example}", "there is no such time zone; an example is {example}")
_ALL_DAY = "00:00"


class Wanted(BaseModel):
    """What the form says beside the choices."""

    version: Annotated[int, Field(ge=0)]
    digest_at: Hour = DIGEST_AT
    quiet_begin: Hour | None = None
    quiet_end: Hour | None = None
    days_off: bool = False
    zone: Name | None = None
    language: Language = "vi"


def field_of(way: Way) -> str:
    """The name of the field for a category and channel."""
    return f"{way.channel}-{way.category}"


def written(view: PreferencesView, version: int) -> dict[str, str]:
    """The form's fields as the preferences stand."""
    fields = {field_of(way): (way.choice or OFF) if way.chosen else DEFAULT for way in view.ways}
    fields |= {"version": str(version), "digest_at": view.digest_at, "zone": view.zone, "language": view.language}
    if view.quiet:
        fields |= {"quiet_begin": view.quiet.begin, "quiet_end": view.quiet.end}
        fields |= {"days_off": "true"} if view.quiet.days_off else {}
    return fields


def read(fields: dict[str, Any], view: PreferencesView, zone: str) -> tuple[Wishes, int]:
    """What the form says, and the version of the preferences that it was filled in on.

    Whoever leaves the installation's zone (IANA name) as it is chooses none of their own.

    Raises:
        Invalid: some fields cannot be used.
    """
    choices, problems = list[ChannelChoice](), list[FieldProblem]()
    for way in view.ways:
        given = fields.get(field_of(way), DEFAULT)
        if way.channel == "inbox" or given == DEFAULT:
            continue
        if not isinstance(given, str) or given not in _CHOICES:
            problems.append(FieldProblem(f"/{field_of(way)}", "choice", _NO_CHOICE, {}))
            continue
        choices.append(ChannelChoice(category=way.category, channel=way.channel, timing=_CHOICES[given]))
    wanted = checked(Wanted, fields)
    problems += _problems(wanted)
    if problems:
        raise Invalid(errors=problems)
    wishes = Wishes(
        choices=choices,
        digest_at=wanted.digest_at,
        quiet=_quiet(wanted),
        zone=None if wanted.zone == zone else wanted.zone,
        language=wanted.language,
    )
    return wishes, wanted.version


def _problems(wanted: Wanted) -> Iterator[FieldProblem]:
    if wanted.quiet_begin and not wanted.quiet_end:
        yield FieldProblem("/quiet_end", "missing", _BOTH, {})
    if wanted.quiet_end and not wanted.quiet_begin:
        yield FieldProblem("/quiet_begin", "missing", _BOTH, {})
    if wanted.zone and not _is_zone(wanted.zone):
        yield FieldProblem("/zone", "zone", _NO_ZONE, {"example": DEFAULT_ZONE})


def _is_zone(name: str) -> bool:
    try:
        known_zone(name)
    except UnknownZone:
        return False
    return True


def _quiet(wanted: Wanted) -> QuietHours | None:
    if wanted.quiet_begin and wanted.quiet_end:
        return QuietHours(begin=wanted.quiet_begin, end=wanted.quiet_end, days_off=wanted.days_off)
    return QuietHours(begin=_ALL_DAY, end=_ALL_DAY, days_off=True) if wanted.days_off else None
