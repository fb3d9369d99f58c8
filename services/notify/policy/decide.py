"""From an event to what each person is told of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import get_args

from services.notify.policy.case import Case, Change, Mention, Notification
from services.notify.policy.people import People
from services.notify.policy.rules import AFFECTED, BY_EVENT, STRENGTH, Rule
from shared.events.inbox import Reason
from shared.events.preferences import Urgency

_URGENCIES: tuple[Urgency, ...] = get_args(Urgency)


@dataclass(frozen=True, slots=True)
class Adopted:
    """From where in the log each version of the policy holds: behind `after[version]`, or from the log's beginning."""

    after: Mapping[int, int] = field(default_factory=dict)

    def holds(self, rule: Rule, sequence: int) -> bool:
        """Whether a rule holds for the event at this place of the log."""
        return sequence > self.after.get(rule.since, 0)


def concerned(rule: Rule, case: Case, people: People) -> Iterator[Notification]:
    """What a rule says of everybody whom the event concerns, whoever did it, ordered by the person's id."""
    mentions: dict[str, dict[Mention | Reason, Urgency]] = {}
    for change in case.changes or (None,):
        strongest: dict[str, tuple[Reason, Urgency]] = {}
        for reason, urgency, audience in rule.told:
            given = _raised(urgency, reason, change)
            for person in audience(people, case, change):
                strongest.setdefault(person.id, (reason, given))
        for person_id, (reason, urgency) in strongest.items():
            mention = Mention(change.after.task_id, reason) if change else reason
            mentions.setdefault(person_id, {})[mention] = urgency
    for person_id, found in sorted(mentions.items()):
        given_reasons = {each.reason if isinstance(each, Mention) else each for each in found}
        yield Notification(
            person_id,
            rule.name,
            rule.category,
            max(found.values(), key=_URGENCIES.index),
            tuple(reason for reason in STRENGTH if reason in given_reasons),
            tuple(each for each in found if isinstance(each, Mention)),
        )


def decisions(case: Case, people: People, adopted: Adopted | None = None) -> tuple[Notification, ...]:
    """One notification for each person whom the event concerns, but never for whoever did it themselves."""
    told: dict[str, Notification] = {}
    for rule in BY_EVENT.get(type(case.data), ()):
        if adopted is None or adopted.holds(rule, case.place.sequence):
            for each in concerned(rule, case, people):
                told.setdefault(each.person_id, each)
    return tuple(each for each in told.values() if f"person.{each.person_id}" != case.place.actor)


def _raised(urgency: Urgency, reason: Reason, change: Change | None) -> Urgency:
    """The urgency of a reason; one step higher where the directive is urgent for those whom it obliges."""
    if change is None or not change.after.urgent or reason not in AFFECTED:
        return urgency
    return _URGENCIES[min(_URGENCIES.index(urgency) + 1, len(_URGENCIES) - 1)]
