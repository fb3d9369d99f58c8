"""One notice for thousands of people who are told by mail: until the last letter is at the mail server."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiosmtplib
import asyncpg
from nats.aio.client import Client
from sqlalchemy import make_url

from services.notify.channels.mail.letter import letter_of
from shared.events.fields import UnitRef
from shared.log.connect import broker, connected
from shared.settings import NatsSettings
from tests.benchmarks.telling import append_each, peopled, until
from tests.house import Servers
from tests.mail_sink import MailSink
from tests.processes import ServiceProcess, notify
from tests.unit.notify.examples import directive, notice
from tests.unit.notify.letters import NOW, SENDER, message

_PATIENCE_SECONDS = 120
_CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Mailed:
    """Seconds from the notice's append until each letter was at the mail server, in order; letters a second from the
    first to the last, and how many a bare SMTP client hands over; the bytes that notify holds afterwards."""

    seconds: list[float]
    resident: int
    raw_a_second: float

    @property
    def a_second(self) -> float:
        """Letters a second, from the first to the last."""
        return (len(self.seconds) - 1) / (self.seconds[-1] - self.seconds[0])


def mailing(servers: Servers, people: int) -> Mailed:
    """Publishes a notice to this many units, each of which one person with a mail address leads."""
    with MailSink() as sink:
        mailed = asyncio.run(_mailing(servers, sink, people))
    with MailSink() as sink:
        return Mailed(*mailed, asyncio.run(_raw(sink, people)))


async def _mailing(servers: Servers, sink: MailSink, people: int) -> tuple[list[float], int]:
    nats_broker = broker(NatsSettings(nats_url=servers.nats.url), "bench")
    client = await connected(nats_broker)
    database = servers.database("notify")
    dsn = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    try:
        units = [UnitRef(id=f"u{number}", name=f"Đơn vị {number}") for number in range(people)]
        position = await peopled(client, units)
        await connection.execute(
            "INSERT INTO notify.contact (person_id, mail, changed_at)"
            " SELECT 'lead-u' || n, 'lead-u' || n || '@haivan.example', now() FROM generate_series(0, $1::int - 1) n",
            people,
        )
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port), "SMTP_SECURITY": "none"}
        with notify(servers.nats.url, database, **mail, MAIL_FROM="ketluan@haivan.example") as service:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await until(connection, "position", position)
                return await _measured(client, sink, service, units)
    finally:
        await connection.close()
        await nats_broker.stop()


async def _measured(
    client: Client, sink: MailSink, service: ServiceProcess, units: Sequence[UnitRef]
) -> tuple[list[float], int]:
    meeting = notice(directive(1, *units))
    started = time.time()
    await append_each(client, [(f"meeting.{meeting.meeting_id}", meeting)], 1)
    while sink.count < len(units):  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.1)
    return [each.at - started for each in sink.taken], service.resident_bytes


async def _raw(sink: MailSink, letters: int) -> float:
    """Letters a second, of one content, over as many connections as a mailer keeps."""
    letter = letter_of(message(), SENDER, "lan@haivan.example", NOW).content
    started = time.perf_counter()
    await asyncio.gather(*(_send(sink.port, letter, letters // _CONNECTIONS) for _ in range(_CONNECTIONS)))
    return letters // _CONNECTIONS * _CONNECTIONS / (time.perf_counter() - started)


async def _send(port: int, letter: bytes, count: int) -> None:
    server = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
    await server.connect()
    for _ in range(count):
        await server.sendmail("ketluan@haivan.example", ["lan@haivan.example"], letter)
    await server.quit()
