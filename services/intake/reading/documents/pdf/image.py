"""A page of a PDF as an image, for pages that are scans."""

import ctypes
import math

import pypdfium2.raw as pdfium

from services.intake.reading.documents.refusals import DAMAGED
from services.intake.reading.unreadable import UnreadableNotice

_DOTS_PER_POINT = 300 / 72
_MOST_DOTS = 9_000_000
_WHITE = 0xFFFFFFFF


def image_of(page: pdfium.FPDF_PAGE) -> bytes:
    """The page in shades of grey at 300 dots an inch, as PNM; a page far larger than A4 at fewer.

    Raises:
        UnreadableNotice: it cannot be drawn.
    """
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = min(_DOTS_PER_POINT, math.sqrt(_MOST_DOTS / max(width * height, 1.0)))
    wide, high = max(1, int(width * scale)), max(1, int(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(wide, high, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        raise UnreadableNotice("damaged-document", DAMAGED)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, wide, high, _WHITE)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, wide, high, 0, pdfium.FPDF_GRAYSCALE)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        drawn = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * high)
        rows = b"".join(drawn[start : start + wide] for start in range(0, stride * high, stride))
        return b"P5 %d %d 255\n" % (wide, high) + rows
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
