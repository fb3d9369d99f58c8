"""Mail as a channel: looks up where the person is reached, writes the letter, hands it over."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.batching import Batches
from services.notify.channels.channel import Receipt, Sending, Unreachable
from services.notify.channels.mail.letter import Sender, letter_of
from services.notify.channels.mail.smtp import Mailer
from services.notify.channels.mail.threads import threads_of
from services.notify.channels.mail.unsubscribing import unsubscribe_address
from services.notify.channels.message import Message
from services.notify.contacts import find_mails
from shared.events import fields
from shared.identity.tokens import Tokens


@dataclass
class Mail:
    """Sends letters. What has to be looked up for them is looked up for many at once."""

    engine: AsyncEngine
    mailer: Mailer
    tokens: Tokens
    name: fields.Channel = "mail"
    _found: Batches[Message, tuple[str | None, list[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self._found = Batches(self._find)

    @property
    def longest_seconds(self) -> float:
        """See `Channel`."""
        return self.mailer.settings.mail_seconds

    async def prepared(self, message: Message) -> Sending:
        """See `Channel.prepared`."""
        settings = self.mailer.settings
        address, thread = await self._found.ask(message)
        if address is None:
            raise Unreachable("there is no address for this person any more")
        categories = tuple(sorted({item.category for item in message.items}))
        letter = letter_of(
            message,
            Sender(settings.mail_from, settings.public_url),
            address,
            dt.datetime.now(dt.UTC),
            thread=thread,
            unsubscribe=unsubscribe_address(settings.public_url, self.tokens, message.person_id, categories),
        )

        async def sending() -> Receipt:
            await self.mailer.send(letter.address, letter.content, message.message_id)
            return letter.receipt

        return sending

    async def _find(self, messages: Sequence[Message]) -> list[tuple[str | None, list[str]]]:
        """The address for each message, and the letters that it follows up."""
        addresses = await find_mails(self.engine, {message.person_id for message in messages})
        threads = await threads_of(self.engine, messages, self.mailer.settings.mail_from)
        return [(addresses.get(message.person_id), thread) for message, thread in zip(messages, threads, strict=True)]
