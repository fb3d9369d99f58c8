"""Reads documents in processes of their own, so that no document can harm the service that received it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

from services.intake.reading.documents.refusals import BROKE_THE_READER, TOOK_TOO_LONG
from services.intake.reading.frames import (
    KIND_AND_LENGTH,
    LENGTHS,
    MOST_ANSWER,
    READ,
    READING,
    REFUSAL,
    REFUSED,
    REQUEST,
    SCANNING,
    DocumentReading,
    ReadingRequest,
)
from services.intake.reading.limits import ReadingLimits
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.unreadable import UnreadableNotice
from shared.language import Words

_DOCUMENTS_EACH = 100
_GRACE = 1.0
_WORKER = "services.intake.reading.worker"


class DocumentReader:
    """Reads documents, each in a process that may use no more than its limits. To be used as a context.

    A process that has read a document well is used again; whatever refused, broke or outlived its limits is ended.
    """

    def __init__(self, limits: ReadingLimits | None = None) -> None:
        self._limits = limits or ReadingLimits()
        self._turns = asyncio.Semaphore(self._limits.at_once)
        self._idle: list[_Worker] = []
        self._starting: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Starts the first process ahead, so that the first document does not wait for it."""
        self._start_ahead()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends every process."""
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in self._idle:
            await worker.end()

    async def read_document(
        self, content: bytes, media_type: str | None, name: str | None, policy: ReadingPolicy
    ) -> DocumentReading:
        """What a document says: its text, and the notice that it is. `media_type` and `name` are its sender's words.

        Raises:
            UnreadableNotice: it cannot be read, or not within the limits; its code and words say why.
        """
        request = REQUEST.dump_json(ReadingRequest(media_type, name, policy))
        async with self._turns, AsyncExitStack() as ending:
            if self._starting:
                # Others wait for the same starts: giving up here must not end them.
                await asyncio.wait(self._starting)
            worker = self._idle_one() or await _Worker.started(self._limits)
            ending.push_async_callback(worker.end)
            ending.callback(self._start_ahead)
            reading = await worker.read(request, content, self._limits)
            if worker.documents < _DOCUMENTS_EACH:
                ending.pop_all()
                self._idle.append(worker)
            return reading

    def _idle_one(self) -> "_Worker | None":
        """A process that waits for a document; one that ended meanwhile, as for want of memory, is none."""
        while self._idle:
            if (worker := self._idle.pop()).runs:
                return worker
        return None

    def _start_ahead(self) -> None:
        starting = asyncio.create_task(self._start())
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)

    async def _start(self) -> None:
        self._idle.append(await _Worker.started(self._limits))


class _Worker:
    """One process that reads."""

    def __init__(self, child: Process) -> None:
        self._child = child
        self.documents = 0

    @classmethod
    async def started(cls, limits: ReadingLimits) -> Self:
        arguments = (str(limits.seconds), str(limits.scan_seconds), str(limits.memory))
        environment = {
            name: os.environ[name]
            for name in ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "TESSDATA_PREFIX")
            if name in os.environ
        }
        return cls(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", _WORKER, *arguments),
                stdin=PIPE,
                stdout=PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment | {"OMP_THREAD_LIMIT": "1"},
                start_new_session=True,
            )
        )

    @property
    def runs(self) -> bool:
        """Whether the process has not ended."""
        return self._child.returncode is None

    async def read(self, request: bytes, content: bytes, limits: ReadingLimits) -> DocumentReading:
        self.documents += 1
        kind, answer = await self._answered(request, content, limits)
        if kind == READ:
            return READING.validate_json(answer)
        if kind == REFUSED:
            refusal = REFUSAL.validate_json(answer)
            raise UnreadableNotice(refusal.code, Words(refusal.vi, refusal.en), **refusal.values)
        raise UnreadableNotice("broke-the-reader", BROKE_THE_READER)

    async def _answered(self, request: bytes, content: bytes, limits: ReadingLimits) -> tuple[bytes, bytes]:
        seconds = limits.seconds
        try:
            async with asyncio.timeout(seconds) as deadline:
                await self._send(request, content)
                kind, answer = await self._frame()
                if kind == SCANNING:
                    seconds = limits.scan_seconds
                    deadline.reschedule(asyncio.get_running_loop().time() + seconds)
                    kind, answer = await self._frame()
                return kind, answer
        except TimeoutError as error:
            raise UnreadableNotice("took-too-long", TOOK_TOO_LONG, seconds=round(seconds)) from error
        except (asyncio.IncompleteReadError, OSError) as error:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._child.wait(), _GRACE)
            if self._child.returncode in {-signal.SIGXCPU, -signal.SIGALRM}:
                raise UnreadableNotice("took-too-long", TOOK_TOO_LONG, seconds=round(seconds)) from error
            return b"", b""

    async def _send(self, request: bytes, content: bytes) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(LENGTHS.pack(len(request), len(content)) + request)
        self._child.stdin.write(content)
        await self._child.stdin.drain()

    async def _frame(self) -> tuple[bytes, bytes]:
        assert self._child.stdout is not None
        kind, length = KIND_AND_LENGTH.unpack(await self._child.stdout.readexactly(KIND_AND_LENGTH.size))
        return (kind, await self._child.stdout.readexactly(length)) if length <= MOST_ANSWER else (b"", b"")

    async def end(self) -> None:
        """Ends the process and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        await self._child.wait()
