"""HTTP: the checkpoints that were signed of the record, new ones on demand, and the keys that signed them."""

import datetime as dt
import time
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from services.tasks.api.parameters import Cursor, Limit
from services.tasks.ledger import issued, store
from services.tasks.ledger.issued import Issued
from services.tasks.ledger.issuing import SOURCE, Issuer, NotYet
from services.tasks.ledger.keyring import Key, act, keyring
from services.tasks.ledger.keys import KeyUnusable
from services.tasks.ledger.recheck import RecordAltered
from services.tasks.problems import LOG_AWAY
from services.tasks.reading import LARGEST_SEQUENCE, Connection, Reading, Source
from shared.database import DatabaseUnavailable, RowsRefused
from shared.events.envelope import Chain
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.log.faults import LogFault
from shared.log.stream import state_of, stream_info
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of
from shared.problems import DATABASE_AWAY, NotFound, Problem, Unavailable

_PATIENCE_SECONDS = 3.0
_SOON_OLD = {"Cache-Control": "private, max-age=2"}

router = APIRouter(prefix="/v1/record")


class CheckpointRefused(Problem):
    """The record is not what it was."""

    status = HTTPStatus.CONFLICT
    code = "record-altered"
    title = Words("Sổ ghi không khớp với những gì đã ký", "The record is not what was signed")
    detail = Words(
        "Không có gì được ký, và không có gì thay đổi. Báo ngay cho quản trị và người kiểm tra: {reason}",
        "Nothing was signed and nothing was changed. Tell the administrator and the auditors at once: {reason}",
    )


class NoKey(Problem):
    """There is no key to sign with."""

    status = HTTPStatus.CONFLICT
    code = "no-checkpoint-key"
    title = Words("Không có khoá để ký", "There is no key to sign with")
    detail = Words(
        "Không có gì được ký. Quản trị tạo khoá bằng `ketluan key create` hoặc thay khoá bằng `ketluan key rotate`: "
        "{reason}",
        "Nothing was signed. An administrator makes a key with `ketluan key create`, or another one with "
        "`ketluan key rotate`: {reason}",
    )


class NothingToSign(Problem):
    """There is nothing that could be signed yet."""

    status = HTTPStatus.CONFLICT
    code = "nothing-to-sign"
    title = Words("Chưa có gì để ký", "There is nothing to sign yet")
    detail = Words("Không có gì được ký. Thử lại sau ít giây: {reason}", "Nothing was signed: {reason}")


class NoCheckpoint(Problem):
    """No checkpoint was issued yet."""

    status = HTTPStatus.NOT_FOUND
    code = "no-checkpoint"
    title = Words("Chưa có điểm kiểm chứng nào", "No checkpoint was issued yet")
    detail = Words(
        "Sổ ghi chưa phát hành điểm kiểm chứng nào; không có gì bị mất. Khi đã có khoá ký, điểm đầu tiên tự được phát "
        "hành sau chừng một phút; muốn có ngay thì chạy `ketluan checkpoint issue` hoặc POST /v1/record/checkpoints.",
        "Nothing was lost. Once there is a key to sign with, the first one is issued by itself within about a minute; "
        "to have one now, run `ketluan checkpoint issue` or POST /v1/record/checkpoints.",
    )


class CheckpointView(BaseModel):
    """A checkpoint. `root` is in hexadecimal digits; `note` is the signed note, the only part that proves anything."""

    size: int
    root: str
    key_id: str
    issued_at: dt.datetime
    note: str


class KeyView(BaseModel):
    """A key of the log's history. `endorsed` says whether the key before it signed that this one follows."""

    key_id: str
    name: str
    verifier_key: str
    created_at: dt.datetime
    created_sequence: int
    endorsed: bool
    retired_at: dt.datetime | None
    retired_sequence: int | None
    reason: str | None


@router.get(
    "/checkpoint",
    summary="The newest checkpoint, as a signed note (C2SP tlog-checkpoint)",
    response_class=PlainTextResponse,
    responses={404: {"description": "No checkpoint was issued yet"}},
    dependencies=[requires("read-log")],
)
async def get_checkpoint(found: Connection) -> PlainTextResponse:
    """What the log said last of its tree."""
    newest = await issued.newest(found)
    if newest is None:
        raise NoCheckpoint
    return PlainTextResponse(newest.note, headers=_SOON_OLD)


@router.get("/checkpoints", summary="Every checkpoint, newest first", dependencies=[requires("read-log")])
async def get_checkpoints(
    request: Request, response: Response, found: Connection, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> list[CheckpointView]:
    """What the log ever said of its tree."""
    page = await issued.before(found, sequence_of(cursor), limit)
    if len(page) == limit:
        link_next(request, response, page[-1].size)
    return [_view(each) for each in page]


@router.get("/checkpoints/{size}", summary="The checkpoint of one size", dependencies=[requires("read-log")])
async def get_checkpoint_of_size(
    size: Annotated[int, Path(ge=1, le=LARGEST_SEQUENCE)], found: Connection
) -> CheckpointView:
    """One checkpoint with its signed note."""
    checkpoint = await issued.of_size(found, size)
    if checkpoint is None:
        raise NotFound(what=f"/v1/record/checkpoints/{size}")
    return _view(checkpoint)


@router.post(
    "/checkpoints",
    status_code=HTTPStatus.CREATED,
    summary="Issue a checkpoint now",
    responses={
        200: {"description": "Nothing but checkpoints happened since this one"},
        409: {
            "description": "The record is not what it was, or there is no key or nothing to sign: nothing was signed"
        },
    },
)
async def post_checkpoint(
    request: Request, response: Response, caller: Annotated[Caller, requires("issue-checkpoints")], source: Source
) -> CheckpointView:
    """Reads the whole ledger again, confirms every earlier checkpoint, and signs what it found. It covers all that was
    in the log when it was asked for, if the ledger holds that within seconds."""
    issuer: Issuer = request.app.state.issuer
    request_id: str = request.scope["state"]["request_id"]
    checkpoint, is_new = await _issued(issuer, source, act(caller.actor, SOURCE, request_id))
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    response.headers["Location"] = f"/v1/record/checkpoints/{checkpoint.size}"
    return _view(checkpoint)


@router.get("/keys", summary="The keys that ever signed checkpoints", dependencies=[requires("read-log")])
async def get_keys(source: Source) -> list[KeyView]:
    """The public history of keys, oldest first, as the log tells it."""
    try:
        return [_key(key) for key in (await keyring(source.client)).keys]
    except LogFault as error:
        raise Unavailable(LOG_AWAY) from error


async def issued_now(issuer: Issuer, source: Reading, chain: Chain) -> Issued:
    """A checkpoint over all that is in the log now, for whatever has to stand under one.

    Raises:
        CheckpointRefused, NoKey, NothingToSign, Unavailable: there is none.
    """
    return (await _issued(issuer, source, chain))[0]


async def _issued(issuer: Issuer, source: Reading, chain: Chain) -> tuple[Issued, bool]:
    try:
        await _caught_up(source)
        return await issuer.issue(chain)
    except RecordAltered as error:
        raise CheckpointRefused(reason=str(error)) from error
    except KeyUnusable as error:
        raise NoKey(reason=str(error)) from error
    except NotYet as error:
        raise NothingToSign(reason=str(error)) from error
    except LogFault as error:
        raise Unavailable(LOG_AWAY) from error
    except (DatabaseUnavailable, RowsRefused) as error:
        raise Unavailable(DATABASE_AWAY) from error


async def _caught_up(source: Reading) -> None:
    """Returns once the ledger holds all that is in the log now, after three seconds at the latest."""
    last = state_of(await stream_info(source.client)).last_sequence
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        woken = source.advanced.next()
        async with source.engine.connect() as found:
            if await store.size_of(found) >= last:
                return
        await woken.wait(0.5)


def _view(each: Issued) -> CheckpointView:
    return CheckpointView(
        size=each.size, root=each.root.hex(), key_id=each.key_id, issued_at=each.issued_at, note=each.note
    )


def _key(key: Key) -> KeyView:
    return KeyView(
        key_id=key.verifier.key_id,
        name=key.verifier.name,
        verifier_key=str(key.verifier),
        created_at=key.created_at,
        created_sequence=key.created,
        endorsed=key.endorsed,
        retired_at=key.retired_at,
        retired_sequence=key.retired,
        reason=key.reason,
    )
