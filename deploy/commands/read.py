"""`ketluan read FILE`: what a notice says, without a server."""

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.exit_codes import REFUSED
from services.intake.reading.documents.conversion import LARGEST_DOCUMENT
from services.intake.reading.frames import DocumentReading
from services.intake.reading.isolated import DocumentReader
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.unreadable import UnreadableNotice
from shared.language import Words

if TYPE_CHECKING:
    from deploy.overview.reading import Units

STANDARD_INPUT = "-"
"""The name that stands for standard input."""


class _UnusableDirectory(Exception):
    """The directory's file says nothing that can be used; `words` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


def run_read(path: str, directory: Path | None, *, as_json: bool) -> int:
    """Reads a notice, and prints it as a table or as one JSON object. Gives the exit code."""
    try:
        content = _content(path)
        units = None if directory is None else _units(directory)
        reading = asyncio.run(_read(content, path))
    except OSError as error:
        return _refused(
            f"Không đọc được {error.filename}: {error.strerror}.", f"{error.filename} cannot be read: {error.strerror}."
        )
    except _UnusableDirectory as refusal:
        return _refused(refusal.words.vi, refusal.words.en)
    except UnreadableNotice as refusal:
        return _refused(refusal.detail.to("vi", **refusal.values), refusal.detail.to("en", **refusal.values))
    # A refusal waits for none of these libraries.
    from deploy.overview.reading import as_object, print_reading, units_of

    units = units or units_of(None)
    if as_json:
        json.dump(as_object(reading, units), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        print_reading(reading, units)
    return 0


async def _read(content: bytes, path: str) -> DocumentReading:
    name = None if path == STANDARD_INPUT else Path(path).name
    async with DocumentReader() as reader:
        return await reader.read_document(content, None, name, ReadingPolicy())


def _content(path: str) -> bytes:
    """The document's bytes, one more than may be read at most."""
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(LARGEST_DOCUMENT + 1)
    with Path(path).open("rb") as file:
        return file.read(LARGEST_DOCUMENT + 1)


def _units(path: Path) -> "Units":
    """Looks phrases up in a directory's file.

    Raises:
        OSError: the file cannot be read.
        _UnusableDirectory: nothing that it says can be used.
    """
    from deploy.overview.reading import units_of
    from shared.directory.changes import NameTaken, UnknownUnit
    from shared.directory.file import LARGEST_FILE, UnusableFile, read_file

    with path.open("rb") as opened:
        content = opened.read(LARGEST_FILE + 1)
    try:
        return units_of(read_file(content, path.name))
    except UnusableFile as error:
        fault = error.faults[0]
        vi, en = (fault.what.to(language, **fault.values) for language in ("vi", "en"))
        raise _UnusableDirectory(
            Words(
                f"Danh bạ {path} chưa dùng được, dòng {fault.line}: {vi}.",
                f"The directory {path} cannot be used, line {fault.line}: {en}.",
            )
        ) from error
    except (UnknownUnit, NameTaken) as error:
        raise _UnusableDirectory(
            Words(f"Danh bạ {path} chưa dùng được: {error}.", f"The directory {path} cannot be used: {error}.")
        ) from error


def _refused(vi: str, en: str) -> int:
    sys.stderr.write(f"{vi}\n{en}\n")
    return REFUSED
