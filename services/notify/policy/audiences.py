"""Who is meant by each reason: the people behind an event, and behind one task that it is about."""

from collections.abc import Callable, Iterable

from services.notify.policy.case import Case, Change
from services.notify.policy.people import People
from services.notify.taskstate import TaskState
from shared.directory.directory import Person

Audience = Callable[[People, Case, Change | None], Iterable[Person]]
"""Gives the people whom one task of the event concerns; without a task, those whom the event itself does."""


def of_tasks(found: Callable[[People, Case, Change], Iterable[Person]]) -> Audience:
    """An audience that tasks alone have."""
    return lambda people, case, change: found(people, case, change) if change else ()


def unit(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the responsible unit."""
    return people.answering_for(change.after.unit_id)


def lead(people: People, case: Case, change: Change) -> Iterable[Person]:
    """The person whom the task names as lead."""
    return _lead(people, change.after)


def cooperators(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the units that co-operate."""
    return _answering(people, change.after.cooperators)


def unit_then_and_now(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the responsible unit, or did before."""
    yield from people.answering_for(change.after.unit_id)
    if change.before and change.before.unit_id != change.after.unit_id:
        yield from people.answering_for(change.before.unit_id)


def lead_then_and_now(people: People, case: Case, change: Change) -> Iterable[Person]:
    """The person whom the task names as lead, or did before."""
    yield from _lead(people, change.after)
    if change.before:
        yield from _lead(people, change.before)


def cooperators_then_and_now(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the units that co-operate, or did before."""
    yield from _answering(people, change.after.cooperators)
    if change.before:
        yield from _answering(people, change.before.cooperators)


def former_unit(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the unit that is responsible no longer."""
    if change.before and change.before.unit_id != change.after.unit_id:
        yield from people.answering_for(change.before.unit_id)


def former_lead(people: People, case: Case, change: Change) -> Iterable[Person]:
    """The person who is the lead no longer."""
    if change.before and change.before.lead and change.before.lead != change.after.lead:
        yield from _lead(people, change.before)


def joined(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the units that did not co-operate before."""
    before = change.before.cooperators if change.before else ()
    return _answering(people, (each for each in change.after.cooperators if each not in before))


def gone(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the units that co-operate no longer."""
    before = change.before.cooperators if change.before else ()
    return _answering(people, (each for each in before if each not in change.after.cooperators))


def unit_from_outside(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who answers for the responsible unit, where somebody from elsewhere did it."""
    own = any(person.unit_id == change.after.unit_id for person in people.actor(case.place.actor))
    return () if own else people.answering_for(change.after.unit_id)


def newly_unresolved(people: People, case: Case, change: Change) -> Iterable[Person]:
    """The office, where the directory does not know the unit that has become responsible."""
    new = change.before is None or change.before.unit_id != change.after.unit_id
    return people.holders("office") if new and change.after.provisional else ()


def submitter(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who handed in the result that this is about."""
    return people.actor(change.before.submitted_by) if change.before else ()


def asker(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who asked for the time that this is about."""
    return people.actor(change.before.extension_requested_by) if change.before else ()


def watchers(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Who watches the task, and may still see it."""
    for person_id in sorted(change.watchers):
        yield from (each for each in people.person(person_id) if people.sees(each, change.after))


def office(people: People, case: Case, change: Change | None) -> Iterable[Person]:
    """Those who follow up every notice."""
    return people.holders("office")


def office_of_task(people: People, case: Case, change: Change) -> Iterable[Person]:
    """Those who follow up every notice, where a task is concerned."""
    return people.holders("office")


def publisher(people: People, case: Case, change: Change | None) -> Iterable[Person]:
    """Who published the notice."""
    return people.actor(case.author)


def auditors(people: People, case: Case, change: Change | None) -> Iterable[Person]:
    """Those who audit the record."""
    return people.holders("auditor")


def _lead(people: People, task: TaskState) -> Iterable[Person]:
    return people.named(task.lead, task.unit_id) if task.lead else ()


def _answering(people: People, units: Iterable[str]) -> Iterable[Person]:
    for unit_id in units:
        yield from people.answering_for(unit_id)
