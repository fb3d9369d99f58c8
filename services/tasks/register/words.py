"""The words by which text is searched: as they are written, and without their marks. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from shared.directory.spelling import matching_key

_LONGEST_WORD = 100
_MOST_ASKED = 20
_UNIT = "@"


@lru_cache(maxsize=512)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in the one form that all spellings share; see `matching_key`."""
    return tuple([word[:_LONGEST_WORD] for word in matching_key(text).split()])


@lru_cache(maxsize=16384)
def bare(word: str) -> str:
    """A word without its marks: "ke" for "kế", "do" for "đỗ"."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def searchable(texts: Iterable[str | None], unit_ids: Iterable[str]) -> str:
    """What is found by these texts, and by whoever sees what these units have to do, as PostgreSQL reads a tsvector."""
    found = {word for text in texts if text for word in words(text)}
    found.update(list(map(bare, found)))
    # Words are letters and digits alone, in which nothing has to be quoted.
    return " ".join([f"'{word}'" for word in found] + [_quoted(f"{_UNIT}{unit}") for unit in unit_ids])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for, as PostgreSQL reads a tsquery: as it was written, and whatever its marks may be.

    They are the same where nothing was written with marks.
    """

    written: str
    bare: str


def wanted(asked: str, unit_ids: Iterable[str] | None) -> Wanted | None:
    """What finds every word that is asked for, among all tasks or those of these units; None where none is asked for.

    A word that is written without marks means every word that has these letters.
    """
    found = list(dict.fromkeys(words(asked)))[:_MOST_ASKED]
    if not found:
        return None
    units = (
        [] if unit_ids is None else [f"({' | '.join(_quoted(_UNIT + each) for each in sorted(unit_ids)) or NOTHING})"]
    )
    return Wanted(
        " & ".join([*(_quoted(word) for word in found), *units]),
        " & ".join([*(_quoted(bare(word)) for word in found), *units]),
    )


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


NOTHING = _quoted(f"{_UNIT} ")
"""A lexeme that no task has."""
