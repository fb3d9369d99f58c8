"""In which time zone the days of deadlines are counted. Apart from the settings, since it loads nothing."""

from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


class UnknownZone(ValueError):
    """There is no time zone of that name."""


def known_zone(name: str) -> str:
    """The name of a time zone of the IANA, as it was given.

    Raises:
        UnknownZone: there is none of that name.
    """
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise UnknownZone(f"there is no time zone {name!r}; name one of the IANA, such as {DEFAULT_ZONE}") from error
    return name
