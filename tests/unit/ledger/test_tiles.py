"""Tiles are where other verifiers look for them, and hold what the tree is made of."""

import random

import pytest

from services.tasks.ledger.tiles import Tile, entries_in, entry_bundle, node_in, tile_at, tile_over, tiles_of
from services.tasks.ledger.tree import among, complete_root


def test_a_tile_is_found_by_triples_of_digits() -> None:
    assert Tile(0, 1234067).path == "0/x001/x234/067"
    assert Tile(0, 0).path == "0/000"
    assert Tile(1, 999, 17).path == "1/999.p/17"
    assert Tile(None, 1000, 5).path == "entries/x001/000.p/5"


@pytest.mark.parametrize("index", [0, 7, 999, 1000, 999_999, 1_000_000, 1_234_567_890])
@pytest.mark.parametrize("level", [None, 0, 3])
@pytest.mark.parametrize("width", [1, 255, 256])
def test_a_path_leads_back_to_its_tile(index: int, level: int | None, width: int) -> None:
    tile = Tile(level, index, width)
    assert tile_at(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "0", "0/", "0/1", "0/0001", "00/001", "64/001", "-1/001", "0/001.p/0", "0/001.p/256", "0/001.p/257",
        "0/001.p/01", "0/x000/001", "0/001/002", "0/x001", "entries/", "entry/001", "0/001.p/", "0/00１", "0/001\n",
        "0/" + "x999/" * 10 + "999",
    ],
)  # fmt: skip
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="no tile's path"):
        tile_at(path)


def test_a_tree_of_70000_leaves_has_the_tiles_that_the_specification_counts() -> None:
    tiles = list(tiles_of(70_000))
    assert len([tile for tile in tiles if tile.level == 0 and tile.width == 256]) == 273
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert all(tile.least_size <= 70_000 for tile in tiles)


def test_every_node_is_worked_out_from_one_tile() -> None:
    source = random.Random(5)
    leaves = [source.randbytes(32) for _ in range(1024)]
    look = among(leaves)
    level_one = b"".join(complete_root(leaves[start : start + 256]) for start in range(0, 1024, 256))
    for node in [(0, 1023), (1, 300), (7, 5), (8, 3), (9, 1), (10, 0)]:
        tile = tile_over(node)
        hashes = b"".join(leaves[tile.index * 256 :][: tile.width]) if tile.level == 0 else level_one
        assert node_in(hashes, node) == look(node)


def test_a_bundle_gives_back_its_entries_and_tells_when_it_is_cut() -> None:
    entries = [b"", b"a" * 65_535, b"bc"]
    bundle = entry_bundle(entries)
    assert entries_in(bundle) == entries
    for harmed in (bundle[:-1], bundle + b"\0"):
        with pytest.raises(ValueError, match="ends within an entry"):
            entries_in(harmed)
