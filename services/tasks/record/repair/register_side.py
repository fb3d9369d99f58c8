"""The register, which is made of nothing but events: emptied, so that the projector makes it again."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tasks.register import tables
from shared.database import translated

_OTHERS = text(
    "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables "
    "WHERE schemaname = :schema AND tablename <> 'checkpoint'"
)


async def empty(engine: AsyncEngine) -> None:
    """Empties the register and sets its readers back to the beginning. The next start of the tasks service fills it
    from the log; until then it answers nothing.

    Raises:
        DatabaseUnavailable, RowsRefused: nothing was changed.
    """
    with translated():
        async with engine.begin() as connection:
            named = await connection.scalar(_OTHERS, {"schema": tables.SCHEMA})
            await connection.execute(text(f"TRUNCATE {named}"))
            await connection.execute(text(f"UPDATE {tables.SCHEMA}.checkpoint SET sequence = 0"))
