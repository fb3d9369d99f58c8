"""Events of the ledger as sentences, with the names of all whom they speak of."""

from collections.abc import Sequence

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger.search import Found
from services.tasks.pages.known import programs_of
from services.tasks.pages.record.sentences import Sentence, named_ids, sentence
from services.tasks.register.names import Names, names_of


async def sentences(request: Request, connection: AsyncConnection, found: Sequence[Found]) -> list[Sentence]:
    """What these events say, in the order in which they are given."""
    names = await names_in(request, connection, found)
    return [sentence(each, names) for each in found]


async def names_in(request: Request, connection: AsyncConnection, found: Sequence[Found]) -> Names:
    """The names of all of whom these events speak."""
    return await names_of(connection, **named_ids(found), programs=programs_of(request))
