"""What a notice says of itself and of its meeting, in the layouts that offices use."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.reading.closing import Closing, closing_of
from services.intake.reading.opening import Opening, opening_of
from services.intake.reading.people import people_in
from services.intake.reading.sections import sections_of
from services.intake.reading.text import lines_of
from tests.unit.reading.layouts import LAYOUTS, Layout


def fields_of(text: str) -> tuple[Opening, Closing]:
    lines = lines_of(text)
    sections = sections_of(text, lines)
    return opening_of(text, sections.opening or lines[:1], sections.body), closing_of(
        text, sections.closing, sections.body
    )


layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())


@layouts
def test_the_lowest_body_of_the_letterhead_is_the_issuer(layout: Layout) -> None:
    assert fields_of(layout.text)[0].issuer == layout.issuer


@layouts
def test_number_and_day_of_issue_are_read_and_blanks_stay_blank(layout: Layout) -> None:
    opening = fields_of(layout.text)[0]
    assert opening.number == layout.number
    assert (str(opening.issued_on) if opening.issued_on else None) == layout.issued_on


@layouts
def test_the_meeting_was_held_on_its_first_day(layout: Layout) -> None:
    assert str(fields_of(layout.text)[0].held_on) == layout.held_on


@layouts
def test_the_person_who_concluded_is_named_without_titles(layout: Layout) -> None:
    chair = fields_of(layout.text)[0].concluded_by
    assert chair is not None
    assert chair.name == layout.concluded_by


@layouts
def test_the_people_present_are_named_and_the_chair_is_not_among_them(layout: Layout) -> None:
    assert tuple(person.name for person in fields_of(layout.text)[0].attendees) == layout.present


@layouts
def test_the_signer_stands_under_the_authority(layout: Layout) -> None:
    signer = fields_of(layout.text)[1].signed_by
    assert signer is not None
    assert signer.name == layout.signed_by


def test_the_signer_keeps_the_whole_chain_of_authority() -> None:
    signer = fields_of(LAYOUTS["table with lines in its cells"].text)[1].signed_by
    assert signer is not None
    assert signer.position == "TL. CHỦ TỊCH KT. CHÁNH VĂN PHÒNG PHÓ CHÁNH VĂN PHÒNG"


def test_recipients_are_listed_without_the_file_copy() -> None:
    assert fields_of(LAYOUTS["power company with a list of people"].text)[1].recipients == (
        "Ban Giám đốc",
        "Các đơn vị",
    )


def test_positions_stand_with_the_people() -> None:
    present = fields_of(LAYOUTS["no letterhead"].text)[0].attendees
    assert [(person.name, person.position) for person in present] == [
        ("Lường Văn Thưởng", None),
        ("Cà Thị Hiên", "Phó Chủ tịch UBND huyện"),
        ("Vừ A Lử", "Trưởng phòng Dân tộc"),
    ]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Phó Giám đốc Sở Nguyễn Văn An và bà Marit Lindqvist", ["Nguyễn Văn An", "Marit Lindqvist"]),
        ("PGS.TS. Trần Thị Bích, BSCKII. Ông Văn Lộc - Trưởng khoa", ["Trần Thị Bích", "Ông Văn Lộc"]),
        ("Chủ tịch UBND tỉnh Sơn Hà Lê Văn Bền chủ trì", ["Lê Văn Bền"]),
        ("Chủ tịch UBND thành phố Hồ Chí Minh chủ trì", []),
        ("Sở Tài chính, Sở Nông nghiệp và Môi trường, Văn phòng Chính phủ", []),
        (
            "Mr. Henrik Aaltonen (Head), Dr. J. P. Morrow and the Executive Secretary",
            ["Henrik Aaltonen", "J. P. Morrow"],
        ),
    ],
)
def test_people_are_told_from_bodies_and_places(words: str, names: list[str]) -> None:
    assert [person.name for person in people_in(words)] == names


@pytest.mark.parametrize(
    "unit", ["Số: ", "ngày ", "Nguyễn ", "chủ trì ", "tham dự ", "| ", "- A\n", "GIÁM ĐỐC\n", "1/1/2026 "]
)
def test_long_hostile_texts_are_answered_soon(unit: str) -> None:
    began = time.monotonic()
    fields_of("THÔNG BÁO\n" + unit * (200_000 // len(unit)))
    assert time.monotonic() - began < 3


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    if lines_of(text):
        fields_of(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from([line for each in LAYOUTS.values() for line in each.text.splitlines()]), max_size=40))
def test_shuffled_lines_are_answered(lines: list[str]) -> None:
    if lines_of("\n".join(lines)):
        fields_of("\n".join(lines))
