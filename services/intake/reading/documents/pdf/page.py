"""One page of a PDF: its words at their places, and the straight lines drawn on it."""

import ctypes
from collections.abc import Iterator

import pypdfium2.raw as pdfium

from services.intake.reading.documents.layout.grid import Rule, Rules
from services.intake.reading.documents.layout.words import PlacedWord

_MOST_CHARACTERS = 100_000
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 50_000
_SEGMENTS_OF_RECTANGLE = 5
_THIN = 2.0
_SHORT = 4.0
_GAP = 0.25
_GUESSED_GAP = 0.12
_STEP = 0.3
_HYPHENS = {"\x02": "-", "\ufffe": "-", "\xad": "-"}
_BLANK = " \t\r\n\xa0\u200b\ufeff\x00"


def words_of(page: pdfium.FPDF_PAGE) -> list[PlacedWord]:
    """The words of a page's text layer, in no particular order."""
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        return list(_words(text_page)) if text_page else []
    finally:
        if text_page:
            pdfium.FPDFText_ClosePage(text_page)


def _words(text_page: pdfium.FPDF_TEXTPAGE) -> Iterator[PlacedWord]:
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    at_x, at_y, at_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
    letters: list[str] = []
    left = right = baseline = size = 0.0
    least_gap = _GAP
    for index in range(min(pdfium.FPDFText_CountChars(text_page), _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        letter = chr(code) if code < 0x110000 else "\ufffd"
        if letter in _BLANK:
            if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
                # PDFium guesses this blank; between letters of different fonts it often guesses wrong.
                least_gap = _GUESSED_GAP
            elif letters:
                yield PlacedWord("".join(letters), left, right, baseline, size)
                letters = []
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, index, at_x, at_y)
        pdfium.FPDFText_GetLooseCharBox(text_page, index, at_box)
        height = box.top - box.bottom
        if letters and not (-size < box.left - right < least_gap * size and abs(y.value - baseline) < _STEP * size):
            yield PlacedWord("".join(letters), left, right, baseline, size)
            letters = []
        least_gap = _GAP
        if not letters:
            left, baseline, size = box.left, y.value, height
        letters.append(_HYPHENS.get(letter, letter))
        right, size = max(box.right, left), max(size, height)
    if letters:
        yield PlacedWord("".join(letters), left, right, baseline, size)


def rules_of(page: pdfium.FPDF_PAGE) -> Rules:
    """The horizontal and vertical lines of a page, thin rectangles among them."""
    across: list[Rule] = []
    down: list[Rule] = []
    left_to_look_at = _MOST_SEGMENTS
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        pdfium.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, (left, bottom, right, top)))
        wide, high = right.value - left.value, top.value - bottom.value
        if min(wide, high) <= _THIN:
            _add(left.value, bottom.value, right.value, top.value, across, down)
            continue
        segments = pdfium.FPDFPath_CountSegments(drawn)
        left_to_look_at -= segments
        if left_to_look_at > 0 and (segments > _SEGMENTS_OF_RECTANGLE or _is_stroked(drawn)):
            for one, other in _straight(drawn, segments):
                _add(*one, *other, across, down)
    return Rules(tuple(across), tuple(down))


def _add(x0: float, y0: float, x1: float, y1: float, across: list[Rule], down: list[Rule]) -> None:
    wide, high = abs(x1 - x0), abs(y1 - y0)
    if high <= _THIN and wide > _SHORT:
        across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif wide <= _THIN and high > _SHORT:
        down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _is_stroked(drawn: pdfium.FPDF_PAGEOBJECT) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(drawn, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)


def _straight(
    drawn: pdfium.FPDF_PAGEOBJECT, segments: int
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight segments of a path, each by its ends on the page."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, ctypes.byref(matrix))
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(segments):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield last, start
            last = start
