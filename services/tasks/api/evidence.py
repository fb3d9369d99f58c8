"""HTTP: everything about a task, a meeting or a period in one file, for whoever checks it without us."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.checkpoints import NoKey, issued_now
from services.tasks.api.parameters import AskedDay, Id
from services.tasks.attachments.taking import FILES_AWAY
from services.tasks.evidence import selection
from services.tasks.evidence.bundle import Asked, packed
from services.tasks.evidence.gathering import gathered
from services.tasks.evidence.selection import Matter, TooMuch
from services.tasks.ledger import issued
from services.tasks.ledger.issued import Issued
from services.tasks.ledger.issuing import ACTOR, SOURCE, Issuer
from services.tasks.ledger.keyring import act
from services.tasks.ledger.keys import KeyUnusable, SigningKey, kept_key
from services.tasks.reading import Connection, Reading, Source
from services.tasks.register.moments import at_time
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.log.faults import LogFault
from shared.log.objects import ObjectDamaged
from shared.problems import FieldProblem, Invalid, NotFound, Unavailable

_TOO_MUCH = Words(
    "hơn {most} sự kiện; hỏi khoảng ngắn hơn, hoặc lấy toàn bộ bằng `ketluan export`",
    "more than {most} events; ask about less, or take the whole log by `ketluan export`",
)
_BACKWARDS = Words("phải từ {least} trở đi", "must be {least} or later")
_NOTHING = Words("trong khoảng ấy không có sự kiện nào", "nothing happened in that period")

Reader = Annotated[Caller, requires("read-evidence")]
WithAttachments = Annotated[bool, Query(description="with the bytes of the files that were handed in")]

router = APIRouter(prefix="/v1")
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {}}},
    409: {"description": "There is no key, or nothing can be signed"},
}


def install(app: FastAPI) -> None:
    """Adds the routes. The application's state holds the `Issuer` once it runs."""
    app.include_router(router)


@router.get("/tasks/{task_id}/evidence", summary="Evidence of a task", response_class=StreamingResponse, responses=_ZIP)
async def get_task_evidence(
    task_id: Id,
    request: Request,
    caller: Reader,
    source: Source,
    found: Connection,
    attachments: WithAttachments = False,
) -> StreamingResponse:
    """A task with its notice, who was told, proofs, a verifier and a report, as one ZIP file."""
    matter = Matter("task", task_id)
    if not await selection.exists(found, matter):
        raise NotFound(what=f"/v1/tasks/{task_id}/evidence")
    return await _bundle(request, source, found, caller, matter, attachments)


@router.get(
    "/meetings/{meeting_id}/evidence", summary="Evidence of a meeting", response_class=StreamingResponse, responses=_ZIP
)
async def get_meeting_evidence(
    meeting_id: Id,
    request: Request,
    caller: Reader,
    source: Source,
    found: Connection,
    attachments: WithAttachments = False,
) -> StreamingResponse:
    """The same of a notice and all its tasks."""
    matter = Matter("meeting", meeting_id)
    if not await selection.exists(found, matter):
        raise NotFound(what=f"/v1/meetings/{meeting_id}/evidence")
    return await _bundle(request, source, found, caller, matter, attachments)


@router.get("/record/evidence", summary="Evidence of a period", response_class=StreamingResponse, responses=_ZIP)
async def get_period_evidence(
    request: Request,
    caller: Reader,
    source: Source,
    found: Connection,
    since: Annotated[AskedDay, Query(alias="from", description="first local day")],
    until: Annotated[AskedDay, Query(alias="to", description="last local day")],
    attachments: WithAttachments = False,
) -> StreamingResponse:
    """The same of everything that happened in some local days."""
    matter = await period(found, source, since, until)
    return await _bundle(request, source, found, caller, matter, attachments)


async def period(found: AsyncConnection, source: Reading, since: dt.date, until: dt.date) -> Matter:
    """Everything that happened in some local days.

    Raises:
        Invalid: the period ends before it begins, or nothing happened in it.
    """
    if until < since:
        raise Invalid(errors=[FieldProblem("to", "before-from", _BACKWARDS, {"least": str(since)})])
    today = source.today()
    first = (await at_time(found, today.begun(since), "known")).sequence + 1
    last = (await at_time(found, today.begun(until + dt.timedelta(days=1)), "known")).sequence
    if first > last:
        raise Invalid(errors=[FieldProblem("to", "no-events", _NOTHING, {})])
    return Matter("period", "", since, until, first, last)


async def _bundle(
    request: Request, source: Source, found: Connection, caller: Caller, matter: Matter, attachments: bool
) -> StreamingResponse:
    issuer: Issuer = request.app.state.issuer
    try:
        key, checkpoint = await _covering(issuer, source, found, matter)
        asked = Asked(matter, caller.actor, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), attachments)
        parts = await gathered(found, source.client, key, checkpoint, asked, source.zone)
    except KeyUnusable as error:
        raise NoKey(reason=str(error)) from error
    except TooMuch as error:
        problem = FieldProblem("", "too-much", _TOO_MUCH, {"most": selection.MOST_EVENTS})
        raise Invalid(errors=[problem]) from error
    except ObjectDamaged:
        raise
    except LogFault as error:
        raise Unavailable(FILES_AWAY) from error
    headers = {"Content-Disposition": f'attachment; filename="ketluan-{matter.name}.zip"', "Cache-Control": "no-store"}
    return StreamingResponse(packed(parts), media_type="application/zip", headers=headers)


async def _covering(issuer: Issuer, source: Source, found: Connection, matter: Matter) -> tuple[SigningKey, Issued]:
    """The key that signs, and a checkpoint that covers a matter and that key; where there is none, one is issued."""
    if issuer.key_file is None:
        raise KeyUnusable("KETLUAN_CHECKPOINT_KEY_FILE names no key, so nothing can be signed.")
    key = kept_key(issuer.key_file)
    newest = await issued.newest(found)
    for _ in range(2):
        ring = await selection.keys_of(found)
        known = ring.active is not None and ring.active.verifier == key.verifier
        last = await selection.last_of(found, matter)
        if newest and known and (newest.size >= last or not await issued.grew(found, newest.size)):
            break
        newest = await issued_now(issuer, source, act(ACTOR, SOURCE))
    if newest is None:
        raise KeyUnusable("no checkpoint could be issued.")
    return key, newest
