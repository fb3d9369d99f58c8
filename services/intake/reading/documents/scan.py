"""Reads images of pages with tesseract, where this machine has it with Vietnamese."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from services.intake.reading.documents.layout.grid import Rules
from services.intake.reading.documents.layout.sheets import Sheet, source_of_sheets
from services.intake.reading.documents.layout.words import PlacedWord
from services.intake.reading.documents.refusals import IMAGE_UNREADABLE, IMAGES_UNREAD
from services.intake.reading.source import Source, SourceDoubt
from services.intake.reading.unreadable import UnreadableNotice

LANGUAGES = ("vie", "eng")
"""Those that tesseract reads with; the first has to be installed."""

A4_WIDTH = 595.0
"""Points: the width that images of unknown size are taken to have."""

_DOUBTFUL = 60.0
_MOST_NAMED = 8
_NOISE = frozenset("|_[]{}~¦—=")
_PAGE, _LINE, _WORD = "1", "4", "5"
_COLUMNS = 12


@dataclass
class Scan:
    """The images read so far. `starting` is called before the first of them."""

    starting: Callable[[], None]
    _command: list[str] = field(default_factory=list)
    _confidences: list[float] = field(default_factory=list)
    _doubtful: list[str] = field(default_factory=list)

    def sheets(self, image: bytes) -> list[Sheet]:
        """The pages of an image: PNG, JPEG, PNM, or TIFF with several.

        Raises:
            UnreadableNotice: this machine has no tesseract with Vietnamese, or the image is damaged or too large.
        """
        if not self._command:
            self._command = _command()
            self.starting()
        # The command is tesseract's own path, and the image reaches it by its standard input alone.
        done = subprocess.run([*self._command, "tsv"], input=image, capture_output=True, check=False)
        if done.returncode:
            raise UnreadableNotice("image-unreadable", IMAGE_UNREADABLE)
        return [self._sheet(rows) for rows in _pages(done.stdout.decode(errors="replace"))]

    def doubts(self) -> tuple[SourceDoubt, ...]:
        """What was read with little certainty: the words, some of them named; nothing where nothing was a scan."""
        if not self._confidences:
            return ()
        certainty = sum(self._confidences) / len(self._confidences) / 100
        named = ", ".join(dict.fromkeys(self._doubtful[:_MOST_NAMED])) or None
        return (SourceDoubt("scan", named, round(max(0.0, min(certainty, 1.0)), 2)),)

    def _sheet(self, rows: Sequence[list[str]]) -> Sheet:
        width, height = float(rows[0][8]) or 1.0, float(rows[0][9])
        scale = A4_WIDTH / width
        words: list[PlacedWord] = []
        for line in _lines(rows):
            _, top, _, high = (float(value) for value in line[0][6:10])
            size = median(float(word[9]) for word in line[1:])
            for word in line[1:]:
                self._judge(word[11], float(word[10]))
                left, wide = float(word[6]), float(word[8])
                y = height - top - high / 2
                words.append(PlacedWord(word[11], left * scale, (left + wide) * scale, y * scale, size * scale))
        return Sheet(words, Rules((), ()))

    def _judge(self, word: str, confidence: float) -> None:
        self._confidences.append(confidence)
        if confidence < _DOUBTFUL:
            self._doubtful.append(word)


def image_source(content: bytes, scanning: Callable[[], None]) -> Source:
    """The source of an image.

    Raises:
        UnreadableNotice: it is damaged, or this machine has no tesseract with Vietnamese.
    """
    scan = Scan(scanning)
    sheets = scan.sheets(content)
    return replace(source_of_sheets(sheets), doubts=scan.doubts())


def _command() -> list[str]:
    program = shutil.which("tesseract")
    if program is None:
        raise UnreadableNotice("images-unread", IMAGES_UNREAD)
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
    languages = [language for language in LANGUAGES if language in listed]
    if LANGUAGES[0] not in languages:
        raise UnreadableNotice("images-unread", IMAGES_UNREAD)
    return [program, "stdin", "stdout", "-l", "+".join(languages)]


def _pages(table: str) -> Iterator[list[list[str]]]:
    """The rows of tesseract's table, page by page. Its columns: level, page, block, paragraph, line, word, left, top,
    width, height, confidence, text."""
    rows: list[list[str]] = []
    for line in table.splitlines()[1:]:
        row = line.split("\t")
        if len(row) != _COLUMNS:
            continue
        if row[0] == _PAGE and rows:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _lines(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    """A row for each line, followed by those of its words; lines without words are left out."""
    line: list[list[str]] = []
    for row in rows:
        if row[0] == _LINE:
            if len(line) > 1:
                yield line
            line = [row]
        elif row[0] == _WORD and line and set(row[11].strip()) - _NOISE:
            line.append(row)
    if len(line) > 1:
        yield line
