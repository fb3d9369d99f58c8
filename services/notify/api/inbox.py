"""HTTP: a person's inbox, also live."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from services.notify.api.source import LARGEST_SEQUENCE, Cursor, Reading, Source
from services.notify.inbox import InboxItem, list_arrived, list_inbox
from shared.events.fields import TOKEN
from shared.identity.caller import Caller
from shared.identity.guard import requires, while_allowed
from shared.identity.permissions import Reach, allowed
from shared.identity.refusals import NotAllowed
from shared.language import Words
from shared.pagination import link_next, sequence_of
from shared.problems import FieldProblem, Invalid
from shared.streams import Item, live, resumed, wants_stream

_STREAM_PAGE = 50

PERSON_MISSING = Words("chương trình phải nêu người cần đọc", "a program has to say whose inbox it reads")

router = APIRouter(prefix="/v1")


@router.get(
    "/inbox",
    summary="What a person was told, newest first; live as a stream",
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def get_inbox(
    request: Request,
    source: Source,
    caller: Annotated[Caller, requires("read-inbox")],
    person: Annotated[str | None, Query(pattern=TOKEN, description="id of the person; your own where absent")] = None,
    after: Annotated[int, Query(ge=0, le=LARGEST_SEQUENCE, description="only what came behind this sequence")] = 0,
    limit: Annotated[int, Query(ge=1, le=200, description="most notifications of a page")] = 50,
    before: Cursor = None,
) -> list[InboxItem]:
    """Notifications of one person: of whoever asks, or of anybody for those who may read every inbox.

    With `Accept: text/event-stream` those behind `after` come oldest first, and then each as it arrives; its id is its
    place in the log, and Last-Event-ID goes on behind it.
    """
    person = person or caller.person_id
    if person is None:
        raise Invalid(errors=[FieldProblem("person", "missing", PERSON_MISSING, {})])
    needed: Reach = "own" if person == caller.person_id else "all"
    if not allowed(caller, "read-inbox", needed):
        raise NotAllowed(caller.name, "read-inbox", needed)
    if wants_stream(request):
        reads = while_allowed(request, "read-inbox", needed)
        return live(_Arrivals(source, person), resumed(request, after), source.arrived, reads)  # type: ignore[return-value]
    items = await list_inbox(source.engine, person, limit=limit, before=sequence_of(before), after=after)
    response = JSONResponse([item.model_dump(mode="json") for item in items])
    if len(items) == limit:
        link_next(request, response, items[-1].sequence)
    return response  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """Gives a person's stream its items."""

    source: Reading
    person_id: str

    async def __call__(self, after: int) -> Sequence[Item]:
        items = await list_arrived(self.source.engine, self.person_id, after=after, limit=_STREAM_PAGE)
        return [Item(item.sequence, item.model_dump_json()) for item in items]
