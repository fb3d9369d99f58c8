"""Files that mean harm, or are as damaged as if they did: each must be refused soon, and harm nothing."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.documents import NAMESPACE, archive, cell, drawn_pdf, paragraph, pdf, table, word, xml

_MIB = 1024 * 1024


def _zip_of_zeros() -> bytes:
    return archive({"word/document.xml": "\0" * (80 * _MIB)})


def _dense_archive() -> bytes:
    return archive({"word/document.xml": xml("document", " " * (30 * _MIB))})


def _lying_archive() -> bytes:
    """Its directory says that the part is small."""
    content = bytearray(_dense_archive())
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 1000)
    return bytes(content)


def _entities() -> bytes:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "lol">{layers}]>'
    body = f'<w:document xmlns:w="{NAMESPACE}"><w:body><w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>'
    return archive({"word/document.xml": head + body})


def _foreign_entity() -> bytes:
    head = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    body = f'<w:document xmlns:w="{NAMESPACE}"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>'
    return archive({"word/document.xml": head + body})


def _deep_xml() -> bytes:
    return word("<w:p>" * 100_000 + "</w:p>" * 100_000)


def _endless_row() -> bytes:
    wide = cell("Giao Văn phòng rà soát", '<w:gridSpan w:val="999999999"/>')
    return word(table([[wide] * 1000] * 200))


def _based_on_itself() -> bytes:
    style = '<w:style w:type="paragraph" w:styleId="A" w:default="1"><w:basedOn w:val="A"/></w:style>'
    return word(paragraph("a", '<w:pStyle w:val="A"/>') * 20_000, styles=xml("styles", style))


def _million_entries() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for number in range(200_000):
            target.writestr(f"word/{number}", b"")
    return written.getvalue()


def _many_pages() -> bytes:
    kids = b"3 0 R " * 100_000
    pages = b"<</Type /Pages /Kids [%s] /Count 100000>>" % kids
    return pdf([b"<</Type /Catalog /Pages 2 0 R>>", pages, b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>"])


def _pages_in_a_circle() -> bytes:
    return pdf([b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 2>>"])


def _drawing_without_end() -> bytes:
    return drawn_pdf(b"0 0 m 9 9 l S " * (10 * _MIB))


def _deflated_twice() -> bytes:
    return drawn_pdf(b" " * (600 * _MIB), times=2)


def _vast_page() -> bytes:
    return drawn_pdf(b"0 0 1000000 1000000 re f", size=(10_000_000, 10_000_000))


def _deep_pdf() -> bytes:
    return pdf([b"<</Type /Catalog /Pages " + b"[" * 1_000_000])


def _truncated_pdf() -> bytes:
    return drawn_pdf(b"BT ET")[:200]


def _vast_image() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    side = 60_000
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * (20 * _MIB), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a zip bomb": _zip_of_zeros,
    "an archive far denser than text": _dense_archive,
    "an archive that lies about its sizes": _lying_archive,
    "entities of entities": _entities,
    "an entity that names a file": _foreign_entity,
    "elements within elements": _deep_xml,
    "cells over a billion columns": _endless_row,
    "a style that is based on itself": _based_on_itself,
    "an archive of 200,000 entries": _million_entries,
    "a hundred thousand pages": _many_pages,
    "pages that hold one another": _pages_in_a_circle,
    "a drawing without end": _drawing_without_end,
    "a stream deflated twice": _deflated_twice,
    "a page of 100 square kilometres": _vast_page,
    "a PDF of brackets": _deep_pdf,
    "half a PDF": _truncated_pdf,
    "an image of 3.6 billion dots": _vast_image,
    "a line of ten million letters": lambda: b"a" * 10_000_000,
    "a long line of a notice": lambda: "Giao Văn phòng rà soát, ".encode() * 80_000,
    "lines of brackets": lambda: b"((((((((((" * 200_000,
    "nothing but marks": lambda: "\u0323\u0301".encode() * 500_000,
    "broken UTF-8": lambda: "Giao Văn phòng".encode() + b"\xff\xfe\xc3" * 1000,
    "half a letter of UTF-16": lambda: b"\xff\xfe" + "Giao Văn phòng".encode("utf-16-le")[:-1] + b"\xd8",
    "noise": lambda: bytes(range(256)) * 4000,
    "an old Word file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "a rich text": lambda: b"{\\rtf1\\ansi " + b"{" * 100_000,
    "another archive": lambda: archive({"xl/workbook.xml": "<workbook/>"}),
    "no bytes at all": lambda: b"",
}
"""Each by what it is."""
