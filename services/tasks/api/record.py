"""HTTP: the record's checkpoints, tiles, proofs and keys, for whoever does not want to trust us."""

import base64
import datetime as dt
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.parameters import Cursor, Limit
from services.tasks.ledger import issued, store
from services.tasks.ledger.issued import Issued
from services.tasks.ledger.issuing import SOURCE, Issuer, NotYet
from services.tasks.ledger.keyring import Key, act, keyring
from services.tasks.ledger.keys import KeyUnusable
from services.tasks.ledger.leaf import leaf_input
from services.tasks.ledger.proofs import ConsistencyProof, InclusionProof
from services.tasks.ledger.recheck import RecordAltered
from services.tasks.ledger.tiles import tile_at
from services.tasks.ledger.tree import (
    consistency_ranges,
    hash_of_leaf,
    inclusion_ranges,
    root_of,
)
from services.tasks.problems import LOG_AWAY
from services.tasks.reading import LARGEST_SEQUENCE, Connection, Reading, Source
from shared.database import DatabaseUnavailable, RowsRefused
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.log.faults import LogFault
from shared.log.stream import state_of, stream_info
from shared.pagination import DEFAULT_LIMIT, link_next, sequence_of
from shared.problems import DATABASE_AWAY, FieldProblem, Invalid, NotFound, Problem, Unavailable

_PATIENCE_SECONDS = 3.0
_UNCHANGING = {"Cache-Control": "private, max-age=31536000, immutable"}
_SOON_OLD = {"Cache-Control": "private, max-age=2"}

BEYOND = Words("sổ cái mới có {held} sự kiện", "the ledger holds {held} events so far")
NOT_BEFORE = Words("phải từ {least} trở lên", "must be {least} or more")

OldSize = Annotated[int, Query(alias="from", ge=1, le=LARGEST_SEQUENCE, description="events that the old tree covers")]
NewSize = Annotated[int, Query(alias="to", ge=1, le=LARGEST_SEQUENCE, description="events that the new tree covers")]

router = APIRouter(prefix="/v1/record")


def install(app: FastAPI) -> None:
    """Adds the routes. The application's state holds the `Issuer` once it runs."""
    app.include_router(router)


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
    dependencies=[requires("read-log")],
)
async def get_checkpoint(found: Connection) -> PlainTextResponse:
    """What the log said last of its tree."""
    newest = await issued.newest(found)
    if newest is None:
        raise NotFound(what="/v1/record/checkpoint")
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
    try:
        await _caught_up(source)
        checkpoint, is_new = await issuer.issue(act(caller.name, SOURCE, request_id))
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
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    response.headers["Location"] = f"/v1/record/checkpoints/{checkpoint.size}"
    return _view(checkpoint)


@router.get(
    "/tile/{path:path}",
    summary="A tile of the tree, or a bundle of its entries (C2SP tlog-tiles)",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
    dependencies=[requires("read-log")],
)
async def get_tile(path: str, found: Connection) -> Response:
    """Hashes of 32 bytes each, or entries behind their lengths of 2 bytes each: `0/x001/234`, `1/000.p/17`,
    `entries/x001/234`. Whatever is given stays as it is for ever."""
    try:
        tile = tile_at(path)
        content = await (store.bundle_of(found, tile) if tile.level is None else store.hashes_of(found, tile))
    except (ValueError, store.BeyondTheLedger) as error:
        raise NotFound(what=f"/v1/record/tile/{path}") from error
    return Response(content, media_type="application/octet-stream", headers=_UNCHANGING)


@router.get(
    "/proofs/inclusion", summary="The proof that an event is in the record", dependencies=[requires("read-log")]
)
async def get_inclusion(
    found: Connection,
    sequence: Annotated[int, Query(ge=1, le=LARGEST_SEQUENCE, description="sequence of the event")],
    size: Annotated[
        int | None,
        Query(ge=1, le=LARGEST_SEQUENCE, description="how many events the tree covers; else the newest checkpoint's"),
    ] = None,
) -> InclusionProof:
    """Without a size, the tree is that of the newest checkpoint, or the whole ledger where none covers the event."""
    record = await store.record_at(found, sequence)
    if record is None:
        raise await _beyond(found, "sequence")
    if size is not None and size < sequence:
        raise Invalid(errors=[FieldProblem("size", "before-the-event", NOT_BEFORE, {"least": sequence})])
    checkpoint = await (issued.newest(found, sequence) if size is None else issued.of_size(found, size))
    covered = size or (checkpoint.size if checkpoint else await store.size_of(found))
    ranges, whole = inclusion_ranges(sequence - 1, covered), (0, covered)
    leaf = leaf_input(record)
    async with _within(found, "size"):
        look = await store.looker(found, [*ranges, whole], covered)
    return InclusionProof(
        sequence=sequence,
        subject=record.subject,
        leaf_index=sequence - 1,
        leaf=base64.b64encode(leaf).decode(),
        leaf_hash=hash_of_leaf(leaf).hex(),
        size=covered,
        root=root_of(whole, look).hex(),
        proof=[root_of(leaves, look).hex() for leaves in ranges],
        checkpoint=checkpoint.note if checkpoint else None,
    )


@router.get(
    "/proofs/consistency",
    summary="The proof that the record only grew between two sizes",
    dependencies=[requires("read-log")],
)
async def get_consistency(found: Connection, old: OldSize, new: NewSize) -> ConsistencyProof:
    """Sizes need not be those of checkpoints; where they are, the signed notes come with the proof."""
    if new < old:
        raise Invalid(errors=[FieldProblem("to", "before-from", NOT_BEFORE, {"least": old})])
    ranges = consistency_ranges(old, new)
    async with _within(found, "to"):
        look = await store.looker(found, [*ranges, (0, new)], new)
        before = await store.looker(found, [(0, old)], old)
    checkpoints = [await issued.of_size(found, size) for size in (old, new)]
    return ConsistencyProof(
        old_size=old,
        new_size=new,
        old_root=root_of((0, old), before).hex(),
        new_root=root_of((0, new), look).hex(),
        proof=[root_of(leaves, look).hex() for leaves in ranges],
        old_checkpoint=checkpoints[0].note if checkpoints[0] else None,
        new_checkpoint=checkpoints[1].note if checkpoints[1] else None,
    )


@router.get("/keys", summary="The keys that ever signed checkpoints", dependencies=[requires("read-log")])
async def get_keys(source: Source) -> list[KeyView]:
    """The public history of keys, oldest first, as the log tells it."""
    try:
        return [_key(key) for key in (await keyring(source.client)).keys]
    except LogFault as error:
        raise Unavailable(LOG_AWAY) from error


@asynccontextmanager
async def _within(found: AsyncConnection, parameter: str) -> AsyncIterator[None]:
    try:
        yield
    except store.BeyondTheLedger as error:
        raise await _beyond(found, parameter) from error


async def _beyond(found: AsyncConnection, parameter: str) -> Invalid:
    held = {"held": await store.size_of(found)}
    return Invalid(errors=[FieldProblem(parameter, "beyond-the-ledger", BEYOND, held)])


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
