"""Documents that tests make for themselves: Word files part by part, PDFs by hand, old encodings, images of pages."""

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from xml.sax.saxutils import escape

from services.intake.reading.documents.legacy import decoded

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_ALONE_IN_VNI = "ñÑôÔöÖíÍìÌæÆóÓòÒîÎ"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def word(body: str, **parts: str) -> bytes:
    """A .docx whose body is this WordprocessingML; `parts` are others by name, such as `numbering`."""
    files = {"[Content_Types].xml": _TYPES, "word/document.xml": xml("document", f"<w:body>{body}</w:body>")}
    return archive(files | {f"word/{name}.xml": content for name, content in parts.items()})


def archive(files: dict[str, str]) -> bytes:
    """A zip archive of these files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return written.getvalue()


def xml(root: str, content: str) -> str:
    """A part of a .docx: an element in Word's namespace."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} xmlns:w="{NAMESPACE}">{content}</w:{root}>'


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph; `properties` go into its `pPr`."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def listed(text: str, list_id: int, depth: int = 0) -> str:
    """A paragraph of a numbered list, without its number."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def numbering(levels: Sequence[tuple[str, str]], *, starts_anew: bool = False) -> str:
    """The part `numbering`: list 1, and list 2 of the same definition. A level is its format and its text."""
    defined = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(levels)
    )
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if starts_anew else ""
    lists = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{override}</w:num>'
    )
    return xml("numbering", f'<w:abstractNum w:abstractNumId="7">{defined}</w:abstractNum>{lists}')


def table(rows: Sequence[Sequence[str]], *, lined: bool = True) -> str:
    """A table; a cell is its text, or its own `w:tc`."""
    border = '<w:tblBorders><w:top w:val="single"/></w:tblBorders>' if lined else ""
    written = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{border}</w:tblPr>{written}</w:tbl>"


def cell(text: str, properties: str = "") -> str:
    """A cell of a table, a paragraph for each line; what is a cell already stays as it is."""
    if text.startswith("<w:tc>"):
        return text
    paragraphs = "".join(map(paragraph, text.split("\n")))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    written = io.BytesIO(b"%PDF-1.7\n")
    written.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        written.write(b"%010d 00000 n \n" % place)
    written.write(b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return written.getvalue()


def stream(content: bytes, keys: bytes = b"", times: int = 1) -> bytes:
    """A stream of a PDF, deflated as often as said."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode " * times
    return b"<<%s /Filter [%s] /Length %d>>\nstream\n%s\nendstream" % (keys, filters, len(content), content)


def drawn_pdf(commands: bytes, *, size: tuple[int, int] = (595, 842), times: int = 1) -> bytes:
    """A PDF of one page that these commands draw."""
    page = b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources <<>>>>" % size
    return pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            page,
            stream(commands, times=times),
        ]
    )


def scanned_pdf(pages: Sequence[bytes]) -> bytes:
    """A PDF whose pages are images alone. A page is a binary PGM, as `image_of` gives it."""
    objects = [b"<</Type /Catalog /Pages 2 0 R>>", b""]
    for image in pages:
        head, pixels = image.split(b" 255\n", 1)
        wide, high = (int(number) for number in head.split()[1:3])
        keys = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8" % (
            wide,
            high,
        )
        at = len(objects) + 1
        objects += [
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources <</XObject <</I %d 0 R>>>>>>" % (at + 1, at + 2),
            stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
            stream(pixels, keys),
        ]
    kids = b" ".join(b"%d 0 R" % number for number in range(3, len(objects) + 1, 3))
    objects[1] = b"<</Type /Pages /Kids [%s] /Count %d>>" % (kids, len(pages))
    return pdf(objects)


def png(image: bytes) -> bytes:
    """A binary PGM as PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head, pixels = image.split(b" 255\n", 1)
    wide, high = (int(number) for number in head.split()[1:3])
    rows = b"".join(b"\0" + pixels[start : start + wide] for start in range(0, wide * high, wide))
    size = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def in_tcvn3(text: str) -> bytes:
    """A text in TCVN3 (ABC): its capital vowels with tones come out small, as that encoding has none."""
    places = {decoded(chr(code), "tcvn3"): chr(code) for code in range(0xA1, 0xFF)}
    composed = unicodedata.normalize("NFC", text)
    letters = (places.get(letter, places.get(letter.lower(), letter)) for letter in composed)
    return "".join(letters).encode("latin-1", "replace")


def in_vni(text: str) -> bytes:
    """A text in VNI."""
    marks = {decoded(f"a{chr(code)}", "vni"): chr(code) for code in range(0xE0, 0xFF)}
    alone = {decoded(chr(code), "vni"): chr(code) for code in range(0xC0, 0xFF) if chr(code) in _ALONE_IN_VNI}
    written = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        base, found = parts[0], parts[1:]
        horn = "\u031b" if "\u031b" in found else ""
        rest = "".join(mark for mark in found if mark != horn)
        mark = marks.get(unicodedata.normalize("NFC", "a" + rest), "") if rest else ""
        root = unicodedata.normalize("NFC", base + horn)
        if letter in alone:
            written.append(alone[letter])
        else:
            written.append(alone.get(root, root) + (mark.upper() if base.isupper() else mark))
    return "".join(written).encode("latin-1", "replace")


def in_windows_1258(text: str) -> bytes:
    """A text in Windows-1258, whose tones stand behind their letters."""
    written = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            written += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tones = "".join(part for part in parts if part in _TONES)
            base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
            written += (base + tones).encode("cp1258", "replace")
    return bytes(written)
