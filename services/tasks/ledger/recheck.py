"""Reads every event of the ledger again before its tree is signed: what the tree is made of, and every earlier root."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import tables
from services.tasks.ledger.leaf import LEAF_HASH_IN_SQL
from services.tasks.ledger.tiles import HEIGHT, WIDTH, split
from services.tasks.ledger.tree import Frontier, among, complete_root, subtrees

_TILES_AT_ONCE = 128

_MADE = text(
    f"""
    SELECT made.index AS place, made.held, made.hashes, made.altered, tile.hashes = made.hashes AS same, tile.root
    FROM (
        SELECT (sequence - 1) / 256 AS index, count(*) AS held, string_agg(leaf, ''::bytea ORDER BY sequence) AS hashes,
            min(sequence) FILTER (WHERE leaf <> leaf_hash) AS altered
        FROM (
            SELECT sequence, leaf_hash, {LEAF_HASH_IN_SQL} AS leaf FROM ledger.event
            WHERE sequence BETWEEN :first AND :last OFFSET 0
        ) AS each GROUP BY 1
    ) AS made
    LEFT JOIN ledger.tile ON tile.level = 0 AND tile.index = made.index
    ORDER BY made.index
    """
)
"""The leaves as the bytes of the events make them, tile by tile, beside what is kept of them."""


class RecordAltered(Exception):
    """What the ledger holds is not what it held. Nothing was signed."""


@dataclass
class Recheck:
    """What was read again so far: the tree's frontier, and the roots of its full tiles of level 0."""

    frontier: Frontier = field(default_factory=Frontier)
    tiles: list[bytes] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)


async def roots_again(connection: AsyncConnection, sizes: Sequence[int]) -> dict[int, bytes]:
    """The roots of the trees of these sizes, made of the events' bytes themselves.

    Raises:
        RecordAltered: an event is missing, its bytes are not those of its leaf, or a kept tile is another one.
    """
    done, ordered = Recheck(), sorted(set(sizes))
    last = ordered[-1] if ordered else 0
    for first in range(1, last + 1, _TILES_AT_ONCE * WIDTH):
        behind = min(last, first - 1 + _TILES_AT_ONCE * WIDTH)
        rows = (await connection.execute(_MADE, {"first": first, "last": behind})).all()
        due = [size for size in ordered if first <= size <= behind]
        # Hashing hundreds of tiles takes tens of milliseconds, in which requests would wait.
        await asyncio.to_thread(_taken, done, rows, due, first, behind)
    await _confirm_upper(connection, done.tiles)
    return {size: done.frontier.root() for size in ordered if size == 0} | done.roots


def _taken(done: Recheck, rows: Sequence[Any], due: Sequence[int], first: int, last: int) -> None:
    """Adds some tiles to what was read again."""
    starts = range(first - 1, last, WIDTH)
    if [row.place for row in rows] != [start // WIDTH for start in starts]:
        raise RecordAltered(f"the ledger lacks events between {first} and {last}")
    for start, row in zip(starts, rows, strict=True):
        expected = min(WIDTH, last - start)
        if row.altered is not None:
            raise RecordAltered(f"the bytes of event {row.altered} in the ledger are not those of its leaf")
        if row.held != expected:
            raise RecordAltered(f"the ledger lacks events between {start + 1} and {start + expected}")
        leaves = split(bytes(row.hashes))
        for size in due:
            if start < size < start + WIDTH:
                grown = done.frontier.copy()
                for node in subtrees((0, size - start)):
                    grown.add(node[0], among(leaves)(node))
                done.roots[size] = grown.root()
        if expected < WIDTH:
            continue
        root = complete_root(leaves)
        if row.same is False or (row.root is not None and bytes(row.root) != root):
            raise RecordAltered(f"the tile kept over events {start + 1} to {start + WIDTH} is not made of them")
        done.tiles.append(root)
        done.frontier.add(HEIGHT, root)
        if start + WIDTH in due:
            done.roots[start + WIDTH] = done.frontier.root()


async def _confirm_upper(connection: AsyncConnection, below: list[bytes]) -> None:
    """Confirms the tiles of higher levels that are kept over these ones of level 0."""
    tile, level = tables.tile.c, 1
    while below:
        made = [below[place : place + WIDTH] for place in range(0, len(below) - WIDTH + 1, WIDTH)]
        kept = await connection.execute(
            select(tile.index.label("place"), tile.root, tile.hashes).where(tile.level == level, tile.index < len(made))
        )
        roots = [complete_root(hashes) for hashes in made]
        for row in kept:
            if (bytes(row.hashes), bytes(row.root)) != (b"".join(made[row.place]), roots[row.place]):
                raise RecordAltered(f"tile {row.place} of level {level} is not made of those below it")
        below, level = roots, level + 1
