"""What the log lacks of a file."""

import pytest

from shared.directory.changes import BelowItself, NameTaken, UnknownUnit, changes
from shared.directory.directory import Directory
from shared.directory.file import DirectoryFile, PersonEntry, UnitEntry
from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, RoleGranted, RoleRevoked
from shared.events.unit import UnitAliasAdded, UnitClassAdded, UnitMoved, UnitRegistered, UnitRenamed

OFFICE = UnitEntry(id="van-phong", name="Văn phòng Sở", aliases=("VP",), classes=("Các phòng",))
HA = PersonEntry(id="ha", name="Phạm Thu Hà", unit="van-phong", position="Chánh Văn phòng", roles=("office",))
FILE = DirectoryFile((OFFICE,), (HA,))


def after(file: DirectoryFile) -> Directory:
    """A directory that says what a file says."""
    directory = Directory()
    for change in changes(file, directory):
        for event in change.events:
            directory.apply(event)
    return directory


def test_an_empty_directory_lacks_everything() -> None:
    office, ha = changes(FILE, Directory())

    assert office.subject == "unit.van-phong"
    assert office.events == (
        UnitRegistered(unit_id="van-phong", name="Văn phòng Sở", aliases=("VP",), classes=("Các phòng",)),
    )
    assert ha.events == (
        PersonRegistered(person_id="ha", name="Phạm Thu Hà"),
        PersonPlaced(person_id="ha", unit_id="van-phong", position="Chánh Văn phòng"),
        RoleGranted(person_id="ha", role="office"),
    )


def test_the_same_file_again_lacks_nothing() -> None:
    assert changes(FILE, after(FILE)) == ()


def test_only_what_differs_is_written() -> None:
    office = UnitEntry(id="van-phong", name="Văn phòng", aliases=("VP", "VPS"), classes=("Các phòng", "Các đơn vị"))
    ha = HA.model_copy(update={"position": "Phó Chánh Văn phòng", "roles": ("unit_lead",)})

    of_office, of_ha = changes(DirectoryFile((office,), (ha,)), after(FILE))

    assert of_office.events == (
        UnitRenamed(unit_id="van-phong", name="Văn phòng"),
        UnitAliasAdded(unit_id="van-phong", alias="VPS"),
        UnitClassAdded(unit_id="van-phong", unit_class="Các đơn vị"),
    )
    assert of_ha.events == (
        PersonPlaced(person_id="ha", unit_id="van-phong", position="Phó Chánh Văn phòng"),
        RoleGranted(person_id="ha", role="unit_lead"),
        RoleRevoked(person_id="ha", role="office"),
    )


def test_roles_that_a_file_does_not_mention_stay() -> None:
    assert changes(DirectoryFile((), (HA.model_copy(update={"roles": None}),)), after(FILE)) == ()


def test_units_and_people_that_a_file_leaves_out_stay() -> None:
    assert changes(DirectoryFile((), ()), after(FILE)) == ()


def test_mail_addresses_become_no_event() -> None:
    with_mail = DirectoryFile((), (HA.model_copy(update={"mail": "ha@so.example"}),))

    assert changes(with_mail, after(FILE)) == ()


@pytest.mark.parametrize(
    "file",
    [
        DirectoryFile((OFFICE.model_copy(update={"parent": "nobody"}),), ()),
        DirectoryFile((OFFICE,), (HA.model_copy(update={"unit": "nobody"}),)),
    ],
)
def test_a_unit_that_nobody_knows_is_refused(file: DirectoryFile) -> None:
    with pytest.raises(UnknownUnit):
        changes(file, Directory())


@pytest.mark.parametrize("name", ["VĂN PHÒNG SỞ", "vp"])
def test_a_name_that_finds_another_unit_is_refused(name: str) -> None:
    namesake = UnitEntry(id="van-phong-2", name=name, aliases=(), classes=())
    with pytest.raises(NameTaken) as refusal:
        changes(DirectoryFile((namesake,), ()), after(FILE))
    assert refusal.value.owner_id == "van-phong"


def test_whoever_left_leaves_once_and_comes_back_with_the_roles_that_the_file_gives() -> None:
    gone = DirectoryFile((OFFICE,), (HA.model_copy(update={"left": True}),))
    directory = after(FILE)

    (left,) = changes(gone, directory)
    assert left.events == (PersonLeft(person_id="ha"),)
    directory.apply(left.events[0])
    assert changes(gone, directory) == ()
    assert directory.members("van-phong") == directory.holders("office") == ()

    (back,) = changes(FILE, directory)
    assert back.events == (
        PersonRegistered(person_id="ha", name="Phạm Thu Hà"),
        RoleGranted(person_id="ha", role="office"),
    )


def test_somebody_whom_nobody_knew_cannot_leave() -> None:
    assert changes(DirectoryFile((), (PersonEntry(id="x", name="X", left=True),)), Directory()) == ()


def test_a_unit_that_stands_elsewhere_in_the_file_moves_and_one_without_a_parent_stays() -> None:
    above, below = UnitEntry(id="so", name="Sở Khoa học"), OFFICE.model_copy(update={"parent": "so"})
    known = after(DirectoryFile((above, OFFICE), ()))

    (moved,) = changes(DirectoryFile((above, below), ()), known)

    assert moved.events == (UnitMoved(unit_id="van-phong", parent_id="so"),)
    assert changes(DirectoryFile((above, OFFICE), ()), after(DirectoryFile((above, below), ()))) == ()


def test_units_that_stand_above_one_another_are_refused() -> None:
    round_and_round = (
        UnitEntry(id="so", name="Sở Khoa học", parent="van-phong"),
        OFFICE.model_copy(update={"parent": "so"}),
    )

    with pytest.raises(BelowItself):
        changes(DirectoryFile(round_and_round, ()), Directory())
