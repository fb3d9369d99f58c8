"""Thousands of single bits, each changed where it really lies: none is missed."""

import asyncio
import random
from pathlib import Path

import pytest

from services.tasks.record.kinds import Kind
from tests.integration.record.damaged import Damageable

_FLIP_EVERY_ROW = (
    "UPDATE ledger.event SET content = set_bit(content, bit, 1 - get_bit(content, bit)) FROM "
    "(SELECT sequence AS at, floor(random() * octet_length(content) * 8)::bigint AS bit FROM ledger.event) flipped "
    "WHERE sequence = flipped.at"
)
_RESTORED = "UPDATE ledger.event now SET content = kept.content FROM public.kept WHERE kept.sequence = now.sequence"


async def test_no_bit_that_changes_in_a_row_of_the_ledger_is_missed(record: Damageable) -> None:
    await record.altered("CREATE TABLE public.kept AS SELECT sequence, content FROM ledger.event")
    for seed in range(10):
        await record.altered(f"SELECT setseed(0.{seed})", _FLIP_EVERY_ROW)
        damaged = (await record.verified()).damaged
        assert [each.seen.sequence for each in damaged] == list(range(1, 351))
        assert all(each.ledger_is_damaged and not each.log_is_damaged for each in damaged)
        await record.altered(_RESTORED)
    assert await record.findings() == ()


async def test_no_bit_that_changes_in_the_content_of_the_logs_file_is_missed(record: Damageable) -> None:
    chance = random.Random(5)
    chosen = chance.sample(range(1, 351), 100)
    contents = {sequence: await record.content(sequence) for sequence in chosen}
    record.nats.stop()
    (block,) = record.blocks()
    changed = bytearray(block.read_bytes())
    for content in contents.values():
        place = changed.index(content) + chance.randrange(len(content))
        changed[place] ^= 1 << chance.randrange(8)
    block.write_bytes(changed)
    record.nats.start()
    compared = await record.verified()
    assert {each.seen.sequence for each in compared.damaged} == set(chosen)
    assert {each.kind for each in compared.verification.findings} == {Kind.GAP_IN_LOG}


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_bit_that_changes_anywhere_in_the_logs_file_is_found_and_mended(record: Damageable, seed: int) -> None:
    chance = random.Random(seed)
    record.nats.stop()
    (block,) = record.blocks()
    await asyncio.to_thread(_flip_somewhere, block, chance)
    record.nats.start()
    assert {each.side for each in await record.findings()} == {"log"}
    await record.repaired()
    assert await record.findings() == ()


def _flip_somewhere(block: Path, chance: random.Random) -> None:
    content = bytearray(block.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    block.write_bytes(content)
