"""Rows that are written again by a rebuild, or by a second copy of this service, change nothing more."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection


async def add(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Adds the rows that are not there yet."""
    if rows:
        await connection.execute(insert(table).on_conflict_do_nothing(), rows)


async def put(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Writes rows in place of those with the same key. Each has the same columns."""
    if rows:
        keys = [column.name for column in table.primary_key]
        written = insert(table)
        changed = {name: written.excluded[name] for name in rows[0] if name not in keys}
        await connection.execute(written.on_conflict_do_update(index_elements=keys, set_=changed), rows)
