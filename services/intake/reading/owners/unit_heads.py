"""Where names of units begin in words."""

import re

from services.intake.reading.duties.verbs import ADVERBS, DUTIES, NO_VERBS, verb_at
from services.intake.reading.owners.lexicon import (
    CLASS_NOUNS,
    CLASS_OPENERS,
    COMPLETE_UNIT_HEADS,
    COMPOUNDS,
    DOCUMENTS,
    LEADERS,
    NO_UNITS,
    PLACES,
    ROLES,
    UNIT_HEADS,
)
from services.intake.reading.words import Phrase, key, longest

_WORD = re.compile(r"\S+")

_MOST_WORDS = 80

_LONGEST_KNOWN = 20

MARKS = ',;:.)”"“*'

_ABBREVIATED_HEAD = re.compile(r"(?:P|TT|VP|BQL|BCH|UB|HĐ|BV|CTY|CN|K)\.[A-ZĐƯ]\S{0,30}")

_ACRONYM = re.compile(r"[A-ZĐƯ][A-ZĐƯ0-9&.\-]{1,14}")

_ROMAN = re.compile(r"[IVXLC]+")

_LETTERS = re.compile(r"[A-ZĐƯ].*[A-ZĐƯ]")

KnownNames = frozenset[Phrase]
"""Names that the notice itself shows to be units', by standing alone in a heading or a cell."""


class UnitHeads:
    """A stretch of words, and where names of units begin in it."""

    def __init__(
        self, words: str, start: int, known: KnownNames, *, any_name: bool = False, any_case: bool = False
    ) -> None:
        self._words = words
        self._known = known
        self._any_name = any_name or any_case
        self._any_case = any_case
        self._follows_role = False
        self._tokens: list[re.Match[str]] = []
        at = start
        while len(self._tokens) < _MOST_WORDS and (match := _WORD.search(words, at)):
            self._tokens.append(match)
            at = match.end()
        self._bare = [token[0].rstrip(MARKS) for token in self._tokens]
        self._keys = [key(bare) for bare in self._bare]

    def _noun_and_number(self, at: int) -> list[str]:
        """The words of a noun and a number that stand here, as in "khu vực 4"; none where they do not."""
        for index in range(at + 1, min(at + 4, len(self._bare))):
            if self._bare[index].isdigit() and all(word.islower() for word in self._bare[at:index]):
                return self._bare[at : index + 1] if self._unbroken(at, index + 1 - at) else []
        return []

    def begins(self) -> bool:
        """Whether a unit's name begins with the first word."""
        return self._head(0) > 0

    def _leader(self, at: int) -> int:
        """How many words name the office by which a unit is addressed; 0 where none do."""
        length = longest(LEADERS, self._keys, at)
        if not length or not self._unbroken(at, length) or self._longest_class_opener(at) > length:
            return 0
        while more := longest(LEADERS, self._keys, at + length):
            length += more
        behind = at + length + (at + length < len(self._keys) and self._keys[at + length] == key("của"))
        return behind - at if self._head(behind) or self._known_here(behind) else 0

    def _known_here(self, at: int) -> int:
        for length in range(min(_LONGEST_KNOWN, len(self._keys) - at), 1, -1):
            if tuple(self._keys[at : at + length]) in self._known:
                return length
        return 0

    def _head(self, at: int) -> int:
        """How many words the head of a unit's name has here; 0 where none begins."""
        if at >= len(self._keys):
            return 0
        opener = self._longest_class_opener(at)
        if opener:
            noun = longest(CLASS_NOUNS, self._keys, at + opener)
            while noun and not self._unbroken(at + opener, noun):
                noun -= 1
            if longest(NO_UNITS, self._keys, at + opener) > noun or longest(DOCUMENTS, self._keys, at + opener):
                return 0
            if (
                not noun
                and at + opener < len(self._bare)
                and (self._bare[at + opener].istitle() or self._is_acronym(at + opener))
            ):
                noun = 1
            return opener + noun if noun and self._unbroken(at, opener + noun) else 0
        head = max(longest(UNIT_HEADS, self._keys, at), longest(PLACES, self._keys, at))
        while head and not self._unbroken(at, head):
            head -= 1
        if _ABBREVIATED_HEAD.fullmatch(self._bare[at]):
            return 1
        role = longest(ROLES, self._keys, at)
        if (
            role
            and role >= head
            and self._unbroken(at, role)
            and (self._bare[at][:1].isupper() or self._follows_role or self._any_case)
        ):
            return role
        if longest(PLACES, self._keys, at) and self._bare[at].isupper():
            return 0
        if not head or tuple(self._keys[at : at + head]) not in UNIT_HEADS | PLACES:
            return 0
        if max(longest(NO_UNITS, self._keys, at), verb_at(self._keys, at)) > head:
            return 0
        if verb_at(self._keys, at) == head and self._keys[at + head : at + head + 1] == [key("việc")]:
            return 0
        if self._unbroken(at, head + 1) and self._longest_class_opener(at + head) and self._head(at + head):
            return head + self._head(at + head)
        if self._bare[at].islower() and not self._is_complete(at, head):
            behind = self._bare[at + head][:1] if at + head < len(self._bare) and self._unbroken(at, head + 1) else ""
            return head if behind.isupper() or behind.isdigit() or (self._any_case and behind) else 0
        return head

    def _longest_class_opener(self, at: int) -> int:
        leader = longest(LEADERS, self._keys, at)
        led = leader > 0 and self._unbroken(at, leader + 1) and self._keys[at + leader] == key("các")
        led = led and longest(CLASS_NOUNS, self._keys, at + leader + 1) > 0
        return max(leader + 1 if led else 0, longest(CLASS_OPENERS, self._keys, at))

    def _is_class(self, at: int, head: int) -> bool:
        return any(self._longest_class_opener(index) for index in range(at, at + head))

    def _is_complete(self, at: int, head: int) -> bool:
        """Whether the head alone is a name."""
        if self._is_class(at, head) or _ABBREVIATED_HEAD.fullmatch(self._bare[at]):
            return True
        if tuple(self._keys[at : at + head]) in ROLES or (head == 1 and self._is_acronym(at)):
            return True
        return tuple(self._keys[at : at + head]) in COMPLETE_UNIT_HEADS

    def _is_duty(self, index: int) -> bool:
        if index >= len(self._tokens) or not self._bare[index].islower():
            return False
        invests = index > 0 and self._keys[index - 1] == key("tư") and self._keys[index] == key("xây")
        before = tuple(self._keys[index - 1 : index + 1]) if index > 0 and not self._trail(index - 1) else ()
        joined = before in COMPOUNDS | NO_VERBS or (before in DUTIES and self._bare[index - 1].istitle())
        if (adverb := longest(ADVERBS, self._keys, index)) and index + adverb < len(self._keys):
            return self._unbroken(index, adverb + 1) and (
                verb_at(self._keys, index + adverb) > 0 or self._bare[index + adverb] in {"trước", "ngày", "vào", "và"}
            )
        return bool(verb_at(self._keys, index)) and not invests and not joined

    def _behind_bracket(self, index: int) -> int:
        """The index after words in brackets that begin here."""
        if index >= len(self._tokens) or not self._tokens[index][0].startswith("("):
            return index
        for at in range(index, min(index + 25, len(self._tokens))):
            if ")" in self._tokens[at][0]:
                return at + 1
        return index

    def _is_acronym(self, at: int) -> bool:
        bare = self._bare[at].strip("(")
        return bool(_ACRONYM.fullmatch(bare) and _LETTERS.match(bare)) and not _ROMAN.fullmatch(bare)

    def _unbroken(self, at: int, length: int) -> bool:
        return at + length <= len(self._tokens) and not any(map(self._trail, range(at, at + length - 1)))

    def _trail(self, index: int) -> str:
        return self._tokens[index][0][len(self._bare[index]) :]
