"""From what was claimed to the message that a channel brings."""

from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.channels.message import Message, page_of
from services.notify.delivery.claims import Claim
from services.notify.inbox import find_items


class MessageUnmade(Exception):
    """There is nothing to tell: the notifications are not there any more."""


async def message_of(engine: AsyncEngine, claim: Claim, public_url: str) -> Message:
    """The message that brings what was claimed.

    Raises:
        MessageUnmade: none of the notifications is there.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    items = tuple(await find_items(engine, claim.ids))
    if not items:
        raise MessageUnmade("there is no such notification any more")
    return Message(
        message_id=claim.message_id,
        person_id=claim.person_id,
        language=claim.language,
        items=items,
        page=page_of(items, public_url),
        digest=claim.digest,
    )
