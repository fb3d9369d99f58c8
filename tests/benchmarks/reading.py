"""Reading notices: how fast each form is read, in how much memory, and how well."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from services.intake.reading.documents.conversion import source_of
from services.intake.reading.isolated import DocumentReader
from services.intake.reading.notice import read_notice
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.unreadable import UnreadableNotice
from tests.benchmarks.scoring import Score
from tests.documents import paragraph, word
from tests.integration.reading.pages import paragraphs, printed, scanned
from tests.notices.corpus import Labels, labelled_notices, labels_file
from tests.notices.word import write_word_notices
from tests.reading_processes import peak_bytes, reading_processes

LONG = 60
"""Pages of the long notice."""

_ROUNDS = 9
_HEAD = ["THÔNG BÁO", "Kết luận của Giám đốc Sở tại cuộc họp giao ban", "Giám đốc Sở kết luận và chỉ đạo như sau:"]
_PAGE = [
    "1. Văn phòng Sở",
    *(
        f"- Rà soát {number} nhiệm vụ theo Kế hoạch số 88/KH-SNV ngày 03/6/2026, phối hợp với Thanh tra Sở tổng hợp, "
        "báo cáo Giám đốc Sở kết quả của từng phòng và đơn vị trước ngày 05/12/2026."
        for number in range(10)
    ),
]


@dataclass(frozen=True, slots=True)
class Read:
    """One form: milliseconds for a page and seconds for LONG pages, the median of rounds through the process that
    reads; the most memory that it held."""

    form: str
    page_milliseconds: float
    long_seconds: float | None
    peak: int

    @property
    def pages_a_second(self) -> float:
        """How many pages of a long notice are read in a second."""
        return LONG / self.long_seconds if self.long_seconds else 1000 / self.page_milliseconds


def reading() -> list[Read]:
    """Measures every form. A scan is measured by one page: reading it is tesseract's work."""
    page, long = [*_HEAD, *_PAGE], [*_HEAD, *_PAGE * LONG]
    forms: Mapping[str, Callable[[list[str]], bytes]] = {
        "text": lambda lines: "\n".join(lines).encode(),
        "Word": lambda lines: word("".join(map(paragraph, lines))),
        "PDF": lambda lines: printed(paragraphs(lines)),
    }
    read = [asyncio.run(_read(form, make(page), make(long))) for form, make in forms.items()]
    return [*read, asyncio.run(_read("scan", scanned(printed(paragraphs(page[:12]))), None))]


async def _read(form: str, page: bytes, long: bytes | None) -> Read:
    async with DocumentReader() as reader:
        await reader.read_document(page, None, None, ReadingPolicy())
        short = await _median(reader, page, _ROUNDS if long else 1)
        lasting = await _median(reader, long, 3) if long else None
        return Read(form, short * 1000, lasting, max(map(peak_bytes, reading_processes())))


async def _median(reader: DocumentReader, content: bytes, rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        await reader.read_document(content, None, None, ReadingPolicy())
        seconds.append(time.perf_counter() - began)
    return sorted(seconds)[len(seconds) // 2]


def scores() -> dict[str, Score]:
    """How well the labelled notices are read, as texts and as Word files."""
    texts, files = Score(), Score()
    for notice in labelled_notices():
        _add(notice.text.encode(), notice.labels, texts)
    with TemporaryDirectory() as folder:
        for path in write_word_notices(Path(folder)):
            labels = Labels.model_validate_json(labels_file(path.stem).read_text(encoding="utf-8"))
            _add(path.read_bytes(), labels, files)
    return {"texts": texts, "Word files": files}


def _add(content: bytes, labels: Labels, total: Score) -> None:
    try:
        total.add(labels, read_notice(source_of(content, None, None), ReadingPolicy()).conclusion)
    except UnreadableNotice:
        total.add(labels, None)
