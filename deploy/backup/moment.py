"""Which moment is meant, and from which take it is restored. Pure."""

import datetime as dt
from collections.abc import Sequence

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from deploy.backup.checking import reaches
from deploy.backup.folder import Take

_TIME: TypeAdapter[dt.datetime] = TypeAdapter(AwareDatetime)


class NoSuchMoment(Exception):
    """The backup does not reach that moment. Nothing was restored."""


class NotNew(Exception):
    """The folder to restore into holds something. Nothing was restored."""


def moment_of(given: str | None) -> dt.datetime | None:
    """The moment that somebody wrote; None, which means the newest, where nothing was.

    Raises:
        NoSuchMoment: it is no time of RFC 3339.
    """
    if given is None:
        return None
    try:
        return _TIME.validate_python(given)
    except ValidationError as error:
        raise NoSuchMoment(f"{given!r} is no time such as 2026-11-23T17:00:00+07:00") from error


def chosen(takes: Sequence[Take], until: dt.datetime | None) -> Take:
    """The take from which a moment is restored, the first one that reaches it; the newest where it is None.

    Raises:
        NoSuchMoment: no copy reaches it.
        BackupDamaged: nothing was ever taken whole.
    """
    found = reaches(takes)
    if until is None:
        return found[-1].takes[-1]
    for reach in reversed(found):
        if reach.copy.since <= until <= reach.takes[-1].moment:
            return next(each for each in reach.takes if until <= each.moment)
    spans = "; ".join(f"{each.copy.since.isoformat()} … {each.takes[-1].moment.isoformat()}" for each in found)
    raise NoSuchMoment(f"the backup reaches {spans}, and not {until.isoformat()}")
