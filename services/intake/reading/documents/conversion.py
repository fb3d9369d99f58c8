"""The one way from a file's bytes to its source."""

from collections.abc import Callable
from dataclasses import dataclass

from services.intake.reading.documents.form import MEDIA_TYPES, Form, form_of
from services.intake.reading.documents.plain import text_source
from services.intake.reading.documents.recoding import recoded
from services.intake.reading.documents.refusals import (
    FORM_UNKNOWN,
    OLD_WORD,
    OTHER_ZIP,
    RICH_TEXT,
    TOO_LARGE,
    TOO_MUCH_TEXT,
)
from services.intake.reading.documents.scan import image_source
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice
from shared.language import Words

LARGEST_DOCUMENT = 32 * 1024 * 1024
"""Bytes of a file."""

MOST_TEXT = 2 * 1024 * 1024
"""Bytes, in UTF-8, of a document's text: events carry it whole."""

_REFUSED: dict[Form, tuple[str, Words]] = {
    "ole": ("old-word", OLD_WORD),
    "rtf": ("rich-text", RICH_TEXT),
    "zip": ("other-zip", OTHER_ZIP),
    "unknown": ("form-unknown", FORM_UNKNOWN),
}


def _word(content: bytes, _: Callable[[], None]) -> Source:
    # Its library is loaded when the first Word document comes: a text does not wait for it.
    from services.intake.reading.documents.word.document import word_source

    return word_source(content)


def _pdf(content: bytes, scanning: Callable[[], None]) -> Source:
    from services.intake.reading.documents.pdf.document import pdf_source

    return pdf_source(content, scanning)


_READERS: dict[Form, Callable[[bytes, Callable[[], None]], Source]] = {
    "text": lambda content, _: text_source(content),
    "word": _word,
    "pdf": _pdf,
    "png": image_source,
    "jpeg": image_source,
    "tiff": image_source,
}


@dataclass(frozen=True, slots=True)
class Converted:
    """A file's source, and the media type that its bytes have."""

    source: Source
    media_type: str


def source_of(content: bytes, media_type: str | None, name: str | None) -> Source:
    """The source of a file of any form. The form is found in the bytes; `media_type` and `name` are what the sender
    says of it.

    Raises:
        UnreadableNotice: it is in a form that is not read, damaged, locked, or more than a notice can be.
    """
    return converted(content, media_type, name, scanning=lambda: None).source


def converted(content: bytes, media_type: str | None, name: str | None, *, scanning: Callable[[], None]) -> Converted:
    """The same with the media type. `scanning` is called before images of pages are read, which takes far longer.

    Raises:
        UnreadableNotice: as source_of.
    """
    if len(content) > LARGEST_DOCUMENT:
        raise UnreadableNotice("document-too-large", TOO_LARGE, most=LARGEST_DOCUMENT // 1024 // 1024)
    form = form_of(content, media_type)
    if form in _REFUSED:
        raise UnreadableNotice(*_REFUSED[form])
    source = recoded(_READERS[form](content, scanning))
    if len(source.text.encode()) > MOST_TEXT:
        raise UnreadableNotice("too-much-text", TOO_MUCH_TEXT, most=MOST_TEXT // 1024 // 1024)
    return Converted(source, MEDIA_TYPES[form])
