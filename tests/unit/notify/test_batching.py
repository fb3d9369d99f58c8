"""What is asked at the same time is answered by one question."""

import asyncio
from collections.abc import Sequence

import pytest

from services.notify.batching import Batches


class Slow:
    """Answers with the double, a moment later, and knows what it was asked at once."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def double(self, numbers: Sequence[int]) -> list[int]:
        """The answers; 13 has none."""
        self.asked.append(list(numbers))
        await asyncio.sleep(0.01)
        if 13 in numbers:
            raise LookupError(13)
        return [2 * number for number in numbers]


async def test_each_has_its_own_answer_and_what_comes_together_is_asked_together() -> None:
    slow = Slow()
    batches = Batches(slow.double, most=4)
    assert await asyncio.gather(*map(batches.ask, range(10))) == [2 * number for number in range(10)]
    assert [len(each) for each in slow.asked] == [4, 4, 2]
    assert await batches.ask(21) == 42


async def test_a_fault_reaches_those_who_were_asked_for_together_and_nobody_else() -> None:
    batches = Batches(Slow().double, most=2)
    first, second, third = await asyncio.gather(*map(batches.ask, (1, 13, 3)), return_exceptions=True)
    assert isinstance(first, LookupError)
    assert isinstance(second, LookupError)
    assert third == 6


async def test_who_no_longer_waits_holds_up_nobody() -> None:
    batches = Batches(Slow().double)
    leaving, staying = asyncio.create_task(batches.ask(1)), asyncio.create_task(batches.ask(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving
