"""Web push: a short message to each browser in which a person asked for it.

The message is encrypted for the browser (RFC 8291) and signed with this installation's key (RFC 8292, VAPID), which is
derived from the session key: nothing has to be set up, and browsers subscribe anew when that key is replaced. Push
services are reached as webhooks are: never at an address of a private network.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic_core import to_json
from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine
from webpush import WebPush
from webpush.types import WebPushKeys, WebPushSubscription

from services.notify.channels.channel import NotTaken, ProviderAway, Receipt, Refused, Sending, Unreachable
from services.notify.channels.message import Message
from services.notify.channels.thin import thin_lines
from services.notify.egress import AddressRefused, Answer, NoAnswer, located, post, posting
from services.notify.tables import push_subscription
from shared.database import translated
from shared.events import fields

TEMPLATE = "push.v1"
"""Name and version of the wording, kept in the event of each delivery."""

_LIVES_SECONDS = 3 * 24 * 3600
_SIGNED_SECONDS = 12 * 3600
_MOST_BROWSERS = 10
_MOST_LINES = 5
"""Push services take 4,096 bytes."""
_SEED_BYTES = 48
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256. Source: FIPS 186-5; SEC 2."""
_FORGOTTEN = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_NOT_OURS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

log = structlog.get_logger()


@dataclass(frozen=True, repr=False)
class PushKey:
    """The key by which push services know this installation."""

    session_key: str

    @cached_property
    def private(self) -> ec.EllipticCurvePrivateKey:
        """The key itself. Its bytes are 16 more than needed, so that no number is likelier than another.

        Source: FIPS 186-5, A.2.1.
        """
        derived = HKDF(SHA256(), _SEED_BYTES, salt=None, info=b"ketluan web push v1").derive(self.session_key.encode())
        return ec.derive_private_key(int.from_bytes(derived, "big") % (_ORDER - 1) + 1, ec.SECP256R1())

    @property
    def public(self) -> str:
        """The `applicationServerKey` with which a browser subscribes."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    def by(self, sender: str) -> WebPush:
        """What encrypts and signs messages of a sender with this mail address."""
        private = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return WebPush(private, public, sender, _LIVES_SECONDS, _SIGNED_SECONDS)


@dataclass(frozen=True)
class Push:
    """Sends to every browser of a person; one that takes the message is enough. `sender` is the mail address at which
    push services reach whoever runs this."""

    engine: AsyncEngine
    key: PushKey
    sender: str
    allow_private: bool = False
    seconds: float = 10.0
    name: fields.Channel = "push"

    @property
    def longest_seconds(self) -> float:
        """Every browser is tried once, one after the other."""
        return _MOST_BROWSERS * (self.seconds + 6)

    async def prepared(self, message: Message) -> Sending:
        """See `Channel.prepared`."""
        lines = thin_lines(message, _MOST_LINES)
        content = to_json(
            {"title": lines[0], "body": "\n".join(lines[1:]), "url": message.page, "tag": message.message_id}
        )
        receipt = Receipt(template=TEMPLATE, content_sha256=hashlib.sha256(content).hexdigest())
        browsers = await self._browsers(message.person_id)
        if not browsers:
            raise Unreachable("there is no browser of this person any more")

        async def sending() -> Receipt:
            await self._send(browsers, content, message)
            return receipt

        return sending

    async def _send(self, browsers: "Sequence[Row[Any]]", content: bytes, message: Message) -> None:
        """Sends to each of a person's browsers.

        Raises:
            Refused, NotTaken, ProviderAway: none of them took it.
        """
        taken = False
        fault: Refused | NotTaken | None = None
        for browser in browsers:
            try:
                await self._send_to(browser, content, message)
                taken = True
            except Refused as refused:
                log.info("push_subscription_forgotten", person_id=message.person_id, error=refused.error)
                await self._forget(browser)
                fault = fault or refused
            except NotTaken as later:
                fault = later
        if fault is not None and not taken:
            raise fault

    async def _send_to(self, browser: "Row[Any]", content: bytes, message: Message) -> None:
        """Sends to one browser.

        Raises:
            Refused: it never takes anything from us again.
            NotTaken, ProviderAway: not now.
        """
        try:
            keys = WebPushKeys(auth=browser.auth, p256dh=browser.p256dh)
            sealed = self._by.get(
                content, WebPushSubscription.model_validate({"endpoint": browser.endpoint, "keys": keys})
            )
        except ValueError:
            raise Refused("the address or the keys of the browser cannot be used") from None
        try:
            place = await located(browser.endpoint, allow_private=self.allow_private)
            urgent = any(item.urgency == "urgent" for item in message.items)
            headers = {
                **{name: str(value) for name, value in sealed.headers.items()},
                "content-type": "application/octet-stream",
                "urgency": "high" if urgent else "normal",
            }
            async with posting(self.seconds) as client:
                answer = await post(client, place, sealed.encrypted, headers, self.seconds)
        except AddressRefused as refused:
            if refused.code == "unknown-host":
                raise ProviderAway("the push service is not found") from None
            raise Refused(f"the push service is not one to be used: {refused.code}") from None
        except NoAnswer as fault:
            raise ProviderAway(f"the push service gives {fault.error}") from None
        _judge(answer)

    @cached_property
    def _by(self) -> WebPush:
        return self.key.by(self.sender)

    async def _browsers(self, person_id: str) -> "Sequence[Row[Any]]":
        own = push_subscription.c.person_id == person_id
        query = select(push_subscription).where(own).order_by(push_subscription.c.created_at.desc())
        with translated():
            async with self.engine.connect() as connection:
                return (await connection.execute(query.limit(_MOST_BROWSERS))).all()

    async def _forget(self, browser: "Row[Any]") -> None:
        same = push_subscription.c.endpoint == browser.endpoint
        with translated():
            async with self.engine.begin() as connection:
                await connection.execute(delete(push_subscription).where(same))


def _judge(answer: Answer) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if status in _FORGOTTEN:
        raise Refused(f"the browser takes nothing any more: {status}")
    if status in _NOT_OURS:
        raise Refused(f"the browser subscribed with another key: {status}")
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
        raise ProviderAway(f"the push service takes nothing now: {status}", answer.retry_after)
    raise NotTaken(f"the push service did not take the message: {status}", answer.retry_after)
