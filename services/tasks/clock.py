"""Which day it is where the deadlines are."""

import datetime as dt
from zoneinfo import ZoneInfo


def local_day(zone: str) -> dt.date:
    """Today in a time zone (IANA name)."""
    return dt.datetime.now(ZoneInfo(zone)).date()
