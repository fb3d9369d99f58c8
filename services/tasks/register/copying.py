"""Rows into a table of the register or the ledger by COPY, the fastest way there is."""

from collections.abc import Iterable, Sequence
from typing import Any

from asyncpg import Connection
from pydantic_core import to_json
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register.rows import Row


async def copy_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row], schema: str) -> None:
    """Adds rows to a table of that name in `schema`; each holds the table's first columns, in order."""
    if not rows:
        return
    columns = list(table.columns)[: len(rows[0])]
    if json_places := [place for place, column in enumerate(columns) if isinstance(column.type, JSONB)]:
        rows = [_with_json(row, json_places) for row in rows]
    names = [column.name for column in columns]
    driver = await driver_of(connection)
    await driver.copy_records_to_table(table.name, records=rows, columns=names, schema_name=schema)


async def driver_of(connection: AsyncConnection) -> "Connection[Any]":
    """The driver's own connection."""
    raw = await connection.get_raw_connection()
    driver: Connection[Any] | None = raw.driver_connection
    if driver is None:
        raise AssertionError("a connection in a transaction has a driver's connection")
    return driver


def json_text(value: object) -> str | None:
    """A value as JSON, as the columns of that type hold it; None where there is none."""
    return None if value is None else to_json(value, exclude_none=True).decode()


def _with_json(row: Row, places: Iterable[int]) -> Row:
    given = list(row)
    for place in places:
        value = given[place]
        given[place] = "[]" if value == () else json_text(value)
    return tuple(given)
