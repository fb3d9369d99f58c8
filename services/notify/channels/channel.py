"""What the delivery engine asks of every channel, and what a channel may answer."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from services.notify.channels.message import Message
from shared.events import fields
from shared.events.fields import Digest, Fields, Name


class Receipt(Fields):
    """What a channel took: the provider's or our own reference to it, the wording with its version, and the SHA-256 of
    the text as it was rendered. It holds no address: it becomes an event."""

    template: Name
    content_sha256: Digest
    reference: Name | None = None


class Refused(Exception):
    """This message can never be brought by this channel: there is no address, or the provider refuses it for good.

    `error` says why, in words that name codes but neither the address nor what the provider said of it.
    """

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Unreachable(Refused):
    """There is no address for this person, or none that can be used: the provider was not asked."""


class NotTaken(Exception):
    """The provider did not take this message this time; it is asked again, `retry_after` seconds later at the earliest.

    Such answers use up the message's attempts. `error` is as in `Refused`.
    """

    def __init__(self, error: str, retry_after: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.retry_after = retry_after


class ProviderAway(NotTaken):
    """The provider takes nothing from us at the moment: it does not answer, does not know us, or is overloaded.

    It is no fault of the message, and uses up none of its attempts. Some of these in a row open the channel's circuit.
    """


Sending = Callable[[], Awaitable[Receipt]]
"""Brings a message that was made to its person, once. It ends within the channel's `longest_seconds`, whatever the
provider does; behind a message that went out nothing may fail.

Raises:
    Refused: it will never be taken.
    NotTaken: it was not taken now.
    ProviderAway: nothing is taken now.
"""


class Channel(Protocol):
    """A way by which messages leave. Several are sent at once."""

    @property
    def name(self) -> fields.Channel:
        """The channel as events name it."""

    @property
    def longest_seconds(self) -> float:
        """Time within which a sending has ended, one way or another."""

    async def prepared(self, message: Message) -> Sending:
        """What brings a message to its person, whose address the channel looks up itself. Nothing has gone out yet.

        Raises:
            Unreachable: there is no address.
            Refused: it will never be taken.
            DatabaseUnavailable: the address could not be looked up.
        """
