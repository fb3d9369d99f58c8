"""The numbers that Word works out for list paragraphs, and that stand nowhere in the document's text."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from services.intake.reading.documents.word.archive import NAMESPACE

_DEEPEST = 9
_MOST_NUMBER = 10_000
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"))
_ROMAN_UNITS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_MARKS = "-–—+•○◦▪*●"
_MARKS_BY_DEPTH = ("-", "+", "•")


def attribute(element: "etree._Element | None", name: str = "val") -> str | None:
    """An attribute in Word's namespace."""
    return None if element is None else element.get(f"{{{NAMESPACE}}}{name}")


def child(element: "etree._Element | None", *path: str) -> "etree._Element | None":
    """The first descendant along a path of names in Word's namespace."""
    for name in path:
        element = None if element is None else element.find(f"{{{NAMESPACE}}}{name}")
    return element


def number(element: "etree._Element | None", name: str = "val") -> int | None:
    """An attribute that is a whole number; None where it is missing or something else."""
    value = attribute(element, name)
    return int(value) if value is not None and value.isascii() and value.isdecimal() and len(value) < 10 else None


@dataclass(frozen=True, slots=True)
class Level:
    """How paragraphs of one depth are numbered. `text` holds %1 to %9 for the numbers of the depths."""

    start: int = 1
    format: str = "decimal"
    text: str = "%1."
    restarts_after: int | None = None
    legal: bool = False


class Numbering:
    """Every list of a document, and how far each has counted.

    Source: ECMA-376 part 1, section 17.9: lists of one abstract definition count on together; a list whose start is
    overridden begins anew where it is used first.
    """

    def __init__(self, root: "etree._Element | None") -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._style_depths: dict[str, int] = {}
        self._numbers: dict[str, list[int | None]] = {}
        self._used: set[str] = set()
        if root is not None:
            self._read(root)

    def depth_of_style(self, style: str) -> int | None:
        """The depth at which a list numbers the paragraphs of a style."""
        return self._style_depths.get(style)

    def next(self, list_id: str, depth: int) -> str:
        """What stands before the next paragraph of a list: "1.", "a)", "-"; "" where the list shows nothing."""
        abstract = self._abstract.get(list_id)
        if abstract is None or not 0 <= depth < _DEEPEST:
            return ""
        levels: Mapping[int, Level] = self._levels.get(abstract, {}) | self._overrides.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        numbers = self._numbers.setdefault(abstract, [None] * _DEEPEST)
        if list_id not in self._used:
            self._used.add(list_id)
            for overridden, start in self._starts.get(list_id, {}).items():
                numbers[overridden] = start - 1
        here = numbers[depth]
        numbers[depth] = level.start if here is None else here + 1
        for upper in range(depth):
            if numbers[upper] is None:
                numbers[upper] = levels.get(upper, Level()).start
        for deeper in range(depth + 1, _DEEPEST):
            restarts_after = levels.get(deeper, Level()).restarts_after
            if restarts_after is None or depth < restarts_after:
                numbers[deeper] = None
        return _shown(level, depth, levels, numbers)

    def _read(self, root: etree._Element) -> None:
        links: dict[str, str] = {}
        definitions: dict[str, str] = {}
        for each in root.iterchildren(f"{{{NAMESPACE}}}abstractNum"):
            name = attribute(each, "abstractNumId") or ""
            self._levels[name] = {}
            if style := attribute(child(each, "styleLink")):
                definitions[style] = name
            if style := attribute(child(each, "numStyleLink")):
                links[name] = style
            for level in each.iterchildren(f"{{{NAMESPACE}}}lvl"):
                depth = number(level, "ilvl")
                if depth is not None:
                    self._levels[name][depth] = _level(level)
                    if style := attribute(child(level, "pStyle")):
                        self._style_depths[style] = depth
        for each in root.iterchildren(f"{{{NAMESPACE}}}num"):
            list_id, name = attribute(each, "numId") or "", attribute(child(each, "abstractNumId")) or ""
            self._abstract[list_id] = definitions.get(links.get(name, ""), name)
            for override in each.iterchildren(f"{{{NAMESPACE}}}lvlOverride"):
                depth, start = number(override, "ilvl"), number(child(override, "startOverride"))
                if depth is not None and depth < _DEEPEST:
                    if start is not None:
                        self._starts.setdefault(list_id, {})[depth] = start
                    if (level := child(override, "lvl")) is not None:
                        self._overrides.setdefault(list_id, {})[depth] = _level(level)


def _level(element: etree._Element) -> Level:
    start, legal = number(child(element, "start")), child(element, "isLgl")
    return Level(
        1 if start is None else start,
        attribute(child(element, "numFmt")) or "decimal",
        attribute(child(element, "lvlText")) or "",
        number(child(element, "lvlRestart")),
        legal is not None and attribute(legal) not in {"0", "false"},
    )


def _shown(level: Level, depth: int, levels: Mapping[int, Level], numbers: list[int | None]) -> str:
    if level.format == "bullet":
        mark = level.text.strip()
        return mark if mark in _MARKS and mark else _MARKS_BY_DEPTH[min(depth, len(_MARKS_BY_DEPTH) - 1)]
    if level.format == "none":
        return ""
    shown = level.text
    for upper in range(depth + 1):
        style = "decimal" if level.legal else levels.get(upper, Level()).format
        shown = shown.replace(f"%{upper + 1}", _written(numbers[upper] or 0, style))
    return f"{shown}." if shown[-1:].isalnum() else shown.strip()


def _written(value: int, style: str) -> str:
    if not 0 < value < _MOST_NUMBER:
        return str(value)
    if style in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in {"lowerRoman", "upperRoman"}:
        written, rest = "", value
        for worth, sign in _ROMAN:
            written, rest = written + sign * (rest // worth), rest % worth
        written += _ROMAN_UNITS[rest]
        return written if style == "upperRoman" else written.lower()
    return f"{value:02}" if style == "decimalZero" else str(value)
