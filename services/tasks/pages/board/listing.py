"""The tasks behind a figure of the board or of a report: the filters of `GET /v1/tasks` as a page."""

from dataclasses import fields, replace
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.filters import WantedTasks, query_of
from services.tasks.api.parameters import Cursor, TaskReader
from services.tasks.pages.board.overview import KIND_WORDS, address
from services.tasks.reading import Connection, Source
from services.tasks.register import queries
from services.tasks.register.figures import ALL_BUT_CANCELLED
from services.tasks.register.names import names_of
from services.tasks.register.tasks import Sight, TaskFilter, day_of, list_tasks
from services.tasks.sight import sight
from shared.language import Words
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.vocabulary import STATUS
from shared.web import wording
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_PAGE = 50

router = page_router()


@router.get("/board/tasks")
async def show_tasks(
    request: Request,
    caller: TaskReader,
    source: Source,
    found: Connection,
    wanted: WantedTasks,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Tasks that fit every filter, in the order of their assignment, and the filters in words."""
    today, seen = source.today(), sight(caller)
    listed = await list_tasks(found, wanted, seen, today, sequence_of(cursor) or 0, _PAGE + 1)
    page = listed[:_PAGE]
    names = await _names(found, wanted, seen)
    on_day = day_of(wanted, today)
    query = query_of(wanted)
    return shown(
        request,
        "board-tasks.html",
        wanted=wanted,
        tasks=page,
        on_day=on_day,
        filters=[(words, address(request, "/board/tasks", without)) for words, without in described(wanted, names)],
        first=cursor is None,
        begin=address(request, "/board/tasks", wanted),
        behind=cursor_of(page[-1].assigned_sequence) if len(listed) > _PAGE else None,
        query=query,
        status_words=STATUS,
        deadline=partial(wording.deadline, today=on_day.date, language=language_of(request)),
    )


def described(wanted: TaskFilter, names: dict[str, str]) -> list[tuple[Words, TaskFilter]]:
    """What each filter says, and what is wanted without it. `names` are those of units and meetings, by id."""
    found: list[tuple[Words, TaskFilter]] = []

    def say(words: Words, *without: str) -> None:
        found.append((words, replace(wanted, **{name: _UNASKED[name] for name in without})))

    ways = [KIND_WORDS[way] for way in wanted.timeliness]
    if wanted.timeliness and set(wanted.timeliness) != set(ALL_BUT_CANCELLED["timeliness"]):
        say(Words(", ".join(w.vi for w in ways), ", ".join(w.en for w in ways)), "timeliness")
    if wanted.is_open is not None:
        say(_OPEN if wanted.is_open else _ENDED, "is_open")
    if wanted.status:
        say(STATUS[wanted.status], "status")
    if wanted.carried_over is not None:
        say(_REPEATED if wanted.carried_over else _NOT_REPEATED, "carried_over")
    for name in ("unit", "meeting"):
        if (key := getattr(wanted, name)) is not None:
            called = names.get(key, key)
            say(Words(called, called).literal(), name)
    for name, words in (("directive", _DIRECTIVE), ("series", _SERIES)):
        if getattr(wanted, name) is not None:
            say(words, name)
    for words, first, last in (
        (Words("giao", "assigned"), "assigned_from", "assigned_to"),
        (Words("hạn", "due"), "due_from", "due_to"),
        (Words("trình kết quả", "handed in"), "done_from", "done_to"),
    ):
        begin, end = (f"{day:%d/%m/%Y}" if day else "" for day in (getattr(wanted, first), getattr(wanted, last)))
        if begin or end:
            vi = f"{words.vi}{f' từ {begin}' if begin else ''}{f' đến {end}' if end else ''}"
            en = f"{words.en}{f' from {begin}' if begin else ''}{f' to {end}' if end else ''}"
            say(Words(vi, en), first, last)
    if wanted.on:
        say(Words(f"tính đến ngày {wanted.on:%d/%m/%Y}", f"as of {wanted.on:%d/%m/%Y}"), "on")
    if wanted.as_of:
        event = wanted.as_of.stands_on
        say(Words(f"theo sổ ghi tới sự kiện {event}", f"by the log up to event {event}"), "as_of")
    return found


_UNASKED: dict[str, Any] = {field.name: field.default for field in fields(TaskFilter)}
_OPEN = Words("đang mở", "open")
_ENDED = Words("đã kết thúc", "ended")
_REPEATED = Words("được chỉ đạo lại", "ordered again")
_NOT_REPEATED = Words("chỉ đạo lần đầu", "ordered for the first time")
_DIRECTIVE = Words("của một chỉ đạo", "of one directive")
_SERIES = Words("các kỳ của một nhiệm vụ định kỳ", "turns of one recurring task")


async def _names(found: AsyncConnection, wanted: TaskFilter, seen: Sight) -> dict[str, str]:
    """What the unit and the meeting of a filter are called, by id, where whoever asks may know."""
    names = dict((await names_of(found, (), [wanted.unit], (), (), {})).units) if wanted.unit else {}
    if wanted.meeting and (meeting := await queries.find_meeting(found, wanted.meeting, seen)):
        names[wanted.meeting] = meeting.number or meeting.title
    return names
