"""From a PDF to its source: by its text layer where it has one, else by images of its pages."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pypdfium2.raw as pdfium

from services.intake.reading.documents.layout.sheets import Sheet, source_of_sheets
from services.intake.reading.documents.pdf.image import image_of
from services.intake.reading.documents.pdf.page import rules_of, words_of
from services.intake.reading.documents.refusals import DAMAGED, LOCKED, TOO_MANY_PAGES, TOO_MUCH_TEXT
from services.intake.reading.documents.scan import Scan
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice

_MOST_PAGES = 300
_MOST_LETTERS = 2 * 1024 * 1024
_FEWEST_LETTERS = 40
_MOST_OBJECTS = 1_000
_LEAST_SHARE_OF_LETTERS = 0.5


def pdf_source(content: bytes, scanning: Callable[[], None]) -> Source:
    """The source of a PDF. `scanning` is called before images of its pages are read.

    Raises:
        UnreadableNotice: it is damaged, locked, too long, or a scan that cannot be read here.
    """
    scan = Scan(scanning)
    with _opened(content) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count > _MOST_PAGES:
            raise UnreadableNotice("too-many-pages", TOO_MANY_PAGES, most=_MOST_PAGES)
        sheets: list[Sheet] = []
        letters = 0
        for index in range(count):
            with _page(document, index) as page:
                sheets.extend(_sheets(page, scan))
            letters += sum(len(word.text) for word in sheets[-1].words) if sheets else 0
            if letters > _MOST_LETTERS:
                raise UnreadableNotice("too-much-text", TOO_MUCH_TEXT, most=_MOST_LETTERS // 1024 // 1024)
    return source_of_sheets(sheets, *scan.doubts())


def page_images(content: bytes) -> list[bytes]:
    """The pages of a PDF as images, each a PNM of shades of grey.

    Raises:
        UnreadableNotice: it is damaged or locked.
    """
    images = []
    with _opened(content) as document:
        for index in range(pdfium.FPDF_GetPageCount(document)):
            with _page(document, index) as page:
                images.append(image_of(page))
    return images


def _sheets(page: pdfium.FPDF_PAGE, scan: Scan) -> list[Sheet]:
    words = words_of(page)
    if _is_image(page, "".join(word.text for word in words)):
        return scan.sheets(image_of(page))
    return [Sheet(words, rules_of(page))]


def _is_image(page: pdfium.FPDF_PAGE, letters: str) -> bool:
    """Whether a page can only be read as an image: a scan with at most a stamp on it, or a font without letters."""
    if len(letters) < _FEWEST_LETTERS:
        count = min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)
        kinds = {pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, index)) for index in range(count)}
        return bool(kinds & {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM})
    return sum(map(str.isalnum, letters)) < _LEAST_SHARE_OF_LETTERS * len(letters)


@contextmanager
def _opened(content: bytes) -> Iterator[pdfium.FPDF_DOCUMENT]:
    pdfium.FPDF_InitLibrary()
    held = (ctypes.c_char * len(content)).from_buffer_copy(content)
    document = pdfium.FPDF_LoadMemDocument64(held, len(content), None)
    if not document:
        if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise UnreadableNotice("locked-document", LOCKED)
        raise UnreadableNotice("damaged-document", DAMAGED)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


@contextmanager
def _page(document: pdfium.FPDF_DOCUMENT, index: int) -> Iterator[pdfium.FPDF_PAGE]:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise UnreadableNotice("damaged-document", DAMAGED)
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)
