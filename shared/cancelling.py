"""Ending tasks for certain."""

import asyncio
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

_CANCEL_AGAIN_SECONDS = 0.2


async def cancelled(tasks: "Iterable[asyncio.Task[T]]") -> None:
    """Cancels tasks until each has ended: on Python 3.11 a wait that is over at that moment swallows a cancellation."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_CANCEL_AGAIN_SECONDS)
