"""One program that runs as our child: started, watched, started again when it dies, and stopped."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_LAUNCH = Path(__file__).with_name("launch.py")
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
_STEADY_SECONDS = 10.0


@dataclass(frozen=True)
class Program:
    """What to run and how it ends.

    `ends_on` asks it to end and `patience` is how many seconds it may take; `dies_on` is what the kernel sends it when
    the supervisor is killed. `owner` is the user and group to run as, None for our own.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    ends_on: signal.Signals = signal.SIGTERM
    dies_on: signal.Signals = signal.SIGKILL
    patience: float = 5.0
    owner: tuple[int, int] | None = None


@dataclass
class Child:
    """A program kept running. `on_start` is told each new process id before anything else happens."""

    program: Program
    on_start: Callable[[str, int], None]
    starts: int = 0
    exit_code: int | None = None
    _process: asyncio.subprocess.Process | None = None
    _keeper: asyncio.Task[None] | None = None
    _stopping: bool = False
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Starts the program, and from then on starts it again whenever it ends."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep())

    async def _spawn(self) -> None:
        user, group = self.program.owner or (-1, -1)
        identity = (str(os.getpid()), str(int(self.program.dies_on)), str(user), str(group))
        with self.program.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(_LAUNCH), *identity, *self.program.command),
                env=dict(self.program.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # In a session of its own Ctrl-C reaches the supervisor alone, which then ends all in order.
                start_new_session=True,
            )
        self.starts += 1
        self.on_start(self.program.name, self._process.pid)

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            started = time.monotonic()
            if self._process is not None:
                self.exit_code = await self._process.wait()
            self._ended.set()
            if self._stopping:
                return
            if time.monotonic() - started > _STEADY_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            # A full disk or an exhausted table of processes passes; until then the program is tried again.
            with contextlib.suppress(OSError):
                await self._spawn()

    async def ended(self) -> None:
        """Returns when the program has ended once, for whatever reason."""
        await self._ended.wait()

    async def stop(self) -> None:
        """Asks the program to end, and kills it when it takes too long. It is not started again."""
        self._stopping = True
        if self._keeper is not None and not self.is_running():
            self._keeper.cancel()
        if self._process is not None and self.is_running():
            self._send(self.program.ends_on)
            try:
                async with asyncio.timeout(self.program.patience):
                    await self._process.wait()
            except TimeoutError:
                self._send(signal.SIGKILL)
                await self._process.wait()
        if self._keeper is not None:
            await asyncio.gather(self._keeper, return_exceptions=True)

    def replace(self) -> None:
        """Kills the program, which is started anew."""
        if self.is_running():
            self._send(signal.SIGKILL)

    def is_running(self) -> bool:
        """Whether the program runs at this moment."""
        return self._process is not None and self._process.returncode is None

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None:
                self._process.send_signal(number)

    def last_words(self) -> str:
        """The last line of the program's log, for whoever asks why it ended."""
        try:
            with self.program.log.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 4096))
                lines = log.read().decode("utf-8", "replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1][:300] if lines else ""
