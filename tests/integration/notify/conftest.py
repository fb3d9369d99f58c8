"""A running notify, a writer for the log, and a client for the inboxes."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from nats.aio.client import Client

from tests.identity import signed
from tests.integration.notify.mailbox import Mailbox
from tests.integration.notify.writing import Writer
from tests.processes import ServiceProcess
from tests.processes import notify as notify_process
from tests.servers import free_port

_PATIENCE_SECONDS = 15.0


@pytest.fixture
def writer(log_client: Client) -> Writer:
    """Writes into the log that notify follows."""
    return Writer(log_client)


@pytest.fixture
def notify(nats_url: str, notify_database_url: str) -> Iterator[ServiceProcess]:
    """The running service, without a mail server."""
    with notify_process(nats_url, notify_database_url) as process:
        yield process


@pytest.fixture
async def web(notify: ServiceProcess) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running service."""
    async with httpx.AsyncClient(base_url=notify.url, timeout=10, headers=signed()) as client:
        yield client


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that listens."""
    kept = Mailbox(free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """What the condition gives, as soon as it gives something true; its last answer where it never does."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (found := await condition()) and time.monotonic() < deadline:  # noqa: ASYNC110 - of another process
        await asyncio.sleep(0.02)
    return found
