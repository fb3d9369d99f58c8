"""`ketluan read FILE`: what a notice says, without a server."""

import asyncio
import json
import sys
from pathlib import Path

from deploy.exit_codes import REFUSED
from deploy.overview.reading import as_object, print_reading, units_of
from services.intake.reading.documents.conversion import LARGEST_DOCUMENT
from services.intake.reading.frames import DocumentReading
from services.intake.reading.isolated import DocumentReader
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.unreadable import UnreadableNotice
from shared.directory.changes import NameTaken, UnknownUnit
from shared.directory.file import LARGEST_FILE, UnusableFile, read_file

STANDARD_INPUT = "-"
"""The name that stands for standard input."""


def run_read(path: str, directory: Path | None, *, as_json: bool) -> int:
    """Reads a notice, and prints it as a table or as one JSON object. Gives the exit code."""
    try:
        content = _content(path)
        units = units_of(None if directory is None else read_file(_bytes(directory), directory.name))
        reading = asyncio.run(_read(content, path))
    except OSError as error:
        return _refused(
            f"Không đọc được {error.filename}: {error.strerror}.", f"{error.filename} cannot be read: {error.strerror}."
        )
    except UnusableFile as refusal:
        fault = refusal.faults[0]
        return _refused(
            f"Danh bạ {directory} chưa dùng được, dòng {fault.line}: {fault.what.to('vi', **fault.values)}.",
            f"The directory {directory} cannot be used, line {fault.line}: {fault.what.to('en', **fault.values)}.",
        )
    except (UnknownUnit, NameTaken) as refusal:
        return _refused(
            f"Danh bạ {directory} chưa dùng được: {refusal}.", f"The directory {directory} cannot be used: {refusal}."
        )
    except UnreadableNotice as refusal:
        return _refused(refusal.detail.to("vi", **refusal.values), refusal.detail.to("en", **refusal.values))
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


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _refused(vi: str, en: str) -> int:
    sys.stderr.write(f"{vi}\n{en}\n")
    return REFUSED
