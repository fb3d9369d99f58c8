"""Which form a file has, by its bytes: senders name forms wrongly."""

from typing import Literal

Form = Literal["text", "word", "pdf", "png", "jpeg", "tiff", "ole", "rtf", "zip", "unknown"]

MEDIA_TYPES: dict[Form, str] = {
    "text": "text/plain",
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
}
"""The media type of every form that can be read."""

_PDF_HEADER_WITHIN = 1024
_SIGNATURES: tuple[tuple[bytes, Form], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
)
_ZIP = b"PK\x03\x04"
_BINARY_SHARE = 0.02
_FEW_BINARY = 4


def form_of(content: bytes, media_type: str | None) -> Form:
    """The form of a file. What its sender declared decides only where the bytes leave a choice.

    Source: ISO 32000-2 annex H (readers accept the header of a PDF within its first 1024 bytes).
    """
    for signature, form in _SIGNATURES:
        if content.startswith(signature):
            return form
    if content.startswith(_ZIP):
        return "word" if b"word/" in content else "zip"
    if b"%PDF-" in content[:_PDF_HEADER_WITHIN]:
        return "pdf"
    if media_type == MEDIA_TYPES["text"] or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    start = content[:65_536]
    binary = sum(start.count(byte) for byte in (*range(9), *range(14, 32)))
    return "text" if binary <= max(_FEW_BINARY, _BINARY_SHARE * len(start)) else "unknown"
