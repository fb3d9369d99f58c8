"""Who is who while the log is away: what was known holds for a while, and no longer."""

import asyncio

import httpx
import pytest

from deploy.migrations.run import migrate_log
from shared.identity import live
from shared.identity.live import LiveIdentity
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.log.faults import LogUnavailable
from shared.settings import NatsSettings
from tests.examples import OFFICE, envelope
from tests.house import LEAD, whole_house
from tests.identity import as_person
from tests.servers import NatsServer


def test_a_restart_of_the_log_shuts_nobody_out() -> None:
    with whole_house() as house:
        inbox, own = f"{house.notify.url}/v1/inbox", as_person(LEAD)
        assert httpx.get(inbox, headers=own).status_code == 200

        house.nats.kill()

        assert httpx.get(inbox, headers=own, timeout=20).status_code == 200
        assert httpx.get(inbox, timeout=20).status_code == 401
        house.nats.start()
        assert httpx.get(inbox, headers=own, timeout=20).status_code == 200


async def test_nobody_is_answered_for_long_on_what_the_log_does_not_confirm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CONFIRMED_SECONDS", 0.05)
    monkeypatch.setattr(live, "BLIND_SECONDS", 0.5)
    with NatsServer() as server:
        await migrate_log(NatsSettings(nats_url=server.url))
        nats_broker = broker(NatsSettings(nats_url=server.url), "tests")
        client = await connected(nats_broker)
        identity = LiveIdentity(client, "tests")
        following = asyncio.create_task(identity.run())
        try:
            await append(client, [entry(envelope("unit.van-phong", OFFICE), 0)])
            assert "van-phong" in (await identity.newest()).directory.units
            await identity.current()

            server.kill()

            assert "van-phong" in (await identity.current()).directory.units
            await asyncio.sleep(0.6)
            with pytest.raises(LogUnavailable):
                await identity.current()
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await client.close()
