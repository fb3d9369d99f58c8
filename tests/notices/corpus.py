"""The labelled notices as data, for tests and measurements alike."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent

_RUNNING_HEADER = re.compile(r"\f[^\n]*\n")
_PAGE_NUMBER = re.compile(r"(?m)^[ \t]*(?:Trang )?\d+(?:/\d+)?[ \t]*$")


class Label(BaseModel):
    """Labels say nothing that the reader doesn't ask for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelledMeeting(Label):
    """What the notice says of itself. `held_on` is the first day; `attendees` leaves the chair out."""

    issuer: str
    number: str | None
    issued_on: dt.date | None
    held_on: dt.date
    concluded_by: str
    signed_by: str
    attendees: tuple[str, ...]


class LabelledDirective(Label):
    """A duty laid on somebody. `deadline_alt` are readings that are as good as `deadline`, and
    `text_clean` is an extent that is as good as `text`."""

    text: str
    text_clean: str | None = None
    assignees: tuple[str, ...]
    lead: str | None
    cooperators: tuple[str, ...]
    deadline: dt.date | None
    deadline_alt: tuple[dt.date | None, ...] = ()
    recurrence: str | None
    citations: tuple[str, ...]


class Labels(Label):
    """Everything that is labelled in one notice; `notes` explain the labels that need it."""

    meeting: LabelledMeeting
    directives: tuple[LabelledDirective, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledNotice:
    """A notice as it arrives, and its labels."""

    name: str
    text: str
    labels: Labels


def labels_file(name: str) -> Path:
    """Where the labels of a notice lie."""
    return FOLDER / f"{name}.gold.json"


def labelled_notices() -> tuple[LabelledNotice, ...]:
    """All of them, by name."""
    return tuple(
        LabelledNotice(
            file.stem,
            file.read_text(encoding="utf-8"),
            Labels.model_validate_json(labels_file(file.stem).read_text(encoding="utf-8")),
        )
        for file in sorted(FOLDER.glob("*.txt"))
    )


def running_text(text: str) -> str:
    """A notice's words in one line, without the page numbers and the running headers, which stand behind form feeds."""
    return " ".join(_PAGE_NUMBER.sub(" ", _RUNNING_HEADER.sub(" ", text)).split())
