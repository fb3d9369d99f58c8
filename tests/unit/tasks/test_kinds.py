"""Files are told by what they hold."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.attachments.kinds import TAKEN, media_type_of, safe_name


def zipped(*names: str) -> bytes:
    """A zip file with these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpeg"),
        (b"II*\x00...", "tiff"),
        ("Báo cáo kết quả.\n".encode(), "plain"),
        (zipped("[Content_Types].xml", "word/document.xml"), "wordprocessingml.document"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "spreadsheetml.sheet"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "presentationml.presentation"),
    ],
)
def test_documents_and_pictures_are_taken(content: bytes, ending: str) -> None:
    found = media_type_of(content)
    assert found in TAKEN
    assert found.endswith(ending)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"text with a \x00",
        b"\xff\xfe\x00",
        b"PK\x03\x04 and nothing more",
        zipped("evil.exe"),
        zipped("word/document.xml", "word/vbaProject.bin"),
        zipped("word/document.xml", "xl/workbook.xml"),
    ],
    ids=range(9),
)
def test_programs_archives_and_macros_are_not(content: bytes) -> None:
    assert media_type_of(content) is None


@pytest.mark.parametrize(
    ("name", "content", "given_out"),
    [
        ("Báo cáo.PDF", b"%PDF-1.7", "Báo cáo.PDF"),
        ("số liệu.csv", b"a,b", "số liệu.csv"),
        ("don-doc.bat", b"del x", "don-doc.bat.txt"),
        ("trang.html", b"<script>", "trang.html.txt"),
        ("x.txt.js. ", b"alert()", "x.txt.js. .txt"),
        ("anh", b"\xff\xd8\xff", "anh.jpg"),
        ("../../etc/x.pdf", b"%PDF-1.7", "x.pdf"),
        ("C:\\Users\\x.pdf", b"%PDF-1.7", "x.pdf"),
        ("bao-cao.docm", zipped("word/document.xml"), "bao-cao.docm.docx"),
    ],
)
def test_nothing_is_given_out_under_a_name_by_which_it_would_be_run(name: str, content: bytes, given_out: str) -> None:
    media_type = media_type_of(content)
    assert media_type is not None
    assert safe_name(name, media_type) == given_out


@pytest.mark.parametrize("media_type", TAKEN)
def test_every_kind_that_is_taken_has_an_ending(media_type: str) -> None:
    assert safe_name("x", media_type).startswith("x.")


@given(st.binary(max_size=400))
def test_whatever_comes_is_taken_or_not(content: bytes) -> None:
    assert media_type_of(content) in (*TAKEN, None)
