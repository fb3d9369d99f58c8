"""Which units a phrase names, and where their names end."""

from dataclasses import dataclass

from services.intake.reading.duties.verbs import DUTIES
from services.intake.reading.owners.classes import each_of
from services.intake.reading.owners.lexicon import (
    CLASS_NOUNS,
    LEVELS,
    NOT_IN_NAMES,
    ROLES,
)
from services.intake.reading.owners.name_extent import NameExtent
from services.intake.reading.owners.unit_heads import MARKS, KnownNames
from services.intake.reading.words import Phrase, key, longest, phrases

_LONGEST_PHRASE = 500

_LONGEST_ACRONYM = 6

_ELECTED = phrases("ubnd, hđnd, ủy ban nhân dân, hội đồng nhân dân, đoàn đbqh")

_BODIES = phrases("các đoàn thể, các tổ chức chính trị, các cơ quan, các ban đảng")

_SERVED: dict[Phrase, frozenset[Phrase]] = {(key("văn"), key("phòng")): _ELECTED, (key("đảng"), key("ủy")): _BODIES}
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


class _Reader(NameExtent):
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
                goes_on = goes_on or (
                    trail in ",:" and (self._class_goes_on(index) if is_class else self._enumerates(index))
                )
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
                joins = (
                    self._joins_fields(at, index)
                    or 0 < next_head <= class_noun
                    or longest(serves, self._keys, index + 1) > 0
                )
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

    def _class_goes_on(self, index: int) -> bool:
        if self._bare[index].isdigit():
            return True
        if self._bare[index][:1].isupper():
            noun = longest(CLASS_NOUNS, self._keys, index)
            behind = index + noun
            alone = noun > 0 and (behind >= len(self._keys) or bool(self._trail(behind - 1)) or self._is_duty(behind))
            if self._leader(index):
                return False
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
