"""Mail as a channel: looks up where the person is reached, writes the letter, hands it over."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.channel import Receipt, Unreachable
from services.notify.channels.mail.letter import Sender, letter_of
from services.notify.channels.mail.smtp import Mailer
from services.notify.channels.mail.threads import thread_of
from services.notify.channels.mail.unsubscribing import unsubscribe_address
from services.notify.channels.message import Message
from services.notify.contacts import find_mail
from shared.events import fields
from shared.identity.tokens import Tokens


@dataclass(frozen=True)
class Mail:
    """Sends letters."""

    engine: AsyncEngine
    mailer: Mailer
    tokens: Tokens
    name: fields.Channel = "mail"

    @property
    def longest_seconds(self) -> float:
        """See `Channel`."""
        return self.mailer.longest_sending_seconds

    async def send(self, message: Message) -> Receipt:
        """See `Channel.send`."""
        settings = self.mailer.settings
        address = await find_mail(self.engine, message.person_id)
        if address is None:
            raise Unreachable("there is no address for this person any more")
        categories = tuple(sorted({item.category for item in message.items}))
        letter = letter_of(
            message,
            Sender(settings.mail_from, settings.public_url),
            address,
            dt.datetime.now(dt.UTC),
            thread=await thread_of(self.engine, message, settings.mail_from),
            unsubscribe=unsubscribe_address(settings.public_url, self.tokens, message.person_id, categories),
        )
        await self.mailer.send(letter.content, message.message_id)
        return letter.receipt
