"""Pages of what was signed: checkpoints, the keys that signed them, and whether one continues another."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api.checkpoints import get_keys, post_checkpoint
from services.tasks.api.parameters import Cursor
from services.tasks.api.record import get_consistency
from services.tasks.ledger import issued, store
from services.tasks.ledger.issued import Issued, fault_of
from services.tasks.ledger.issuing import Issuer
from services.tasks.ledger.note import Verifier, verifier_of
from services.tasks.ledger.proofs import ConsistencyProof
from services.tasks.reading import LARGEST_SEQUENCE, Connection, Reading, Source
from shared.identity.caller import Caller
from shared.identity.guard import requires
from shared.language import Words
from shared.pagination import cursor as cursor_of
from shared.pagination import sequence_of
from shared.problems import FieldProblem, Invalid, NotFound, Problem, Unavailable
from shared.web.forms import checked, see
from shared.web.pages import language_of, shown
from shared.web.routing import page_router

_CHECKPOINTS = 20
_Size = Annotated[int, Path(ge=1, le=LARGEST_SEQUENCE)]
_TWO = Words("hãy nêu cỡ của cả hai điểm kiểm chứng", "give the sizes of both checkpoints")

router = page_router()


class Asked(BaseModel):
    """Between which sizes it is asked whether the record only grew."""

    old: Annotated[int, Field(alias="from", ge=1, le=LARGEST_SEQUENCE)]
    new: Annotated[int, Field(alias="to", ge=1, le=LARGEST_SEQUENCE)]


@router.get("/record/checkpoints", dependencies=[requires("read-log")])
async def show_checkpoints(request: Request, source: Source, found: Connection, cursor: Cursor = None) -> HTMLResponse:
    """What was signed, newest first."""
    return await _listed(request, source, found, cursor)


@router.post("/record/checkpoints")
async def issue_checkpoint(
    request: Request, caller: Annotated[Caller, requires("issue-checkpoints")], source: Source, found: Connection
) -> Response:
    """Signs a new checkpoint over all that is recorded by now."""
    answer = Response()
    try:
        made = await post_checkpoint(request, answer, caller, source)
    except Unavailable:
        raise
    except Problem as refusal:
        return await _listed(request, source, found, None, refusal)
    is_new = answer.status_code == HTTPStatus.CREATED
    return see(request, f"/record/checkpoints/{made.size}", said="checkpoint-issued" if is_new else "checkpoint-stands")


@router.get("/record/checkpoints/{size}", dependencies=[requires("read-log")])
async def show_checkpoint(request: Request, size: _Size, source: Source, found: Connection) -> HTMLResponse:
    """One checkpoint, with its note to keep."""
    checkpoint = await _of_size(request, found, size)
    smaller = await issued.before(found, size, 1)
    return shown(
        request,
        "record_checkpoint.html",
        checkpoint=checkpoint,
        fault=fault_of(checkpoint, await _verifiers(source)),
        smaller=smaller[0].size if smaller else None,
        stands=await store.root_at(found, size) == checkpoint.root,
    )


@router.get("/record/checkpoints/{size}/note", dependencies=[requires("read-log")])
async def download_note(request: Request, size: _Size, found: Connection) -> PlainTextResponse:
    """The signed note of a checkpoint, as a file."""
    checkpoint = await _of_size(request, found, size)
    headers = {"Content-Disposition": f'attachment; filename="checkpoint-{size}"', "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse(checkpoint.note, headers=headers)


@router.get("/record/consistency", dependencies=[requires("read-log")])
async def show_consistency(request: Request, source: Source, found: Connection) -> HTMLResponse:
    """Whether the record only grew between two sizes."""
    given = {name: request.query_params.get(name, "").strip() for name in ("from", "to")}
    refusal: Invalid | None = None
    proof: ConsistencyProof | None = None
    try:
        if not all(given.values()):
            raise Invalid(errors=[FieldProblem("/from", "missing", _TWO, {})])
        asked = checked(Asked, given)
        proof = await get_consistency(found, asked.old, asked.new)
    except Invalid as problem:
        refusal = problem
    signed = {size: await issued.of_size(found, size) for size in _sizes(proof)}
    keys = await _verifiers(source) if signed else []
    return shown(
        request,
        "record_consistency.html",
        refusal.status if refusal else HTTPStatus.OK,
        given=given,
        proof=proof,
        holds=proof is not None and proof.holds(),
        contradicted=[each.size for each in signed.values() if each and proof and not _agrees(each, proof)],
        faults=[each.size for each in signed.values() if each and fault_of(each, keys)],
        signed={size: each is not None for size, each in signed.items()},
        told=_told(request, refusal),
    )


async def _listed(
    request: Request, source: Source, found: AsyncConnection, cursor: str | None, refusal: Problem | None = None
) -> HTMLResponse:
    issuer: Issuer = request.app.state.issuer
    page = await issued.before(found, sequence_of(cursor), _CHECKPOINTS + 1)
    listed = page[:_CHECKPOINTS]
    return shown(
        request,
        "record_checkpoints.html",
        refusal.status if refusal else HTTPStatus.OK,
        checkpoints=listed,
        older=cursor_of(listed[-1].size) if len(page) > _CHECKPOINTS else None,
        is_newest=cursor is None,
        held=await store.size_of(found),
        has_key=issuer.key_file is not None,
        keys=await get_keys(source),
        origin=str(request.base_url).rstrip("/"),
        told=_told(request, refusal),
    )


async def _verifiers(source: Reading) -> list[Verifier]:
    """Every key that the log names, also one that the ledger does not hold yet."""
    return [verifier_of(key.verifier_key) for key in await get_keys(source)]


async def _of_size(request: Request, found: AsyncConnection, size: int) -> Issued:
    checkpoint = await issued.of_size(found, size)
    if checkpoint is None:
        raise NotFound(what=request.url.path)
    return checkpoint


def _sizes(proof: ConsistencyProof | None) -> tuple[int, ...]:
    return (proof.old_size, proof.new_size) if proof else ()


def _agrees(checkpoint: Issued, proof: ConsistencyProof) -> bool:
    """Whether a signed root is the one that the proof is about."""
    roots = {proof.old_size: proof.old_root, proof.new_size: proof.new_root}
    return checkpoint.root.hex() == roots[checkpoint.size]


def _told(request: Request, refusal: Problem | None) -> dict[str, Any] | None:
    return refusal.told(language_of(request)) if refusal else None
