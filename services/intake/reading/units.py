"""Which units a phrase names, and where their names end."""

from dataclasses import dataclass

from services.intake.reading.classes import each_of
from services.intake.reading.lexicon import (
    CLASS_NOUNS,
    COMPOUNDS,
    ENDS_NAMES,
    LEADERS,
    LEVELS,
    NAMING_DUTIES,
    NOT_IN_NAMES,
    OBJECTS,
    PAIRS_WITH_COMMA,
    ROLES,
    TEAMS,
    TITLE,
    WITHIN_NAMES,
)
from services.intake.reading.surnames import SURNAMES
from services.intake.reading.unit_heads import MARKS, KnownNames, UnitHeads
from services.intake.reading.verbs import ADVERBS, DUTIES, IMPERATIVE_ADVERBS, NOT_AFTER_NAMES
from services.intake.reading.words import Phrase, key, longest, phrases

_LONGEST_PHRASE = 500

_LONGEST_ACRONYM = 6

_ELECTED = phrases("ubnd, hđnd, ủy ban nhân dân, hội đồng nhân dân, đoàn đbqh")

_BODIES = phrases("các đoàn thể, các tổ chức chính trị, các cơ quan, các ban đảng")

_FIELDS = phrases("kiểm lâm, kiểm ngư, hải quan, thuế, biên phòng, bưu điện, điện lực")

_FARTHEST_VERB = 5

_SERVED = {(key("văn"), key("phòng")): _ELECTED, (key("đảng"), key("ủy")): _BODIES}
"""Behind which heads "và" joins what one unit serves."""

_CONCERNED = phrases("có liên quan, liên quan, khác, trực thuộc, có tên, nêu trên, nói trên, trên, này")


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
    return tuple(key(word.strip(MARKS)) for word in phrase.split())


class _Reader(UnitHeads):
    """A stretch of words, and where names of units end in it."""

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
            listed = stop < len(self._keys) and self._keys[stop] == key("và")
            named.extend(each_of(phrase, goes_on=listed))
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

    def _shared_beginning(self, at: int, before: str) -> str:
        """What a name leaves to the name before it: "Viện kiểm sát nhân dân khu vực 2, khu vực 4"."""
        noun = " ".join(self._noun_and_number(at)[:-1])
        return before[: before.rindex(f"{noun} ")] if noun and f"{noun} " in before else ""

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

    def _name_end(self, at: int, head: int) -> int:
        """The index after a name's last word."""
        if tuple(self._keys[at : at + head]) in ROLES:
            self._follows_role = True
            return self._role_end(at + head)
        is_class, complete = self._is_class(at, head), self._is_complete(at, head)
        serves = _SERVED.get(tuple(self._keys[at : at + 2]), frozenset())
        if serves is _BODIES and self._keys[at + 2 : at + 3] != [key("mặt")]:
            serves = frozenset()
        index = at + head
        while index < len(self._tokens):
            trail = self._trail(index - 1)
            if trail:
                goes_on = self._pairs(index) or (serves is _BODIES and longest(serves, self._keys, index) > 0)
                goes_on = goes_on or trail in ",:" and (self._class_goes_on(index) if is_class else self._enumerates(index))
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
                joins = self._joins_fields(at, index) or 0 < next_head <= class_noun or longest(serves, self._keys, index + 1) > 0
                if joins and self._begins_new(index + 1, class_noun):
                    break
                if (next_head and not joins) or index + 1 >= len(self._tokens) or self._is_duty(index + 1):
                    break
            elif (not self._keys[index] and self._is_duty(index + 1)) or self._ends_name(
                index, may_name=not complete and index == at + head
            ):
                break
            index += 1
        return index

    def _begins_new(self, index: int, noun: int) -> bool:
        """Whether a capital noun and a name of its own behind a class begin another unit."""
        behind = index + noun
        named = behind < len(self._bare) and self._bare[behind][:1].isupper() and not self._trail(behind - 1)
        return noun > 0 and self._bare[index][:1].isupper() and named

    def _joins_fields(self, at: int, index: int) -> bool:
        """Whether "và" stands within a name: a bare head before it, or a bare field of work behind it."""
        if index == at + 1 and self._head(at) == 1 and not self._is_complete(at, 1):
            return self._bare[index + 1 : index + 2] != [] and self._bare[index + 1][:1].isupper()
        field = longest(_FIELDS, self._keys, index + 1)
        return field > 0 and not self._is_complete(at, 1) and self._is_duty(index + 1 + field)

    def _role_end(self, index: int) -> int:
        """The index after what an office is held over: "Chủ nhiệm các đề tài", "Giáo viên khối 12"."""
        while index < len(self._tokens) and not self._trail(index - 1):
            if self._longest_class_opener(index):
                return index + 1 + max(1, longest(CLASS_NOUNS, self._keys, index + 1), self._topic(index + 1))
            level = longest(LEVELS, self._keys, index) or longest(CLASS_NOUNS, self._keys, index)
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
        if not self._is_duty(index) or self._is_of_name(index):
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

    def _is_of_name(self, index: int) -> bool:
        """Whether a verb that units are named after has nothing behind it that it is done to, but the verb of duty."""
        verb = longest(DUTIES, self._keys, index)
        behind = index + verb
        named_after = longest(NOT_AFTER_NAMES, self._keys, index) == verb
        manages = longest(NAMING_DUTIES, self._keys, index - 2) == 2 and self._bare[index - 2][:1].isupper()
        if behind < len(self._keys) and self._keys[behind] == key("và"):
            return named_after and self._bare[behind + 1 : behind + 2] != [] and self._head(behind + 1) > 0
        if not self._unbroken(index, verb + 1):
            return named_after and not self._is_duty(behind)
        if not (manages and (named_after or longest(NAMING_DUTIES, self._keys, index) == verb)):
            return False
        for at in range(behind, min(behind + _FARTHEST_VERB + 1, len(self._keys) - 1)):
            if self._is_duty(at):
                return True
            within = longest(WITHIN_NAMES, self._keys, at)
            if longest(OBJECTS, self._keys, at) or (longest(NOT_IN_NAMES, self._keys, at) and not within):
                return False
            if self._trail(at):
                return False
        return False

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

    def _pairs(self, index: int) -> bool:
        """Whether a comma stands within a fixed phrase: "phòng cháy, chữa cháy"."""
        return self._trail(index - 1) == "," and tuple(self._keys[index - 1 : index + 1]) in PAIRS_WITH_COMMA

    def _enumerates(self, index: int) -> bool:
        """Whether a name with a comma of its own goes on: "Sở Văn hóa, Thể thao và Du lịch" and then what it does."""
        if not self._bare[index][:1].isupper() or self._trail(index - 1) != ",":
            return False
        if (self._head(index) and not self._joins_next(index)) or self._leader(index) or self._is_acronym(index) or longest(LEADERS, self._keys, index):
            return False
        if self._begins_person(index) or TITLE.match(" ".join(self._bare[index : index + 4])):
            return False
        for at in range(index + 1, min(index + 9, len(self._keys))):
            if self._is_duty(at):
                return at > index + 1 or tuple(self._keys[index : index + 2]) in COMPOUNDS
            if self._trail(at - 1) or (longest(NOT_IN_NAMES, self._keys, at) and self._bare[at].islower()):
                return False
        return False

    def _joins_next(self, index: int) -> bool:
        """Whether a bare head is joined by "và" to what is no unit: "Phòng Tổ chức, Thanh tra và Thi đua"."""
        behind = index + self._head(index)
        if not (self._is_complete(index, behind - index) and self._keys[behind : behind + 1] == [key("và")]):
            return False
        other = self._bare[behind + 1] if behind + 1 < len(self._bare) else ""
        named = self._head(behind + 1) or self._leader(behind + 1) or (other and self._is_acronym(behind + 1))
        return other[:1].isupper() and not named

    def _begins_person(self, index: int) -> bool:
        second = self._bare[index + 1] if index + 1 < len(self._bare) else ""
        return self._bare[index] in SURNAMES and not second.islower()

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


def begins_unit(words: str) -> bool:
    """Whether words begin as a unit's name does."""
    return _Reader(words, 0, frozenset()).begins()
