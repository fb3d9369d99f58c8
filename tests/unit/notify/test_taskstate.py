"""What notify takes a task for is what the register takes it for."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.notify.taskstate import TaskState, assigned, evolve
from services.tasks.task import state as register
from shared.events.fields import Deadline, NamedPerson, NamedUnit
from shared.events.task import TaskAssigned, TaskEvent
from tests.unit.notify.examples import FINANCE, SCIENCE, directive, place
from tests.unit.notify.test_rules import DAY, EVENTS_OF_TASKS, IDS, TASK


def assignment() -> TaskAssigned:
    """A task with a lead, a deadline and a unit that co-operates."""
    return TaskAssigned(
        task_id=TASK,
        meeting_id="m-1",
        directive_id="m-1-1",
        ordinal=1,
        text=directive(1, SCIENCE).text,
        phrase="Phòng QLKH",
        unit=SCIENCE,
        lead=NamedPerson(name="Vũ Hương Giang"),
        cooperators=(NamedUnit(phrase="Phòng KH-TC", unit=FINANCE.id), NamedUnit(phrase="các đơn vị liên quan")),
        deadline=Deadline(date=DAY, time="16:30"),
    )


@given(st.lists(st.tuples(st.sampled_from(EVENTS_OF_TASKS), st.sampled_from(IDS)), max_size=15))
def test_both_say_the_same_of_a_task_whatever_happens_to_it(history: list[tuple[TaskEvent, str]]) -> None:
    own = assigned(assignment(), place())
    other = register.assigned(assignment(), register.Place(100, place().at, "client.tests"))
    for step, (event, person_id) in enumerate(history, 101):
        at = replace(place(f"person.{person_id}"), sequence=step)
        own = evolve(own, event, at)
        other = register.evolve(other, event, register.Place(step, at.at, at.actor))
    assert (own.unit, own.status, own.percent, own.due) == (other.unit, other.status, other.percent, other.due)
    assert (own.lead, own.cooperators) == (other.lead.name if other.lead else None, other.cooperator_unit_ids)
    assert (own.extension_until, own.submitted_by) == (other.pending_until, other.submitted_by)
    assert (own.baseline, own.sequence) == (other.baseline_due, other.sequence)
    assert own.is_open == (other.status in register.OPEN)
    assert TaskState.read(own.written()) == own
