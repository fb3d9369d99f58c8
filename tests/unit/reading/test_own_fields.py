"""What a notice says of itself and of its meeting, in the layouts that offices use."""

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.reading.fields.attendance import attendees_in
from services.intake.reading.fields.chair import chair_in
from services.intake.reading.fields.closing import Closing, closing_of
from services.intake.reading.fields.meeting_day import held_on_in
from services.intake.reading.fields.opening import Opening, opening_of
from services.intake.reading.layout.sections import sections_of
from services.intake.reading.people.people import people_in
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
    ("told", "name", "position"),
    [
        ("Ngày 5/3/2026, Giám đốc Sở Lê An chủ trì họp.", "Lê An", "Giám đốc Sở"),
        ("Ngày 5/3/2026, Trung tướng, PGS.TS Nguyễn Văn Hoạt, Giám đốc Học viện chủ trì.", "Nguyễn Văn Hoạt", None),
        ("Cuộc họp do đồng chí Thào Seo Lử, Bí thư Đảng ủy chủ trì.", "Thào Seo Lử", "Bí thư Đảng ủy"),
        ("Họp dưới sự chủ trì của bà Phùng Khánh Ly – Phó Giám đốc.", "Phùng Khánh Ly", "Phó Giám đốc"),
        ("Chủ trì: Đ/c Lò Thị Én - Bí thư Đảng ủy. Tham dự: Đ/c Sùng A Dơ.", "Lò Thị Én", "Bí thư Đảng ủy"),
        ("Ông Tạ Minh Đức, Chủ tịch và bà Hà Thu, Phó Chủ tịch đồng chủ trì.", "Tạ Minh Đức", "Chủ tịch"),
        ("Sau khi nghe báo cáo của ông Lê Bá Phú, Giám đốc Trần Thanh Tâm kết luận:", "Trần Thanh Tâm", "Giám đốc"),
        ("Mr. Doan Huu Tri, Director of the Unit, chaired the meeting.", "Doan Huu Tri", "Director of the Unit"),
        ("The Chair, Ms. Lindiwe van der Merwe, opened the meeting.", "Lindiwe van der Merwe", None),
        ("The meeting was chaired by Prof. Ana Ruiz-Lopez.", "Ana Ruiz-Lopez", None),
    ],
)
def test_the_chair_is_named_in_many_ways(told: str, name: str, position: str | None) -> None:
    chair = chair_in(told, "")
    assert chair is not None
    assert chair.name == name
    assert position is None or chair.position == position


def test_a_name_in_the_title_is_the_chair_where_nothing_else_tells() -> None:
    chair = chair_in("Cuộc họp thống nhất như sau:", "KẾT LUẬN CỦA ĐỒNG CHÍ LƯU HOÀNG PHÚC, BÍ THƯ, TẠI HỘI NGHỊ")
    assert chair is not None
    assert chair.name == "LƯU HOÀNG PHÚC"


def test_who_stayed_away_was_not_present() -> None:
    told = "Tham dự: ông Phạm Quốc Việt, bà Đoàn Thị Hạnh (vắng có lý do). Vắng: ông Bùi Văn Cường."
    assert [person.name for person in attendees_in(told)] == ["Phạm Quốc Việt"]


@pytest.mark.parametrize(
    ("told", "title", "held_on"),
    [
        ("Ngày 05 và 06/3/2026, Hội nghị họp.", "", dt.date(2026, 3, 5)),
        ("Thực hiện Kế hoạch số 5/KH-X ngày 01/01/2026, ngày 05/3/2026 Sở họp.", "", dt.date(2026, 3, 5)),
        ("Hồi 14h00, ngày 05/3/2026, họp.", "", dt.date(2026, 3, 5)),
        ("Từ ngày 30/3 đến ngày 02/4/2026, Hội nghị họp.", "", dt.date(2026, 3, 30)),
        ("Ngày 05/3, Giám đốc chủ trì họp.", "Kết luận giao ban tháng 3/2026", dt.date(2026, 3, 5)),
        ("Giám đốc kết luận như sau:", "Kết luận cuộc họp ngày 05/3/2026", dt.date(2026, 3, 5)),
        ("The Board met on March 5-6, 2026.", "", dt.date(2026, 3, 5)),
        ("The session was held from 30 March to 2 April 2026.", "", dt.date(2026, 3, 30)),
        ("Theo Quyết định số 12/QĐ-UBND ngày 05/3/2026.", "", None),
    ],
)
def test_the_first_day_of_the_meeting_is_found(told: str, title: str, held_on: dt.date | None) -> None:
    assert held_on_in(told, title, None) == held_on


def test_the_stamp_of_whoever_received_the_notice_is_not_its_letterhead() -> None:
    text = (
        "SỞ NỘI VỤ\nSố:      /TB-SNV\nHải Vân, ngày     tháng 9 năm 2026\nCÔNG VĂN ĐẾN\nSố: 2291\nNgày: 21/9/2026\n"
        "THÔNG BÁO\nKết luận giao ban\nNgày 15/9/2026, Giám đốc Sở chủ trì họp.\n1. Văn phòng Sở\n- Rà soát.\n"
    )
    opening = fields_of(text)[0]
    assert (opening.number, opening.issued_on, opening.issuer) == (None, None, "SỞ NỘI VỤ")


def test_place_and_day_may_stand_at_the_end() -> None:
    text = (
        "THÔNG BÁO SỐ 19/TB-BĐH\nNgày 03/02/2026, Ban họp.\n1. Ban Kế hoạch\n- Lập phương án.\n"
        "Hải Đông, ngày 05 tháng 02 năm 2026\nTỔNG GIÁM ĐỐC\nVương Đình Lãm\n"
    )
    opening, closing = fields_of(text)
    assert opening.number == "19/TB-BĐH"
    assert closing.issued_on == dt.date(2026, 2, 5)


@pytest.mark.parametrize(
    "unit", ["Số: ", "ngày ", "Nguyễn ", "chủ trì ", "tham dự ", "| ", "- A\n", "GIÁM ĐỐC\n", "1/1/2026 "]
)
def test_long_hostile_texts_are_answered_soon(unit: str) -> None:
    began = time.process_time()
    fields_of("THÔNG BÁO\n" + unit * (200_000 // len(unit)))
    assert time.process_time() - began < 3


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
