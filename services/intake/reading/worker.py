"""The process that reads documents for a service: whatever a document does to it, it does to nothing else."""

import math
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

from services.intake.reading.documents.conversion import converted
from services.intake.reading.documents.refusals import TOOK_TOO_MUCH
from services.intake.reading.frames import (
    KIND_AND_LENGTH,
    LENGTHS,
    READ,
    READING,
    REFUSAL,
    REFUSED,
    REQUEST,
    SCANNING,
    DocumentReading,
    ReadingRequest,
    Refusal,
)
from services.intake.reading.limits import ReadingLimits
from services.intake.reading.notice import ReadingDoubt, read_notice
from services.intake.reading.unreadable import UnreadableNotice

_GRACE = 2


def main() -> None:
    """Answers one request after the other until the service closes the pipe.

    Arguments: seconds for a document, seconds for a scan, bytes of address space.
    """
    limits = ReadingLimits(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while lengths := requests.read(LENGTHS.size):
        request_length, length = LENGTHS.unpack(lengths)
        request = REQUEST.validate_json(requests.read(request_length))
        _allow(limits.seconds)
        _answer(request, requests.read(length), limits, answers)
        signal.alarm(0)


def _answer(request: ReadingRequest, content: bytes, limits: ReadingLimits, answers: BinaryIO) -> None:
    def scanning() -> None:
        _allow(limits.scan_seconds)
        answers.write(KIND_AND_LENGTH.pack(SCANNING, 0))
        answers.flush()

    try:
        kind, answer = READ, READING.dump_json(_read(request, content, scanning))
    except UnreadableNotice as error:
        refusal = Refusal(error.code, error.detail.vi, error.detail.en, _plain(error.values))
        kind, answer = REFUSED, REFUSAL.dump_json(refusal)
    except MemoryError:
        refusal = Refusal("too-much-memory", TOOK_TOO_MUCH.vi, TOOK_TOO_MUCH.en, {})
        kind, answer = REFUSED, REFUSAL.dump_json(refusal)
    answers.write(KIND_AND_LENGTH.pack(kind, len(answer)) + answer)
    answers.flush()


def _read(request: ReadingRequest, content: bytes, scanning: Callable[[], None]) -> DocumentReading:
    document = converted(content, request.media_type, request.name, scanning=scanning)
    notice = read_notice(document.source, request.policy)
    doubts = tuple(ReadingDoubt(each.code, None, each.about, each.confidence) for each in document.source.doubts)
    return DocumentReading(document.media_type, document.source.text, replace(notice, doubts=(*doubts, *notice.doubts)))


def _allow(seconds: float) -> None:
    """Gives this much processor time from now on. The alarm ends a process whose service is gone and cannot stop it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds) + _GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    signal.alarm(math.ceil(seconds) + _GRACE)


def _plain(values: dict[str, object]) -> dict[str, str | int]:
    return {name: value if isinstance(value, int) else str(value) for name, value in values.items()}


if __name__ == "__main__":
    main()
