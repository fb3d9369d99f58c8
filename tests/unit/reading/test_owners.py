"""On whom a passage lays a duty: what a unit would notice of its notice."""

import pytest

from services.intake.reading.duties.cooperation import cooperators_in
from services.intake.reading.duties.duty import duty_in
from services.intake.reading.duties.english import cooperators_in as english_cooperators_in
from services.intake.reading.duties.english import duty_in as english_duty_in
from services.intake.reading.duties.english import kind_of as english_kind_of
from services.intake.reading.duties.kinds import Tone, kind_of
from services.intake.reading.duties.reports import report_to_in
from services.intake.reading.owners.units import units_at


@pytest.mark.parametrize(
    ("clause", "owners"),
    [
        ("Giao Phòng Kế hoạch - Tài chính lập dự toán.", ("Phòng Kế hoạch - Tài chính",)),
        ("Phòng Quản lý đô thị kiểm tra trật tự xây dựng.", ("Phòng Quản lý đô thị",)),
        ("Sở Y tế chủ trì, phối hợp với Công an tỉnh xây dựng kế hoạch.", ("Sở Y tế",)),
        (
            "Đề nghị Ủy ban nhân dân các xã: An Phú, An Hòa rà soát.",
            ("Ủy ban nhân dân xã An Phú", "Ủy ban nhân dân xã An Hòa"),
        ),
        ("Các phòng, đơn vị gửi báo cáo về Văn phòng.", ("Các phòng, đơn vị",)),
        ("Văn phòng, Thanh tra Sở: rà soát quy chế.", ("Văn phòng", "Thanh tra Sở")),
        ("Chủ tịch UBND thành phố giao Sở Nội vụ tham mưu.", ("Sở Nội vụ",)),
        ("Ban Quản lý dự án yêu cầu nhà thầu tăng ca.", ("Ban Quản lý dự án",)),
        ("Trước ngày 10/3, Phòng Nội vụ hoàn thành danh sách.", ("Phòng Nội vụ",)),
        ("Từ tháng 6, tất cả các đơn vị sử dụng chữ ký số.", ("tất cả các đơn vị",)),
        ("Tổ chức tập huấn: Phòng An toàn thực hiện, Phòng Nhân sự phối hợp.", ("Phòng An toàn",)),
        ("Xây dựng quy trình mới (Phòng Đào tạo chủ trì).", ("Phòng Đào tạo",)),
        ("P.KHTC quyết toán kinh phí.", ("P.KHTC",)),
        ("Giao VNPT Hải Vân lắp đặt đường truyền.", ("VNPT Hải Vân",)),
        ("Trung tâm Giáo dục từ xa mở lớp mới.", ("Trung tâm Giáo dục từ xa",)),
    ],
)
def test_the_unit_that_is_told_to_do_something_is_named(clause: str, owners: tuple[str, ...]) -> None:
    duty = duty_in(clause)
    assert duty is not None
    assert duty.units == owners


@pytest.mark.parametrize(
    ("clause", "lead", "owners"),
    [
        ("Giao đồng chí Trần Văn An chủ trì, Phòng Nội vụ tham mưu kế hoạch.", "Trần Văn An", ("Phòng Nội vụ",)),
        ("Phân công bà Lê Thị Hoa - Phó Giám đốc phụ trách dự án.", "Lê Thị Hoa", ("Lê Thị Hoa",)),
        ("Thành lập Tổ giám sát do ông Đỗ Văn Sáu làm Tổ trưởng.", "Đỗ Văn Sáu", ("Đỗ Văn Sáu",)),
        ("Đồng chí Ngô Thị Mai phụ trách, chỉ đạo Phòng Y tế kiểm tra.", "Ngô Thị Mai", ("Phòng Y tế",)),
    ],
)
def test_a_person_told_to_lead_is_the_lead(clause: str, lead: str, owners: tuple[str, ...]) -> None:
    duty = duty_in(clause)
    assert duty is not None
    assert duty.lead is not None
    assert (duty.lead.name, duty.units) == (lead, owners)


@pytest.mark.parametrize(
    "clause",
    [
        "Phòng Nội vụ đã hoàn thành báo cáo.",
        "Nghị định số 06/2022/NĐ-CP giao Bộ Tài chính lập quỹ.",
        "Tỷ lệ giải ngân đạt 40%.",
        "Trung tâm thương mại tỉnh tăng doanh thu.",
        "Thanh tra việc chấp hành pháp luật về đo lường.",
    ],
)
def test_what_is_only_told_lays_a_duty_on_nobody(clause: str) -> None:
    assert duty_in(clause) is None


@pytest.mark.parametrize(
    ("words", "units"),
    [
        ("chủ trì, phối hợp với Sở A, Sở B rà soát", ["Sở A", "Sở B"]),
        ("phối hợp chặt chẽ với nhóm chuyên gia và các bệnh viện xây dựng", ["nhóm chuyên gia", "các bệnh viện"]),
        ("Sở A lập kế hoạch, Sở B phối hợp thực hiện", ["Sở B"]),
        ("gửi Sở A, trình Ủy ban nhân dân tỉnh", []),
    ],
)
def test_who_works_with_the_owner_is_a_cooperator(words: str, units: list[str]) -> None:
    assert cooperators_in(words) == units


def test_who_is_reported_to_is_named() -> None:
    assert report_to_in("tổng hợp, báo cáo Sở Tài chính, trình Giám đốc ký") == ["Sở Tài chính", "Giám đốc"]


@pytest.mark.parametrize(
    ("clause", "tone", "kind"),
    [
        ("Thống nhất chủ trương mua sắm thiết bị.", Tone.DIRECTING, "decision"),
        ("Hội nghị cơ bản nhất trí với báo cáo.", Tone.DIRECTING, "decision"),
        ("Thống nhất giao Phòng A mua sắm.", Tone.DIRECTING, None),
        ("Biểu dương Phòng Nội vụ.", Tone.DIRECTING, "assessment"),
        ("Phòng A tổ chức biểu dương người tốt.", Tone.DIRECTING, None),
        ("Giám đốc mong các đơn vị đoàn kết.", Tone.CLOSING, "exhortation"),
        ("Trên đây là kết luận của Giám đốc.", Tone.DIRECTING, "formality"),
    ],
)
def test_decisions_praise_and_farewells_are_no_duties(clause: str, tone: Tone, kind: str | None) -> None:
    assert kind_of(clause, tone) == kind


@pytest.mark.parametrize(
    ("clause", "owners"),
    [
        ("The Legal and Personnel Unit shall submit the accounts.", ("Legal and Personnel Unit",)),
        ("The Secretariat to update the register.", ("Secretariat",)),
        ("Member States are invited to nominate focal points.", ("Member States",)),
        ("PMU A and PMU B shall finalise the plan.", ("PMU A", "PMU B")),
        ("The contractor of Package 3 shall repair the road.", ("contractor of Package 3",)),
        ("The Council requests the Legal Office to draft the rules.", ("Legal Office",)),
        ("The plan shall be reviewed by the Audit Unit.", ("Audit Unit",)),
    ],
)
def test_an_english_order_names_its_owner(clause: str, owners: tuple[str, ...]) -> None:
    duty = english_duty_in(clause)
    assert duty is not None
    assert duty.units == owners


def test_an_english_body_that_agrees_decides() -> None:
    assert english_kind_of("The Committee agreed to extend the project.", Tone.DIRECTING) == "decision"
    assert english_duty_in("The Committee agreed to extend the project.") is None


def test_an_english_phrase_of_cooperation_names_cooperators() -> None:
    assert english_cooperators_in("together with the Data Unit and the Fisheries Group, shall") == [
        "Data Unit",
        "Fisheries Group",
    ]


@pytest.mark.parametrize("name", ["Uỷ ban nhân dân", "Ủy ban nhân dân", "ỦY BAN NHÂN DÂN"])
def test_the_place_of_a_tone_and_case_make_no_difference(name: str) -> None:
    named = units_at(f"{name} xã rà soát")
    assert named is not None
    assert named.does
