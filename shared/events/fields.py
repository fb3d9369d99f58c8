"""Field types and values that several events share."""

import datetime as dt
import hashlib
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

NAMESPACE = UUID("6b657475-6c75-416e-8000-7468e26e6762")
"""Root of every derived identifier (RFC 9562, version 5)."""


def derived_id(*parts: object) -> str:
    """An identifier that the same parts always give: a version 5 UUID in its 36-character form.

    It is what `uuid.uuid5` gives, without the object between: a notice of 5,000 tasks needs 15,000 of them.
    Source: RFC 9562, section 5.5.
    """
    name = "\x1f".join(map(str, parts)).encode()
    digest = hashlib.sha1(NAMESPACE.bytes + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


_DIRECTIONS = "\u202a-\u202e\u2066-\u2069"

RECORDABLE = rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f{_DIRECTIONS}]*$"
"""No control character but tab and line ends, and none that turns the direction of writing: PostgreSQL stores no NUL,
and a record must read as it was written."""

ONE_LINE = rf"^[^\x00-\x1f\x7f{_DIRECTIONS}]*$"
"""The same without tabs and line ends."""


class Fields(BaseModel):
    """Part of an event. Built strictly, so that a misspelt field fails here and not in a reader years later."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Text = Annotated[str, Field(min_length=1, max_length=20_000, pattern=RECORDABLE)]
"""Words of a document: 1 to 20,000 characters, no control characters but tab and line ends."""


def _not_blank(given: str) -> str:
    if not given.strip():
        raise PydanticCustomError("blank", "it must not be blank")
    return given


Statement = Annotated[Text, AfterValidator(_not_blank)]
"""Words that somebody answers for, such as a reason: a text that is not blank."""

Name = Annotated[str, Field(min_length=1, max_length=500, pattern=ONE_LINE)]
"""A short text on one line: 1 to 500 characters, no control characters."""

TOKEN = r"^[A-Za-z0-9_-]{1,64}$"
Token = Annotated[str, Field(pattern=TOKEN)]
"""An identifier that can stand in a NATS subject: 1 to 64 letters, digits, hyphens or underscores."""


class NamedPerson(Fields):
    """A person as a document names them; not necessarily known to the directory."""

    name: Name
    position: Name | None = None


class UnitRef(Fields):
    """The unit that a task lies with. A provisional unit is one that the directory did not know."""

    id: Token
    name: Name
    provisional: bool = False


class NamedUnit(Fields):
    """A unit as a document names it, and the directory's unit where the phrase was recognised."""

    phrase: Name
    unit: Token | None = None


def _written_as_day(value: object) -> object:
    if isinstance(value, str | dt.date):
        return value
    raise PydanticCustomError("date_type", "a day is written as YYYY-MM-DD")


Day = Annotated[dt.date, BeforeValidator(_written_as_day)]
"""A local day, written as YYYY-MM-DD; a number is none."""


Confidence = Annotated[float, Field(ge=0, le=1)]
"""How far a reading can be trusted: 1 is certain."""


Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="local hour, HH:MM")]
"""An hour of a local day."""


class Deadline(Fields):
    """A deadline and how it was read.

    `date` is the last local day on which finishing is in time.
    """

    date: Day
    time: Hour | None = None
    phrase: Name | None = None
    rule: Name | None = None
    confidence: Confidence = 1.0


class Citation(Fields):
    """A document that a directive cites."""

    number: Name
    text: Name | None = None


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256, in lower-case hexadecimal digits."""


class Attachment(Fields):
    """A file that was handed in. Its bytes lie in the object store under their SHA-256."""

    sha256: Digest
    name: Name
    media_type: Name
    size: Annotated[int, Field(ge=0, description="bytes")]


def _in_order(span: tuple[int, int]) -> tuple[int, int]:
    if span[0] > span[1]:
        raise PydanticCustomError("span_order", "a passage ends behind its beginning")
    return span


Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A number that a column of four bytes holds."""

Span = Annotated[tuple[Count, Count], AfterValidator(_in_order)]
"""Start and end, in characters, of a passage in the meeting's `document.text`; the end is exclusive."""

Channel = Literal["inbox", "mail", "chat", "push"]
"""Where a notification is delivered."""
