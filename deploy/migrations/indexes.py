"""Indexes of large tables, made while everybody reads and writes on.

A step of the migrations that wants one names it in `INDEXES`, with what it is on: PostgreSQL makes it outside of any
transaction, behind the steps.
"""

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import translated

_VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")


async def make_indexes(database: AsyncEngine, scripts: ScriptDirectory) -> None:
    """Makes those that are missing; one that was broken off is made anew.

    `INDEXES` maps an index with its schema, such as `register.task_by_x`, to what stands behind ON.

    Raises:
        DatabaseUnavailable, RowsRefused: PostgreSQL does not answer, or refuses; the same again goes on.

    Source: PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently".
    """
    wanted = {
        name: on for script in scripts.walk_revisions() for name, on in getattr(script.module, "INDEXES", {}).items()
    }
    if not wanted:
        return
    with translated():
        async with database.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for name, on in wanted.items():
                is_valid = await connection.scalar(_VALID, {"name": name})
                if is_valid is False:
                    await connection.execute(text(f"DROP INDEX CONCURRENTLY {name}"))
                if not is_valid:
                    _, _, own = name.partition(".")
                    await connection.execute(text(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {own} ON {on}"))
