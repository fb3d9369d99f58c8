"""Who is told of what happens to a task, as each kind of user would notice."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.notify.policy.case import Case, Change, Notification
from services.notify.policy.decide import Adopted, decisions
from services.notify.policy.people import People
from services.notify.policy.rules import RULES, STRENGTH
from services.notify.taskstate import TaskState, evolve, of_directive
from shared.events.catalogue import CATALOGUE, EventData
from shared.events.fields import Deadline, NamedPerson, NamedUnit, UnitRef
from shared.events.ledger import CheckpointIssued, RecordRepaired
from shared.events.meeting import ConclusionCorrected, ConclusionHeld, ConclusionRevoked
from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, RoleGranted
from shared.events.task import (
    CommentAdded,
    CompletionAccepted,
    CompletionReturned,
    CompletionSubmitted,
    CooperatorsChanged,
    DueDateSet,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    ProgressReported,
    ReminderIssued,
    TaskAcknowledged,
    TaskCancelled,
    TaskEvent,
    TaskReassigned,
    TaskReopened,
)
from shared.vocabulary import EVENTS
from tests.unit.notify.examples import (
    FINANCE,
    LABORATORY,
    OFFICE,
    PEOPLE,
    SCIENCE,
    UNKNOWN,
    concluded,
    department,
    directive,
    notice,
    place,
)

TASK = "m-1-1-khoa-hoc"
DAY = dt.date(2026, 12, 18)
AUDITOR = (PersonRegistered(person_id="kiem", name="Hồ Kiểm"), RoleGranted(person_id="kiem", role="auditor"))


def state(
    unit: UnitRef = SCIENCE, lead: str | None = None, with_units: Iterable[UnitRef] = (), urgent: bool = False
) -> TaskState:
    """The task of one unit."""
    order = directive(1, unit, lead=lead, with_units=with_units).model_copy(update={"urgent": urgent})
    (found,) = of_directive("m-1", order, place())
    return replace(found, task_id=TASK)


def told(
    event: TaskEvent,
    actor: str = "person.binh",
    task: TaskState | None = None,
    watchers: Iterable[str] = (),
    *more: EventData,
) -> dict[str, Notification]:
    """What each person is told of something that happens to a task."""
    before = task or state()
    at = place(actor)
    change = Change(before, evolve(before, event, at), frozenset(watchers))
    return by_person(decisions(Case(at, event, "m-1", (change,)), People(department(*more))))


def by_person(found: Iterable[Notification]) -> dict[str, Notification]:
    """What each person is told; nobody is told twice."""
    listed = list(found)
    assert len({each.person_id for each in listed}) == len(listed)
    return {each.person_id: each for each in listed}


def after(*events: TaskEvent, actor: str = "person.giang") -> TaskState:
    """The task after these events."""
    found = state()
    for event in events:
        found = evolve(found, event, place(actor))
    return found


def test_the_office_decides_on_a_request_for_more_time() -> None:
    found = told(ExtensionRequested(task_id=TASK, until=DAY, reason="Chờ ý kiến."), "person.dung")
    assert found.keys() == {"binh"}
    assert (found["binh"].category, found["binh"].urgency) == ("decision", "important")


def test_whoever_asked_for_more_time_hears_of_the_answer_with_their_unit() -> None:
    asked = after(ExtensionRequested(task_id=TASK, until=DAY, reason="Chờ ý kiến."))
    for answer in (ExtensionGranted(task_id=TASK, until=DAY), ExtensionRefused(task_id=TASK, reason="Không.")):
        found = told(answer, task=asked)
        assert found["giang"].reasons == ("author",)
        assert found["dung"].reasons == ("responsible",)
        assert "binh" not in found


def test_the_office_accepts_and_whoever_handed_in_hears_of_it() -> None:
    submitted = CompletionSubmitted(task_id=TASK, note="Xong.")
    assert told(submitted, "person.giang")["binh"].category == "decision"
    for answer in (CompletionAccepted(task_id=TASK), CompletionReturned(task_id=TASK, reason="Thiếu phụ lục.")):
        found = told(answer, task=after(submitted))
        assert found.keys() == {"dung", "giang"}
        assert found["giang"].urgency == "important"


def test_a_deadline_that_moves_is_told_to_those_who_have_to_keep_it() -> None:
    found = told(
        DueDateSet(task_id=TASK, deadline=Deadline(date=DAY), reason="Họp lại."),
        task=state(lead="Vũ Hương Giang", with_units=[FINANCE]),
    )
    assert {person_id: each.reasons for person_id, each in found.items()} == {
        "dung": ("responsible",),
        "giang": ("lead",),
        "hoa": ("cooperator",),
    }
    assert (found["dung"].urgency, found["hoa"].urgency) == ("important", "routine")


def test_the_new_unit_is_given_a_task_and_the_old_one_hears_that_it_went() -> None:
    found = told(TaskReassigned(task_id=TASK, unit=FINANCE, reason="Đúng chức năng."))
    assert (found["hoa"].rule, found["hoa"].category) == ("task-reassigned", "assignment")
    assert (found["dung"].rule, found["dung"].category) == ("task-taken-over", "change")


def test_the_office_is_asked_about_a_unit_that_nobody_knows() -> None:
    found = told(TaskReassigned(task_id=TASK, unit=UNKNOWN, reason="Đơn vị mới."), "person.chau")
    assert found["binh"].reasons == ("unresolved",)


def test_units_that_join_and_leave_hear_of_it() -> None:
    before = state(with_units=[FINANCE])
    joins = CooperatorsChanged(
        task_id=TASK, cooperators=(NamedUnit(phrase=LABORATORY.name, unit=LABORATORY.id),), reason="Đổi."
    )
    found = told(joins, task=before)
    assert found["lan"].category == found["khanh"].category == "assignment"
    assert (found["hoa"].rule, found["dung"].rule) == ("cooperation-changed", "cooperation-changed")


def test_who_is_urged_on_hears_at_once() -> None:
    found = told(ReminderIssued(task_id=TASK), task=state(lead="Vũ Hương Giang"))
    assert {each.urgency for each in found.values()} == {"urgent"}
    assert found.keys() == {"dung", "giang"}


def test_a_cancelled_and_a_reopened_task_is_told_to_all_who_work_on_it() -> None:
    task = state(with_units=[FINANCE])
    for event in (TaskCancelled(task_id=TASK, reason="Đã hợp nhất."), TaskReopened(task_id=TASK, reason="Còn sót.")):
        assert told(event, task=task).keys() == {"dung", "hoa"}


def test_progress_is_routine_news_for_the_office_and_those_who_watch() -> None:
    found = told(ProgressReported(task_id=TASK, percent=40), "person.dung", watchers=["giang", "chau"])
    assert {person_id: each.reasons for person_id, each in found.items()} == {
        "binh": ("overseer",),
        "chau": ("watcher",),
        "giang": ("watcher",),
    }
    assert {each.urgency for each in found.values()} == {"routine"}


def test_a_unit_hears_what_others_remark_on_its_task_but_not_its_own_remarks() -> None:
    remark = CommentAdded(task_id=TASK, text="Đề nghị bổ sung số liệu.")
    assert told(remark, "person.binh").keys() == {"dung"}
    assert told(remark, "person.giang").keys() == {"binh"}


def test_taking_note_is_told_to_those_who_watch_alone() -> None:
    assert told(TaskAcknowledged(task_id=TASK), "person.dung") == {}
    assert told(TaskAcknowledged(task_id=TASK), "person.dung", watchers=["giang"]).keys() == {"giang"}


def test_who_watches_but_may_not_see_the_task_any_more_hears_nothing() -> None:
    assert "lan" not in told(TaskAcknowledged(task_id=TASK), "person.dung", watchers=["lan"])


def test_who_left_hears_nothing_whatever_named_them() -> None:
    left = PersonLeft(person_id="giang")
    asked = after(ExtensionRequested(task_id=TASK, until=DAY, reason="Chờ."))
    named = replace(asked, lead="Vũ Hương Giang")
    assert "giang" not in told(ExtensionGranted(task_id=TASK, until=DAY), "person.binh", named, ["giang"], left)


def test_an_urgent_directive_is_more_urgent_for_those_whom_it_obliges() -> None:
    order = directive(1, SCIENCE, with_units=[FINANCE]).model_copy(update={"urgent": True})
    found = by_person(decisions(concluded(notice(order)), People(department())))
    assert {person_id: each.urgency for person_id, each in found.items()} == {
        "dung": "urgent",
        "hoa": "routine",
        "binh": "routine",
    }


def test_of_several_tasks_the_most_urgent_sets_the_pace() -> None:
    urgent = directive(2, SCIENCE).model_copy(update={"urgent": True})
    found = by_person(decisions(concluded(notice(directive(1, SCIENCE), urgent)), People(department())))
    assert (found["dung"].urgency, len(found["dung"].mentions)) == ("urgent", 2)


def test_a_correction_is_one_message_that_lists_every_task_it_touched() -> None:
    moved = Change(state(SCIENCE), replace(state(FINANCE), task_id="t-1"))
    later = Change(state(SCIENCE), replace(state(SCIENCE), task_id="t-2", due=DAY))
    new = Change(None, replace(state(LABORATORY), task_id="t-3"))
    corrected = ConclusionCorrected(meeting_id="m-1", reason="Đọc nhầm.")
    case = Case(place("person.binh"), corrected, "m-1", (moved, later, new), "person.giang")
    found = by_person(decisions(case, People(department())))
    assert [mention.task_id for mention in found["dung"].mentions] == ["t-1", "t-2"]
    assert [mention.task_id for mention in found["hoa"].mentions] == ["t-1"]
    assert [mention.task_id for mention in found["lan"].mentions] == ["t-3"]
    assert found["giang"].reasons == ("author",)
    assert "binh" not in found


def test_a_number_that_is_entered_later_is_told_to_whoever_published_alone() -> None:
    corrected = ConclusionCorrected(meeting_id="m-1", reason="Vào số.")
    case = Case(place("person.binh"), corrected, "m-1", (), "person.giang")
    assert by_person(decisions(case, People(department()))).keys() == {"giang"}


def test_a_revoked_notice_is_told_to_all_whose_tasks_went_with_it() -> None:
    gone = Change(state(with_units=[FINANCE]), replace(state(with_units=[FINANCE]), status="cancelled"))
    revoked = ConclusionRevoked(meeting_id="m-1", reason="Ban hành nhầm.")
    case = Case(place("client.van-thu"), revoked, "m-1", (gone,), "person.giang")
    found = by_person(decisions(case, People(department())))
    assert found.keys() == {"dung", "hoa", "giang", "binh"}


def test_a_held_notice_waits_for_the_office() -> None:
    reading = notice(directive(1, SCIENCE)).model_dump()
    case = Case(place(), ConclusionHeld.model_validate(reading), "m-1", author="client.tests")
    (found,) = decisions(case, People(department()))
    assert (found.person_id, found.category, found.mentions) == ("binh", "decision", ())


def test_auditors_get_each_checkpoint_and_hear_of_repairs_at_once() -> None:
    issued = CheckpointIssued(key_id="k", size=10, root="0" * 64, note="note")
    repaired = RecordRepaired(
        side="ledger", restored_from="log", first=1, last=2, count=1, damage=("changed",), known_good=0
    )
    people = People(department(*AUDITOR))
    (checkpoint,) = decisions(Case(place("service.tasks"), issued), people)
    (repair,) = decisions(Case(place("service.tasks"), repaired), people)
    assert (checkpoint.person_id, checkpoint.category, checkpoint.urgency) == ("kiem", "record", "routine")
    assert repair.urgency == "urgent"


def test_nobody_is_told_of_what_stands_before_the_rules_that_an_upgrade_brought() -> None:
    event = ExtensionRequested(task_id=TASK, until=DAY, reason="Chờ.")
    case = Case(place("person.dung", sequence=100), event, "m-1", (Change(state(), state()),))
    people = People(department())
    assert decisions(case, people, Adopted({2: 100})) == ()
    assert decisions(case, people, Adopted({2: 99}))
    assert decisions(
        replace(concluded(notice(directive(1, SCIENCE))), place=place(sequence=1)), people, Adopted({2: 9})
    )


def test_every_rule_has_a_name_of_its_own_and_an_event_of_the_catalogue() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.event in CATALOGUE.models.values()
        assert rule.event.type.split(".")[1] in EVENTS
        assert rule.told
        assert rule.words.vi != rule.words.en
        assert {reason for reason, _, _ in rule.told} <= set(STRENGTH)


IDS = [person_id for person_id, *_ in PEOPLE]
UNITS = (OFFICE, SCIENCE, FINANCE, LABORATORY, UNKNOWN)
EVENTS_OF_TASKS: tuple[TaskEvent, ...] = (
    TaskAcknowledged(task_id=TASK),
    ProgressReported(task_id=TASK, percent=10),
    CompletionSubmitted(task_id=TASK, note="Xong."),
    CompletionAccepted(task_id=TASK),
    CompletionReturned(task_id=TASK, reason="Thiếu."),
    ExtensionRequested(task_id=TASK, until=DAY, reason="Chờ."),
    ExtensionGranted(task_id=TASK, until=DAY),
    ExtensionRefused(task_id=TASK, reason="Không."),
    DueDateSet(task_id=TASK, reason="Bỏ hạn."),
    TaskReassigned(task_id=TASK, unit=FINANCE, lead=NamedPerson(name="Bùi Ngọc Lan"), reason="Đổi."),
    CooperatorsChanged(task_id=TASK, cooperators=(NamedUnit(phrase="TTKĐ", unit=LABORATORY.id),), reason="Đổi."),
    ReminderIssued(task_id=TASK),
    TaskCancelled(task_id=TASK, reason="Huỷ."),
    TaskReopened(task_id=TASK, reason="Lại."),
    CommentAdded(task_id=TASK, text="Ý kiến."),
)


@given(
    history=st.lists(st.tuples(st.sampled_from(EVENTS_OF_TASKS), st.sampled_from(IDS)), min_size=1, max_size=12),
    unit=st.sampled_from(UNITS),
    cooperating=st.sets(st.sampled_from(UNITS[:4])),
    watchers=st.sets(st.sampled_from(IDS)),
    moved=st.sampled_from(IDS),
)
def test_nobody_hears_of_their_own_act_or_twice_of_one_whatever_happens(
    history: list[tuple[TaskEvent, str]],
    unit: UnitRef,
    cooperating: set[UnitRef],
    watchers: set[str],
    moved: str,
) -> None:
    people = People(department(PersonPlaced(person_id=moved, unit_id=FINANCE.id)))
    before = state(unit, "Vũ Hương Giang", sorted(cooperating, key=lambda each: each.id))
    for event, person_id in history:
        at = place(f"person.{person_id}")
        task = evolve(before, event, at)
        case = Case(at, event, "m-1", (Change(before, task, frozenset(watchers)),))
        found = by_person(decisions(case, people))
        assert person_id not in found
        assert decisions(case, people) == tuple(found.values())
        assert all(each.mentions for each in found.values())
        before = task
