"""Loss of the stream's leader, of a follower, and of the quorum with its return."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from shared.log.stream import STREAM
from tests.faults.load import Load
from tests.faults.office import Office
from tests.faults.parts import Node
from tests.faults.row import Row, Run

MOST_SECONDS_AFTER_QUORUM = 5.0
_LONG, _SHORT = 10, 1
_AWAY_SECONDS = 3.0
_LOOK_SECONDS = 0.05


async def _inject(run: Run) -> None:
    office, load = await run.office()
    async with load.steady():
        for _ in range(_LONG if run.long else _SHORT):
            await _one_lost(run, office, load, leads=True)
            await _one_lost(run, office, load, leads=False)
            await _quorum_lost(run, office, load)


async def _one_lost(run: Run, office: Office, load: Load, *, leads: bool) -> None:
    leader = await office.leader()
    node = leader if leads else run.random.choice([each for each in office.nodes if each is not leader])
    run.injected("the stream's leader lost" if leads else "a follower of the stream lost")
    lost = time.monotonic()
    with office.without(node):
        left = [each for each in office.nodes if each is not node]
        chosen, _ = await asyncio.gather(_chosen(left), run.back(load, lost))
        if leads:
            run.outcome.seconds["another leader chosen after"].append(chosen - lost)
        await asyncio.sleep(_AWAY_SECONDS)
    await run.back(load, time.monotonic())


async def _quorum_lost(run: Run, office: Office, load: Load) -> None:
    nodes = list(office.nodes)
    run.random.shuffle(nodes)
    run.injected("two of three nodes lost, and one of them back")
    with office.without(nodes[0]):
        before = load.tally.refusals.total()
        with office.without(nodes[1]):
            await asyncio.sleep(_AWAY_SECONDS)
        await _written_again(run, nodes[1:], load)
        if load.tally.refusals.total() == before:
            run.outcome.failures.append("nothing was refused while there was no quorum")
        await run.back(load, time.monotonic())


async def _written_again(run: Run, nodes: Sequence[Node], load: Load) -> None:
    """Waits until something is acknowledged once there is a quorum: two of three nodes, who chose who leads the log."""
    returned = time.monotonic()
    chosen, before = await _chosen(nodes), load.tally.acknowledged
    while load.tally.acknowledged == before:  # noqa: ASYNC110 - what clients see has no event
        await asyncio.sleep(_LOOK_SECONDS)
    seconds = time.monotonic() - chosen
    run.outcome.seconds["a leader chosen after the node's return"].append(chosen - returned)
    run.outcome.seconds["written after that"].append(seconds)
    if seconds > MOST_SECONDS_AFTER_QUORUM:
        run.outcome.failures.append(f"nothing was written until {seconds:.1f} s after the quorum's return")


async def _chosen(nodes: Sequence[Node]) -> float:
    """The moment, of the monotonic clock, at which two of these nodes agree which of them leads the log: one alone may
    still hold itself for the leader."""
    names = {node.name for node in nodes}
    while True:
        named = Counter(await asyncio.gather(*(asyncio.to_thread(node.leader, STREAM) for node in nodes)))
        if any(count > 1 for name, count in named.items() if name in names):
            return time.monotonic()
        await asyncio.sleep(_LOOK_SECONDS)


ROW = Row("quorum", "loss of leader, follower, quorum", _inject)
