"""Mail as the person's mail server receives it."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.notify.channels.mail.wording import TEMPLATE
from shared.events.inbox import NotificationDelivered, NotificationFailed, NotificationResent
from tests.identity import as_person, signed
from tests.integration.notify.conftest import until
from tests.integration.notify.mailbox import Mailbox
from tests.integration.notify.writing import Writer, inbox_events
from tests.processes import ServiceProcess
from tests.processes import notify as notify_process
from tests.servers import run_sql
from tests.unit.notify.examples import SCIENCE, directive, notice, organisation
from tests.unit.notify.test_bounces import report

ADDRESS = "dung.pham@haivan.example"


@pytest.fixture
def notify(nats_url: str, notify_database_url: str, mailbox: Mailbox) -> Iterator[ServiceProcess]:
    """The running service, with that mail server."""
    settings = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mailbox.port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "ketluan@haivan.example",
        "DELIVERY_RETRY_SECONDS": "0.02",
        "DELIVERY_ATTEMPTS": "4",
        "CIRCUIT_SECONDS": "0.05",
        "PUBLIC_URL": "https://ketluan.haivan.example",
    }
    with notify_process(nats_url, notify_database_url, **settings) as process:
        yield process


async def give_notice(writer: Writer, web: httpx.AsyncClient) -> None:
    """Says where Dũng is reached, and publishes a notice for his unit."""
    (await web.put("/v1/contacts/dung", json={"mail": ADDRESS})).raise_for_status()
    await writer.write(*organisation(), notice(directive(1, SCIENCE), directive(2, SCIENCE)))


async def outcome(client: Client, kind: type[Any]) -> Any:
    """The event that tells how Dũng's mail ended."""
    for event in await inbox_events(client, ["dung"]):
        if isinstance(event.data, kind) and event.data.channel == "mail":
            return event.data
    return None


def awaited(client: Client, kind: type[Any]) -> Callable[[], Any]:
    """A condition for `until`."""
    return lambda: outcome(client, kind)


async def test_one_mail_lists_every_task_with_number_and_address(
    writer: Writer, web: httpx.AsyncClient, mailbox: Mailbox, log_client: Client
) -> None:
    await give_notice(writer, web)
    delivered = await until(awaited(log_client, NotificationDelivered))
    ((people, message),) = mailbox.taken
    assert people == [ADDRESS]
    assert message["To"] == ADDRESS
    assert "ketluan@haivan.example" in message["From"]
    assert message["Subject"] == "Thông báo kết luận m-1/TB-SKHCN: 2 nhiệm vụ liên quan đến Anh/Chị"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Ketluan-Reason"] == "responsible"
    assert message["Message-ID"] == f"<{delivered.notification_id}@haivan.example>" == delivered.reference
    assert message["Date"].datetime.tzinfo is not None
    assert delivered.template == TEMPLATE
    text, page = (part.get_content() for part in message.iter_parts())
    for number in (1, 2):
        assert f"https://ketluan.haivan.example/tasks/m-1-{number}-khoa-hoc" in text
        assert f"https://ketluan.haivan.example/tasks/m-1-{number}-khoa-hoc" in page
    assert "quy chế & báo cáo" in text
    assert "quy chế &amp; báo cáo" in page
    assert "đơn vị chủ trì" in text


async def test_people_without_an_address_are_told_in_the_inbox_alone(
    writer: Writer, web: httpx.AsyncClient, mailbox: Mailbox, log_client: Client
) -> None:
    await give_notice(writer, web)
    await until(awaited(log_client, NotificationDelivered))
    (item,) = (await web.get("/v1/inbox", params={"person": "binh"})).json()
    assert [each["channel"] for each in item["deliveries"]] == ["inbox"]
    assert len(mailbox.taken) == 1


async def test_a_refusal_is_recorded_without_the_address(
    writer: Writer, web: httpx.AsyncClient, mailbox: Mailbox, log_client: Client, notify: ServiceProcess
) -> None:
    mailbox.refused_people = "550 5.1.1 <{address}> is not known here"
    await give_notice(writer, web)
    failed = await until(awaited(log_client, NotificationFailed))
    assert failed.attempts == 1
    assert failed.error == "the mail server refuses the message: 550 5.1.1"
    (item,) = (await web.get("/v1/inbox", params={"person": "dung"})).json()
    states = await until(lambda: _failed(web))
    assert states == {"inbox": "delivered", "mail": "failed"}
    assert item["task_count"] == 2
    assert ADDRESS not in notify.output


async def test_what_came_back_is_shown_to_the_office_and_can_be_sent_again(
    writer: Writer, web: httpx.AsyncClient, mailbox: Mailbox, log_client: Client
) -> None:
    await give_notice(writer, web)
    delivered = await until(awaited(log_client, NotificationDelivered))
    again = f"/v1/notifications/{delivered.notification_id}/resend"
    refused = await web.post(again, json={"channel": "mail"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not-given-up")
    came_back = report(returned=f"Message-ID: {delivered.reference}\n")
    for expected in ([delivered.notification_id], []):
        taken = await web.post("/v1/bounces", content=came_back, headers={"Content-Type": "message/rfc822"})
        assert taken.raise_for_status().json() == {"notifications": expected}
    (shown,) = (await web.get("/v1/deliveries", params={"state": "bounced", "channel": "mail"})).json()
    assert (shown["person"]["name"], shown["error"]) == ("Phạm Anh Dũng", "the mail came back: 5.1.1")
    assert "1 not delivered" in (await web.get("/readyz")).json()["notes"]["undelivered"]
    sent = await web.post(again, json={"channel": "mail"})
    assert (sent.status_code, sent.json()["shown"]) == (202, True)
    (after,) = await until(lambda: _delivered_again(web))
    assert (after["resent"], after["error"]) == (1, None)
    assert {str(message["Message-ID"]) for _, message in mailbox.taken} == {delivered.reference}
    resent = [each for each in await inbox_events(log_client, ["dung"]) if isinstance(each.data, NotificationResent)]
    assert [each.envelope.actor.split(".")[0] for each in resent] == ["service"]
    assert (await web.post("/v1/notifications/none/resend", json={"channel": "mail"})).status_code == 404
    channels = {each["channel"]: each for each in (await web.get("/v1/deliveries/channels")).json()}
    assert (channels["mail"]["set_up"], channels["mail"]["circuit"]) == (True, "closed")


async def test_a_letter_says_how_to_stop_such_letters_and_opening_it_changes_nothing(
    writer: Writer, web: httpx.AsyncClient, mailbox: Mailbox, log_client: Client
) -> None:
    await give_notice(writer, web)
    await until(awaited(log_client, NotificationDelivered))
    ((_, letter),) = mailbox.taken
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    public, _, address = str(letter["List-Unsubscribe"]).strip("<>").partition("/unsubscribe")
    assert public == "https://ketluan.haivan.example"
    opened = await web.get(f"/unsubscribe{address}", headers={"Authorization": ""})
    assert (opened.status_code, "giao nhiệm vụ" in opened.text) == (200, True)
    assert await _choices(web) == []
    one_click = {"List-Unsubscribe": "One-Click"}
    posted = await web.post(f"/unsubscribe{address}", data=one_click, headers={"Authorization": ""})
    assert (posted.status_code, "Từ nay không gửi thư" in posted.text) == (200, True)
    assert await _choices(web) == [{"category": "assignment", "channel": "mail", "timing": None}]
    assert (await web.post("/unsubscribe?token=klu_x", data=one_click)).status_code == 404
    await writer.write(notice(directive(1, SCIENCE, meeting_id="m-2"), meeting_id="m-2"))
    newest, _ = await until(lambda: _two(web))
    assert [each["channel"] for each in newest["deliveries"]] == ["inbox"]


async def test_killed_while_sending_it_sends_the_same_message_again_and_says_so_once(
    writer: Writer,
    web: httpx.AsyncClient,
    mailbox: Mailbox,
    log_client: Client,
    notify: ServiceProcess,
    notify_database_url: str,
) -> None:
    mailbox.seconds_to_answer = 1.0
    await give_notice(writer, web)
    await until(lambda: _offered(mailbox))
    notify.kill()
    mailbox.seconds_to_answer = 0.0
    await run_sql(notify_database_url, "UPDATE notify.delivery SET next_attempt_at = now() WHERE channel = 'mail'")
    notify.start()
    delivered = await until(awaited(log_client, NotificationDelivered))
    assert delivered.attempts == 2
    first, second = (message for _, message in mailbox.taken)
    assert first["Message-ID"] == second["Message-ID"] == delivered.reference
    assert len([each for each in await inbox_events(log_client, ["dung"]) if _by_mail(each.data)]) == 1


async def test_an_address_forgotten_meanwhile_gets_no_mail(
    writer: Writer, web: httpx.AsyncClient, mailbox: Mailbox, log_client: Client
) -> None:
    mailbox.answers += ["451 4.3.0 busy"] * 3
    await give_notice(writer, web)
    await until(lambda: _offered(mailbox))
    (await web.delete("/v1/contacts/dung")).raise_for_status()
    failed = await until(awaited(log_client, NotificationFailed))
    assert "no address" in failed.error
    assert mailbox.taken == []


async def test_without_a_mail_server_nobody_is_promised_mail(
    writer: Writer, nats_url: str, notify_database_url: str, log_client: Client
) -> None:
    with notify_process(nats_url, notify_database_url) as process:
        async with httpx.AsyncClient(base_url=process.url, headers=signed()) as web:
            await give_notice(writer, web)
            (item,) = await until(lambda: _inbox(web))
            assert [each["channel"] for each in item["deliveries"]] == ["inbox"]


async def _delivered_again(web: httpx.AsyncClient) -> Any:
    found = (await web.get("/v1/deliveries", params={"state": "delivered"})).json()
    return [each for each in found if each["resent"]]


async def _choices(web: httpx.AsyncClient) -> Any:
    answer = await web.get("/v1/people/dung/preferences", headers=as_person("dung"))
    return answer.raise_for_status().json()["choices"]


async def _two(web: httpx.AsyncClient) -> Any:
    found = await _inbox(web)
    return found if len(found) == 2 else None


async def _inbox(web: httpx.AsyncClient) -> Any:
    return (await web.get("/v1/inbox", params={"person": "dung"})).json()


async def _failed(web: httpx.AsyncClient) -> dict[str, str] | None:
    (item,) = await _inbox(web)
    states = {each["channel"]: each["state"] for each in item["deliveries"]}
    return states if states["mail"] == "failed" else None


def _by_mail(data: object) -> bool:
    return isinstance(data, NotificationDelivered) and data.channel == "mail"


async def _offered(mailbox: Mailbox) -> bool:
    return bool(mailbox.offered)
