"""Links to sign in, sent by mail: to whoever is known by the address, and to nobody else."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.events.person import PersonLeft, PersonPlaced, PersonRegistered, RoleGranted
from shared.events.unit import UnitRegistered
from shared.identity.tokens import Link
from tests.identity import TOKENS, signed
from tests.integration.notify.conftest import until
from tests.integration.notify.mailbox import Mailbox
from tests.integration.notify.writing import Writer
from tests.processes import ServiceProcess
from tests.processes import notify as notify_process

PUBLIC_URL = "https://ketluan.so.example"


@pytest.fixture
async def service(
    nats_url: str, notify_database_url: str, mailbox: Mailbox, writer: Writer
) -> AsyncIterator[ServiceProcess]:
    """A notify that sends mail, which knows Lan and Minh, who left."""
    await writer.write(
        UnitRegistered(unit_id="van-phong", name="Văn phòng Sở"),
        PersonRegistered(person_id="lan", name="Trần Thị Lan"),
        PersonPlaced(person_id="lan", unit_id="van-phong"),
        RoleGranted(person_id="lan", role="staff"),
        PersonRegistered(person_id="minh", name="Lê Minh"),
        PersonLeft(person_id="minh"),
    )
    settings = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port), "SMTP_SECURITY": "none"}
    with notify_process(nats_url, notify_database_url, PUBLIC_URL=PUBLIC_URL, **settings) as process:
        async with httpx.AsyncClient(base_url=process.url, headers=signed()) as administrator:
            for person, mail in (("lan", "Lan.Tran@so.example"), ("minh", "minh@so.example")):
                await administrator.put(f"/v1/contacts/{person}", json={"mail": mail})
        yield process


async def asked(service: ServiceProcess, mail: str, page: str = "/", sender: str = "203.0.113.1") -> httpx.Response:
    """The answer to somebody who asks for a link."""
    async with httpx.AsyncClient(base_url=service.url, headers={"X-Forwarded-For": sender}) as stranger:
        return await stranger.post("/signin/link", data={"mail": mail, "next": page})


async def test_a_person_gets_a_link_that_leads_where_they_wanted_to_go(
    service: ServiceProcess, mailbox: Mailbox
) -> None:
    answer = await asked(service, " lan.tran@SO.example ", "/tasks/abc")

    async def letters() -> bool:
        return len(mailbox.taken) > 0

    assert answer.headers["Location"] == "/signin?sent=true&next=%2Ftasks%2Fabc"
    assert await until(letters)
    text = mailbox.taken[0][1].get_content()
    found = re.search(rf"{PUBLIC_URL}/signin/open\?token=(\S+)", text)
    assert found
    link = TOKENS.take(Link, found[1])
    assert (link.person_id, link.page) == ("lan", "/tasks/abc")
    assert "Trần Thị Lan" in text


async def test_the_answer_does_not_tell_whom_the_directory_knows(service: ServiceProcess, mailbox: Mailbox) -> None:
    known = await asked(service, "lan.tran@so.example")
    answers = [await asked(service, mail) for mail in ("nobody@so.example", "minh@so.example", "", "x" * 4000)]

    for answer in answers:
        assert (answer.status_code, answer.headers["Location"]) == (known.status_code, known.headers["Location"])
        assert answer.content == known.content

    async def letters() -> bool:
        return len(mailbox.taken) > 0

    assert await until(letters)
    assert len(mailbox.taken) == 1


async def test_nobody_floods_a_mailbox(service: ServiceProcess, mailbox: Mailbox) -> None:
    answers = [await asked(service, "lan.tran@so.example", sender=f"203.0.113.{n}") for n in range(8)]

    async def letters() -> bool:
        return len(mailbox.taken) >= 3

    assert {answer.status_code for answer in answers} == {303}
    assert await until(letters)
    assert len(mailbox.taken) == 3


async def test_a_sender_that_asks_over_and_over_has_to_wait(service: ServiceProcess) -> None:
    answers = [await asked(service, f"x{n}@so.example", sender="203.0.113.77") for n in range(22)]

    assert answers[0].status_code == 303
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


async def test_addresses_and_links_stand_in_no_log(service: ServiceProcess, mailbox: Mailbox) -> None:
    await asked(service, "lan.tran@so.example")
    await asked(service, "nobody@so.example")

    async def letters() -> bool:
        return len(mailbox.taken) > 0

    assert await until(letters)
    assert "@so.example" not in service.output
    assert "kll_" not in service.output
