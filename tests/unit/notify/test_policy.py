"""Who is told what, and why."""

from hypothesis import given
from hypothesis import strategies as st

from services.notify.policy.case import Mention, Notification
from services.notify.policy.decide import decisions
from services.notify.policy.people import People
from shared.directory.directory import Directory
from shared.events.fields import UnitRef
from shared.events.meeting import Assignee, MeetingConcluded
from shared.events.person import PersonPlaced, PersonRegistered
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
)


def told(
    meeting: MeetingConcluded, actor: str = "client.tests", directory: Directory | None = None
) -> dict[str, Notification]:
    """What each person is told."""
    found = decisions(concluded(meeting, actor), People(directory or department()))
    assert len({each.person_id for each in found}) == len(found)
    return {each.person_id: each for each in found}


def test_who_leads_the_responsible_unit_is_told() -> None:
    assert told(notice(directive(1, SCIENCE)))["dung"] == Notification(
        "dung",
        "meeting-concluded",
        "assignment",
        "important",
        ("responsible",),
        (Mention("m-1-1-khoa-hoc", "responsible"),),
    )


def test_staff_of_a_unit_that_somebody_leads_are_not_told() -> None:
    assert "giang" not in told(notice(directive(1, SCIENCE)))


def test_everybody_of_a_unit_that_nobody_leads_is_told() -> None:
    assert {"khanh", "lan"} <= told(notice(directive(1, LABORATORY))).keys()


def test_who_leads_a_cooperating_unit_is_told_why() -> None:
    assert told(notice(directive(1, SCIENCE, with_units=[FINANCE])))["hoa"].reasons == ("cooperator",)


def test_a_person_named_as_lead_is_found_however_the_name_is_spelt() -> None:
    found = told(notice(directive(1, SCIENCE, lead="lê  minh CHÂU")))
    assert found["chau"].reasons == ("lead",)


def test_two_people_of_one_name_leave_a_doubt_unless_one_is_in_the_unit() -> None:
    namesake = PersonRegistered(person_id="giang-2", name="Vũ Hương Giang")
    elsewhere = department(namesake, PersonPlaced(person_id="giang-2", unit_id=FINANCE.id))
    assert told(notice(directive(1, SCIENCE, lead="Vũ Hương Giang")), directory=elsewhere)["giang"].reasons == ("lead",)
    neither = told(notice(directive(1, LABORATORY, lead="Vũ Hương Giang")), directory=elsewhere)
    assert not {"giang", "giang-2"} & neither.keys()


def test_the_office_oversees_every_notice() -> None:
    assert told(notice(directive(1, SCIENCE)))["binh"].reasons == ("overseer",)


def test_the_office_is_asked_which_unit_is_meant() -> None:
    found = told(notice(directive(1, SCIENCE), directive(2, UNKNOWN)))["binh"]
    assert found.reasons == ("unresolved", "overseer")
    assert found.mentions == (Mention("m-1-1-khoa-hoc", "overseer"), Mention("m-1-2-tam-1", "unresolved"))


def test_a_leader_is_told_nothing_by_default() -> None:
    assert "chau" not in told(notice(directive(1, SCIENCE, OFFICE, FINANCE, LABORATORY)))


def test_a_person_is_told_once_of_a_notice_with_every_task_in_its_order() -> None:
    meeting = notice(directive(2, SCIENCE), directive(1, SCIENCE, FINANCE), directive(3, FINANCE, with_units=[SCIENCE]))
    assert told(meeting)["dung"].mentions == (
        Mention("m-1-1-khoa-hoc", "responsible"),
        Mention("m-1-2-khoa-hoc", "responsible"),
        Mention("m-1-3-tai-chinh", "cooperator"),
    )


def test_of_several_reasons_for_a_task_the_strongest_is_given() -> None:
    found = told(notice(directive(1, OFFICE, lead="Trần Thanh Bình", with_units=[OFFICE])))["binh"]
    assert (found.reasons, found.mentions) == (("responsible",), (Mention("m-1-1-van-phong", "responsible"),))


def test_two_phrases_for_one_unit_make_one_mention_of_its_task() -> None:
    order = directive(1, SCIENCE, FINANCE)
    (named,) = order.assignees
    again = Assignee(phrase="Phòng QLKH", tasks=named.tasks[:1])
    found = told(notice(order.model_copy(update={"assignees": (named, again)})))
    assert found["dung"].mentions == (Mention("m-1-1-khoa-hoc", "responsible"),)
    assert [mention.task_id for mention in found["binh"].mentions] == ["m-1-1-khoa-hoc", "m-1-1-tai-chinh"]


def test_nobody_is_told_of_their_own_act() -> None:
    assert "binh" in told(notice(directive(1, OFFICE)), actor="client.binh")
    assert "binh" not in told(notice(directive(1, OFFICE)), actor="person.binh")


def test_people_stand_in_the_same_order_every_time() -> None:
    meeting = notice(directive(1, SCIENCE, FINANCE, LABORATORY))
    people = [each.person_id for each in decisions(concluded(meeting), People(department()))]
    assert people == sorted(people)


UNITS = (OFFICE, SCIENCE, FINANCE, LABORATORY, UNKNOWN)


@given(
    orders=st.lists(
        st.tuples(st.sets(st.sampled_from(UNITS), min_size=1), st.sets(st.sampled_from(UNITS[:4]))), max_size=8
    ),
    actor=st.sampled_from(["client.tests", *(f"person.{person_id}" for person_id, *_ in PEOPLE)]),
)
def test_no_task_is_without_somebody_who_knows_of_it(
    orders: list[tuple[set[UnitRef], set[UnitRef]]], actor: str
) -> None:
    directives = [directive(number, *units, with_units=others) for number, (units, others) in enumerate(orders, 1)]
    found = told(notice(*directives), actor)
    assert actor.removeprefix("person.") not in found
    known = {mention.task_id for each in found.values() for mention in each.mentions}
    assert actor == "person.binh" or known == {
        f"m-1-{each.ordinal}-{task.unit.id}" for each in directives for task in each.assignees[0].tasks
    }
