"""The tables of a register beside the live one: made like those, indexed once filled, and put in their place."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register import finished, tables, tables_of_words
from services.tasks.register import tables_of_pasts as pasts
from services.tasks.register.schema import SCHEMA

SHADOW, FORMER = "register_shadow", "register_former"

KEYED = frozenset(
    table.name
    for table in (
        tables.meeting,
        tables.directive,
        tables.unit,
        tables.person,
        tables.notification,
        finished.step,
        finished.by_unit,
        finished.by_meeting,
        pasts.meeting_former,
        pasts.directive_former,
    )
)
"""Tables that have their keys from the beginning: rows of them are changed while they are filled, or refused."""

KEYED_LAST = frozenset({tables.task.name, tables_of_words.search.name})
"""Tables that get their keys when they are filled, and are asked by them before all is done."""

KEPT = ("copy", "lease")
"""Tables that hold nothing of the log: they stay where the live register is."""

_TABLES = text(
    """
    SELECT c.relname AS name, c.reloptions AS options, pg_get_partkeydef(c.oid) AS partitioned_by,
        p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class p ON p.oid = i.inhparent
    WHERE n.nspname = :schema AND c.relkind IN ('r', 'p') AND c.relname <> ALL (:kept)
    ORDER BY p.relname NULLS FIRST, c.relname
    """
)
_CONSTRAINTS = text(
    """
    SELECT c.relname AS "table", k.conname AS name, pg_get_constraintdef(k.oid) AS definition
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND k.contype IN ('p', 'u') AND k.conparentid = 0
    ORDER BY c.relname, k.conname
    """
)
_INDEXES = text(
    """
    SELECT c.relname AS "table", r.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_class r ON r.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND NOT r.relispartition
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
    ORDER BY c.relname, r.relname
    """
)
_RIGHTS = text(
    """
    SELECT c.relname AS "table", pg_get_userbyid(a.grantee) AS role, string_agg(a.privilege_type, ', ') AS rights
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN aclexplode(c.relacl) a
    WHERE n.nspname = :schema AND c.relkind IN ('r', 'p') AND a.grantee <> c.relowner AND a.grantee <> 0
        AND c.relname <> ALL (:kept)
    GROUP BY c.relname, a.grantee
    """
)
_USERS = text(
    """
    SELECT pg_get_userbyid(a.grantee) AS role, string_agg(a.privilege_type, ', ') AS rights
    FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a
    WHERE n.nspname = :schema AND a.grantee <> n.nspowner AND a.grantee <> 0
    GROUP BY a.grantee
    """
)


async def make_tables(connection: AsyncConnection, schema: str) -> None:
    """Makes empty tables like the live ones, without indexes; `KEYED` ones have their keys."""
    for row in await _asked(connection, _TABLES):
        name, options = f"{schema}.{row.name}", f" WITH ({', '.join(row.options)})" if row.options else ""
        if row.parent:
            made = f"PARTITION OF {schema}.{row.parent} {row.bound}"
        else:
            made = f"(LIKE {SCHEMA}.{row.name} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE)"
        partitioned = f" PARTITION BY {row.partitioned_by}" if row.partitioned_by else ""
        await connection.exec_driver_sql(f"CREATE TABLE {name} {made}{partitioned}{options}")
    await make_keys(connection, schema, KEYED)


async def make_keys(connection: AsyncConnection, schema: str, only: Collection[str]) -> None:
    """Makes the keys of some tables."""
    for row in await _asked(connection, _CONSTRAINTS):
        if row.table in only:
            key = f"ADD CONSTRAINT {row.name} {row.definition}"
            await connection.exec_driver_sql(f"ALTER TABLE {schema}.{row.table} {key}")


async def make_indexes(connection: AsyncConnection, schema: str, only: Collection[str]) -> None:
    """Makes the other indexes of some tables."""
    for row in await _asked(connection, _INDEXES):
        if row.table in only:
            await connection.exec_driver_sql(row.definition.replace(f" ON {SCHEMA}.", f" ON {schema}.", 1))


async def table_names(connection: AsyncConnection) -> list[str]:
    """Every table of the live register, partitions too."""
    return [row.name for row in await _asked(connection, _TABLES)]


async def grant_rights(connection: AsyncConnection, schema: str) -> None:
    """Gives everybody the rights that they have in the live register."""
    for row in await _asked(connection, _USERS):
        await connection.exec_driver_sql(f'GRANT {row.rights} ON SCHEMA {schema} TO "{row.role}"')
    for row in await _asked(connection, _RIGHTS):
        await connection.exec_driver_sql(f'GRANT {row.rights} ON {schema}.{row.table} TO "{row.role}"')


async def change_places(connection: AsyncConnection) -> None:
    """Puts the shadow in the live register's place: who asks from the end of this transaction on sees it."""
    await connection.exec_driver_sql(f"ALTER SCHEMA {SCHEMA} RENAME TO {FORMER}")
    await connection.exec_driver_sql(f"ALTER SCHEMA {SHADOW} RENAME TO {SCHEMA}")
    for table in KEPT:
        await connection.exec_driver_sql(f"ALTER TABLE {FORMER}.{table} SET SCHEMA {SCHEMA}")


async def drop(connection: AsyncConnection, *schemas: str) -> None:
    """Takes away what an earlier rebuild left."""
    for schema in schemas:
        await connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


async def _asked(connection: AsyncConnection, statement: Any) -> Any:
    asked = {"schema": SCHEMA, "kept": list(KEPT)}
    return (await connection.execute(statement, {name: asked[name] for name in statement.compile().params})).all()
