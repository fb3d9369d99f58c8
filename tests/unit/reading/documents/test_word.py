"""What a Word document says is what a person sees who opens it."""

import pytest

from services.intake.reading.documents.conversion import source_of
from services.intake.reading.notice import read_notice
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice
from tests.documents import cell, in_tcvn3, listed, numbering, paragraph, table, word, xml
from tests.unit.reading.notices import WRAPPED

OUTLINE = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"))
CHOICE = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def source(body: str, **parts: str) -> Source:
    return source_of(word(body, **parts), None, None)


def lines(body: str, **parts: str) -> list[str]:
    return source(body, **parts).text.splitlines()


def rows(read: Source) -> list[list[str]]:
    (found,) = read.tables
    return [[read.text[start:end] for start, end in row] for row in found.rows]


def test_numbers_that_exist_only_as_formatting_are_worked_out() -> None:
    items = [("Đánh giá", 0), ("Nhiệm vụ", 0), ("Văn phòng", 1), ("Rà soát", 2), ("Báo cáo", 2), ("Gửi Sở", 3)]
    items += [("Thanh tra", 1), ("Lập sổ", 2)]
    body = "".join(listed(text, 1, depth) for text, depth in items)
    assert lines(body, numbering=numbering(OUTLINE)) == [
        "I. Đánh giá",
        "II. Nhiệm vụ",
        "1. Văn phòng",
        "a) Rà soát",
        "b) Báo cáo",
        "- Gửi Sở",
        "2. Thanh tra",
        "a) Lập sổ",
    ]


def test_a_number_may_be_built_of_those_above_it() -> None:
    body = listed("A", 1) + listed("B", 1, 1) + listed("C", 1, 1)
    levels = (("decimal", "%1."), ("decimal", "%1.%2."))
    assert lines(body, numbering=numbering(levels)) == ["1. A", "1.1. B", "1.2. C"]


@pytest.mark.parametrize(("starts_anew", "second"), [(True, "1. Hai"), (False, "2. Hai")])
def test_a_second_list_begins_anew_only_where_it_says_so(starts_anew: bool, second: str) -> None:
    part = numbering((("decimal", "%1."),), starts_anew=starts_anew)
    assert lines(listed("Một", 1) + listed("Hai", 2), numbering=part) == ["1. Một", second]


def test_a_number_without_a_mark_behind_it_gets_one() -> None:
    assert lines(listed("Một", 1), numbering=numbering((("decimal", "%1"),))) == ["1. Một"]


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        ("lowerRoman", ["i.", "ii.", "iii.", "iv."]),
        ("upperLetter", ["A.", "B.", "C.", "D."]),
        ("decimalZero", ["01.", "02.", "03.", "04."]),
    ],
)
def test_numbers_are_written_as_the_list_says(kind: str, marks: list[str]) -> None:
    body = "".join(listed("x", 1) for _ in marks)
    assert lines(body, numbering=numbering(((kind, "%1."),))) == [f"{mark} x" for mark in marks]


def test_a_style_can_put_its_paragraphs_into_a_list() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Muc"><w:basedOn w:val="Base"/></w:style>'
    )
    body = paragraph("Văn phòng", '<w:pStyle w:val="Muc"/>')
    parts = {"styles": xml("styles", styles), "numbering": numbering((("decimal", "%1."),))}
    assert lines(body, **parts) == ["1. Văn phòng"]


def test_deleted_words_are_gone_and_inserted_words_are_there() -> None:
    body = (
        "<w:p><w:r><w:t>Trước ngày </w:t></w:r><w:del><w:r><w:delText>05</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>15</w:t></w:r></w:ins><w:r><w:t>/12/2026</w:t></w:r></w:p>"
    )
    assert lines(body) == ["Trước ngày 15/12/2026"]


def test_paragraphs_whose_parting_was_deleted_are_one() -> None:
    body = paragraph("Giao Văn phòng ", "<w:rPr><w:del/></w:rPr>") + paragraph("rà soát.")
    assert lines(body) == ["Giao Văn phòng rà soát."]


def test_hidden_words_and_the_code_of_fields_are_not_read() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:hyperlink><w:r><w:t>Quyết định</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>số 5</w:t></w:r></w:p>"
    )
    assert lines(body) == ["Quyết định\tsố 5"]


def test_a_line_that_was_broken_by_hand_within_a_sentence_is_whole() -> None:
    body = (
        "<w:p><w:r><w:t>- Rà soát hồ sơ tồn</w:t><w:br/><w:t>đọng.</w:t><w:br/><w:t>a) gửi Sở;</w:t><w:br/>"
        "<w:t>b) lưu.</w:t></w:r></w:p>"
    )
    assert lines(body) == ["- Rà soát hồ sơ tồn đọng.", "a) gửi Sở;", "b) lưu."]


def test_a_text_box_is_read_once_though_it_is_written_twice() -> None:
    box = f"<w:txbxContent>{paragraph('TL. GIÁM ĐỐC')}</w:txbxContent>"
    body = (
        f'<w:p xmlns:mc="{CHOICE}"><w:r><w:t>Trên đây là kết luận.</w:t></w:r><w:r><mc:AlternateContent>'
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert lines(body) == ["Trên đây là kết luận.", "TL. GIÁM ĐỐC"]


def test_a_table_is_lines_of_text_whose_cells_have_their_places() -> None:
    read = source(
        paragraph("Nhiệm vụ:")
        + table([["STT", "Nhiệm vụ", "Chủ trì", "Hạn"], ["1", "Rà soát\nhồ sơ", "Văn phòng", ""]])
        + paragraph("Hết.")
    )
    assert rows(read) == [["STT", "Nhiệm vụ", "Chủ trì", "Hạn"], ["1", "Rà soát<br>hồ sơ", "Văn phòng", ""]]
    assert read.text.splitlines()[0] == "Nhiệm vụ:"
    assert read.text.splitlines()[-1] == "Hết."


def test_a_merged_cell_stands_in_every_row_and_column_that_it_covers() -> None:
    read = source(
        table(
            [
                ["STT", "Nhiệm vụ", "Chủ trì", "Hạn"],
                [cell("I. Chuyên môn", '<w:gridSpan w:val="4"/>')],
                ["1", "Rà soát", cell("Văn phòng", '<w:vMerge w:val="restart"/>'), "05/12"],
                ["2", "Báo cáo", cell("", "<w:vMerge/>"), "06/12"],
            ]
        )
    )
    assert rows(read)[1] == ["I. Chuyên môn"] * 4
    assert [row[2] for row in rows(read)[2:]] == ["Văn phòng", "Văn phòng"]
    assert read.text.count("Văn phòng") == 1


def test_numbers_of_rows_that_word_works_out_are_read() -> None:
    automatic = f"<w:tc>{listed('', 1)}</w:tc>"
    read = source(
        table([["STT", "Nhiệm vụ", "Chủ trì"], [automatic, "A", "B"], [automatic, "C", "D"]]),
        numbering=numbering((("decimal", "%1."),)),
    )
    assert [row[0] for row in rows(read)] == ["STT", "1", "2"]


def test_tables_within_tables_are_read_to_the_last() -> None:
    nested = paragraph("Giao Văn phòng rà soát hồ sơ.")
    for _ in range(60):
        nested = table([[f"<w:tc>{nested}</w:tc>"]])
    assert lines(nested) == ["Giao Văn phòng rà soát hồ sơ."]


def test_a_letterhead_stands_side_by_side_and_is_no_table() -> None:
    left, right = (
        "SỞ NỘI VỤ\nVĂN PHÒNG\nSố: 12/TB-VP",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    )
    read = source(table([[left, right]], lined=False))
    assert read.tables == ()
    assert read.text.splitlines() == [
        "SỞ NỘI VỤ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "VĂN PHÒNG\tĐộc lập - Tự do - Hạnh phúc",
        "Số: 12/TB-VP",
    ]


def test_a_header_is_read_where_it_holds_the_letterhead() -> None:
    header = xml("hdr", paragraph("Số: 12/TB-VP"))
    assert lines(paragraph("THÔNG BÁO"), header1=header) == ["Số: 12/TB-VP", "THÔNG BÁO"]
    assert lines(paragraph("THÔNG BÁO"), header1=xml("hdr", paragraph("Trang 1"))) == ["THÔNG BÁO"]


def test_words_in_an_old_font_become_what_the_font_shows() -> None:
    written = in_tcvn3("Giao Văn phòng sở").decode("latin-1")
    fonts = '<w:rPr><w:rFonts w:ascii="{}"/></w:rPr>'
    body = "".join(
        f"<w:p><w:r>{fonts.format(font)}<w:t>{written}</w:t></w:r></w:p>" for font in (".VnTime", ".VnTimeH")
    )
    assert lines(body) == ["Giao Văn phòng sở", "GIAO VĂN PHÒNG SỞ"]


def test_every_line_of_a_word_document_is_a_whole_paragraph() -> None:
    assert source(paragraph("Một")).whole_lines


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (word(paragraph("x"))[:-40], "damaged-document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-word"),
        (b"{\\rtf1 x}", "rich-text"),
        (b"PK\x03\x04" + b"\0" * 100, "other-zip"),
    ],
)
def test_what_is_no_word_document_says_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableNotice) as refusal:
        source_of(content, None, "thong-bao.docx")
    assert refusal.value.code == code
    assert "Chưa có gì được ghi nhận" in refusal.value.detail.to("vi", **refusal.value.values)


def test_wrapped_text_that_was_pasted_into_word_is_read_as_wrapped() -> None:
    found = read_notice(source("".join(map(paragraph, WRAPPED.splitlines()))), ReadingPolicy()).conclusion.directives
    assert [each.text for each in found] == [each.text for each in read_notice(Source(WRAPPED)).conclusion.directives]


def test_short_paragraphs_of_a_word_document_are_not_taken_for_wrapped_lines() -> None:
    duties = ["Văn phòng Sở rà soát toàn bộ hồ sơ tồn đọng.", "Thanh tra Sở kiểm tra kỷ luật hành chính năm nay."]
    body = "".join(map(paragraph, ["THÔNG BÁO", "Giám đốc Sở kết luận như sau:", *duties * 4]))
    found = read_notice(source(body), ReadingPolicy()).conclusion.directives
    assert [each.text for each in found] == duties * 4
