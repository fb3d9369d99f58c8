"""Which units a phrase names, and where their names end."""

import re
from collections.abc import Set
from dataclasses import dataclass

from services.intake.reading.lexicon import (
    CLASS_NOUNS,
    CLASS_OPENERS,
    COMPLETE_UNIT_HEADS,
    DUTIES,
    NAMING_DUTIES,
    NO_UNITS,
    NOT_IN_NAMES,
    UNIT_HEADS,
    key,
)

_WORD = re.compile(r"\S+")
_MOST_WORDS = 60
_LONGEST_PHRASE = 500
_MARKS = ',;:.)”"“*'
_ELECTED = {
    tuple(map(key, name.split())) for name in ("ubnd", "hđnd", "ủy ban nhân dân", "hội đồng nhân dân", "đoàn đbqh")
}
_EACH_OF_A_CLASS = re.compile(r"^(.*?)\b[Cc]ác (\w+):? (.+)$")


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """Units named one after another. `end` is where the list ends in the words; `does` whether a duty follows it."""

    phrases: tuple[str, ...]
    end: int
    does: bool


def units_at(words: str, start: int = 0) -> NamedUnits | None:
    """The units that the words name from `start` on; none where no unit's name begins there."""
    return _Reader(words, start).units()


class _Reader:
    def __init__(self, words: str, start: int) -> None:
        self._words = words
        self._tokens: list[re.Match[str]] = []
        at = start
        while len(self._tokens) < _MOST_WORDS and (match := _WORD.search(words, at)):
            self._tokens.append(match)
            at = match.end()
        self._bare = [token[0].rstrip(_MARKS) for token in self._tokens]
        self._keys = [key(bare) for bare in self._bare]

    def units(self) -> NamedUnits | None:
        phrases: list[str] = []
        at, end, does = 0, 0, False
        while (head := self._head(at)) > 0:
            stop = self._name_end(at, head)
            if stop == at + head and not self._is_complete(at, head):
                break
            phrase = self._words[self._tokens[at].start() : self._tokens[stop - 1].start()] + self._bare[stop - 1]
            if len(phrase) > _LONGEST_PHRASE:
                break
            phrases.extend(_each_of(phrase))
            end = self._tokens[stop - 1].start() + len(self._bare[stop - 1])
            trail = self._trail(stop - 1)
            does = not trail and self._is_duty(stop)
            if trail not in ("", ","):
                break
            at = stop + (stop < len(self._keys) and self._keys[stop] == key("và"))
        return NamedUnits(tuple(dict.fromkeys(phrases)), end, does) if phrases else None

    def _head(self, at: int) -> int:
        """How many words the head of a unit's name has here; 0 where none begins."""
        opener = self._longest(CLASS_OPENERS, at)
        if opener:
            noun = self._longest(CLASS_NOUNS, at + opener)
            return opener + noun if noun else 0
        head = self._longest(UNIT_HEADS, at)
        if not head or max(self._longest(NO_UNITS, at), self._longest(DUTIES, at)) > head:
            return 0
        if self._longest(CLASS_OPENERS, at + head):
            return head + self._head(at + head)
        if self._bare[at].islower() and not self._is_complete(at, head):
            return head if at + head < len(self._bare) and self._bare[at + head][:1].isupper() else 0
        return head

    def _is_class(self, at: int, head: int) -> bool:
        return any(self._longest(CLASS_OPENERS, index) for index in range(at, at + head))

    def _is_complete(self, at: int, head: int) -> bool:
        """Whether the head alone is a name."""
        return self._is_class(at, head) or head == self._longest(COMPLETE_UNIT_HEADS, at)

    def _name_end(self, at: int, head: int) -> int:
        """The index after a name's last word."""
        is_class, complete = self._is_class(at, head), self._is_complete(at, head)
        serves_elected = self._keys[at : at + 2] == [key("văn"), key("phòng")]
        index = at + head
        while index < len(self._tokens):
            trail = self._trail(index - 1)
            if trail:
                goes_on = is_class and trail in ",:" and self._class_goes_on(index)
                if not goes_on:
                    break
            elif self._tokens[index][0].startswith(("(", "“", "|", '"')):
                break
            elif self._keys[index] == key("và"):
                next_head = self._head(index + 1)
                class_noun = self._longest(CLASS_NOUNS, index + 1) if is_class else 0
                joins = 0 < next_head <= class_noun or (serves_elected and self._longest(_ELECTED, index + 1) > 0)
                if (next_head and not joins) or index + 1 >= len(self._tokens):
                    break
            elif self._ends_name(index, may_name=not complete and index == at + head):
                break
            index += 1
        return index

    def _ends_name(self, index: int, *, may_name: bool) -> bool:
        """Whether a word is no part of a name: a preposition, or a verb of duty that units are not named after."""
        if self._longest(NOT_IN_NAMES, index) and self._bare[index].islower():
            return True
        return self._is_duty(index) and not (may_name and self._longest(NAMING_DUTIES, index))

    def _class_goes_on(self, index: int) -> bool:
        if self._bare[index][:1].isupper():
            return not self._head(index)
        return bool(self._longest(CLASS_NOUNS, index)) and not self._is_duty(index)

    def _is_duty(self, index: int) -> bool:
        if index >= len(self._tokens) or not self._bare[index].islower():
            return False
        invests = index > 0 and self._keys[index - 1] == key("tư") and self._keys[index] == key("xây")
        return bool(self._longest(DUTIES, index)) and not invests

    def _trail(self, index: int) -> str:
        return self._tokens[index][0][len(self._bare[index]) :]

    def _longest(self, phrases: Set[tuple[str, ...]], at: int) -> int:
        """How many words the longest of the phrases has that stands here, unbroken by a mark; 0 where none does."""
        for length in range(min(4, len(self._keys) - at), 0, -1):
            if tuple(self._keys[at : at + length]) in phrases and not any(map(self._trail, range(at, at + length - 1))):
                return length
        return 0


def _each_of(phrase: str) -> list[str]:
    """The units of a class that is named one by one: "các xã A, B" is "xã A" and "xã B"."""
    match = _EACH_OF_A_CLASS.match(phrase)
    if match is None:
        return [phrase]
    names = [name.strip() for name in match[3].split(",")]
    if not all(name[:1].isupper() for name in names) or not any(name for name in names):
        return [phrase]
    last, _, other = names[-1].rpartition(" và ")
    if len(names) == 1 and not (last and other[:1].isupper() and match[2][:1].islower()):
        return [phrase]
    if last and other[:1].isupper() and match[2][:1].islower():
        names[-1:] = [last, other]
    return [f"{match[1]}{match[2]} {name}" for name in names]
