"""A scan is read where tesseract knows Vietnamese, and refused with what to install where it is missing."""

from pathlib import Path

import pytest

from services.intake.reading.documents.conversion import source_of
from services.intake.reading.documents.pdf.document import page_images
from services.intake.reading.isolated import DocumentReader
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.unreadable import UnreadableNotice
from tests.documents import png
from tests.integration.reading.pages import paragraphs, printed, scanned
from tests.programs import installed

TEXT = [
    "1. Văn phòng Sở",
    "- Rà soát các nhiệm vụ chưa giải ngân, báo cáo Giám đốc Sở trước ngày 05/12/2026.",
    "- Phối hợp với Thanh tra Sở kiểm tra kỷ luật, kỷ cương hành chính.",
]


@pytest.fixture(scope="module")
def scan() -> bytes:
    """A page as a scanner gives it."""
    installed(["tesseract"], "no tesseract on this machine: install tesseract-ocr and tesseract-ocr-vie to read scans")
    return scanned(printed(paragraphs(TEXT)))


def test_a_scanned_page_is_read_and_its_certainty_is_said(scan: bytes) -> None:
    source = source_of(scan, None, None)
    assert source.text.splitlines() == TEXT
    (doubt,) = source.doubts
    assert doubt.code == "scan"
    assert 0.8 < doubt.confidence <= 1


def test_an_image_alone_is_read_too(scan: bytes) -> None:
    (image,) = page_images(scan)
    assert source_of(png(image), None, None).text.splitlines() == TEXT


def test_where_tesseract_is_missing_the_refusal_says_what_to_install(
    scan: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableNotice) as refusal:
        source_of(scan, None, None)
    assert refusal.value.code == "images-unread"
    assert "tesseract-ocr-vie" in refusal.value.detail.to("vi")


async def test_a_scan_has_longer_than_a_text(scan: bytes) -> None:
    async with DocumentReader() as reader:
        reading = await reader.read_document(scan, "application/pdf", "scan.pdf", ReadingPolicy())
    assert reading.notice.doubts[0].code == "scan"
    assert len(reading.notice.conclusion.directives) == 2
