"""Why the rules tell one person of an event, or why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from services.notify.policy.case import Case, Notification
from services.notify.policy.decide import Adopted, concerned
from services.notify.policy.people import People
from services.notify.policy.rules import BY_EVENT, Rule
from shared.language import Words

Ground = Literal["told", "unknown", "left", "own-act", "another-rule", "not-yet-a-rule", "not-concerned"]

GROUNDS: Mapping[Ground, Words] = {
    "told": Words("quy tắc này báo tin cho người đó", "this rule tells the person"),
    "unknown": Words("khi đó danh bạ chưa có người này", "the directory did not know the person then"),
    "left": Words("khi đó người này đã rời cơ quan", "the person had left by then"),
    "own-act": Words("đây là việc do chính người đó làm", "it was the person's own act"),
    "another-rule": Words("đã được báo theo quy tắc trước", "an earlier rule tells the person already"),
    "not-yet-a-rule": Words("khi đó chưa có quy tắc này", "this rule was not there yet"),
    "not-concerned": Words(
        "không thuộc diện được báo theo quy tắc này", "none of the rule's reasons applied to the person"
    ),
}
"""What decided it, in words."""

NO_RULE = Words("không có quy tắc báo tin cho sự kiện loại này", "no rule tells anybody of events of this type")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one person. `notification` is what they are told, or would be were it not their own act."""

    rule: Rule
    ground: Ground
    notification: Notification | None = None

    @property
    def told(self) -> bool:
        """Whether this rule tells the person."""
        return self.ground == "told"


def verdicts(case: Case, people: People, adopted: Adopted, person_id: str) -> Iterator[Verdict]:
    """What each rule for this event says of a person, as `decisions` decides it. Nothing where there is no rule."""
    person = people.directory.people.get(person_id)
    told = False
    for rule in BY_EVENT.get(type(case.data), ()):
        found = next((each for each in concerned(rule, case, people) if each.person_id == person_id), None)
        ground: Ground = _ground(rule, case, adopted, found is not None, told)
        if person is None or person.left:
            ground = "left" if person else "unknown"
        elif found and f"person.{person_id}" == case.place.actor:
            ground = "own-act"
        told = told or ground == "told"
        yield Verdict(rule, ground, found)


def _ground(rule: Rule, case: Case, adopted: Adopted, found: bool, told: bool) -> Ground:
    if not found:
        return "not-concerned"
    if not adopted.holds(rule, case.place.sequence):
        return "not-yet-a-rule"
    return "another-rule" if told else "told"
