"""Rows that are written again by a rebuild, or by a second copy of this service, change nothing more."""

from functools import lru_cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Table, Text, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection


async def add(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Adds the rows that are not there yet. Each has the same columns, none of which holds bytes."""
    if rows:
        await connection.execute(_added(table, tuple(rows[0])), as_one(rows))


async def put(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Writes rows in place of those with the same key. Each has the same columns."""
    if rows:
        keys = [column.name for column in table.primary_key]
        written = insert(table)
        changed = {name: written.excluded[name] for name in rows[0] if name not in keys}
        await connection.execute(written.on_conflict_do_update(index_elements=keys, set_=changed), rows)


@lru_cache
def inserted(table: Table, names: tuple[str, ...]) -> Insert:
    """The statement that inserts the rows of `as_one`, with these columns, in their order.

    They are one parameter, and PostgreSQL takes them apart: with a parameter for each value, most of the time goes into
    those.
    """
    columns = [table.c[name] for name in names]
    given = (
        func.jsonb_to_recordset(cast(bindparam("rows", type_=Text), JSONB))
        .table_valued(*columns)
        .render_derived(name="given", with_types=True)
    )
    return insert(table).from_select(names, select(*(given.c[name] for name in names)))


def as_one(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The parameter of `inserted`."""
    return {"rows": to_json(rows).decode()}


@lru_cache
def _added(table: Table, names: tuple[str, ...]) -> Insert:
    return inserted(table, names).on_conflict_do_nothing()
