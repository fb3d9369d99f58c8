"""The page of events that could not be applied: what each is, why, and what to do."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.tasks.api.parameters import Cursor
from services.tasks.reading import Connection
from services.tasks.register.queries import events_at, list_parked
from services.tasks.register.reading import BEHIND_PARKED
from services.tasks.register.views import EventView, ParkedView
from shared import vocabulary
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.log.stream import PREFIX
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.web.pages import shown
from shared.web.routing import page_router

_EVENTS = 30

_BEHIND = Words(
    "Một sự kiện trước đó của cùng hồ sơ chưa áp dụng được, nên sự kiện này chờ theo.",
    "An earlier event of the same file is parked, and this one waits behind it.",
)
_BEHIND_MEND = Words(
    "Không cần làm gì riêng: xử lý xong sự kiện trước thì sự kiện này được áp dụng theo.",
    "Nothing by itself: once the earlier one is mended, this one is applied too.",
)
_REFUSED = Words("Cơ sở dữ liệu không nhận nội dung của sự kiện này.", "The database refuses what this event says.")
_UNREADABLE = Words(
    "Nội dung không đúng dạng trong danh mục sự kiện, nằm sai chỗ, hoặc do phiên bản mới hơn ghi.",
    "It does not fit the catalogue of events, stands in the wrong place, or a newer version wrote it.",
)
_MEND = Words(
    "Báo quản trị số thứ tự này. Khi đã có phiên bản đọc được, chạy ketluan replay --swap để áp dụng lại từ sổ ghi.",
    "Tell the administrator this number. Once a version that reads it is installed, ketluan replay --swap applies it "
    "from the log.",
)


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked event as people are told of it. `path` leads to its task or meeting, where it has one."""

    view: ParkedView
    event: EventView | None
    kind: Words | None
    path: str | None
    why: Words
    mend: Words


router = page_router()


@router.get("/queue/parked")
async def show_parked(
    request: Request, _: Annotated[Caller, requires("read-parked")], found: Connection, cursor: Cursor = None
) -> HTMLResponse:
    """The parked events, in the log's order."""
    listed = await list_parked(found, sequence_of(cursor) or 0, _EVENTS + 1)
    page = listed[:_EVENTS]
    events = await events_at(found, [each.sequence for each in page])
    return shown(
        request,
        "queue-parked.html",
        listed=[told(each, events.get(each.sequence)) for each in page],
        first=cursor is None,
        more=cursor_of(page[-1].sequence) if len(listed) > _EVENTS else None,
    )


def told(view: ParkedView, event: EventView | None) -> Parked:
    """A parked event with what it is, why it is parked, and what to do."""
    why, mend = _explained(view.reason)
    return Parked(view, event, _kind(event.event if event else None), _path(view.subject), why, mend)


def _explained(reason: str) -> tuple[Words, Words]:
    if reason == BEHIND_PARKED:
        return _BEHIND, _BEHIND_MEND
    return (_REFUSED if reason.startswith("the register refuses") else _UNREADABLE), _MEND


def _kind(event: dict[str, Any] | None) -> Words | None:
    """What happened, by the event's type `ketluan.<name>.v1`."""
    parts = str((event or {}).get("type", "")).split(".")
    return vocabulary.EVENTS.get(parts[1]) if len(parts) == 3 else None


def _path(subject: str) -> str | None:
    aggregate, _, aggregate_id = subject.removeprefix(PREFIX).partition(".")
    return f"/{aggregate}s/{aggregate_id}" if aggregate in ("task", "meeting") else None
