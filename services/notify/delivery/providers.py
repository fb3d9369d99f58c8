"""How the provider of each channel stands: the row that whoever claims or hears from it changes."""

import datetime as dt
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.delivery.circuit import Circuit
from services.notify.delivery.rate import Bucket
from services.notify.tables import provider
from shared.events.fields import Channel


async def locked_provider(
    connection: AsyncConnection, channel: Channel, per_minute: int, now: dt.datetime
) -> tuple[Bucket, Circuit]:
    """The state of a channel's provider, which nobody else changes before this transaction ends."""
    own = select(provider).where(provider.c.channel == channel).with_for_update()
    found = (await connection.execute(own)).one_or_none()
    if found is None:
        first = insert(provider).values(_row(channel, Bucket.full(per_minute, now), Circuit()))
        await connection.execute(first.on_conflict_do_nothing())
        found = (await connection.execute(own)).one()
    return Bucket(per_minute, found.tokens, found.filled_at).at(now), circuit_of(found)


def circuit_of(row: Row[Any]) -> Circuit:
    """The circuit that a row of `provider` holds."""
    return Circuit(row.failures, row.opened_at, row.tries_again_at, row.probing, row.probes)


async def write_provider(connection: AsyncConnection, channel: Channel, bucket: Bucket, circuit: Circuit) -> None:
    """Keeps the state of a channel's provider."""
    await connection.execute(
        update(provider).where(provider.c.channel == channel).values(_row(channel, bucket, circuit))
    )


def _row(channel: Channel, bucket: Bucket, circuit: Circuit) -> dict[str, Any]:
    return {
        "channel": channel,
        "tokens": bucket.tokens,
        "filled_at": bucket.filled_at,
        **_circuit_row(circuit),
    }


def _circuit_row(circuit: Circuit) -> dict[str, Any]:
    return {
        "failures": circuit.failures,
        "opened_at": circuit.opened_at,
        "tries_again_at": circuit.tries_again_at,
        "probing": circuit.probing,
        "probes": circuit.probes,
    }


_ANSWERED = (
    update(provider)
    .where(
        provider.c.channel == bindparam("of_channel"),
        (provider.c.failures > 0) | provider.c.opened_at.is_not(None),
    )
    .values(_circuit_row(Circuit().when_answered()))
)


async def note_answer(connection: AsyncConnection, channel: Channel) -> None:
    """The provider answered: closes the circuit, if anything had begun to open it."""
    await connection.execute(_ANSWERED, {"of_channel": channel})


async def note_silence(connection: AsyncConnection, channel: Channel, now: dt.datetime) -> None:
    """The provider was not asked after all: another message may try it, if this was to be the one."""
    own = (provider.c.channel == channel) & provider.c.probing
    await connection.execute(update(provider).where(own).values(probing=False, tries_again_at=now))
