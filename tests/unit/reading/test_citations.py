"""Which documents a directive cites."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.reading.terms.citations import citations_in


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("theo Nghị định số 45/2024/NĐ-CP ngày 26/4/2024 của Chính phủ", ["45/2024/NĐ-CP"]),
        ("thực hiện Kết luận số 12-KL/TW và Nghị quyết 57-NQ/TW", ["12-KL/TW", "57-NQ/TW"]),
        ("tại Thông báo số 112/TB-VPCP ngày 5/3/2024; số 328/TB-VPCP ngày 16/7/2024", ["112/TB-VPCP", "328/TB-VPCP"]),
        ("Chỉ thị 05/CT-TTg, Quyết định 1234/QĐ-UBND", ["05/CT-TTg", "1234/QĐ-UBND"]),
        ("Luật Đất đai số 31/2024/QH15, Thông tư số 13/2025/TT-BYT", ["31/2024/QH15", "13/2025/TT-BYT"]),
        ("Tờ trình số 86/TTr-KTHT ngày 09/8/2025 của phòng chuyên môn", ["86/TTr-KTHT"]),
        ("Công văn số 1234/UBND-KT, văn bản số 56 /BTC-QLCS", ["1234/UBND-KT", "56/BTC-QLCS"]),
        ("Nghị quyết 57, Chỉ thị số 05 và Quyết định số 12/2025", ["57", "05", "12/2025"]),
        ("in line with Board Decision EAN/B-12/DEC.4, before the winter", ["EAN/B-12/DEC.4"]),
        ("Decision No. 12/2025 and Circular No. 13/2025/TT-BYT", ["12/2025", "13/2025/TT-BYT"]),
        ("as set out in Management Letter ML-2023/MRD-02", ["ML-2023/MRD-02"]),
        ("Nghị định số 45/2024/NĐ-CP; theo Nghị định 45/2024/NĐ-CP", ["45/2024/NĐ-CP"]),
    ],
)
def test_every_form_of_number_is_cited_once(words: str, numbers: list[str]) -> None:
    assert [each.number for each in citations_in(words)] == numbers


@pytest.mark.parametrize(
    "words",
    [
        "theo TCVN ISO/IEC 17025:2017 và QCVN 102:2016/BTTTT",
        "định kỳ 06 tháng/lần, trước ngày 15/7/2026, trong Quý II/2026",
        "gói thầu CW-01, trực 24/24 giờ, quy hoạch 1/500",
        "Khoản 3 - Điều 61 Luật Lâm nghiệp",
        "Nghị quyết về nhiệm vụ năm 2026; Chỉ thị 3 nội dung",
    ],
)
def test_other_numbers_are_no_documents(words: str) -> None:
    assert citations_in(words) == ()


def test_the_citation_keeps_its_words() -> None:
    (citation,) = citations_in("theo Kế hoạch số 88/KH-SKHCN ngày 03/6/2026 của Sở")
    assert citation.text == "Kế hoạch số 88/KH-SKHCN ngày 03/6/2026"


@pytest.mark.parametrize("unit", ["số ", "1/A-", "Nghị quyết ", "A/1", "Luật a b c d ", "1-", "No. "])
def test_long_hostile_words_are_answered_soon(unit: str) -> None:
    began = time.process_time()
    citations_in(unit * (20_000 // len(unit)))
    assert time.process_time() - began < 2


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_words_are_answered(words: str) -> None:
    citations_in(words)
