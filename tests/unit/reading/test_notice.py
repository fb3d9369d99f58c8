"""What a person who posts a notice sees of it afterwards."""

import datetime as dt
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.conclusion import ConcludedDirective, Conclusion
from services.intake.reading.notice import read_notice
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice
from tests.unit.reading.notices import PROSE, WRAPPED


def read(text: str) -> Conclusion:
    return read_notice(Source(text)).conclusion


def directive(begins: str, conclusion: Conclusion) -> ConcludedDirective:
    return next(each for each in conclusion.directives if each.text.startswith(begins))


def test_each_duty_is_one_directive_and_nothing_else_is() -> None:
    assert [each.text.split(" ")[:2] for each in read(WRAPPED).directives] == [
        ["Rà", "soát"],
        ["Phối", "hợp"],
        ["Về", "kinh"],
        ["Tổng", "hợp"],
        ["Xây", "dựng"],
        ["Giao", "Chi"],
        ["Trung", "tâm"],
    ]


def test_the_heading_names_whose_duty_it_is() -> None:
    conclusion = read(WRAPPED)
    assert directive("Rà soát", conclusion).assignees == ("Các phòng và đơn vị",)
    assert directive("Xây dựng", conclusion).assignees == ("Phòng Kế hoạch - Tài chính",)
    assert directive("Xây dựng", conclusion).heading == "Phòng Kế hoạch - Tài chính"


def test_two_owners_in_one_item_are_two_directives() -> None:
    conclusion = read(WRAPPED)
    assert directive("Giao Chi cục", conclusion).assignees == ("Chi cục Tiêu chuẩn Đo lường Chất lượng",)
    assert directive("Trung tâm", conclusion).assignees == ("Trung tâm Ứng dụng công nghệ",)


def test_a_person_told_to_lead_is_the_lead_and_the_unit_stays_responsible() -> None:
    led = directive("Về kinh phí", read(WRAPPED))
    assert led.lead is not None
    assert (led.lead.name, led.lead.position) == ("Trần Quốc Bảo", "Phó Giám đốc")
    assert led.assignees == ("Phòng Kế hoạch - Tài chính",)


def test_cooperating_units_are_named_one_by_one() -> None:
    assert directive("Phối hợp", read(WRAPPED)).cooperators == ("Văn phòng Sở", "Thanh tra Sở")
    assert directive("Sở Tài chính", read(PROSE)).cooperators == ("Sở Xây dựng", "Sở Nội vụ", "Sở Tư pháp")


@pytest.mark.parametrize(
    ("begins", "date"),
    [
        ("Rà soát", dt.date(2026, 12, 5)),
        ("Phối hợp", dt.date(2027, 3, 31)),
        ("Giao Chi cục", dt.date(2026, 12, 31)),
        ("Trung tâm", dt.date(2027, 1, 15)),
        ("Tổng hợp", None),
    ],
)
def test_a_deadline_is_the_last_day_that_the_phrase_allows(begins: str, date: dt.date | None) -> None:
    deadline = directive(begins, read(WRAPPED)).deadline
    assert (deadline and deadline.date) == date


def test_cited_documents_are_kept_with_the_directive() -> None:
    (citation,) = directive("Rà soát", read(WRAPPED)).citations
    assert (citation.number, citation.text) == ("88/KH-SKHCN", "Kế hoạch số 88/KH-SKHCN ngày 03/6/2026")


def test_prose_under_a_topic_is_read_and_an_assessment_is_not() -> None:
    assert [each.assignees for each in read(PROSE).directives] == [("Sở Tài chính",), ("Sở Nội vụ",)]


def test_the_notice_says_who_issued_it_and_when() -> None:
    conclusion = read(WRAPPED)
    assert conclusion.issuer == "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH HẢI VÂN"
    assert conclusion.number == "112/TB-SKHCN"
    assert conclusion.issued_on == dt.date(2026, 11, 20)
    assert conclusion.held_on == dt.date(2026, 11, 18)
    assert conclusion.title.endswith("tại cuộc họp giao ban tháng 11 năm 2026")


def test_the_notice_says_who_was_there_and_who_is_told() -> None:
    conclusion = read(WRAPPED)
    assert conclusion.concluded_by is not None
    assert conclusion.concluded_by.name == "Lê Minh Châu"
    assert conclusion.signed_by is not None
    assert conclusion.signed_by.name == "Đỗ Gia Hân"
    assert [person.name for person in conclusion.attendees] == ["Trần Quốc Bảo", "Phạm Thu Hà"]
    assert conclusion.recipients == ("Giám đốc, các Phó Giám đốc Sở", "Các phòng, đơn vị")


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\u2028"])
def test_line_ends_make_no_difference(line_end: str) -> None:
    plain = [each.text for each in read(WRAPPED).directives]
    assert [each.text for each in read(WRAPPED.replace("\n", line_end)).directives] == plain


def test_decomposed_letters_are_recognised_and_kept_as_they_were_written() -> None:
    decomposed = unicodedata.normalize("NFD", WRAPPED)
    plain, other = read(WRAPPED), read(decomposed)
    assert [each.deadline for each in other.directives] == [each.deadline for each in plain.directives]
    assert other.directives[0].text == unicodedata.normalize("NFD", plain.directives[0].text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-text"),
        (" \n\t\n", "no-text"),
        ("Kính gửi các đồng chí.", "no-directive"),
        ("1. Văn phòng Sở\n- " + "rà soát " * 4_000, "item-too-long"),
        ("1. Văn phòng Sở\n" + "- Rà soát hồ sơ.\n" * 5_001, "too-many-directives"),
        ("a\n" * 30_001, "too-many-lines"),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it(text: str, code: str) -> None:
    with pytest.raises(UnreadableNotice) as refusal:
        read(text)
    assert refusal.value.code == code
    assert "Chưa có gì được ghi nhận" in refusal.value.detail.to("vi", **refusal.value.values)


@pytest.mark.parametrize(
    "unit", ["a", "- ", ";", "Giao ", "ngày 1/1/2020 ", "\u0301\u0323", "|a|b|\n", "1. a) - + ", "<br>"]
)
def test_a_megabyte_of_rubbish_is_answered_soon(unit: str) -> None:
    began = time.process_time()
    with pytest.raises(UnreadableNotice):
        read(unit * (1_000_000 // len(unit)))
    assert time.process_time() - began < 5


def check_spans(text: str) -> None:
    try:
        conclusion = read(text)
    except UnreadableNotice:
        return
    for each in conclusion.directives:
        assert each.span is not None
        start, end = each.span
        assert 0 <= start < end <= len(text)
        at = start
        for word in each.text.split():
            at = text.index(word, at, end) + len(word)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    check_spans(text)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*WRAPPED.splitlines(), *PROSE.split(), "\n", "\x00", "\r\n", "- ", "+ ", "12. "]), max_size=60
    )
)
def test_shuffled_pieces_of_a_notice_are_read_or_refused(pieces: list[str]) -> None:
    check_spans("\n".join(pieces))
    check_spans(" ".join(pieces))


@pytest.mark.parametrize("text", [WRAPPED, PROSE, unicodedata.normalize("NFD", WRAPPED)])
def test_every_directive_can_be_found_in_the_text(text: str) -> None:
    for each in read(text).directives:
        assert each.span is not None
        assert " ".join(text[each.span[0] : each.span[1]].split()) == each.text
