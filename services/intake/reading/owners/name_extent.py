"""Which words go on with a unit's name, and which end it."""

from services.intake.reading.duties.verbs import ADVERBS, DUTIES, IMPERATIVE_ADVERBS, NOT_AFTER_NAMES
from services.intake.reading.owners.lexicon import (
    COMPOUNDS,
    ENDS_NAMES,
    LEADERS,
    LEVELS,
    NAMING_DUTIES,
    NOT_IN_NAMES,
    OBJECTS,
    PAIRS_WITH_COMMA,
    TEAMS,
    TITLE,
    UNIT_HEADS,
    WITHIN_NAMES,
)
from services.intake.reading.owners.unit_heads import UnitHeads
from services.intake.reading.people.surnames import SURNAMES
from services.intake.reading.words import key, longest, phrases

_FIELDS = phrases("kiểm lâm, kiểm ngư, hải quan, thuế, biên phòng, bưu điện, điện lực")

_FARTHEST_VERB = 5


class NameExtent(UnitHeads):
    """A stretch of words, and what in it belongs to a unit's name."""

    def _joins_fields(self, at: int, index: int) -> bool:
        """Whether "và" stands within a name: a bare head before it, or a bare field of work behind it."""
        if index == at + 1 and self._head(at) == 1 and not self._is_complete(at, 1):
            return self._bare[index + 1 : index + 2] != [] and self._bare[index + 1][:1].isupper()
        field = longest(_FIELDS, self._keys, index + 1)
        return field > 0 and not self._is_complete(at, 1) and self._is_duty(index + 1 + field)

    def _begins_new(self, index: int, noun: int) -> bool:
        """Whether a capital noun and a name of its own behind a class begin another unit."""
        behind = index + noun
        named = behind < len(self._bare) and self._bare[behind][:1].isupper() and not self._trail(behind - 1)
        return noun > 0 and self._bare[index][:1].isupper() and named

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
        if self._trail(index - 1) != ",":
            return False
        if tuple(self._keys[index - 1 : index + 1]) in PAIRS_WITH_COMMA:
            return True
        works = index >= 3 and longest(NAMING_DUTIES, self._keys, index - 2) == 2 and self._bare[index - 2].istitle()
        headed = works and (self._keys[index - 3],) in UNIT_HEADS and self._bare[index].islower()
        return headed and longest(NAMING_DUTIES, self._keys, index) > 0

    def _enumerates(self, index: int) -> bool:
        """Whether a name with a comma of its own goes on: "Sở Văn hóa, Thể thao và Du lịch" and then what it does."""
        if not self._bare[index][:1].isupper() or self._trail(index - 1) != ",":
            return False
        if (
            (self._head(index) and not self._joins_next(index))
            or self._leader(index)
            or self._is_acronym(index)
            or longest(LEADERS, self._keys, index)
        ):
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
