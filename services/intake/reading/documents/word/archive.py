"""The parts of a Word document, taken out of its archive only after their sizes were found bearable."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from services.intake.reading.documents.refusals import ARCHIVE_BOMB, DAMAGED, ENTITIES, LOCKED
from services.intake.reading.unreadable import UnreadableNotice

_MOST_BYTES = 48 * 1024 * 1024
_MOST_RATIO = 400
_RATIO_MATTERS_FROM = 4 * 1024 * 1024
_ENCRYPTED = 0x1
_OFFICE_DOCUMENT = "/officeDocument"
_DOCTYPE = b"<!DOCTYPE"
_PROLOGUE = 4096
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
"""Of WordprocessingML (ECMA-376, transitional); the strict namespace is read as this one."""


class Archive:
    """An opened .docx.

    Raises:
        UnreadableNotice: it is damaged, locked, or would become far larger than any document is.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UnreadableNotice("damaged-document", DAMAGED) from error
        self._names = set(self._zip.namelist())
        self._left = _MOST_BYTES

    def main_part(self) -> str:
        """The name of the part that holds the text."""
        for relation in self._small("_rels/.rels"):
            if str(relation.get("Type", "")).endswith(_OFFICE_DOCUMENT):
                return str(relation.get("Target", "")).lstrip("/")
        return "word/document.xml"

    def headers(self) -> Iterator[etree._Element]:
        """The roots of the page headers."""
        for name in sorted(self._names):
            if name.startswith("word/header") and name.endswith(".xml") and (root := self.root(name)) is not None:
                yield root

    def root(self, name: str) -> "etree._Element | None":
        """A small part, parsed whole; None where it is missing."""
        return None if name not in self._names else _parsed(self._bytes(name))

    def blocks(self, name: str) -> Iterator[etree._Element]:
        """The paragraphs and tables of the main part that stand in no other, one by one; each is gone with the next."""
        if name not in self._names:
            raise UnreadableNotice("damaged-document", DAMAGED)
        paragraph, table = f"{{{NAMESPACE}}}p", f"{{{NAMESPACE}}}tbl"
        content = io.BytesIO(self._bytes(name))
        parts = etree.iterparse(
            content, events=("end",), tag=(paragraph, table), resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            for number, (_, element) in enumerate(parts):
                if not number:
                    _refuse_entities(element)
                if not any(above.tag in (paragraph, table) for above in element.iterancestors()):
                    yield element
                    element.clear()
                    while element.getprevious() is not None and (parent := element.getparent()) is not None:
                        del parent[0]
        except etree.XMLSyntaxError as error:
            raise UnreadableNotice("damaged-document", DAMAGED) from error

    def _small(self, name: str) -> Iterator[etree._Element]:
        root = self.root(name)
        return iter(()) if root is None else root.iterchildren("*")

    def _bytes(self, name: str) -> bytes:
        part = self._zip.getinfo(name)
        if part.flag_bits & _ENCRYPTED:
            raise UnreadableNotice("locked-document", LOCKED)
        too_dense = part.file_size > max(_RATIO_MATTERS_FROM, _MOST_RATIO * part.compress_size)
        if part.file_size > self._left or too_dense:
            raise UnreadableNotice("archive-bomb", ARCHIVE_BOMB)
        self._left -= part.file_size
        try:
            content = self._zip.read(part)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise UnreadableNotice("damaged-document", DAMAGED) from error
        if _DOCTYPE in content[:_PROLOGUE]:
            raise UnreadableNotice("xml-entities", ENTITIES)
        return content.replace(_STRICT, NAMESPACE.encode())


def _parsed(content: bytes) -> etree._Element:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise UnreadableNotice("damaged-document", DAMAGED) from error
    _refuse_entities(root)
    return root


def _refuse_entities(element: etree._Element) -> None:
    """Office documents declare no entities; whoever does, means harm."""
    if element.getroottree().docinfo.internalDTD is not None:
        raise UnreadableNotice("xml-entities", ENTITIES)
