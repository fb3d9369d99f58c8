"""What an earlier release put aside because it did not know it is taken up by the one that does."""

import httpx
from nats.aio.client import Client

from shared.log.stream import check
from tests.integration.notify.conftest import until
from tests.integration.notify.test_notifications import inbox, small_notice
from tests.integration.notify.writing import Writer
from tests.processes import ServiceProcess
from tests.servers import run_sql
from tests.unit.notify.examples import organisation


async def test_people_are_told_once_after_an_upgrade_of_what_an_earlier_release_put_aside(
    writer: Writer, log_client: Client, notify: ServiceProcess, web: httpx.AsyncClient, database_url: str
) -> None:
    await writer.write(*organisation(), small_notice(1))
    await until(lambda: inbox(web, "dung"))
    notify.stop()
    await writer.write(small_notice(2))
    last = (await check(log_client, 1)).last_sequence
    aside = "'UnknownEvent: this release does not know ketluan.MeetingConcluded.v1', now()"
    await run_sql(
        database_url,
        f"INSERT INTO notify.parked (sequence, subject, reason, parked_at) VALUES ({last}, 'log.meeting.m-2', {aside})",
        f"UPDATE notify.checkpoint SET sequence = {last} WHERE reader = 'notify'",
    )
    for _ in range(2):
        notify.start()

        async def told() -> bool:
            return [each["meeting"]["id"] for each in await inbox(web, "dung")] == ["m-2", "m-1"]

        assert await until(told)
        assert "parked" not in (await web.get("/readyz")).json()["notes"]
        notify.stop()
