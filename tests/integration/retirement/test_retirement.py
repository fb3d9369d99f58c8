"""Closed years leave the log, and everything that was told and proven before is told and proven as before."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from deploy.archive.confirming import confirm
from deploy.archive.folder import Archive
from services.tasks.evidence.verifier.verify import main as verified_bundle
from services.tasks.record.kinds import Kind
from services.tasks.record.repair.plan import planned
from services.tasks.record.repair.repair import Parts, carry_out
from services.tasks.record.verification import Compared
from services.tasks.replay import replay
from shared.database import engine
from shared.log.bulk import records
from shared.log.connect import broker, connected
from shared.log.objects import object_stream
from shared.log.read import read_from
from shared.log.stream import STREAM, check
from tests.conftest import empty_database
from tests.house import CHIEF
from tests.identity import as_person
from tests.integration.retirement.conftest import LEADER, Years, done_with, notice_of, read, settled, told
from tests.processes import ServiceProcess, notify

Running = tuple[ServiceProcess, ServiceProcess, ServiceProcess]


class Broken(Exception):
    """A break in the middle, as a power cut would make one."""


def _breaks(_done: int, _of: int) -> None:
    raise Broken


@pytest.fixture(scope="module")
def broken_off(lived: Years) -> Years:
    """The same three years, and a retirement that was broken off while the other stream was written."""
    with pytest.raises(Broken):
        asyncio.run(lived.retired(lived.ends[1], _breaks))
    return lived


def test_a_retirement_that_was_broken_off_took_nothing_out(broken_off: Years) -> None:
    assert asyncio.run(_in_stream(broken_off)).keys() == set(range(1, len(broken_off.before["events"]) + 2))
    assert asyncio.run(broken_off.verified()).verification.is_sound


@pytest.fixture(scope="module")
def retired(broken_off: Years) -> Years:
    """The same three years, of which the first two left the log."""
    lived = broken_off
    lived.retirement = asyncio.run(lived.retired(lived.ends[1]))
    return lived


@pytest.fixture(scope="module")
def running(retired: Years) -> Iterator[Running]:
    """The services on what stayed."""
    services = retired.services()
    with ExitStack() as started:
        for each in services:
            started.enter_context(each)
        yield services


def test_what_left_is_what_was_done_with_and_the_stream_is_smaller(retired: Years) -> None:
    done = retired.retirement
    assert done is not None
    assert done.count > 20
    assert (done.after.events, done.after.bytes < done.before.bytes) == (done.before.events - done.count, True)
    in_stream = asyncio.run(_in_stream(retired))
    everything = [(each["sequence"], each["event"]) for each in retired.before["events"]]
    gone = [event for sequence, event in everything if sequence not in in_stream]
    finished = {f"task.{task}" for task in retired.task_ids(0)}
    assert {each["subject"] for each in gone if each["subject"].startswith("task.")} == finished
    assert all(each["subject"].startswith(("task.", "inbox.")) for each in gone)
    for subject in {event["subject"] for _, event in everything}:
        own = [sequence for sequence, event in everything if event["subject"] == subject]
        assert {own[0], own[-1]} <= in_stream.keys()


def test_every_reader_of_the_whole_log_reads_as_before(retired: Years) -> None:
    async def contents() -> list[tuple[int, bytes]]:
        last = await retired.last()
        return [(each.sequence, each.content) async for some in records(retired.settings, 1, last) for each in some]

    found = asyncio.run(contents())
    assert [sequence for sequence, _ in found] == list(range(1, len(found) + 1))
    assert len(found) == len(retired.before["events"]) + 1
    assert confirm(Archive(retired.folder / "archive"), lambda *_: None).events == len(found)


def test_the_record_is_verified_as_whole_and_the_register_is_what_its_events_make(retired: Years) -> None:
    found = asyncio.run(retired.verified()).verification
    assert (found.findings, found.checkpoints) == ((), 1)

    async def replayed() -> bool:
        pool = engine(retired.url("tasks"), "tests")
        try:
            return (await replay(pool, retired.settings, lambda *_: None)).equal
        finally:
            await pool.dispose()

    assert asyncio.run(replayed())


def test_retiring_once_more_does_nothing(retired: Years) -> None:
    last = asyncio.run(retired.last())
    again = asyncio.run(retired.retired(retired.ends[1]))
    assert (again.count, again.before, asyncio.run(retired.last())) == (0, again.after, last)


def test_services_tell_and_prove_what_they_did_before(retired: Years, running: Running) -> None:
    found = asyncio.run(told(retired, running))
    count = len(retired.before["events"])
    assert found.pop("events")[:count] == retired.before["events"]
    for name, value in found.items():
        assert value == retired.before[name], name


def test_evidence_of_a_task_that_left_the_log_is_whole(retired: Years, running: Running) -> None:
    task = retired.task_ids(0)[0]
    bundle = asyncio.run(read(retired, running[1], "kiem", f"/v1/tasks/{task}/evidence"))
    path = retired.folder / "evidence.zip"
    path.write_bytes(bundle)
    (key,) = asyncio.run(read(retired, running[1], "kiem", "/v1/record/keys"))
    assert verified_bundle([str(path), f"--key={key['verifier_key']}"]) == 0


def test_a_notice_that_is_posted_once_more_is_still_recognised(retired: Years, running: Running) -> None:
    last = asyncio.run(retired.last())
    answer = httpx.post(
        f"{running[0].url}/v1/conclusions", json=notice_of(0), headers=as_person(CHIEF), timeout=30, trust_env=False
    )
    assert answer.json() == retired.notices[0]
    assert asyncio.run(retired.last()) == last


def test_a_task_that_left_can_be_reopened_and_done_once_more(retired: Years, running: Running) -> None:
    task = retired.task_ids(0)[1]
    current = httpx.get(f"{running[1].url}/v1/tasks/{task}", headers=as_person(LEADER), timeout=30, trust_env=False)
    answer = httpx.post(
        f"{running[1].url}/v1/tasks/{task}/reopen",
        json={"reason": "Quy chế phải sửa theo luật mới."},
        headers=as_person(LEADER) | {"If-Match": current.headers["etag"]},
        timeout=30,
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    asyncio.run(done_with(running[1], task, again=True))


def test_a_notice_whose_tasks_left_can_be_revoked(retired: Years, running: Running) -> None:
    address = f"{running[0].url}/v1/conclusions/{retired.notices[0]['meeting']['meeting_id']}"
    with httpx.Client(headers=as_person(CHIEF), timeout=30, trust_env=False) as chief:
        standing = chief.get(address)
        revoked = chief.post(
            f"{address}/revocation", json={"reason": "Ban hành nhầm."}, headers={"If-Match": standing.headers["etag"]}
        )
    assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked"), revoked.text


def test_a_notify_that_begins_anew_knows_every_notification_and_tells_nobody_again(
    retired: Years, running: Running
) -> None:
    last = asyncio.run(settled(retired, running[2]))
    inbox = asyncio.run(read(retired, running[2], "lan", "/v1/inbox?limit=200"))
    with empty_database(retired.postgres) as database:
        url = retired.postgres.url(database, "ketluan_notify")
        with notify(retired.nats.url, url) as fresh:
            assert asyncio.run(read(retired, fresh, "lan", "/v1/inbox?limit=200")) == inbox
            assert asyncio.run(settled(retired, fresh)) == last


def test_a_gap_that_nothing_explains_stays_an_alarm_and_is_mended(retired: Years, running: Running) -> None:
    for each in running:
        each.stop()

    async def harmed() -> None:
        nats_broker = broker(retired.settings, "tests")
        client = await connected(nats_broker)
        stream = object_stream("retired")
        chunk = await read_from(client, stream, {"seq": 1, "next_by_subj": "$O.retired.C.>"})
        assert chunk is not None
        await client.jsm().delete_msg(stream, chunk.sequence)
        await nats_broker.stop()

    async def mended(compared: Compared) -> None:
        nats_broker, pool = broker(retired.settings, "tests"), engine(retired.url("owner"), "tests")
        parts = Parts(retired.settings, await connected(nats_broker), pool, retired.folder / "aside.jsonl")
        await carry_out(parts, planned(compared), compared, lambda *_: None)
        await nats_broker.stop()
        await pool.dispose()

    asyncio.run(harmed())
    found = asyncio.run(retired.verified())
    assert {each.kind for each in found.verification.findings} == {Kind.GAP_IN_LOG}
    asyncio.run(mended(found))
    assert asyncio.run(retired.verified()).verification.is_sound
    assert asyncio.run(_in_stream(retired)).keys() == set(range(1, asyncio.run(retired.last()) + 1))


async def _in_stream(years: Years) -> dict[int, str]:
    """The subjects of what stands in the stream itself, by sequence."""
    nats_broker = broker(years.settings, "tests")
    client = await connected(nats_broker)
    try:
        state = await check(client, 1)
        found = {}
        for sequence in range(1, state.last_sequence + 1):
            if record := await read_from(client, STREAM, {"seq": sequence}):
                found[sequence] = record.subject
        return found
    finally:
        await nats_broker.stop()
