"""Notices as PDF, printed by a real browser."""

from collections.abc import Sequence
from html import escape

from playwright.sync_api import PdfMargins, sync_playwright

from services.intake.reading.documents.pdf.document import page_images
from tests.documents import scanned_pdf
from tests.programs import CHROMIUM, installed

LETTERHEAD = """
<table><tr><td style="width: 46%; text-align: center">UBND TỈNH HẢI VÂN<br><b>SỞ NỘI VỤ</b><br>Số: 12/TB-SNV</td>
<td style="text-align: center; white-space: nowrap"><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b>
<br><b>Độc lập - Tự do - Hạnh phúc</b>
<br><i>Hải Vân, ngày 20 tháng 11 năm 2026</i></td></tr></table>"""
"""The two halves as offices set them."""

SIGNATURE = """
<table><tr><td style="width: 50%"><b>Nơi nhận:</b><br>- Giám đốc Sở;<br>- Các phòng, đơn vị;<br>- Lưu: VT.</td>
<td style="text-align: center"><b>TL. GIÁM ĐỐC<br>CHÁNH VĂN PHÒNG</b><br><br><br><b>Đỗ Gia Hân</b></td></tr></table>"""
"""Recipients beside the signature."""

_STYLE = """
body { font: 14pt 'Liberation Serif', serif; text-align: justify }
table { width: 100%; border-collapse: collapse } td { vertical-align: top; font-size: 12pt }
table.drawn td { border: 1px solid black; padding: 2pt 4pt }
p { margin: 0 0 6pt }"""
_MARGINS: PdfMargins = {"top": "2cm", "bottom": "2cm", "left": "3cm", "right": "2cm"}
_HEADER = "<div style='font-size: 10pt; width: 100%; text-align: center'><span class=pageNumber></span></div>"


def paragraphs(texts: Sequence[str]) -> str:
    """Paragraphs in HTML."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def drawn_table(rows: Sequence[Sequence[str]]) -> str:
    """A table with lines around its cells, in HTML."""
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table class=drawn>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def printed(body: str, style: str = "") -> bytes:
    """A PDF of this page on A4, each sheet with its number on top. `style` is CSS of its own."""
    chromium = installed(CHROMIUM, "no Chromium on this machine: install the package chromium to print PDFs")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            page = browser.new_page()
            page.set_content(f"<style>{_STYLE}{style}</style>{body}")
            return page.pdf(
                format="A4",
                margin=_MARGINS,
                display_header_footer=True,
                header_template=_HEADER,
                footer_template="<span></span>",
            )
        finally:
            browser.close()


def scanned(content: bytes) -> bytes:
    """A PDF as a scanner gives it: the same pages, as images alone."""
    return scanned_pdf(page_images(content))
