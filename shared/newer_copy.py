"""What an older copy does with an event of a newer release: it leaves it to the copy that knows it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.release import RELEASE

_RETURNS_SECONDS = 30.0
"""For so long a newer copy that fell silent is waited for: its keeper starts it again."""


class NewerCopyKnows(Exception):
    """An event is of a type that this release does not know, and a copy of a newer one lives. Nothing was written."""

    def __init__(self, sequence: int, event_type: str) -> None:
        super().__init__(
            f"event {sequence} is {event_type}, which a newer release wrote; it is left to the copy of that release"
        )


async def newer_copy(connection: AsyncConnection, schema: str) -> bool:
    """Whether a copy of a newer release lives, or did half a minute ago. `schema` is where the table `copy` is."""
    seen = text(
        f"SELECT EXISTS (SELECT FROM {schema}.copy WHERE release > :release "
        "AND seen_at > clock_timestamp() - make_interval(secs => :seconds))"
    )
    found = await connection.scalar(seen, {"release": RELEASE, "seconds": _RETURNS_SECONDS})
    return bool(found)
