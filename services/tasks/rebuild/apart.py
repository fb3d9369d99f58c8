"""What tasks say is read in a process of its own: it takes as long as to fold what happens to them."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from services.tasks.rebuild.words import Begun, Worded, WordsSoFar

_FEW = 20_000
"""So many events are read sooner than another process has begun."""

Ask = Callable[[Sequence[Begun]], Awaitable[Worded]]
"""Tells what the tasks say that came into force next. One question at a time."""


@asynccontextmanager
async def reader_of_words(events: int) -> AsyncIterator[Ask]:
    """Reads words for a log of so many events."""
    if events <= _FEW:
        so_far = WordsSoFar()

        async def here(tasks: Sequence[Begun]) -> Worded:
            return so_far.take(tasks)

        yield here
        return
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    other = context.Process(target=_answer, args=(theirs,), daemon=True)
    other.start()
    theirs.close()

    def asked(tasks: Sequence[Begun]) -> Worded:
        ours.send(tasks)
        found: Worded = ours.recv()
        return found

    async def there(tasks: Sequence[Begun]) -> Worded:
        return await asyncio.to_thread(asked, tasks)

    try:
        yield there
    finally:
        other.terminate()
        await asyncio.to_thread(other.join)
        ours.close()


def _answer(questions: "Connection[Worded, Sequence[Begun]]") -> None:
    gc.disable()
    so_far = WordsSoFar()
    # Whoever asked may be gone, also in the middle of an answer: nobody needs this process then.
    with suppress(EOFError, OSError):
        while True:
            questions.send(so_far.take(questions.recv()))
