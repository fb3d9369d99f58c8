"""What an organisation lets its parent body know: figures, and from which state of its record they follow. Pure."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from services.tasks.register.summary import KINDS, Kind
from shared.log.children import MOST_BYTES
from shared.settings import web_address

CLOCKS_DIFFER = dt.timedelta(days=1)
"""A moment further than that from when the summary arrived is none at which anybody counted."""

Name = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0, lt=2**53)]


class UnreadableSummary(Exception):
    """What a child sent is no summary. The one before it goes on being shown."""


def _all_kinds(given: dict[Kind, int]) -> dict[Kind, int]:
    if missing := [kind for kind in KINDS if kind not in given]:
        raise ValueError(f"lacks {', '.join(missing)}")
    return given


class SharedSummary(BaseModel):
    """How all tasks of an organisation stand: numbers alone, no words of its notices and nobody's name.

    `at` is the moment at which they were counted, `sequence` the last event of the organisation's log that they rest
    on, and `root` the root of its record's tree up to there (RFC 9162, hexadecimal): with a proof of consistency the
    organisation can later show that these figures were those of its record.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    address: Annotated[str, Field(max_length=500), AfterValidator(web_address)]
    at: AwareDatetime
    sequence: Count
    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    meetings: Count
    tasks: Annotated[dict[Kind, Count], AfterValidator(_all_kinds)]


def read_summary(content: bytes, heard_at: dt.datetime) -> SharedSummary:
    """The summary that a child sent, which arrived at a moment (UTC).

    Raises:
        UnreadableSummary: it is none, or of another day.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableSummary(f"{len(content)} bytes are more than a summary has")
    try:
        found = SharedSummary.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise UnreadableSummary(f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}") from error
    if abs(found.at - heard_at) > CLOCKS_DIFFER:
        raise UnreadableSummary(f"at: {found.at.isoformat()} is not when it was sent")
    return found
