"""The words of one paragraph: what was inserted, not what was deleted or hidden, and the text boxes anchored in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from services.intake.reading.documents.legacy import Encoding, decoded, encoding_of_font
from services.intake.reading.documents.word.archive import NAMESPACE
from services.intake.reading.documents.word.numbering import attribute, child
from services.intake.reading.documents.word.styles import Styles, font

_W = f"{{{NAMESPACE}}}"
_NOT_TEXT = {_W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "sdtPr", "object")}
_OFF = {"0", "false", "off"}
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class ParagraphWords:
    """A paragraph's words, and the paragraphs of its text boxes."""

    text: str
    boxes: tuple[etree._Element, ...]


def words_of(paragraph: etree._Element, styles: Styles, style: str | None) -> ParagraphWords:
    """The words of a paragraph of a style. Words in fonts of TCVN3 or VNI become the letters that those fonts show."""
    boxes: list[etree._Element] = []
    pieces: list[tuple[str, Encoding | None, bool]] = []
    own_font = styles.font_of(style)
    for run in _runs(paragraph, boxes):
        properties = child(run, "rPr")
        if _is_on(properties, "vanish"):
            continue
        name = font(properties) or own_font
        encoding = encoding_of_font(name)
        capitals = encoding == "tcvn3" and name.upper().endswith("H")
        for written in _written(run, boxes):
            if pieces and pieces[-1][1:] == (encoding, capitals):
                pieces[-1] = (pieces[-1][0] + written, encoding, capitals)
            else:
                pieces.append((written, encoding, capitals))
    return ParagraphWords("".join(_shown(*piece) for piece in pieces), tuple(boxes))


def _shown(written: str, encoding: Encoding | None, capitals: bool) -> str:
    shown = decoded(written, encoding) if encoding else written
    return shown.upper() if capitals else shown


def _is_on(properties: "etree._Element | None", name: str) -> bool:
    element = child(properties, name)
    return element is not None and attribute(element) not in _OFF


def _runs(element: etree._Element, boxes: list[etree._Element]) -> Iterator[etree._Element]:
    """The runs below an element, in order, with those that links, fields and insertions hold."""
    for each in element.iterchildren("*"):
        if each.tag == _W + "r":
            yield each
        elif each.tag == _ALTERNATIVES:
            boxes.extend(_boxes(each))
        elif each.tag not in _NOT_TEXT:
            yield from _runs(each, boxes)


def _written(run: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    for each in run.iterchildren("*"):
        name = str(each.tag).rpartition("}")[2]
        if each.tag == _W + "t":
            yield each.text or ""
        elif name in _SIGNS and each.tag == _W + name:
            yield _SIGNS[name]
        elif each.tag in (_ALTERNATIVES, _W + "drawing", _W + "pict"):
            boxes.extend(_boxes(each))


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The text boxes below an element; of alternatives for newer and older readers the first that has any."""
    if element.tag == _ALTERNATIVES:
        for alternative in element.iterchildren("*"):
            if found := list(_boxes(alternative)):
                yield from found
                return
        return
    for each in element.iterchildren("*"):
        if each.tag == _W + "txbxContent":
            yield each
        else:
            yield from _boxes(each)
