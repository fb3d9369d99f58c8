"""Chat and web push against real receivers: what they are given, and what becomes of what they answer."""

import base64
import datetime as dt
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator

import http_ece
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey
from nats.aio.client import Client
from pydantic import SecretStr
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.channel import Channel, NotTaken, ProviderAway, Receipt, Refused
from services.notify.channels.chat import Chat
from services.notify.channels.message import Message
from services.notify.channels.push import Push, PushKey
from services.notify.inbox import InboxItem, MeetingMention, TaskLine, UnitMention
from services.notify.main import notify as notify_app
from services.notify.settings import NotifySettings
from services.notify.tables import contact, push_subscription
from shared.database import engine
from shared.events.inbox import NotificationDelivered
from tests.identity import SESSION_KEY, signed
from tests.integration.notify.conftest import until
from tests.integration.notify.receiver import Receiver, receiving
from tests.integration.notify.writing import Writer, inbox_events
from tests.unit.notify.examples import SCIENCE, directive, notice, organisation

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
CONFIDENTIAL = "Nội dung không được ra ngoài."


async def sent(channel: Channel, message: Message) -> Receipt:
    """What a channel took."""
    return await (await channel.prepared(message))()


def message(person_id: str = "lan", count: int = 1) -> Message:
    """So many notifications of one task each."""
    unit = UnitMention(id="van-phong", name="Văn phòng Sở")
    line = TaskLine(task_id="t", reason="responsible", text=CONFIDENTIAL, unit=unit, due=dt.date(2026, 12, 5))
    meeting = MeetingMention(id="m", title=CONFIDENTIAL, number="112/TB-SKHCN")
    items = tuple(
        InboxItem(
            notification_id=f"n-{number}",
            sequence=number,
            requested_at=NOW,
            meeting=meeting,
            rule="meeting-concluded",
            reasons=["responsible"],
            task_count=3,
            tasks=[line],
            deliveries=[],
        )
        for number in range(count)
    )
    return Message("n-0", person_id, "vi", items, "https://ketluan.example/meetings/m")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A chat service, or a push service."""
    with receiving() as kept:
        yield kept


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What reaches the log of this process, where its operator looks for everything."""
    root, text = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
async def pool(notify_database_url: str) -> AsyncIterator[AsyncEngine]:
    """Connections with the rights of notify."""
    connections = engine(notify_database_url, "tests")
    yield connections
    await connections.dispose()


async def chat(pool: AsyncEngine, receiver: Receiver, *people: tuple[str, str]) -> Chat:
    """Chat by a service of its own, with the id of each person there."""
    async with pool.begin() as connection:
        for person_id, to in people:
            row = {"person_id": person_id, "chat_service": "noi-bo", "chat_to": to, "changed_at": NOW}
            await connection.execute(insert(contact).values(row))
    return Chat(pool, {"noi-bo": SecretStr(f"json://127.0.0.1:{receiver.port}/bot-token/{{to}}")})


async def test_a_chat_message_names_number_deadline_and_link_alone(pool: AsyncEngine, receiver: Receiver) -> None:
    channel = await chat(pool, receiver, ("lan", "5551"))
    receipt = await sent(channel, message(count=12))
    assert receiver.seen[0].path == "/bot-token/5551"
    text = json.loads(receiver.seen[0].body)["message"]
    lines = text.splitlines()
    assert lines[0] == "Giao nhiệm vụ – 112/TB-SKHCN: 3 nhiệm vụ, hạn 05/12/2026"
    assert lines[-2:] == ["và 3 thông báo khác", "https://ketluan.example/meetings/m"]
    assert CONFIDENTIAL not in text
    assert receipt.template == "chat.v1"


async def test_several_messages_follow_one_another_without_a_pause(pool: AsyncEngine, receiver: Receiver) -> None:
    channel = await chat(pool, receiver, ("lan", "5551"))
    begun = dt.datetime.now(dt.UTC)
    for _ in range(3):
        await sent(channel, message())
    assert len(receiver.seen) == 3
    assert (dt.datetime.now(dt.UTC) - begun).total_seconds() < 5


@pytest.mark.parametrize(
    ("status", "meaning"), [(403, Refused), (429, ProviderAway), (503, ProviderAway), (401, ProviderAway)]
)
async def test_what_a_chat_service_answers(
    pool: AsyncEngine, receiver: Receiver, logged: io.StringIO, status: int, meaning: type[Exception]
) -> None:
    receiver.answer = lambda _: status
    channel = await chat(pool, receiver, ("lan", "5551"))
    with pytest.raises(meaning, match=str(status)) as fault:
        await sent(channel, message())
    said = logged.getvalue() + str(fault.value)
    assert "bot-token" not in said
    assert "5551" not in said


async def test_nobody_else_is_reached_by_a_strange_chat_id(pool: AsyncEngine, receiver: Receiver) -> None:
    channel = await chat(pool, receiver, ("lan", "5551,5552"), ("dung", "../other"))
    for person_id in ("lan", "dung", "nobody"):
        with pytest.raises(Refused):
            await sent(channel, message(person_id))
    assert receiver.seen == []


async def test_a_chat_service_that_is_down_is_away(pool: AsyncEngine, receiver: Receiver) -> None:
    channel = await chat(pool, receiver, ("lan", "5551"))
    gone = Chat(pool, {"noi-bo": SecretStr("json://127.0.0.1:9/{to}")})
    with pytest.raises(ProviderAway, match="does not answer"):
        await sent(gone, message())
    assert (await sent(channel, message())).template == "chat.v1"


class Browser:
    """A browser that subscribed: it can read what is sent to it."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"sixteen bytes, 0"
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.keys = {"p256dh": _written(point), "auth": _written(self._auth)}

    def read(self, body: bytes) -> bytes:
        """What a message says. Source: RFC 8188, RFC 8291."""
        read: bytes = http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth, version="aes128gcm")
        return read


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def public_key(written: str) -> ECKey:
    """The key that a push service is shown. Source: RFC 8292, section 3.2."""
    point = base64.urlsafe_b64decode(written + "=")
    return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": _written(point[1:33]), "y": _written(point[33:])})


async def subscribed(pool: AsyncEngine, browser: Browser, endpoint: str) -> None:
    """A browser of one person, with the address of its push service."""
    row = {"endpoint": endpoint, "person_id": "lan", "created_at": NOW, **browser.keys}
    async with pool.begin() as connection:
        await connection.execute(insert(push_subscription).values(row))


def push(pool: AsyncEngine, *, allow_private: bool = True) -> Push:
    """Push by the key of the tests' installation."""
    return Push(pool, PushKey(SESSION_KEY), "ketluan@haivan.example", allow_private)


async def test_a_browser_reads_its_message_and_the_push_service_knows_who_sent_it(
    pool: AsyncEngine, receiver: Receiver
) -> None:
    browser, channel = Browser(), push(pool)
    await subscribed(pool, browser, receiver.url("/push/one"))
    receipt = await sent(channel, message())
    posted = receiver.seen[0]
    said = json.loads(browser.read(posted.body))
    assert said["title"] == "Giao nhiệm vụ – 112/TB-SKHCN: 3 nhiệm vụ, hạn 05/12/2026"
    assert said["url"] == "https://ketluan.example/meetings/m"
    assert CONFIDENTIAL not in str(said)
    assert posted.headers["content-encoding"] == "aes128gcm"
    assert int(posted.headers["ttl"]) > 0
    token, key = posted.headers["authorization"].removeprefix("vapid t=").split(", k=")
    assert key == channel.key.public
    claims = jwt.decode(token, public_key(key), algorithms=["ES256"]).claims
    assert claims["aud"] == "http://127.0.0.1"
    assert claims["sub"] == "mailto:ketluan@haivan.example"
    assert claims["exp"] > dt.datetime.now(dt.UTC).timestamp()
    assert receipt.template == "push.v1"


async def test_a_browser_that_is_gone_is_forgotten_and_the_others_are_told(
    pool: AsyncEngine, receiver: Receiver
) -> None:
    receiver.answer = lambda posted: 410 if posted.path == "/gone" else 201
    await subscribed(pool, Browser(), receiver.url("/gone"))
    await subscribed(pool, Browser(), receiver.url("/here"))
    await sent(push(pool), message())
    async with pool.connect() as connection:
        kept = (await connection.scalars(select(push_subscription.c.endpoint))).all()
    assert kept == [receiver.url("/here")]


@pytest.mark.parametrize(("status", "meaning"), [(404, Refused), (413, NotTaken), (503, ProviderAway)])
async def test_what_a_push_service_answers(
    pool: AsyncEngine, receiver: Receiver, status: int, meaning: type[Exception]
) -> None:
    receiver.answer = lambda _: status
    await subscribed(pool, Browser(), receiver.url())
    with pytest.raises(meaning, match=str(status)):
        await sent(push(pool), message())


async def test_a_browser_whose_keys_cannot_be_used_is_forgotten(pool: AsyncEngine, receiver: Receiver) -> None:
    browser = Browser()
    browser.keys["p256dh"] = _written(b"no point of the curve")
    await subscribed(pool, browser, receiver.url())
    for why in ("cannot be used", "no browser"):
        with pytest.raises(Refused, match=why):
            await sent(push(pool), message())


async def test_no_browser_leads_into_a_private_network(pool: AsyncEngine, receiver: Receiver) -> None:
    await subscribed(pool, Browser(), f"https://127.0.0.1:{receiver.port}/")
    with pytest.raises(Refused, match="private"):
        await sent(push(pool, allow_private=False), message())
    async with pool.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(push_subscription)) == 0
    assert receiver.seen == []


async def test_what_is_urgent_reaches_a_person_by_chat_and_in_the_browser(
    nats_url: str, notify_database_url: str, writer: Writer, log_client: Client, receiver: Receiver
) -> None:
    settings = NotifySettings(
        nats_url=nats_url,
        database_url=SecretStr(notify_database_url),
        session_key=SecretStr(SESSION_KEY),
        webhook_allow_private=True,
        chat_services={"noi-bo": SecretStr(f"json://127.0.0.1:{receiver.port}/chat/{{to}}")},
    )
    app, browser = notify_app(settings), Browser()
    way = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=way, base_url="http://tests", headers=signed(), timeout=20) as web,
    ):
        assert (await web.get("/v1/push/key")).json() == {"key": PushKey(SESSION_KEY).public}
        await web.put("/v1/contacts/dung/chat", json={"service": "noi-bo", "to": "5551"})
        await web.post("/v1/contacts/dung/push", json={"endpoint": receiver.url("/push"), "keys": browser.keys})
        urgent = directive(1, SCIENCE).model_copy(update={"urgent": True})
        await writer.write(*organisation(), notice(urgent))

        async def channels() -> set[str]:
            told = [event.data for event in await inbox_events(log_client, ["dung"])]
            found: set[str] = {each.channel for each in told if isinstance(each, NotificationDelivered)}
            return found if {"chat", "push"} <= found else set()

        assert await until(channels) == {"inbox", "chat", "push"}
    assert sorted(each.path for each in receiver.seen) == ["/chat/5551", "/push"]
