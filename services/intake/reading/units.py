"""Which units a phrase names, and where their names end."""

import re
from dataclasses import dataclass

from services.intake.reading.classes import each_of
from services.intake.reading.lexicon import (
    CLASS_NOUNS,
    CLASS_OPENERS,
    COMPLETE_UNIT_HEADS,
    COMPOUNDS,
    DOCUMENTS,
    ENDS_NAMES,
    LEADERS,
    LEVELS,
    NAMING_DUTIES,
    NO_UNITS,
    NOT_IN_NAMES,
    PLACES,
    ROLES,
    TEAMS,
    TITLE,
    UNIT_HEADS,
    WITHIN_NAMES,
)
from services.intake.reading.surnames import SURNAMES
from services.intake.reading.verbs import ADVERBS, DUTIES, IMPERATIVE_ADVERBS
from services.intake.reading.words import Phrase, key, longest, phrases

_WORD = re.compile(r"\S+")
_MOST_WORDS = 80
_LONGEST_PHRASE = 500
_LONGEST_KNOWN = 20
_LONGEST_ACRONYM = 6
_MARKS = ',;:.)”"“*'
_ABBREVIATED_HEAD = re.compile(r"(?:P|TT|VP|BQL|BCH|UB|HĐ|BV|CTY|CN|K)\.[A-ZĐƯ]\S{0,30}")
_ACRONYM = re.compile(r"[A-ZĐƯ][A-ZĐƯ0-9&.\-]{1,14}")
_ROMAN = re.compile(r"[IVXLC]+")
_LETTERS = re.compile(r"[A-ZĐƯ].*[A-ZĐƯ]")
_ELECTED = phrases("ubnd, hđnd, ủy ban nhân dân, hội đồng nhân dân, đoàn đbqh")
_CONCERNED = phrases("có liên quan, liên quan, khác, trực thuộc, có tên, nêu trên, nói trên, trên, này")

KnownNames = frozenset[Phrase]
"""Names that the notice itself shows to be units', by standing alone in a heading or a cell."""


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """Units named one after another. `end` is where the list ends in the words; `does` whether a duty follows it;
    `sure` whether each begins as units' names do, and is not only a run of capitals."""

    phrases: tuple[str, ...]
    end: int
    does: bool
    sure: bool = True


def units_at(
    words: str, start: int = 0, known: KnownNames = frozenset(), *, any_name: bool = False, any_case: bool = False
) -> NamedUnits | None:
    """The units that the words name from `start` on; none where no unit's name begins there.

    With `any_name`, a run of capitalised words is a name too, and with `any_case` a lower-case noun as well: for places
    where only a name can stand.
    """
    return _Reader(words, start, known, any_name=any_name, any_case=any_case).units()


def known_name(phrase: str) -> Phrase:
    """How a name is kept among known ones."""
    return tuple(key(word.strip(_MARKS)) for word in phrase.split())


class _Reader:
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
        self._bare = [token[0].rstrip(_MARKS) for token in self._tokens]
        self._keys = [key(bare) for bare in self._bare]

    def units(self) -> NamedUnits | None:
        named: list[str] = []
        at, end, does, sure = 0, 0, False, True
        while at < len(self._tokens):
            at += self._leader(at)
            stop, is_sure = self._name(at)
            before = self._shared_beginning(at, named[-1] if named else "") if stop == at else ""
            if before:
                stop = at + len(self._noun_and_number(at))
            if stop == at:
                break
            phrase = self._words[self._tokens[at].start() : self._tokens[stop - 1].start()] + self._bare[stop - 1]
            phrase = before + phrase
            if len(phrase) > _LONGEST_PHRASE:
                break
            named.extend(each_of(phrase))
            sure = sure and is_sure
            end = self._tokens[stop - 1].start() + len(self._bare[stop - 1])
            trail = self._trail(stop - 1)
            after = self._behind_bracket(stop) if not trail else stop
            does = not trail and self._is_duty(after)
            closes = after > stop and self._tokens[after - 1][0][-1:] == ","
            if trail not in ("", ",", ";") or (trail == ";" and not named):
                break
            joined = after < len(self._keys) and self._keys[after] in (key("và"), "-", "–")
            if not joined and not (trail == "," or closes):
                break
            if trail == ";" or (joined and self._keys[after] != key("và")):
                break
            at = after + joined
        return NamedUnits(tuple(dict.fromkeys(named)), end, does, sure) if named else None

    def _noun_and_number(self, at: int) -> list[str]:
        """The words of a noun and a number that stand here, as in "khu vực 4"; none where they do not."""
        for index in range(at + 1, min(at + 4, len(self._bare))):
            if self._bare[index].isdigit() and all(word.islower() for word in self._bare[at:index]):
                return self._bare[at : index + 1] if self._unbroken(at, index + 1 - at) else []
        return []

    def _shared_beginning(self, at: int, before: str) -> str:
        """What a name leaves to the name before it: "Viện kiểm sát nhân dân khu vực 2, khu vực 4"."""
        noun = " ".join(self._noun_and_number(at)[:-1])
        return before[: before.rindex(f"{noun} ")] if noun and f"{noun} " in before else ""

    def begins(self) -> bool:
        """Whether a unit's name begins with the first word."""
        return self._head(0) > 0

    def _name(self, at: int) -> tuple[int, bool]:
        """Where the name that begins here ends, as the index after its last word; and whether it surely is one."""
        if known := self._known_here(at):
            return at + known, True
        if head := self._head(at):
            stop = self._name_end(at, head)
            if stop > at + head or self._is_complete(at, head):
                return stop, True
            return (stop, True) if head > 1 and self._bare[at][:1].isupper() and self._is_duty(stop) else (at, True)
        if at < len(self._bare) and self._is_acronym(at):
            stop = self._name_end(at, 1)
            return (stop if self._is_duty(stop) and stop <= at + _LONGEST_ACRONYM else self._capitals_end(at)), False
        if self._any_name and at < len(self._bare) and self._bare[at][:1].isupper():
            stop = self._capitals_end(at)
            return (stop, False) if stop > at + 1 or self._any_case else (at, False)
        return at, False

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
        if role and self._unbroken(at, role) and (self._bare[at][:1].isupper() or self._follows_role or self._any_case):
            return role
        if longest(PLACES, self._keys, at) and self._bare[at].isupper():
            return 0
        if not head or tuple(self._keys[at : at + head]) not in UNIT_HEADS | PLACES:
            return 0
        if max(longest(NO_UNITS, self._keys, at), longest(DUTIES, self._keys, at)) > head:
            return 0
        if self._longest_class_opener(at + head) and self._head(at + head):
            return head + self._head(at + head)
        if self._bare[at].islower() and not self._is_complete(at, head):
            behind = self._bare[at + head][:1] if at + head < len(self._bare) and self._unbroken(at, head + 1) else ""
            return head if behind.isupper() or behind.isdigit() or (self._any_case and behind) else 0
        return head

    def _longest_class_opener(self, at: int) -> int:
        return longest(CLASS_OPENERS, self._keys, at)

    def _is_class(self, at: int, head: int) -> bool:
        return any(self._longest_class_opener(index) for index in range(at, at + head))

    def _is_complete(self, at: int, head: int) -> bool:
        """Whether the head alone is a name."""
        if self._is_class(at, head) or _ABBREVIATED_HEAD.fullmatch(self._bare[at]):
            return True
        if tuple(self._keys[at : at + head]) in ROLES or (head == 1 and self._is_acronym(at)):
            return True
        return tuple(self._keys[at : at + head]) in COMPLETE_UNIT_HEADS

    def _name_end(self, at: int, head: int) -> int:
        """The index after a name's last word."""
        if tuple(self._keys[at : at + head]) in ROLES:
            self._follows_role = True
            return self._role_end(at + head)
        is_class, complete = self._is_class(at, head), self._is_complete(at, head)
        serves_elected = self._keys[at : at + 2] == [key("văn"), key("phòng")]
        index = at + head
        while index < len(self._tokens):
            trail = self._trail(index - 1)
            if trail:
                goes_on = trail in ",:" and (self._class_goes_on(index) if is_class else self._enumerates(index))
                if not goes_on:
                    break
            elif self._tokens[index][0].startswith(("(", "“", "|", '"', "[")):
                break
            elif not is_class and (opener := self._longest_class_opener(index)) and self._head(index) > opener:
                is_class, index = True, index + self._head(index) - 1
            elif is_class and (concerned := longest(_CONCERNED, self._keys, index)):
                return index + concerned
            elif self._keys[index] == key("và"):
                next_head = self._head(index + 1) or self._leader(index + 1)
                class_noun = longest(CLASS_NOUNS, self._keys, index + 1) if is_class else 0
                joins = 0 < next_head <= class_noun or (serves_elected and longest(_ELECTED, self._keys, index + 1) > 0)
                if (next_head and not joins) or index + 1 >= len(self._tokens) or self._is_duty(index + 1):
                    break
            elif (not self._keys[index] and self._is_duty(index + 1)) or self._ends_name(
                index, may_name=not complete and index == at + head
            ):
                break
            index += 1
        return index

    def _role_end(self, index: int) -> int:
        """The index after what an office is held over: "Chủ nhiệm các đề tài", "Giáo viên khối 12"."""
        while index < len(self._tokens) and not self._trail(index - 1):
            if self._longest_class_opener(index):
                return index + 1 + max(1, longest(CLASS_NOUNS, self._keys, index + 1), self._topic(index + 1))
            level = longest(LEVELS, self._keys, index)
            second = self._bare[index - 1].istitle() and self._bare[index].islower() and index > 1
            if second and not (longest(DUTIES, self._keys, index) or longest(NOT_IN_NAMES, self._keys, index)):
                level = 1
            if not (level or self._bare[index][:1].isupper() or self._bare[index].isdigit()):
                return index
            index += max(1, level)
        return index

    def _topic(self, index: int) -> int:
        """How many words stand before the next verb of duty, two at most."""
        return next((count for count in (1, 2) if self._is_duty(index + count)), 1)

    def _ends_name(self, index: int, *, may_name: bool) -> bool:
        """Whether a word is no part of a name: a preposition, or a verb of duty that units are not named after."""
        if longest(WITHIN_NAMES, self._keys, index):
            return False
        if longest(NOT_IN_NAMES, self._keys, index) and self._bare[index].islower():
            return True
        if (adverb := longest(ADVERBS, self._keys, index)) and self._bare[index].islower():
            return self._unbroken(index, adverb + 1) and self._is_duty(index + adverb)
        if not self._is_duty(index):
            return False
        if longest(LEVELS, self._keys, index - 1) and self._bare[index - 1].islower():
            return True
        verb = longest(DUTIES, self._keys, index)
        behind = index + verb
        if may_name and self._names_team(index):
            return False
        if may_name and (longest(NAMING_DUTIES, self._keys, index) or not longest(ENDS_NAMES, self._keys, index)):
            return False
        if longest(ENDS_NAMES, self._keys, index):
            names = longest(NAMING_DUTIES, self._keys, index) == verb
            named = self._orders(behind) or longest(LEVELS, self._keys, behind) > 0
            return not (names and named and self._unbroken(index, verb + 1))
        if behind < len(self._bare) and self._unbroken(index, verb + 1) and self._bare[behind][:1].isupper():
            return self._head(behind) > 0
        if behind >= len(self._keys) or not self._unbroken(index, verb + 1):
            return behind < len(self._keys) and not may_name
        ends = (self._is_duty(at) and longest(ENDS_NAMES, self._keys, at) for at in (behind, behind + 1))
        return not any(ends)

    def _names_team(self, index: int) -> bool:
        """Whether a team's name goes on with what it was set up to do, before the verb of its duty."""
        if not self._bare[index - 1][:1].isupper() or not longest(TEAMS, self._keys, index - 1):
            return False
        return any(
            self._is_duty(at)
            for at in range(index + 2, min(index + 9, len(self._keys)))
            if self._unbroken(index, at + 1 - index)
        )

    def _orders(self, index: int) -> bool:
        """Whether a word surely begins an order."""
        found = longest(IMPERATIVE_ADVERBS, self._keys, index)
        return found > 0 and self._bare[index].islower() and self._keys[index] not in (key("và"),)

    def _enumerates(self, index: int) -> bool:
        """Whether a name with a comma of its own goes on: "Sở Văn hóa, Thể thao và Du lịch" and then what it does."""
        if not self._bare[index][:1].isupper() or self._trail(index - 1) != ",":
            return False
        if self._head(index) or self._leader(index) or self._is_acronym(index) or longest(LEADERS, self._keys, index):
            return False
        if self._bare[index] in SURNAMES or TITLE.match(" ".join(self._bare[index : index + 4])):
            return False
        for at in range(index + 1, min(index + 9, len(self._keys))):
            if self._is_duty(at):
                return at > index + 1 or tuple(self._keys[index : index + 2]) in COMPOUNDS
            if self._trail(at - 1) or (longest(NOT_IN_NAMES, self._keys, at) and self._bare[at].islower()):
                return False
        return False

    def _class_goes_on(self, index: int) -> bool:
        if self._bare[index].isdigit():
            return True
        if self._bare[index][:1].isupper():
            noun = longest(CLASS_NOUNS, self._keys, index)
            behind = index + noun
            alone = noun > 0 and (behind >= len(self._keys) or bool(self._trail(behind - 1)) or self._is_duty(behind))
            return not self._head(index) or alone or (noun > 0 and self._keys[behind] == key("và"))
        return bool(longest(CLASS_NOUNS, self._keys, index)) and not (
            self._is_duty(index) and longest(CLASS_NOUNS, self._keys, index) < longest(DUTIES, self._keys, index)
        )

    def _is_duty(self, index: int) -> bool:
        if index >= len(self._tokens) or not self._bare[index].islower():
            return False
        invests = index > 0 and self._keys[index - 1] == key("tư") and self._keys[index] == key("xây")
        before = tuple(self._keys[index - 1 : index + 1]) if index > 0 and not self._trail(index - 1) else ()
        joined = before in COMPOUNDS or (before in DUTIES and self._bare[index - 1].istitle())
        if (adverb := longest(ADVERBS, self._keys, index)) and index + adverb < len(self._keys):
            return self._unbroken(index, adverb + 1) and (
                longest(DUTIES, self._keys, index + adverb) > 0
                or self._bare[index + adverb] in {"trước", "ngày", "vào", "và"}
            )
        return bool(longest(DUTIES, self._keys, index)) and not invests and not joined

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

    def _capitals_end(self, at: int) -> int:
        """The index after a run of capitalised words."""
        if self._any_name and not self._is_acronym(at):
            index = at + 1
            while index < min(at + 8, len(self._bare)) and not self._trail(index - 1):
                if self._is_duty(index) or (longest(NOT_IN_NAMES, self._keys, index) and self._bare[index].islower()):
                    break
                if self._keys[index] == key("và") or self._tokens[index][0].startswith("("):
                    break
                index += 1
            return index
        index = at + 1
        while index < len(self._bare) and not self._trail(index - 1):
            word = self._bare[index]
            if not (word[:1].isupper() or word in {"-", "–", "&"}):
                second = index + 1 < len(self._bare) and self._bare[index - 1].istitle() and not self._is_duty(index)
                if not (second and word.islower() and not longest(NOT_IN_NAMES, self._keys, index)):
                    break
            index += 1
        return index

    def _unbroken(self, at: int, length: int) -> bool:
        return at + length <= len(self._tokens) and not any(map(self._trail, range(at, at + length - 1)))

    def _trail(self, index: int) -> str:
        return self._tokens[index][0][len(self._bare[index]) :]


def begins_unit(words: str) -> bool:
    """Whether words begin as a unit's name does."""
    return _Reader(words, 0, frozenset()).begins()
