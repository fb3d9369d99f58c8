"""Whatever keeps a service from its work is found within ten seconds, and named."""

import asyncio
import os
import signal
from dataclasses import replace
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import nats

from deploy.embedded.child import Child, Program
from deploy.embedded.watching import Watch
from deploy.migrations.run import migrate_log
from shared.log.append import append
from shared.log.connect import broker, connected
from shared.log.stream import STREAM, definition
from shared.settings import NatsSettings
from tests.examples import conclusion, task_entry
from tests.identity import signed
from tests.integration.operations.asking import TEN_SECONDS, answers, asked, checks, within_ten_seconds
from tests.integration.operations.conftest import Watched
from tests.processes import ServiceProcess, intake
from tests.servers import NatsServer


async def _appended(url: str, *names: str) -> None:
    nats_broker = broker(NatsSettings(nats_url=url), "tests")
    client = await connected(nats_broker)
    for name in names:
        await append(client, [task_entry(name)])
    await nats_broker.stop()


async def _consumers_deleted(url: str, prefix: str) -> int:
    client = await nats.connect(url)
    manager = client.jsm()
    found = [each.name for each in await manager.consumers_info(STREAM) if each.name.startswith(prefix)]
    for name in found:
        await manager.delete_consumer(STREAM, name)
    await client.close()
    return len(found)


def _is_ready(service: ServiceProcess) -> bool:
    return answers(service) and asked(service, "/readyz")[0] == 200


def test_every_part_says_that_it_can_do_its_work(watched: Watched) -> None:
    for service in watched.services.values():
        assert asked(service, "/healthz") == (200, {"service": service.name, "status": "alive"})
        within_ten_seconds(partial(_is_ready, service))
        assert set(checks(service).values()) == {"ok"}


def test_a_deleted_consumer_is_named_and_made_anew(watched: Watched) -> None:
    tasks = watched.services["tasks"]

    assert asyncio.run(_consumers_deleted(watched.servers.nats.url, "tasks-")) >= 2

    within_ten_seconds(lambda: "Consumer Deleted" in asked(tasks, "/readyz")[1]["notes"].get("followers", ""))
    assert "tasks began reading anew" in asked(tasks, "/readyz")[1]["notes"]["followers"]
    asyncio.run(_appended(watched.servers.nats.url, "after-the-deletion"))
    within_ten_seconds(
        lambda: asked(tasks, "/readyz")[1]["read"] == _last(watched) and set(checks(tasks).values()) == {"ok"}
    )


def _last(watched: Watched) -> int:
    async def asked_for() -> int:
        client = await nats.connect(watched.servers.nats.url)
        info = await client.jsm().stream_info(STREAM)
        await client.close()
        return int(info.state.last_seq)

    return asyncio.run(asked_for())


async def test_projectors_that_wait_for_a_lock_are_named_as_stalled(watched: Watched) -> None:
    both = [watched.services["tasks"], watched.services["notify"]]

    def all_are(word: str) -> bool:
        return all(word in checks(service)["projector"] for service in both)

    connection = await asyncpg.connect(watched.servers.postgres.url("ketluan").replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            for schema in ("register", "notify"):
                await connection.execute(f"SELECT * FROM {schema}.checkpoint FOR UPDATE")
            await _appended(watched.servers.nats.url, "behind-a-lock")
            await asyncio.to_thread(within_ten_seconds, partial(all_are, "stalled: at event"))
            assert [asked(service, "/healthz")[0] for service in both] == [200, 200]
    finally:
        await connection.close()

    await asyncio.to_thread(within_ten_seconds, partial(all_are, "ok"))


async def test_a_frozen_event_loop_is_found_with_where_it_stands_and_replaced_within_ten_seconds(
    freezing: Path, tmp_path: Path
) -> None:
    with NatsServer() as server:
        await migrate_log(NatsSettings(nats_url=server.url))
        service = intake(server.url)
        command = tuple(service.command())
        program = Program("intake", command, {**os.environ, **service.environment()}, tmp_path / "log")
        processes: list[int] = []
        child = Child(program, lambda _, pid: processes.append(pid))
        await child.start()
        watching = asyncio.create_task(Watch(child, f"{service.operations}/healthz").run())
        try:
            await asyncio.to_thread(within_ten_seconds, partial(_is_ready, service))
            os.kill(processes[0], signal.SIGUSR1)
            began = asyncio.get_running_loop().time()
            status, ready = await asyncio.to_thread(asked, service, "/readyz")
            assert (status, list(ready["checks"])) == (503, ["loop"])
            while len(processes) < 2 or not _is_ready(service):
                assert asyncio.get_running_loop().time() - began < TEN_SECONDS
                await asyncio.sleep(0.2)
            said = program.log.read_text()
            assert "service_replaced" in said
            assert "did not turn for" in said
            assert "sitecustomize.<lambda>" in said
        finally:
            watching.cancel()
            await child.stop()


def test_a_log_that_lacks_an_event_and_one_that_is_gone_are_named() -> None:
    with NatsServer() as server:
        asyncio.run(_log_with_a_gap(server.url))
        service = intake(server.url)
        try:
            service.start_soon()
            within_ten_seconds(lambda: answers(service) and "lacks 1 of its 3 events" in checks(service).get("log", ""))
            assert asked(service, "/readyz")[0] == 503

            asyncio.run(_deleted(server.url))
            within_ten_seconds(lambda: f"there is no stream {STREAM}" in checks(service)["log"])
            assert asked(service, "/healthz")[0] == 200
        finally:
            service.kill()


async def _log_with_a_gap(url: str) -> None:
    """A log whose second event was deleted before deleting was forbidden."""
    client = await nats.connect(url)
    manager = client.jsm()
    await manager.add_stream(replace(definition(1), deny_delete=False))
    await client.close()
    await _appended(url, "one", "two", "three")
    client = await nats.connect(url)
    await client.jsm().delete_msg(STREAM, 2)
    await client.jsm().update_stream(definition(1))
    await client.close()


async def _deleted(url: str) -> None:
    client = await nats.connect(url)
    await client.jsm().delete_stream(STREAM)
    await client.close()


class _SmallNats(NatsServer):
    """A server on a disk that is almost full: JetStream refuses to store as soon as it holds so much."""

    def prepare(self) -> None:
        """Writes its configuration."""
        super().prepare()
        told = self._configuration.read_text()
        self._configuration.write_text(
            told.replace("sync_interval: always", "sync_interval: always, max_file_store: 1M")
        )


def test_a_log_whose_disk_is_full_is_named() -> None:
    with _SmallNats() as server:
        asyncio.run(migrate_log(NatsSettings(nats_url=server.url)))
        with intake(server.url) as service:
            for number in range(4):
                body = conclusion(800) | {"number": f"{number}/TB", "title": "x" * 9000}
                answer = httpx.post(f"{service.url}/v1/conclusions", json=body, headers=signed(), timeout=30)
                if answer.status_code == 503:
                    break
            assert answer.status_code == 503

            assert "the log stores nothing since" in checks(service)["writing"]
            assert "insufficient resources" in checks(service)["writing"]
