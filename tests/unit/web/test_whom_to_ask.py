"""Whom a page names to somebody who was refused."""

from shared.directory.directory import Directory, Person
from shared.identity.caller import Caller
from shared.identity.refusals import NotAllowed
from shared.problems import NotFound
from shared.web.whom_to_ask import whom_to_ask

PEOPLE = [
    Person("an", "An", "khtc", roles=frozenset({"unit_lead"})),
    Person("binh", "Bình", "van-phong", roles=frozenset({"unit_lead"})),
    Person("chi", "Chi", roles=frozenset({"office"}), left=True),
    Person("dung", "Dung", roles=frozenset({"administrator"})),
]
DIRECTORY = Directory(people={person.id: person for person in PEOPLE})
CALLER = Caller("person.ha", "Hà", "ha", frozenset({"auditor"}), frozenset({"van-phong"}))


def named(problem: NotAllowed | NotFound) -> list[tuple[str, list[str]]]:
    """The roles in English, each with the names of who holds it."""
    return [(each.role.en, [person.name for person in each.people]) for each in whom_to_ask(DIRECTORY, CALLER, problem)]


def test_people_of_ones_own_unit_come_first_and_who_keeps_roles_last() -> None:
    found = named(NotAllowed("Hà", "acknowledge"))
    assert ("who leads the unit", ["Bình", "An"]) in found
    assert found[-1] == ("an administrator", ["Dung"])


def test_whoever_left_is_asked_for_nothing() -> None:
    assert ("the office", []) in named(NotAllowed("Hà", "publish-conclusions"))


def test_nobody_can_help_where_there_is_nothing() -> None:
    assert named(NotFound(what="/x")) == []
