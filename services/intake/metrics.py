"""What intake counts and measures of the notices that it reads."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Histogram

from services.intake.reading.unreadable import UnreadableNotice
from shared.events.meeting import ConclusionHeld, MeetingConcluded
from shared.telemetry import traces
from shared.telemetry.metrics import REGISTRY

_TENTHS = tuple(tenth / 10 for tenth in range(1, 11))

CONFIDENCE = Histogram(
    "ketluan_reading_confidence",
    "How far the reading of each published or held directive can be trusted: 1 is certain.",
    buckets=_TENTHS,
    registry=REGISTRY,
)
DOUBTS = Counter(
    "ketluan_reading_doubts_total",
    "Doubts of published or held readings, by what is doubted.",
    ("code",),
    registry=REGISTRY,
)
NOTICES = Counter(
    "ketluan_notices_total",
    "Notices that came into the log: published, or held.",
    ("state",),
    registry=REGISTRY,
)
DOCUMENTS = Counter(
    "ketluan_documents_total",
    "Documents that were read, by what they turned out to be; unreadable where they could not be read.",
    ("media_type",),
    registry=REGISTRY,
)
DOCUMENT_SECONDS = Histogram(
    "ketluan_document_duration_seconds",
    "Time of reading a document.",
    ("media_type",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 120.0),
    registry=REGISTRY,
)
UNREADABLE = "unreadable"


class Document:
    """A document that is being read. `media_type` is what it turned out to be."""

    media_type = UNREADABLE


@contextmanager
def document() -> Iterator[Document]:
    """Measures the reading of a document, which a block does."""
    began, read = time.perf_counter(), Document()
    try:
        with traces.within("read document"):
            yield read
    except UnreadableNotice:
        read.media_type = UNREADABLE
        raise
    finally:
        DOCUMENTS.labels(read.media_type).inc()
        DOCUMENT_SECONDS.labels(read.media_type).observe(time.perf_counter() - began)


def taken(meeting: MeetingConcluded | ConclusionHeld, doubts: Iterable[str]) -> None:
    """Counts a notice that came into the log, with the codes of its doubts."""
    NOTICES.labels("held" if isinstance(meeting, ConclusionHeld) else "published").inc()
    for directive in meeting.directives:
        CONFIDENCE.observe(directive.confidence)
    for code in doubts:
        DOUBTS.labels(code).inc()
