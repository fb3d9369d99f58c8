"""A plain text is read in whatever encoding an office saved it."""

import unicodedata
from collections.abc import Callable

import pytest

from services.intake.reading.documents.conversion import source_of
from services.intake.reading.unreadable import UnreadableNotice
from tests.documents import in_tcvn3, in_vni, in_windows_1258, paragraph, table, word
from tests.unit.reading.notices import PROSE, WRAPPED

SMALL = unicodedata.normalize("NFC", PROSE).lower()


@pytest.mark.parametrize("text", [WRAPPED, unicodedata.normalize("NFD", WRAPPED)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_as_it_was_written(text: str, encoding: str) -> None:
    source = source_of(text.encode(encoding), None, None)
    assert source.text == text
    assert source.doubts == ()


@pytest.mark.parametrize(("encode", "name"), [(in_tcvn3, "tcvn3"), (in_vni, "vni"), (in_windows_1258, "windows-1258")])
def test_old_encodings_are_told_apart_and_said_so(encode: Callable[[str], bytes], name: str) -> None:
    source = source_of(encode(SMALL), "text/plain", None)
    assert source.text == SMALL
    assert [(doubt.code, doubt.about) for doubt in source.doubts] == [("legacy-encoding", name)]


def test_tcvn3_brings_capital_vowels_as_small_letters_and_the_doubt_is_larger() -> None:
    source = source_of(in_tcvn3(WRAPPED), None, None)
    assert source.text.lower() == unicodedata.normalize("NFC", WRAPPED).lower()
    assert source.doubts[0].confidence < source_of(in_vni(WRAPPED), None, None).doubts[0].confidence


@pytest.mark.parametrize("encode", [in_tcvn3, in_vni])
def test_old_letters_that_were_saved_as_unicode_are_recognised(encode: Callable[[str], bytes]) -> None:
    saved = encode(SMALL).decode("latin-1")
    assert source_of(saved.encode(), None, None).text == SMALL


def test_cells_keep_their_places_when_old_letters_are_replaced() -> None:
    rows = [["nhiệm vụ", "chủ trì", "hạn"], ["rà soát hồ sơ", "văn phòng", "tháng mười hai"]]
    saved = [[in_vni(cell).decode("latin-1") for cell in row] for row in rows]
    body = paragraph(in_vni(SMALL).decode("latin-1").replace("\n", " ")) + table(saved)
    source = source_of(word(body), None, None)
    assert [[source.text[start:end] for start, end in row] for row in source.tables[0].rows] == rows


@pytest.mark.parametrize("text", ["Résumé of the meeting: naïve façade, São Paulo, Zürich. " * 5, "Minutes of 9 March"])
def test_other_languages_are_left_as_they_are(text: str) -> None:
    assert source_of(text.encode(), None, None).text == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Giao Văn phòng".encode() + b"\xff", "encoding-unknown"),
        (b"\xff\xfeA", "encoding-unknown"),
        ("Giao\x00Văn phòng".encode(), "control-character"),
        (b"a" * 3_000_000, "too-much-text"),
        (bytes(range(256)) * 10, "form-unknown"),
    ],
)
def test_what_is_no_text_is_refused_in_both_languages(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableNotice) as refusal:
        source_of(content, None, None)
    assert refusal.value.code == code
    assert "Chưa có gì được ghi nhận" in refusal.value.detail.to("vi", **refusal.value.values)
    assert "Nothing was recorded" in refusal.value.detail.to("en", **refusal.value.values)
