"""Words with what fills them in, kept until the page's language is known; what people wrote is never taken for a form.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.language import Language, Words

_AS_IT_IS = Words("{it}", "{it}")


@dataclass(frozen=True, slots=True)
class Said:
    """Words and the values for the `{names}` in them, which may be words, or what is said, themselves."""

    words: Words
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_written(self) -> bool:
        """Whether it is what somebody wrote, and not in the page's language."""
        return self.words == _AS_IT_IS

    def to(self, language: Language, /) -> str:
        """All of it in one language."""
        told = {name: v.to(language) if isinstance(v, Words | Said) else v for name, v in self.values.items()}
        return self.words.to(language, **told)


def said(words: Words, **values: object) -> Said:
    """Words with their values."""
    return Said(words, values)


def written(text: str) -> Said:
    """What somebody wrote, the same in both languages."""
    return Said(_AS_IT_IS, {"it": text})
