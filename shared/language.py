"""Vietnamese first, English by choice."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages. `{names}` in them are filled in by `to`."""

    vi: str
    en: str

    def to(self, language: Language, /, **values: object) -> str:
        """The words in one language, with the values filled in."""
        return (self.vi if language == "vi" else self.en).format(**values)

    def literal(self) -> "Words":
        """The same words, in which braces are nothing but braces: for what people wrote."""
        return Words(*(text.replace("{", "{{").replace("}", "}}") for text in (self.vi, self.en)))


def preferred(accept_language: str | None) -> Language:
    """The language that an Accept-Language header prefers of the two; Vietnamese where it prefers neither.

    Source: RFC 9110, section 12.5.4.
    """
    best, language = 0.0, "vi"
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if tag.split("-")[0] in {"vi", "en"} and quality > best:
            best, language = quality, tag.split("-")[0]
    return "en" if language == "en" else "vi"
