"""One house for all of these tests: services that send traces, deliver mail, and freeze when they are asked to."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.collector import Collector, collector
from tests.house import LEAD, Servers, peopled, servers
from tests.mail_sink import MailSink
from tests.processes import ServiceProcess, intake, notify, tasks
from tests.servers import run_sql

FREEZING = '''"""On SIGUSR1 the main thread sleeps, and the event loop with it."""

import signal
import time

signal.signal(signal.SIGUSR1, lambda *_: time.sleep(30))
'''
"""What Python runs at its start where it finds it as `sitecustomize`."""

ADDRESS = "lan.tran@haivan.example"


@dataclass(frozen=True, slots=True)
class Watched:
    """What runs."""

    servers: Servers
    mail: MailSink
    traces: Collector
    services: dict[str, ServiceProcess]


@pytest.fixture(scope="package")
def freezing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that makes every Python below freeze when it is asked to."""
    folder = tmp_path_factory.mktemp("freezing")
    (folder / "sitecustomize.py").write_text(FREEZING)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(folder))
        yield folder


@pytest.fixture(scope="package")
def watched(freezing: Path) -> Iterator[Watched]:
    """The house."""
    with ExitStack() as running:
        both = running.enter_context(servers())
        asyncio.run(peopled(both.nats.url))
        mail, traces = running.enter_context(MailSink()), running.enter_context(collector())
        told = {"TRACES_URL": traces.url}
        sending = {"SMTP_HOST": mail.host, "SMTP_PORT": str(mail.port), "SMTP_SECURITY": "none"}
        reached = f"INSERT INTO notify.contact (person_id, mail, changed_at) VALUES ('{LEAD}', '{ADDRESS}', now())"
        asyncio.run(run_sql(both.postgres.url("ketluan"), reached))
        services = [
            intake(both.nats.url, **told),
            tasks(both.nats.url, both.database("tasks"), **told),
            notify(both.nats.url, both.database("notify"), **told, **sending),
        ]
        yield Watched(both, mail, traces, {each.name: running.enter_context(each) for each in services})
