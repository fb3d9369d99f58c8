"""Verifications as they go on and as they ended, in the database."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.record.findings import Finding
from services.tasks.record.tables import verification as table
from services.tasks.record.verification import Verification

CHANNEL = "record"
"""PostgreSQL's NOTIFY channel that says that a verification came further."""

Origin = Literal["continuous", "request", "command"]

State = Literal["unknown", "sound", "damaged"]

_SILENT = dt.timedelta(minutes=2)
_KEPT = 500
_LOST = "the service that did it stopped; ask again"


class Pass(BaseModel):
    """One verification: `compared` events of `events`, and what is wrong with them. It goes on until it has ended."""

    model_config = ConfigDict(frozen=True)

    id: str
    origin: Origin
    began_at: dt.datetime
    heard_at: dt.datetime
    ended_at: dt.datetime | None
    compared: int
    events: int
    findings: tuple[Finding, ...]
    result: Verification | None
    failed: str | None

    @property
    def state(self) -> Literal["running", "sound", "damaged", "failed"]:
        """How it stands."""
        if self.failed:
            return "failed"
        if self.ended_at is None:
            return "running"
        return "damaged" if self.findings else "sound"


async def begin(connection: AsyncConnection, origin: Origin) -> str:
    """Notes that a verification begins. Gives its id."""
    now, identity = dt.datetime.now(dt.UTC), str(uuid4())
    row = {
        "id": identity,
        "origin": origin,
        "began_at": now,
        "heard_at": now,
        "compared": 0,
        "events": 0,
        "findings": [],
    }
    await connection.execute(insert(table), row)
    return identity


async def go_on(
    connection: AsyncConnection, identity: str, compared: int, events: int, found: Sequence[Finding]
) -> None:
    """Notes how far it came."""
    values = {"compared": compared, "events": events, "findings": _json(found), "heard_at": dt.datetime.now(dt.UTC)}
    await _noted(connection, identity, values)


async def end(connection: AsyncConnection, identity: str, result: Verification) -> None:
    """Notes how it ended, and forgets old ones."""
    now = dt.datetime.now(dt.UTC)
    values: dict[str, Any] = {"compared": result.events, "events": result.events, "findings": _json(result.findings)}
    values |= {"result": result.model_dump(mode="json"), "heard_at": now, "ended_at": now}
    await _noted(connection, identity, values)
    newest = select(table.c.id).order_by(table.c.began_at.desc()).limit(_KEPT)
    await connection.execute(delete(table).where(table.c.id.not_in(newest)))


async def fail(connection: AsyncConnection, identity: str, reason: str) -> None:
    """Notes that it could not be done."""
    now = dt.datetime.now(dt.UTC)
    values = {"failed": reason[:1000], "heard_at": now, "ended_at": now}
    await _noted(connection, identity, values)


async def _noted(connection: AsyncConnection, identity: str, values: Mapping[str, Any]) -> None:
    own = update(table).where(table.c.id == identity).values(values)
    await connection.execute(own.returning(func.pg_notify(CHANNEL, "")))


async def passes(connection: AsyncConnection, limit: int) -> list[Pass]:
    """The newest verifications, the newest first."""
    rows = await connection.execute(select(table).order_by(table.c.began_at.desc()).limit(limit))
    return [_pass(row) for row in rows]


async def pass_of(connection: AsyncConnection, identity: str) -> Pass | None:
    """One of them, or None."""
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return _pass(row) if row else None


async def last_ended(connection: AsyncConnection) -> Pass | None:
    """The newest one that came to an end, or None."""
    chosen = select(table).where(table.c.ended_at.is_not(None), table.c.failed.is_(None))
    row = (await connection.execute(chosen.order_by(table.c.ended_at.desc()).limit(1))).one_or_none()
    return _pass(row) if row else None


async def last_sound(connection: AsyncConnection, sequence: int) -> dt.datetime | None:
    """When a verification that reached this event ended last and found nothing wrong; None where none did."""
    sound = (table.c.failed.is_(None), table.c.findings == [], table.c.compared >= sequence)
    found: dt.datetime | None = await connection.scalar(select(func.max(table.c.ended_at)).where(*sound))
    return found


def standing(
    newest: Sequence[Pass], ended: Pass | None
) -> tuple[Literal["unknown", "sound", "damaged"], tuple[Finding, ...]]:
    """How the record stands by what was found last, and what is wrong: what is under way and found something counts."""
    under_way = [each for each in newest if each.state == "running" and each.findings]
    found = max((*under_way, *([ended] if ended else [])), key=lambda each: each.heard_at, default=None)
    if found is None:
        return "unknown", ()
    return ("damaged" if found.findings else "sound"), found.findings


def _pass(row: Row[Any]) -> Pass:
    found = Pass.model_validate(dict(row._mapping))
    if found.ended_at is None and dt.datetime.now(dt.UTC) - found.heard_at > _SILENT:
        return found.model_copy(update={"failed": _LOST})
    return found


def _json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in findings]
