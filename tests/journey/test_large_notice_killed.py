"""A notice of 5,000 tasks whose intake dies between two of its batches."""

import asyncio

import httpx

from shared.events.catalogue import CATALOGUE
from shared.events.meeting import MeetingConcluded
from shared.log.connect import broker, connected
from shared.log.read import last_on
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from tests.examples import conclusion
from tests.house import LEAD, House
from tests.identity import signed

TASKS = 5000


async def test_half_a_notice_is_in_force_nowhere_and_posting_again_completes_it(house: House) -> None:
    nats_broker = broker(NatsSettings(nats_url=house.nats.url), "tests")
    client = await connected(nats_broker)
    before = (await stream_info(client)).state.messages
    async with httpx.AsyncClient(timeout=60, headers=signed()) as http:

        async def post() -> httpx.Response:
            return await http.post(f"{house.intake.url}/v1/conclusions", json=conclusion(TASKS))

        posting = asyncio.create_task(post())
        while (await stream_info(client)).state.messages < before + 1000:  # noqa: ASYNC110 - the log offers no event
            await asyncio.sleep(0.002)
        house.intake.kill()
        assert isinstance((await asyncio.gather(posting, return_exceptions=True))[0], httpx.TransportError)
        partial = (await stream_info(client)).state.messages - before
        assert partial in {1001, 2001, 3001, 4001}
        assert await last_on(client, "log.meeting.*") is None
        assert (await http.get(f"{house.tasks.url}/v1/tasks", params={"min_sequence": before + partial})).json() == []
        assert (await http.get(f"{house.notify.url}/v1/inbox", params={"person": LEAD})).json() == []

        await asyncio.to_thread(house.intake.start)
        answer = await post()
        assert answer.status_code == 201
        last = await last_on(client, "log.meeting.*")
        assert last
        assert isinstance(CATALOGUE.read(last.content).data, MeetingConcluded)
        tasks = [task for each in answer.json()["directives"] for task in each["assignees"][0]["tasks"]]
        assert len({task["id"] for task in tasks}) == TASKS
        address = f"{house.tasks.url}/v1/meetings/{answer.json()['meeting']['meeting_id']}"
        async with asyncio.timeout(60):
            # Who asks for the newest waits some seconds for it, and is told to ask again.
            while (shown := await http.get(address, params={"min_sequence": last.sequence})).status_code == 503:
                continue
        assert len(shown.json()["tasks"]) == TASKS
    await nats_broker.stop()
