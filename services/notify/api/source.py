"""What the routes read from, and the parameters that several of them share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import Signal
from shared.directory.directory import Directory
from shared.events.fields import TOKEN

LARGEST_SEQUENCE = 2**63 - 1

PersonId = Annotated[str, Path(pattern=TOKEN)]
Cursor = Annotated[
    str | None, Query(alias="cursor", max_length=64, description="from the Link header of the page before")
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the routes read from. `arrived` is raised whenever an inbox has something new."""

    engine: AsyncEngine
    arrived: Signal
    directory: Callable[[], Directory]


async def reading(request: Request) -> Reading:
    """What this application reads from."""
    found: Reading = request.app.state.reading
    return found


Source = Annotated[Reading, Depends(reading)]
