"""What kind of file some bytes are, by what they begin with and hold: a name or a header can say anything. Pure."""

import io
import zipfile
from collections.abc import Mapping

PLAIN_TEXT = "text/plain"

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_ZIP = b"PK\x03\x04"
_OFFICE: Mapping[str, str] = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_MACROS = ("vbaproject.bin", "vbadata.xml")
_MOST_PARTS = 10_000
_CONTROLS = frozenset((*range(32), 127)) - frozenset(b"\t\n\r\f")

TAKEN: tuple[str, ...] = tuple(
    dict.fromkeys((*(media_type for _, media_type in _BEGINNINGS), *_OFFICE.values(), PLAIN_TEXT))
)
"""The media types of files that are taken."""


_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/tiff": (".tif", ".tiff"),
    **{media_type: (ending,) for media_type, ending in zip(_OFFICE.values(), (".docx", ".xlsx", ".pptx"), strict=True)},
    PLAIN_TEXT: (".txt", ".csv", ".md", ".log"),
}


def safe_name(name: str, media_type: str) -> str:
    """The name under which a file of this kind is given out: a text that was called "x.bat" or "x.html" would be run by
    whoever opens it, so what does not end as its kind does gets an ending that does. Folders are left out."""
    endings = _ENDINGS[media_type]
    name = name.replace("\\", "/").rpartition("/")[2]
    return name if name.lower().endswith(endings) else name + endings[0]


def media_type_of(content: bytes) -> str | None:
    """The media type of a file that is taken; None for any other kind, also for office files with macros."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content.startswith(_ZIP):
        return _office(content)
    return PLAIN_TEXT if _is_text(content) else None


def _office(content: bytes) -> str | None:
    """Only the table of contents is read: nothing is ever unpacked here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(names) > _MOST_PARTS or any(name.lower().endswith(_MACROS) for name in names):
        return None
    found = [media_type for part, media_type in _OFFICE.items() if part in names]
    return found[0] if len(found) == 1 else None


def _is_text(content: bytes) -> bool:
    if not content or not _CONTROLS.isdisjoint(content):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
