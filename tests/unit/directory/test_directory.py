"""Which units a phrase means."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.directory.spelling import class_key, matching_key
from shared.events.catalogue import EventData
from shared.events.person import PersonPlaced, PersonRegistered, RoleGranted, RoleRevoked
from shared.events.unit import UnitAliasAdded, UnitClosed, UnitRegistered, UnitRenamed
from tests.examples import FINANCE, OFFICE


def directory(*events: EventData) -> Directory:
    """The directory of two units, and what happened since."""
    found = Directory()
    for event in (OFFICE, FINANCE, *events):
        found.apply(event)
    return found


def resolved(phrase: str, *events: EventData) -> list[str]:
    """Ids of the units that a phrase means."""
    return [unit.id for unit in Resolver(directory(*events)).resolve(phrase).units]


@pytest.mark.parametrize(
    "spelling",
    [
        "Phòng Kế hoạch - Tài chính",
        "Phòng Kế hoạch -Tài chính",
        "Phòng Kế hoạch-Tài chính",
        "PHÒNG KẾ HOẠCH – TÀI CHÍNH",
        unicodedata.normalize("NFD", "phòng kế hoạch - tài chính"),
        "P.KHTC",
        "P. KHTC",
        "Phòng Kế hoạch\u200b - Tài chính",
        "Ｐｈòng Kế hoạch - Tài chính",
    ],
)
def test_all_spellings_of_a_unit_find_it(spelling: str) -> None:
    assert resolved(spelling) == ["ke-hoach-tai-chinh"]


@pytest.mark.parametrize(("one", "other"), [("Uỷ ban", "Ủy ban"), ("Hoà Bình", "Hòa Bình"), ("khoẻ", "khỏe")])
def test_the_place_of_a_tone_mark_makes_no_difference(one: str, other: str) -> None:
    assert matching_key(one) == matching_key(other)


@pytest.mark.parametrize(("one", "other"), [("ma", "má"), ("cung", "cũng"), ("dau", "đau"), ("tuy", "tuỷ")])
def test_another_tone_or_letter_is_another_word(one: str, other: str) -> None:
    assert matching_key(one) != matching_key(other)


@pytest.mark.parametrize("phrase", ["Các phòng và đơn vị", "các phòng, đơn vị", "Phòng, đơn vị"])
def test_a_class_means_each_of_its_units(phrase: str) -> None:
    assert resolved(phrase) == ["van-phong", "ke-hoach-tai-chinh"]


def test_what_nobody_registered_means_nothing() -> None:
    assert resolved("Phòng Hành chính") == []


def test_a_name_of_two_units_means_neither() -> None:
    namesake = UnitRegistered(unit_id="van-phong-2", name="Văn phòng Sở")
    assert resolved("Văn phòng Sở", namesake) == []


def test_a_closed_unit_takes_no_work() -> None:
    assert resolved("Văn phòng Sở", UnitClosed(unit_id="van-phong")) == []
    assert resolved("Các phòng và đơn vị", UnitClosed(unit_id="van-phong")) == ["ke-hoach-tai-chinh"]


def test_a_former_name_and_a_learnt_alias_still_find_the_unit() -> None:
    history = (
        UnitRenamed(unit_id="van-phong", name="Phòng Tổng hợp"),
        UnitAliasAdded(unit_id="van-phong", alias="TH"),
    )
    for phrase in ("Văn phòng Sở", "Phòng Tổng hợp", "TH"):
        assert resolved(phrase, *history) == ["van-phong"]
    assert directory(*history).units["van-phong"].name == "Phòng Tổng hợp"


def test_people_are_in_the_unit_and_the_roles_that_they_have_now() -> None:
    found = directory(
        PersonRegistered(person_id="lan", name="Trần Thị Lan"),
        PersonPlaced(person_id="lan", unit_id="van-phong"),
        RoleGranted(person_id="lan", role="unit_lead"),
        RoleGranted(person_id="lan", role="office"),
        PersonPlaced(person_id="lan", unit_id="ke-hoach-tai-chinh", position="Trưởng phòng"),
        RoleRevoked(person_id="lan", role="office"),
    )
    assert [person.name for person in found.members("ke-hoach-tai-chinh")] == ["Trần Thị Lan"]
    assert found.members("van-phong") == ()
    assert found.holders("office") == ()
    assert [person.id for person in found.holders("unit_lead")] == ["lan"]


@given(st.text(max_size=60))
def test_composition_and_case_never_matter(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert matching_key(composed) == matching_key(decomposed)
    assert class_key(composed) == class_key(decomposed)
