"""A PDF is read by what it shows; one that cannot be read says why."""

import pytest

from services.intake.reading.documents.conversion import converted, source_of
from services.intake.reading.unreadable import UnreadableNotice
from tests.documents import drawn_pdf, pdf


def test_the_form_is_found_in_the_bytes_whatever_is_declared() -> None:
    document = converted(drawn_pdf(b""), "text/plain", "thong-bao.docx", scanning=lambda: None)
    assert document.media_type == "application/pdf"


def test_a_locked_pdf_says_that_it_is_locked() -> None:
    locked = pdf([b"<</Type /Catalog>>"]).replace(
        b"/Root", b"/Encrypt <</Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4>> /Root" % (b"o" * 32, b"u" * 32)
    )
    locked = locked.replace(b"trailer <<", b"trailer <</ID [(1234567890123456) (1234567890123456)] ")
    with pytest.raises(UnreadableNotice) as refusal:
        source_of(locked, None, None)
    assert refusal.value.code == "locked-document"


def test_an_empty_page_is_an_empty_text() -> None:
    assert source_of(drawn_pdf(b""), None, None).text == ""
