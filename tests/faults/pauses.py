"""SIGSTOP of each part: nothing ends, nothing answers, and then it goes on as if no time had passed."""

import asyncio
import time

from tests.faults.parts import Part, paused
from tests.faults.row import Row, Run, frozen

_SECONDS = 6.0


async def _inject(run: Run) -> None:
    office, load = await run.office()
    one_of_each = [run.random.choice(office.of(service)) for service in ("tasks", "notify")]
    some: list[Part] = [*one_of_each, await office.leader(), office.database]
    victims = list(office.parts) if run.long else some
    async with load.steady():
        for part in victims:
            run.injected(f"SIGSTOP {part.host.name}")
            async with frozen(load, part.host.name):
                with paused(part):
                    began = time.monotonic()
                    if part is not office.database:
                        await run.back(load, began)
                    await asyncio.sleep(max(0.0, began + _SECONDS - time.monotonic()))
                resumed = time.monotonic()
                await run.back(load, resumed)


ROW = Row("pauses", "SIGSTOP of each part", _inject)
