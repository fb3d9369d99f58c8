"""The tree as it lies in the database: full tiles, and the leaves behind them."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from sqlalchemy import BigInteger, SmallInteger, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.ledger import tables
from services.tasks.ledger.leaf import leaf_input
from services.tasks.ledger.tiles import HEIGHT, WIDTH, Tile, entry_bundle, node_in, split, tile_over
from services.tasks.ledger.tree import HASH_BYTES, Look, Node, Range, complete_root, root_of, subtrees
from shared.log.record import Record

_TILES_AT_ONCE = 32
_HELD = -1

_LOOKED_UP = text(
    """
    SELECT tile.level, tile.index, tile.hashes FROM ledger.tile
    JOIN unnest(:levels, :indexes) AS wanted(level, index) ON tile.level = wanted.level AND tile.index = wanted.index
    UNION ALL
    SELECT 0::smallint, wanted.index, (
        SELECT string_agg(leaf_hash, ''::bytea ORDER BY sequence) FROM ledger.event
        WHERE sequence BETWEEN wanted.index * 256 + 1 AND wanted.index * 256 + wanted.width
    ) FROM unnest(:leaf_indexes, :leaf_widths) AS wanted(index, width)
    UNION ALL
    SELECT wanted.level, wanted.index, (
        SELECT string_agg(root, ''::bytea ORDER BY index) FROM ledger.tile
        WHERE tile.level = wanted.level - 1
        AND tile.index BETWEEN wanted.index * 256 AND wanted.index * 256 + wanted.width - 1
    ) FROM unnest(:upper_levels, :upper_indexes, :upper_widths) AS wanted(level, index, width)
    UNION ALL
    SELECT -1::smallint, coalesce(max(sequence), 0), NULL FROM ledger.event
    """
).bindparams(
    *(bindparam(name, type_=ARRAY(SmallInteger)) for name in ("levels", "upper_levels")),
    *(
        bindparam(name, type_=ARRAY(BigInteger))
        for name in ("indexes", "leaf_indexes", "leaf_widths", "upper_indexes", "upper_widths")
    ),
)
"""Full tiles as they are kept, the leaves of a partial one, and the roots of which one of a higher level is made; at
level -1, how many events the ledger holds."""


class BeyondTheLedger(Exception):
    """The ledger does not hold so many events, or lacks some of them."""


async def size_of(connection: AsyncConnection) -> int:
    """How many events the ledger holds."""
    return int(await connection.scalar(select(func.max(tables.event.c.sequence))) or 0)


async def record_at(connection: AsyncConnection, sequence: int) -> Record | None:
    """The event of a sequence, as the ledger holds it."""
    event = tables.event.c
    chosen = select(event.sequence, event.subject, event.stored_at, event.content)
    row = (await connection.execute(chosen.where(event.sequence == sequence))).one_or_none()
    return Record(*row) if row else None


async def hashes_of(connection: AsyncConnection, tile: Tile) -> bytes:
    """The hashes of a tile of a tree that is at least so large.

    Raises:
        BeyondTheLedger: the ledger does not reach that far.
    """
    hashes = (await _tiles(connection, {tile}, tile.least_size))[tile]
    if len(hashes) != tile.width * HASH_BYTES:
        raise BeyondTheLedger(f"the ledger has no tile {tile.path}")
    return hashes


async def bundle_of(connection: AsyncConnection, tile: Tile) -> bytes:
    """The inputs of the leaves of a tile of level 0, as an entry bundle.

    Raises:
        BeyondTheLedger: the ledger does not reach that far.
    """
    event = tables.event.c
    first = tile.index * WIDTH + 1
    chosen = select(event.sequence, event.subject, event.stored_at, event.content).order_by(event.sequence)
    rows = await connection.execute(chosen.where(event.sequence.between(first, first + tile.width - 1)))
    entries = [leaf_input(Record(*row)) for row in rows]
    if len(entries) != tile.width:
        raise BeyondTheLedger(f"the ledger has no bundle {tile.path}")
    return entry_bundle(entries)


async def looker(connection: AsyncConnection, ranges: Iterable[Range], size: int) -> Look:
    """Looks up the nodes of which some ranges of the tree of `size` events consist, after one question for all.

    Raises:
        BeyondTheLedger: the ledger does not hold so many events.
    """
    nodes = {node for leaves in ranges for node in subtrees(leaves)}
    over = {node: _tile_of(node, size) for node in nodes}
    hashes = await _tiles(connection, set(over.values()), size)
    if any(len(found) < tile.width * HASH_BYTES for tile, found in hashes.items()):
        raise BeyondTheLedger(f"the ledger does not hold {size} events")

    def look(node: Node) -> bytes:
        return node_in(hashes[over[node]], node)

    return look


async def root_at(connection: AsyncConnection, size: int) -> bytes:
    """The root of the tree over the first `size` events.

    Raises:
        BeyondTheLedger: the ledger does not hold so many.
    """
    whole = (0, size)
    return root_of(whole, await looker(connection, [whole], size))


async def grow(connection: AsyncConnection) -> int:
    """Keeps some of the full tiles that are not kept yet. Gives how many; 0 when all are.

    Whoever else does the same at the same time keeps the same.
    """
    held = await size_of(connection)
    level, count = 0, held // WIDTH
    while count:
        tile = tables.tile.c
        kept = await connection.scalar(select(func.max(tile.index)).where(tile.level == level))
        first = 0 if kept is None else kept + 1
        if first < count:
            return await _keep(connection, level, first, min(count, first + _TILES_AT_ONCE))
        level, count = level + 1, count // WIDTH
    return 0


async def _keep(connection: AsyncConnection, level: int, first: int, behind: int) -> int:
    wanted = {Tile(level, index) for index in range(first, behind)}
    made = await _tiles(connection, wanted, kept=False)
    rows = [
        {"level": level, "index": tile.index, "root": complete_root(split(hashes)), "hashes": hashes}
        for tile, hashes in sorted(made.items(), key=lambda each: each[0].index)
        if len(hashes) == WIDTH * HASH_BYTES
    ]
    if rows:
        await connection.execute(insert(tables.tile).on_conflict_do_nothing(), rows)
    return len(rows)


def _tile_of(node: Node, size: int) -> Tile:
    """The tile over a node as the tree of that size has it: for every place one."""
    tile = tile_over(node)
    width = (size >> HEIGHT * (tile.level or 0)) - tile.index * WIDTH
    if width < tile.width:
        raise BeyondTheLedger(f"a tree of {size} events has no node {node}")
    return Tile(tile.level, tile.index, min(WIDTH, width))


async def _tiles(
    connection: AsyncConnection, wanted: set[Tile], size: int = 0, *, kept: bool = True
) -> dict[Tile, bytes]:
    """The hashes of tiles, one for every place, as they are kept or (partial ones, and full ones that are not kept yet)
    as they are made of leaves and of the tiles below. A tile of which the ledger holds too little comes too short.

    Raises:
        BeyondTheLedger: the ledger does not hold `size` events. Nothing is made of the tiles below for so large a tree.
    """
    full = [tile for tile in wanted if kept and tile.width == WIDTH]
    found, held = await _asked(connection, full, [tile for tile in wanted if tile not in full])
    if held < size:
        raise BeyondTheLedger(f"the ledger holds {held} events, not {size}")
    if missing := [tile for tile in full if tile not in found]:
        found |= (await _asked(connection, [], missing))[0]
    for tile in wanted:
        if tile.level and len(found[tile]) < tile.width * HASH_BYTES:
            found[tile] = await _made(connection, tile)
    return found


async def _made(connection: AsyncConnection, tile: Tile) -> bytes:
    """The hashes of a tile of a higher level, some of whose tiles below are not kept yet."""
    below = [Tile((tile.level or 0) - 1, tile.index * WIDTH + place) for place in range(tile.width)]
    made = await _tiles(connection, set(below))
    whole = takewhile(lambda each: len(made[each]) == WIDTH * HASH_BYTES, below)
    return b"".join(complete_root(split(made[each])) for each in whole)


async def _asked(
    connection: AsyncConnection, kept: Sequence[Tile], made: Sequence[Tile]
) -> tuple[dict[Tile, bytes], int]:
    """The hashes of tiles as far as they are there, and how many events the ledger holds."""
    leaves = [tile for tile in made if not tile.level]
    upper = [tile for tile in made if tile.level]
    rows = await connection.execute(
        _LOOKED_UP,
        {
            "levels": [tile.level for tile in kept],
            "indexes": [tile.index for tile in kept],
            "leaf_indexes": [tile.index for tile in leaves],
            "leaf_widths": [tile.width for tile in leaves],
            "upper_levels": [tile.level for tile in upper],
            "upper_indexes": [tile.index for tile in upper],
            "upper_widths": [tile.width for tile in upper],
        },
    )
    places = {(tile.level, tile.index): tile for tile in (*kept, *made)}
    found, held = dict[Tile, bytes](), 0
    for level, index, hashes in rows:
        if level == _HELD:
            held = index
        else:
            found[places[level, index]] = bytes(hashes or b"")
    return found, held
