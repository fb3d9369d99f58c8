"""From what was claimed to the message that a channel brings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.batching import Batches
from services.notify.channels.message import Message, page_of
from services.notify.delivery.claims import Claim
from services.notify.inbox import InboxItem, find_items


class MessageUnmade(Exception):
    """There is nothing to tell: the notifications are not there any more."""


@dataclass
class Messages:
    """Makes messages; those that are asked for together are looked up together. `public_url` is where people reach the
    system."""

    engine: AsyncEngine
    public_url: str
    _items: Batches[Claim, tuple[InboxItem, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._items = Batches(self._found)

    async def of(self, claim: Claim) -> Message:
        """The message that brings what was claimed.

        Raises:
            MessageUnmade: none of the notifications is there.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        items = await self._items.ask(claim)
        if not items:
            raise MessageUnmade("there is no such notification any more")
        return Message(
            message_id=claim.message_id,
            person_id=claim.person_id,
            language=claim.language,
            items=items,
            page=page_of(items, self.public_url),
            digest=claim.digest,
        )

    async def _found(self, claims: Sequence[Claim]) -> list[tuple[InboxItem, ...]]:
        ids = {notification_id: number for number, claim in enumerate(claims) for notification_id in claim.ids}
        grouped: list[list[InboxItem]] = [[] for _ in claims]
        for item in await find_items(self.engine, ids):
            grouped[ids[item.notification_id]].append(item)
        return [tuple(items) for items in grouped]
