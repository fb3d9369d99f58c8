"""Answers what is asked at the same time by one question: a statement for many rows costs hardly more than for one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Batches(Generic[Asked, Answer]):
    """`answer` gives an answer for each of the things that it is asked, in their order, up to `most` at once.

    While it works, what is asked meanwhile is gathered for the next time: nobody waits for company, and the busier it
    is, the more is answered at once.
    """

    def __init__(self, answer: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]], most: int = 200) -> None:
        self._answer = answer
        self._most = most
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Answer:
        """The answer for this.

        Raises:
            Whatever `answer` raises for all of those that were asked together.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        taken: list[tuple[Asked, asyncio.Future[Answer]]] = []
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._settle(taken)
        finally:
            self._working = None
            for _, future in (*taken, *self._waiting):
                future.cancel()

    async def _settle(self, taken: list[tuple[Asked, "asyncio.Future[Answer]"]]) -> None:
        try:
            answers = await self._answer([asked for asked, _ in taken])
        except Exception as fault:  # noqa: BLE001 - it is raised where it was asked
            for _, future in taken:
                if not future.done():
                    future.set_exception(fault)
            return
        for (_, future), answer in zip(taken, answers, strict=True):
            if not future.done():
                future.set_result(answer)
