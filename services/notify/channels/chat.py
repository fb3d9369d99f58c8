"""Chat: short messages by the services that the settings name, Zalo and Telegram among them, each to one person.

Apprise knows how to speak to each service. What it writes of its own to logs names people and is kept out of ours.
"""

import asyncio
import hashlib
import logging
import re
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

import apprise
import structlog
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.channel import NotTaken, ProviderAway, Receipt, Refused, Sending, Unreachable
from services.notify.channels.message import Message
from services.notify.channels.thin import thin_lines
from services.notify.contacts import find_chat
from shared.events import fields

TEMPLATE = "chat.v1"
"""Name and version of the wording, kept in the event of each delivery."""

_AT_ONCE = 16
_STATUS = re.compile(r"\berror=(\d{3})\b")
_PERSON = re.compile(r"[A-Za-z0-9@._+-]{1,100}")
_UNKNOWN = "the chat service does not know such an address"
_NEVER = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

for _name in ("apprise", "urllib3"):
    # Their lines hold tokens and people's ids. Apprise's still reach the result of the call that wrote them.
    _logger = logging.getLogger(_name)
    _logger.propagate = False
    _logger.addHandler(logging.NullHandler())

log = structlog.get_logger()


@dataclass(frozen=True)
class Chat:
    """Sends by the services of the settings: by name, an Apprise address with `{to}` in it."""

    engine: AsyncEngine
    services: Mapping[str, SecretStr]
    name: fields.Channel = "chat"
    longest_seconds: float = 15.0
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_AT_ONCE, "chat"))

    def __post_init__(self) -> None:
        """Looks at each service once, which loads Apprise's plugins: some of them warn of what they import."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for service, template in self.services.items():
                if _made(template, "1") is None:
                    log.error("chat_service_unusable", service=service)

    async def prepared(self, message: Message) -> Sending:
        """See `Channel.prepared`."""
        text = "\n".join([*thin_lines(message), message.page])
        receipt = Receipt(template=TEMPLATE, content_sha256=hashlib.sha256(text.encode()).hexdigest())
        found = await find_chat(self.engine, message.person_id)
        if found is None:
            raise Unreachable("there is no chat address for this person any more")
        target = self._target(*found)

        async def sending() -> Receipt:
            asked = asyncio.get_running_loop().run_in_executor(self._threads, _told, target, text)
            try:
                async with asyncio.timeout(self.longest_seconds):
                    await asked
            except TimeoutError:
                raise ProviderAway("the chat service does not come to an end") from None
            return receipt

        return sending

    def _target(self, service: str, to: str) -> apprise.NotifyBase:
        """The one target of a message.

        Raises:
            Refused: the service is none of the settings, or the person's id is none of the service's.
        """
        template = self.services.get(service)
        if not _PERSON.fullmatch(to):
            raise Refused(_UNKNOWN)
        if template is None:
            raise Unreachable("the chat service of this person is not set up")
        made = _made(template, to)
        if made is None or len(made) != 1:
            raise Refused(_UNKNOWN)
        return made


def _made(template: SecretStr, to: str) -> apprise.NotifyBase | None:
    """Apprise's way to one person; None where it cannot be made. Its own pauses are off: the channel has its rate."""
    asset = apprise.AppriseAsset(app_id="ketluan", storage_mode=apprise.PersistentStoreMode.MEMORY)
    address = template.get_secret_value().replace("{to}", quote(to, safe=""))
    try:
        made = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    except Exception:  # noqa: BLE001 - what its plugins raise may hold the token
        return None
    if isinstance(made, apprise.NotifyBase):
        made.request_rate_per_sec = 0
        made.redirects = False
        return made
    return None


def _told(target: apprise.NotifyBase, text: str) -> None:
    """Sends, in a thread of its own: Apprise waits for the answer where it stands.

    Raises:
        Refused, NotTaken, ProviderAway: by the status that the service answered.
    """
    outgoing = apprise.Apprise()
    outgoing.add(target)
    result = outgoing.notify(body=text, body_format=apprise.NotifyFormat.TEXT)
    if result:
        return
    written = " ".join(entry.message for entry in result.logs())
    status = int(found.group(1)) if (found := _STATUS.search(written)) else None
    if status is None and "connection error" in written.lower():
        raise ProviderAway("the chat service does not answer")
    if status is None:
        raise Refused(_UNKNOWN)
    if status in _NEVER:
        raise Refused(f"the chat service refuses the message: {status}")
    if status == HTTPStatus.UNAUTHORIZED:
        raise ProviderAway("the chat service does not know the token of the settings: 401")
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
        raise ProviderAway(f"the chat service takes nothing now: {status}")
    raise NotTaken(f"the chat service did not take the message: {status}")
