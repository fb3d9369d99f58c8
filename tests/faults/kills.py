"""SIGKILL of any service, nats-server or PostgreSQL at random moments."""

import asyncio
import time

from tests.faults.row import Row, Run

_LONG, _SHORT = 200, 6
_MOST_PAUSE_SECONDS = 1.5


async def _inject(run: Run) -> None:
    office, load = await run.office()
    victims = list(office.parts)
    run.random.shuffle(victims)
    async with load.steady():
        for number in range(_LONG if run.long else _SHORT):
            await asyncio.sleep(run.random.uniform(0, _MOST_PAUSE_SECONDS))
            victim = victims[number % len(victims)] if not run.long else run.random.choice(victims)
            run.injected(f"SIGKILL {victim.host.name}")
            killed = time.monotonic()
            await asyncio.to_thread(victim.kill)
            if number % 4 != 3:
                # Every fourth is followed by the next at once, while the first still comes back.
                await run.back(load, killed)


ROW = Row("kills", "SIGKILL at random moments", _inject)
