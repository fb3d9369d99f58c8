"""Whether a service lives, asked from outside: one whose event loop is frozen, or that was stopped, is replaced."""

import asyncio
import contextlib
import datetime as dt
import json
import time
from dataclasses import dataclass

import httpx

from deploy.embedded.child import Child

_EVERY_SECONDS = 0.5
_PATIENCE_SECONDS = 2.0
_CERTAIN_AFTER = 2
_BEGINNING_SECONDS = 30.0


@dataclass
class Watch:
    """Asks a service's operations port at `url` whether its event loop turns, and kills it where two answers one behind
    the other say no, or do not come; whoever keeps it then starts it anew.

    A process that has not answered yet has half a minute for it.
    """

    child: Child
    url: str

    async def run(self) -> None:
        """Asks for ever."""
        start, began, lived, failed = 0, 0.0, False, 0
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS, trust_env=False) as client:
            while True:
                await asyncio.sleep(_EVERY_SECONDS)
                if not self.child.is_running():
                    continue
                if self.child.starts != start:
                    start, began, lived, failed = self.child.starts, time.monotonic(), False, 0
                wrong = await self._wrong(client)
                lived, failed = lived or wrong is None, 0 if wrong is None else failed + 1
                patient = not lived and time.monotonic() - began < _BEGINNING_SECONDS
                if failed >= _CERTAIN_AFTER and not patient and self.child.starts == start:
                    self._tell(str(wrong))
                    self.child.replace()
                    failed = 0

    def _tell(self, reason: str) -> None:
        """Says so in the service's own log."""
        name, at = self.child.program.name, dt.datetime.now(dt.UTC).isoformat()
        line = {"event": "service_replaced", "service": name, "reason": reason, "level": "error", "timestamp": at}
        with contextlib.suppress(OSError), self.child.program.log.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(line, ensure_ascii=False) + "\n")

    async def _wrong(self, client: httpx.AsyncClient) -> str | None:
        try:
            answer = await client.get(self.url)
        except httpx.HTTPError as error:
            return f"its operations port does not answer ({type(error).__name__})"
        return None if answer.status_code == httpx.codes.OK else str(answer.text)[:500]
