"""What a letter says: words by category and language, in one frame for text and one for HTML."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.notify.channels.message import Message
from services.notify.inbox import InboxItem, TaskLine
from shared.language import Language
from shared.vocabulary import REASONS

TEMPLATE = "mail.v3"
"""Name and version of the wording, kept in the event of each delivery: another wording has another version."""

TEMPLATES = Environment(
    loader=PackageLoader("services.notify.channels.mail"),
    autoescape=lambda name: bool(name and ".html" in name),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    auto_reload=False,
)


@dataclass(frozen=True, slots=True)
class Section:
    """What a letter says of one notification: what happened, what was said of it, and the tasks that it concerns.

    `verbatim` is what must be kept to the letter: a signed checkpoint.
    """

    item: InboxItem
    lead: str
    details: tuple[str, ...]
    tasks: Sequence[TaskLine]
    verbatim: str | None = None

    @property
    def unlisted(self) -> int:
        """How many tasks are not listed."""
        return self.item.task_count - len(self.tasks)


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter's words."""

    subject: str
    text: str
    html: str


def wording_of(message: Message, public_url: str) -> Wording:
    """What the letter for a message says, the same however often it is made."""
    language = message.language
    sections = [section_of(item, language) for item in message.items]
    frame = _words(language, "frame")
    several = len(sections) > 1
    values: dict[str, Any] = {
        "language": language,
        "frame": frame,
        "sections": sections,
        "several": several,
        "page": message.page,
        "public_url": public_url,
        "reasons": _reasons(language),
        "day": partial(day, language=language),
    }
    subject = frame.digest_subject(len(sections)) if several else subject_of(message.items[0], language)
    return Wording(
        subject,
        TEMPLATES.get_template("letter.txt.j2").render(values),
        TEMPLATES.get_template("letter.html.j2").render(values),
    )


@lru_cache(1000)
def day(value: dt.date | str, language: Language) -> str:
    """A day with its weekday, in figures that read the same in both languages: thứ Bảy, 05/12/2026."""
    found = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(found, "EEEE, dd/MM/yyyy", locale=language)


@lru_cache
def _reasons(language: Language) -> Mapping[str, str]:
    return {reason: words.to(language) for reason, words in REASONS.items()}


@lru_cache
def _words(language: Language, name: str) -> Any:
    return TEMPLATES.get_template(f"{language}/{name}.j2", globals={"day": partial(day, language=language)}).module


def subject_of(item: InboxItem, language: Language) -> str:
    """What a notification tells, on one line."""
    words = _words(language, item.category)
    return " ".join(str(words.subject(item, _event(item), _facts(item))).split())


def section_of(item: InboxItem, language: Language) -> Section:
    """What is said of one notification wherever it is read."""
    words = _words(language, item.category)
    facts = _facts(item)
    said = str(words.details(item, _event(item), facts)).strip()
    return Section(
        item,
        " ".join(str(words.lead(item, _event(item), facts)).split()),
        tuple(line.strip() for line in said.splitlines() if line.strip()),
        item.tasks,
        facts.get("checkpoint"),
    )


def _event(item: InboxItem) -> str:
    return item.cause.event if item.cause else ""


def _facts(item: InboxItem) -> Mapping[str, Any]:
    return item.cause.facts if item.cause else {}
