"""What is asked of the directory, what it leads to, and what its lists show."""

import pytest

from services.tasks.directory import refusals
from services.tasks.directory.commands import (
    AddAlias,
    CloseUnit,
    Leave,
    MoveUnit,
    PlacePerson,
    RegisterPerson,
    RegisterUnit,
    RemoveAlias,
    RenameUnit,
    ReopenUnit,
    Return,
    RevokeRole,
)
from services.tasks.directory.decision import id_from, of_person, of_unit, registered_person, registered_unit
from services.tasks.directory.listing import key_of_unit, page_of, person_rows, unit_rows
from shared.directory.changes import DirectoryEvent
from shared.directory.directory import Directory
from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, RoleGranted, RoleRevoked
from shared.events.unit import UnitAliasRemoved, UnitClosed, UnitMoved, UnitRegistered


@pytest.fixture
def directory() -> Directory:
    """A department: an office, a division with a group below it, and people."""
    found = Directory()
    events: list[DirectoryEvent] = [
        UnitRegistered(unit_id="so", name="Sở Khoa học"),
        UnitRegistered(unit_id="vp", name="Văn phòng Sở", parent_id="so", aliases=("VPS",)),
        UnitRegistered(unit_id="khtc", name="Phòng Kế hoạch - Tài chính", parent_id="so"),
        UnitRegistered(unit_id="to", name="Tổ Kế toán", parent_id="khtc"),
        PersonRegistered(person_id="ha", name="Phạm Thu Hà"),
        PersonPlaced(person_id="ha", unit_id="khtc"),
        RoleGranted(person_id="ha", role="administrator"),
    ]
    return after(found, tuple(events))


def after(directory: Directory, events: tuple[DirectoryEvent, ...]) -> Directory:
    """The directory once these happened."""
    for event in events:
        directory.apply(event)
    return directory


def test_an_id_is_told_from_a_name() -> None:
    assert id_from("Phòng Kế hoạch - Tài chính") == "phong-ke-hoach-tai-chinh"
    assert id_from("Uỷ ban <b>nhân dân</b>") == "uy-ban-b-nhan-dan-b"
    with pytest.raises(refusals.IdNeeded):
        id_from("企画")


def test_a_unit_is_registered_below_one_that_is_named_and_no_name_finds_two(directory: Directory) -> None:
    asked = RegisterUnit(name="Thanh tra Sở", parent="Văn phòng Sở", aliases=("TTr",), classes=("Các phòng",))

    assert registered_unit(asked, directory) == UnitRegistered(
        unit_id="thanh-tra-so", name="Thanh tra Sở", parent_id="vp", aliases=("TTr",), classes=("Các phòng",)
    )
    with pytest.raises(refusals.NameTaken) as taken:
        registered_unit(RegisterUnit(name="Phòng khác", aliases=("vps",)), directory)
    assert taken.value.field == "aliases"
    with pytest.raises(refusals.IdTaken):
        registered_unit(RegisterUnit(name="Phòng khác", id="vp"), directory)
    with pytest.raises(refusals.UnitUnknown):
        registered_unit(RegisterUnit(name="Phòng khác", parent="Sở Tài chính"), directory)


def test_a_unit_moves_and_never_below_itself(directory: Directory) -> None:
    (moved,) = of_unit("to", MoveUnit(parent="vp"), directory)

    assert moved == UnitMoved(unit_id="to", parent_id="vp")
    assert after(directory, (moved,)).subtree("vp") == {"vp", "to"}
    assert of_unit("to", MoveUnit(parent="vp"), directory) == ()
    with pytest.raises(refusals.BelowItself):
        of_unit("so", MoveUnit(parent="to"), directory)
    assert of_unit("vp", MoveUnit(parent=None), directory) == (UnitMoved(unit_id="vp"),)


def test_a_name_that_was_removed_finds_the_unit_no_longer_and_its_own_stays(directory: Directory) -> None:
    events = of_unit("vp", RemoveAlias(alias="VPS"), directory)

    assert events == (UnitAliasRemoved(unit_id="vp", alias="VPS"),)
    assert after(directory, events).named("VPS") == ()
    with pytest.raises(refusals.OwnName):
        of_unit("vp", RemoveAlias(alias="Văn phòng Sở"), directory)
    assert of_unit("khtc", AddAlias(alias="VPS"), directory) != ()


def test_a_former_name_still_finds_the_unit(directory: Directory) -> None:
    after(directory, of_unit("vp", RenameUnit(name="Văn phòng"), directory))

    assert [unit.id for unit in directory.named("Văn phòng Sở")] == ["vp"]


def test_a_unit_is_closed_once_nobody_is_in_it_and_opens_again_as_it_was(directory: Directory) -> None:
    with pytest.raises(refusals.UnitInUse):
        of_unit("khtc", CloseUnit(), directory)
    before = directory.units["to"]
    events = of_unit("to", CloseUnit(), directory)

    assert events == (UnitClosed(unit_id="to"),)
    assert [row.unit.id for row in unit_rows(after(directory, events), closed=True)] == ["to"]
    with pytest.raises(refusals.UnitIsClosed):
        of_person("ha", PlacePerson(unit="to"), directory)
    assert after(directory, of_unit("to", ReopenUnit(), directory)).units["to"] == before


def test_a_person_is_registered_with_their_place_and_roles(directory: Directory) -> None:
    asked = RegisterPerson(id="an", name="Lê An", unit="VPS", position="Chuyên viên", roles=("staff", "staff"))

    assert registered_person(asked, directory) == (
        PersonRegistered(person_id="an", name="Lê An"),
        PersonPlaced(person_id="an", unit_id="vp", position="Chuyên viên"),
        RoleGranted(person_id="an", role="staff"),
    )
    with pytest.raises(refusals.IdTaken):
        registered_person(RegisterPerson(id="ha", name="Lê Hà"), directory)


def test_the_last_administrator_keeps_the_role(directory: Directory) -> None:
    for command in (RevokeRole(role="administrator"), Leave()):
        with pytest.raises(refusals.LastAdministrator):
            of_person("ha", command, directory)
    second = RegisterPerson(id="an", name="Lê An", roles=("administrator",))
    after(directory, registered_person(second, directory))

    assert of_person("ha", RevokeRole(role="administrator"), directory) == (
        RoleRevoked(person_id="ha", role="administrator"),
    )
    assert of_person("ha", Leave(), directory) == (PersonLeft(person_id="ha"),)


def test_who_left_holds_nothing_until_they_are_back(directory: Directory) -> None:
    after(directory, registered_person(RegisterPerson(id="an", name="Lê An", roles=("staff",)), directory))
    after(directory, of_person("an", Leave(), directory))

    with pytest.raises(refusals.PersonIsGone):
        of_person("an", PlacePerson(unit="vp"), directory)
    after(directory, of_person("an", Return(), directory))
    assert (directory.people["an"].left, directory.people["an"].roles) == (False, frozenset())


def test_units_stand_behind_the_one_above_them_page_by_page(directory: Directory) -> None:
    first, more = page_of(unit_rows(directory), None, 3)
    rest, no_more = page_of(unit_rows(directory), key_of_unit(directory, first[-1].unit.id), 3)

    assert [row.unit.id for row in first + rest] == ["so", "khtc", "to", "vp"]
    assert (more, no_more) == (True, False)


@pytest.mark.parametrize("wanted", ["ke toan", "Kế toán", "KẾ TOÁN tổ"])
def test_units_are_found_with_and_without_diacritics(directory: Directory, wanted: str) -> None:
    assert [row.unit.id for row in unit_rows(directory, wanted)] == ["to"]


def test_who_types_diacritics_means_them_where_anything_bears_them(directory: Directory) -> None:
    after(directory, registered_person(_person("ha2"), directory))

    assert [row.person.id for row in person_rows(directory, "hà")] == ["ha"]
    assert [row.person.id for row in person_rows(directory, "ha")] == ["ha", "ha2"]


def _person(person_id: str) -> RegisterPerson:
    return RegisterPerson(id=person_id, name="Lê Hạ", unit="to")


def test_people_are_listed_by_given_name_and_of_a_unit_with_those_below_it(directory: Directory) -> None:
    for each in (_person("z"), RegisterPerson(id="b", name="Vũ An", unit="vp", roles=("office",))):
        after(directory, registered_person(each, directory))

    rows, _ = page_of(person_rows(directory), None, 10)
    assert [row.person.id for row in rows] == ["b", "z", "ha"]
    assert {row.person.id for row in person_rows(directory, unit_id="khtc")} == {"ha", "z"}
    assert [row.person.id for row in person_rows(directory, role="office")] == ["b"]
