"""Accepted events a second: through intake, and through raw nats-py atomic batches of the same bytes."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from nats.aio.client import Client

from shared.log.append import Entry
from shared.log.connect import broker, connected
from shared.log.follow import Follower
from shared.log.stream import BATCH_LIMIT, stream_info
from shared.settings import NatsSettings
from tests.benchmarks.posting import CONNECTIONS, posted, requests
from tests.house import log_server
from tests.processes import ServiceProcess, intake

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Accepted:
    """Events a second for notices of one size; the best of the rounds on both sides."""

    directives: int
    through_intake: float
    raw: float
    intake_bytes: int

    @property
    def ratio(self) -> float:
        """How much of the limit intake reaches."""
        return self.through_intake / self.raw


def accepting(directives: int, notices: int) -> Accepted:
    """Measures both sides in turn, each over a nats-server of its own, round by round."""
    through, raw = [], []
    with log_server() as server, log_server() as peer, intake(server.url) as service:
        for number in range(ROUNDS):
            rate, batches = asyncio.run(_round(server.url, service, directives, notices, number))
            through.append(rate)
            raw.append(asyncio.run(_raw(peer.url, batches)))
        memory = service.resident_bytes
    return Accepted(directives, max(through), max(raw), memory)


async def _round(
    url: str, service: ServiceProcess, directives: int, notices: int, number: int
) -> tuple[float, list[list[Entry]]]:
    nats_broker = broker(NatsSettings(nats_url=url), "bench")
    client = await connected(nats_broker)
    before = (await stream_info(client)).state.last_seq
    seconds = await posted(service.port, requests(notices, directives, f"{directives}-{number}"))
    after = (await stream_info(client)).state.last_seq
    entries: list[Entry] = []
    async for batch in Follower(client, "bench").batches(before):
        entries += [Entry("", record.subject, record.content, 0) for record in batch]
        if batch[-1].sequence >= after:
            break
    await nats_broker.stop()
    return (after - before) / seconds, _batches(entries)


def _batches(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The same events in the same batches: a notice's last event is its meeting's."""
    batches: list[list[Entry]] = [[]]
    for each in entries:
        batches[-1].append(each)
        if each.subject.startswith("log.meeting.") or len(batches[-1]) == BATCH_LIMIT:
            batches.append([])
    return [batch for batch in batches if batch]


async def _raw(url: str, batches: list[list[Entry]]) -> float:
    nats_broker = broker(NatsSettings(nats_url=url), "bench")
    client = await connected(nats_broker)
    events, waiting = sum(map(len, batches)), list(reversed(batches))

    async def writer() -> None:
        while waiting:
            await _publish(client, waiting.pop())

    started = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(CONNECTIONS)))
    seconds = time.perf_counter() - started
    await nats_broker.stop()
    return events / seconds


async def _publish(client: Client, batch: list[Entry]) -> None:
    token = client.new_inbox().rpartition(".")[2]
    *others, last = batch
    for place, each in enumerate(others, start=1):
        headers = {
            "Nats-Batch-Id": token,
            "Nats-Batch-Sequence": str(place),
            "Nats-Expected-Last-Subject-Sequence": "0",
        }
        await client.publish(each.subject, each.content, headers=headers)
    headers = {
        "Nats-Batch-Id": token,
        "Nats-Batch-Sequence": str(len(batch)),
        "Nats-Batch-Commit": "1",
        "Nats-Expected-Last-Subject-Sequence": "0",
    }
    answer = json.loads((await client.request(last.subject, last.content, timeout=30, headers=headers)).data)
    if "error" in answer:
        raise RuntimeError(str(answer["error"]))
