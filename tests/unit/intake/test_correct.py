"""What a correction does to the tasks of a notice: no task is lost, doubled, or begun anew without need."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.changes import Changes, Correction, Revocation
from services.intake.conclude import Origin, conclude, published
from services.intake.conclusion import Conclusion
from services.intake.correct import confirmation, correction
from services.intake.effects import Plan
from services.intake.meaning import UnknownMeantUnit
from services.intake.posted import posted_json
from services.intake.rereading import UnassignedPhrase, UnknownDirective
from services.intake.standing import Standing, standing
from services.intake.taskstate import TaskStanding
from services.intake.units import reference
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.events.task import CooperatorsChanged, DueDateSet, TaskAssigned, TaskCancelled, TaskReassigned
from shared.log.record import Record
from tests.examples import FINANCE, OFFICE, conclusion

AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
FIRST = {"phrase": "Văn phòng Sở"}
SECOND = {"phrase": "P.KHTC"}


def resolver() -> Resolver:
    found = Directory()
    found.apply(OFFICE)
    found.apply(FINANCE)
    return Resolver(found)


def notice(*assignees: str, **changes: Any) -> Standing:
    """A notice of one directive for these assignees, as it stands when it was published."""
    body = conclusion(1) | changes
    body["directives"][0]["assignees"] = list(assignees)
    content = json.dumps(body).encode()
    what = posted_json(Conclusion.model_validate_json(content), content, None)
    entries = published(what, *conclude(what, resolver()), Origin("tests", "request", AT))
    found = standing([Record(len(entries), entries[-1].subject, AT, entries[-1].content)])
    assert found
    return found


def tasks(known: Standing) -> dict[str, TaskStanding]:
    """The notice's tasks as they were assigned."""
    refs = [ref for each in known.reading.directives for assignee in each.assignees for ref in assignee.tasks]
    return {ref.id: TaskStanding(ref.id, ref.unit, False, 1, place) for place, ref in enumerate(refs, start=1)}


def plan(known: Standing, stand: dict[str, TaskStanding] | None = None, **changes: Any) -> Plan:
    """What correcting the notice's one directive does."""
    (directive,) = known.reading.directives
    asked = Changes.model_validate({"directives": [{"id": directive.id, **changes}]})
    return correction(known, asked, tasks(known) if stand is None else stand, resolver(), "Đọc nhầm.", "seed")


def effects(found: Plan) -> list[tuple[str, str | None]]:
    """Each effect by its name, and the unit that it is about."""
    return [
        (type(event).__name__, event.unit.id if isinstance(event, TaskAssigned | TaskReassigned) else None)
        for events in found.effects.values()
        for event in events
    ]


def test_a_task_goes_over_to_the_unit_that_was_meant() -> None:
    known = notice("Ban lạ")
    found = plan(known, assignees=[SECOND])
    assert effects(found) == [("TaskReassigned", FINANCE.unit_id)]
    assert [ref.id for a in found.directives[0].assignees for ref in a.tasks] == list(tasks(known))


def test_a_unit_that_stays_keeps_its_task_untouched() -> None:
    found = plan(notice("Văn phòng Sở"), assignees=[FIRST, SECOND])
    assert effects(found) == [("TaskAssigned", FINANCE.unit_id)]


def test_a_unit_that_was_not_meant_has_its_task_cancelled() -> None:
    found = plan(notice("Văn phòng Sở", "P.KHTC"), assignees=[SECOND])
    assert effects(found) == [("TaskCancelled", None)]


def test_a_class_that_was_one_unit_gives_the_others_tasks() -> None:
    found = plan(notice("Văn phòng Sở"), assignees=[{"phrase": "Các phòng và đơn vị"}])
    assert effects(found) == [("TaskAssigned", FINANCE.unit_id)]


def test_what_the_office_reassigned_meanwhile_is_judged_by_where_it_lies_now() -> None:
    known = notice("Văn phòng Sở")
    moved = {task_id: replace(task, unit=reference_of_finance()) for task_id, task in tasks(known).items()}
    assert effects(plan(known, moved, assignees=[SECOND])) == []


def test_a_cancelled_task_is_neither_cancelled_again_nor_begun_anew() -> None:
    known = notice("Văn phòng Sở")
    cancelled = {task_id: replace(task, cancelled=True) for task_id, task in tasks(known).items()}
    assert effects(plan(known, cancelled, assignees=[FIRST], deadline={"date": "2027-01-05"})) == []
    assert effects(plan(known, cancelled, deadline={"date": "2027-01-05"})) == []


@pytest.mark.parametrize(
    ("change", "event"),
    [
        ({"deadline": None}, DueDateSet),
        ({"deadline": {"date": "2027-01-05"}}, DueDateSet),
        ({"lead": {"name": "Trần Thị Lan"}}, TaskReassigned),
        ({"cooperators": [SECOND]}, CooperatorsChanged),
    ],
)
def test_what_else_was_misread_reaches_the_task(change: dict[str, Any], event: type) -> None:
    found = plan(notice("Văn phòng Sở"), **change)
    assert [type(each) for events in found.effects.values() for each in events] == [event]


def test_other_words_reach_the_directive_and_no_task() -> None:
    found = plan(notice("Văn phòng Sở"), text="Hoàn thiện quy chế.")
    assert found.effects == {}
    assert found.directives[0].text == "Hoàn thiện quy chế."


def test_another_recurrence_makes_another_task() -> None:
    found = plan(notice("Văn phòng Sở"), recurrence="FREQ=MONTHLY")
    (cancelled,), (assigned,) = found.effects.values()
    assert isinstance(cancelled, TaskCancelled)
    assert isinstance(assigned, TaskAssigned)
    assert assigned.recurrence == "FREQ=MONTHLY"


def test_the_same_correction_gives_the_same_ids() -> None:
    known = notice("Văn phòng Sở")
    assert plan(known, assignees=[FIRST, SECOND]).effects == plan(known, assignees=[FIRST, SECOND]).effects


@pytest.mark.parametrize(
    ("phrase", "unit", "learnt"),
    [
        ("Bộ phận kế toán", FINANCE.unit_id, True),
        ("Văn phòng Sở", FINANCE.unit_id, False),
        ("Các phòng và đơn vị", FINANCE.unit_id, False),
        ("1. Văn phòng Sở", FINANCE.unit_id, False),
        ("(chưa nêu đơn vị)", FINANCE.unit_id, False),
    ],
)
def test_the_directory_learns_what_is_a_name_and_nothing_else(phrase: str, unit: str, learnt: bool) -> None:
    found = plan(notice("Ban lạ"), assignees=[{"phrase": phrase, "units": [unit]}])
    assert [alias.alias for alias in found.aliases] == ([phrase] if learnt else [])


def test_a_unit_or_directive_that_is_not_there_is_named() -> None:
    known = notice("Văn phòng Sở")
    with pytest.raises(UnknownMeantUnit) as unit:
        plan(known, assignees=[{"phrase": "Ban lạ", "units": ["ke-hoach-tai-chinh", "khong-co"]}])
    assert unit.value.pointer == "/directives/0/assignees/0/units/1"
    with pytest.raises(UnknownDirective):
        correction(known, Changes(withdrawn=("khong-co",)), {}, resolver(), "x", "seed")
    (directive,) = known.reading.directives
    twice = Changes.model_validate({"directives": [{"id": directive.id}, {"id": directive.id}]})
    with pytest.raises(UnknownDirective):
        correction(known, twice, tasks(known), resolver(), "x", "seed")


def test_units_of_a_phrase_that_is_no_assignee_are_refused_and_those_of_an_assignee_learnt() -> None:
    known = notice("Văn phòng Sở")

    def with_missed(*assignees: str) -> Plan:
        units = [{"phrase": "Tổ xe", "units": [FINANCE.unit_id]}]
        asked = Changes.model_validate({"missed": [{"text": "Việc.", "assignees": assignees, "units": units}]})
        return correction(known, asked, tasks(known), resolver(), "x", "seed")

    with pytest.raises(UnassignedPhrase) as refusal:
        with_missed("Văn phòng Sở")
    assert (refusal.value.pointer, refusal.value.phrase) == ("/missed/0/units/0/phrase", "Tổ xe")
    for assignees in ((), ("Tổ xe",)):
        found = with_missed(*assignees)
        assert effects(found) == [("TaskAssigned", FINANCE.unit_id)]
        assert [alias.alias for alias in found.aliases] == ["Tổ xe"]


def test_a_confirmed_notice_names_the_tasks_that_it_becomes() -> None:
    concluded, assigned, found = confirmation(notice("Văn phòng Sở"), Changes(), resolver(), "seed")
    assert {task.task_id for task in assigned} == set(tasks(notice("Văn phòng Sở")))
    assert (concluded.doubts, concluded.for_review, found.identified) == ((), False, None)


def test_a_number_makes_it_the_notice_of_that_number() -> None:
    known = notice("Văn phòng Sở", number=None)
    asked = Changes.model_validate({"fields": {"number": "7/TB-SKHCN"}})
    found = correction(known, asked, {}, resolver(), "x", "seed").identified
    assert found
    assert found.concluded_as == known.meeting_id
    assert found.meeting_id == notice("Văn phòng Sở", number="7/TB-SKHCN").meeting_id


def reference_of_finance() -> Any:
    return reference(resolver().directory.units[FINANCE.unit_id])


@pytest.mark.parametrize("body", [Correction, Revocation])
def test_a_blank_reason_is_none(body: type[Correction | Revocation]) -> None:
    with pytest.raises(ValidationError, match="blank"):
        body.model_validate({"reason": "  \n"})
