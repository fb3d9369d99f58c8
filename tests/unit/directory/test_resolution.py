"""Which units a phrase of a notice means, how that was found, and what is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.directory.directory import Directory
from shared.directory.initials import abbreviates, words_of
from shared.directory.resolution import Resolver, is_slip
from shared.directory.spelling import matching_key
from shared.events.person import PersonPlaced, PersonRegistered
from shared.events.unit import UnitAliasAdded, UnitRegistered

UNITS = {
    "ubnd": "Ủy ban nhân dân tỉnh Hải Vân",
    "ttub": "Thường trực Ủy ban nhân dân tỉnh",
    "vpub": "Văn phòng Ủy ban nhân dân tỉnh",
    "khtc": "Phòng Kế hoạch - Tài chính",
    "tchc": "Phòng Tổ chức - Hành chính",
    "gddt": "Sở Giáo dục và Đào tạo",
    "khcn": "Sở Khoa học và Công nghệ",
    "stc": "Sở Tài chính",
    "bqlkcn": "Ban Quản lý Khu công nghiệp",
    "tan-an": "UBND xã Tân An",
    "binh-minh": "UBND xã Bình Minh",
    "phuong-dong": "UBND phường Đông Hải",
    "benh-vien": "Bệnh viện Đa khoa tỉnh",
    "le-loi": "Trường THPT Lê Lợi",
    "doi-1": "Đội Thanh tra số 1",
}


def resolver(*extra: UnitRegistered | UnitAliasAdded, **names: str) -> Resolver:
    """A resolver that knows these units besides the usual ones."""
    directory = Directory()
    for unit_id, name in (UNITS | names).items():
        directory.apply(UnitRegistered(unit_id=unit_id, name=name))
    for event in extra:
        directory.apply(event)
    return Resolver(directory)


def found(phrase: str, *extra: UnitRegistered | UnitAliasAdded, **names: str) -> tuple[list[str], str]:
    """Ids of the units that a phrase means, and how they were found."""
    resolution = resolver(*extra, **names).resolve(phrase)
    return [unit.id for unit in resolution.units], resolution.how


@pytest.mark.parametrize(
    ("phrase", "unit", "how"),
    [
        ("Phòng Kế hoạch – Tài chính", "khtc", "name"),
        ("Phòng Kế hoạch và Tài chính", "khtc", "name"),
        ("Sở Giáo dục & Đào tạo", "gddt", "name"),
        ("P.KHTC", "khtc", "abbreviation"),
        ("P. KH-TC", "khtc", "abbreviation"),
        ("Phòng KHTC", "khtc", "abbreviation"),
        ("PKHTC", "khtc", "abbreviation"),
        ("Sở GD&ĐT", "gddt", "abbreviation"),
        ("Sở GDĐT", "gddt", "abbreviation"),
        ("Sở KH&CN", "khcn", "abbreviation"),
        ("UBND tỉnh Hải Vân", "ubnd", "abbreviation"),
        ("TTUBND tỉnh", "ttub", "abbreviation"),
        ("VP UBND tỉnh", "vpub", "abbreviation"),
        ("BQL Khu công nghiệp", "bqlkcn", "abbreviation"),
        ("BQL KCN", "bqlkcn", "abbreviation"),
        ("Uỷ ban nhân dân xã Tân An", "tan-an", "abbreviation"),
        ("BVĐK tỉnh", "benh-vien", "abbreviation"),
        ("Giám đốc Sở Tài chính", "stc", "head"),
        ("đồng chí Trưởng phòng KHTC", "khtc", "head"),
        ("Chủ tịch UBND xã Tân An", "tan-an", "head"),
        ("Chánh Văn phòng UBND tỉnh", "vpub", "head"),
        ("Phòng Kế hoach - Tài chính", "khtc", "similar"),
        ("Phong Ke hoach - Tai chinh", "khtc", "similar"),
        ("Ban Quản lý Khu công ngiệp", "bqlkcn", "similar"),
    ],
)
def test_a_unit_is_found_however_it_is_written(phrase: str, unit: str, how: str) -> None:
    assert found(phrase) == ([unit], how)


@pytest.mark.parametrize(
    "phrase",
    [
        "Phòng Hành chính",
        "Sở Tư pháp",
        "Trường THPT Lê Lai",
        "UBND xã Tân Ân",
        "UBND xã Tân Ấn",
        "Đội Thanh tra số 2",
        "Sở Tài nguyên",
        "UBND",
        "P.",
        "TT",
        "",
        "Ban " * 80,
        "A" * 500,
    ],
)
def test_another_unit_is_never_taken_for_one_that_is_known(phrase: str) -> None:
    assert found(phrase)[0] == []


def test_initials_of_two_units_mean_neither() -> None:
    assert found("Phòng TC", tc="Phòng Tài chính", toc="Phòng Tổ chức") == ([], "ambiguous")


def test_a_slip_between_two_names_means_neither() -> None:
    assert found("Ban Nghiên cừu", nc="Ban Nghiên cứu", nc2="Ban Nghiên cưu")[0] == []


@pytest.mark.parametrize("phrase", ["Trần Thị Lan", "đồng chí Trần Thị Lan, Trưởng phòng", "Bà TRẦN THỊ LAN"])
def test_a_person_stands_for_their_unit(phrase: str) -> None:
    known = resolver()
    for event in (
        PersonRegistered(person_id="lan", name="Trần Thị Lan"),
        PersonPlaced(person_id="lan", unit_id="khtc"),
    ):
        known.directory.apply(event)
    resolution = known.resolve(phrase)
    assert ([unit.id for unit in resolution.units], resolution.how) == (["khtc"], "person")


def test_a_name_of_people_in_two_units_means_neither() -> None:
    known = resolver()
    for person, unit in (("lan", "khtc"), ("lan-2", "stc")):
        known.directory.apply(PersonRegistered(person_id=person, name="Trần Thị Lan"))
        known.directory.apply(PersonPlaced(person_id=person, unit_id=unit))
    assert known.resolve("Trần Thị Lan").units == ()


def test_an_alias_that_was_learnt_finds_its_unit_by_name() -> None:
    assert found("Bộ phận kế toán", UnitAliasAdded(unit_id="khtc", alias="Bộ phận Kế toán")) == (["khtc"], "name")


@pytest.mark.parametrize(
    "phrase",
    [
        "UBND các xã, phường",
        "UBND các phường, xã",
        "Ủy ban nhân dân các xã, phường",
        "UBND các xã, phường trên địa bàn tỉnh",
    ],
)
def test_all_units_of_a_kind_are_meant_by_the_plural(phrase: str) -> None:
    units, how = found(phrase)
    assert sorted(units) == ["binh-minh", "phuong-dong", "tan-an"]
    assert how == "kind"


def test_one_unit_is_no_kind() -> None:
    assert found("các bệnh viện")[0] == []


@pytest.mark.parametrize(
    "phrase",
    ["Các xã, phường", "các phường và xã", "UBND các xã, phường", "Tất cả các xã, phường trên địa bàn tỉnh"],
)
def test_a_class_of_the_directory_comes_before_kinds(phrase: str) -> None:
    town = UnitRegistered(unit_id="town", name="Thị trấn Hải", classes=("Các xã, phường", "UBND các xã, phường"))
    assert found(phrase, town) == (["town"], "class")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("phòng kế hoạch", "phòng kế hoạhc", False),
        ("phòng nghiệp vụ", "phòng ngiệp vụ", True),
        ("phòng 1", "phòng 2", False),
        ("xã an hòa", "xã an hoa", False),
        ("van phong", "văn phòng", True),
    ],
)
def test_a_slip_is_one_letter_of_a_long_word_or_marks_left_out(one: str, other: str, same: bool) -> None:
    assert is_slip(matching_key(one), matching_key(other)) is same


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_the_matching(one: str, other: str) -> None:
    assert abbreviates(words_of(one), words_of(other)) == abbreviates(words_of(other), words_of(one))
    resolver().resolve(other)


def test_a_phrase_that_lists_very_many_kinds_means_none_of_them() -> None:
    kinds = ", ".join(f"loại {number}" for number in range(40))
    assert found(f"Các sở, {kinds}") == ([], "unknown")
    assert found(f"Các{' ' * 400}sở") == (["gddt", "khcn", "stc"], "kind")
