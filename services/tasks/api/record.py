"""HTTP: the record's tiles and proofs, for whoever does not want to trust us."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.api import checkpoints
from services.tasks.ledger import issued, store
from services.tasks.ledger.leaf import leaf_input
from services.tasks.ledger.proofs import ConsistencyProof, InclusionProof
from services.tasks.ledger.tiles import tile_at
from services.tasks.ledger.tree import (
    consistency_ranges,
    hash_of_leaf,
    inclusion_ranges,
    root_of,
)
from services.tasks.reading import LARGEST_SEQUENCE, Connection
from services.tasks.register.causes import find_event
from shared.events.fields import ONE_LINE
from shared.identity.guard import requires
from shared.language import Words
from shared.problems import FieldProblem, Invalid, NotFound

_UNCHANGING = {"Cache-Control": "private, max-age=31536000, immutable"}

BEYOND = Words("sổ cái mới có {held} sự kiện", "the ledger holds {held} events so far")
ONE_OF_TWO = Words(
    "hãy nêu số thứ tự (sequence) hoặc mã (event) của sự kiện, một trong hai",
    "name the event by its sequence or by its id (event): one of both",
)
NOT_BEFORE = Words("phải từ {least} trở lên", "must be {least} or more")

OldSize = Annotated[int, Query(alias="from", ge=1, le=LARGEST_SEQUENCE, description="events that the old tree covers")]
NewSize = Annotated[int, Query(alias="to", ge=1, le=LARGEST_SEQUENCE, description="events that the new tree covers")]

router = APIRouter(prefix="/v1/record")


def install(app: FastAPI) -> None:
    """Adds the routes, also those of checkpoints. The application's state holds the `Issuer` once it runs."""
    app.include_router(checkpoints.router)
    app.include_router(router)


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
    "/proofs/inclusion",
    summary="The proof that an event is in the record",
    responses={404: {"description": "No event has this id"}},
    dependencies=[requires("read-log")],
)
async def get_inclusion(
    found: Connection,
    sequence: Annotated[
        int | None, Query(ge=1, le=LARGEST_SEQUENCE, description="sequence of the event; this or its id")
    ] = None,
    event: Annotated[
        str | None, Query(min_length=1, max_length=200, pattern=ONE_LINE, description="id of the event (slower)")
    ] = None,
    size: Annotated[
        int | None,
        Query(ge=1, le=LARGEST_SEQUENCE, description="how many events the tree covers; else the newest checkpoint's"),
    ] = None,
) -> InclusionProof:
    """Without a size, the tree is that of the newest checkpoint, or the whole ledger where none covers the event."""
    sequence = await _named(found, sequence, event)
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
        # What the old tree is made of is part of the new one.
        look = await store.looker(found, [*ranges, (0, old), (0, new)], new)
    signed = [await issued.of_size(found, size) for size in (old, new)]
    return ConsistencyProof(
        old_size=old,
        new_size=new,
        old_root=root_of((0, old), look).hex(),
        new_root=root_of((0, new), look).hex(),
        proof=[root_of(leaves, look).hex() for leaves in ranges],
        old_checkpoint=signed[0].note if signed[0] else None,
        new_checkpoint=signed[1].note if signed[1] else None,
    )


async def _named(found: AsyncConnection, sequence: int | None, event: str | None) -> int:
    """The sequence of the event that is asked about by one of both names."""
    if sequence is not None and event is None:
        return sequence
    if event is None or sequence is not None:
        raise Invalid(errors=[FieldProblem("event", "one-of-two", ONE_OF_TWO, {})])
    placed = await find_event(found, event)
    if placed is None or placed.id != event:
        raise NotFound(what=f"/v1/record/proofs/inclusion?event={event}")
    return placed.sequence


@asynccontextmanager
async def _within(found: AsyncConnection, parameter: str) -> AsyncIterator[None]:
    try:
        yield
    except store.BeyondTheLedger as error:
        raise await _beyond(found, parameter) from error


async def _beyond(found: AsyncConnection, parameter: str) -> Invalid:
    held = {"held": await store.size_of(found)}
    return Invalid(errors=[FieldProblem(parameter, "beyond-the-ledger", BEYOND, held)])
