"""The channels that this installation has beside the inbox: those that its settings name."""

from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.channel import Channel
from services.notify.channels.chat import Chat
from services.notify.channels.mail.channel import Mail
from services.notify.channels.mail.smtp import Mailer
from services.notify.channels.push import Push, PushKey
from services.notify.settings import NotifySettings
from shared.identity.tokens import Tokens


def available(settings: NotifySettings, engine: AsyncEngine, tokens: Tokens) -> tuple[Channel, ...]:
    """The channels, ready to send."""
    return tuple(_available(settings, engine, tokens))


def _available(settings: NotifySettings, engine: AsyncEngine, tokens: Tokens) -> Iterator[Channel]:
    if settings.smtp_host:
        yield Mail(engine, Mailer(settings), tokens)
    if settings.chat_services:
        yield Chat(engine, settings.chat_services)
    key = PushKey(settings.session_key.get_secret_value())
    yield Push(engine, key, settings.mail_from, settings.webhook_allow_private)
