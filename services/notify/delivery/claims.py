"""Which deliveries leave next by a channel: what is due, in each person's order, as fast as the provider takes it.

The row of the channel's provider is locked while messages are claimed, so that of several copies of this service one
claims at a time, and all of them keep to one rate and one circuit. A claim is a lease: where its holder dies, the
deliveries are due again once the others know of it, and when the lease is over at the latest.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ARRAY, DateTime, Row, Text, and_, bindparam, cast, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notify.delivery.circuit import Circuit
from services.notify.delivery.providers import locked_provider, write_provider
from services.notify.delivery.rate import Bucket
from services.notify.tables import delivery, notification
from shared.events.fields import Channel, derived_id
from shared.events.preferences import Language
from shared.lease_rows import may_work

HOLDS_UP = 3
"""An earlier notification that the provider would not take so often no longer holds up its person's later ones."""

_MOST_IN_DIGEST = 50
_LONGEST_WAIT_SECONDS = 5.0
_SHORTEST_WAIT_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that was claimed. `attempt` counts this one; `counted` leaves out what found no provider or was broken
    off before."""

    notification_id: str
    event_id: str
    correlation_id: str
    attempt: int
    counted: int
    round: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Deliveries to one person that leave as one message. `message_id` is the same each time they are claimed."""

    channel: Channel
    message_id: str
    person_id: str
    language: Language
    digest: bool
    parts: tuple[Claimed, ...]

    @property
    def counted(self) -> int:
        """How many attempts of it used up its chances, with this one."""
        return max(part.counted for part in self.parts)

    @property
    def ids(self) -> tuple[str, ...]:
        """The notifications that it brings."""
        return tuple(part.notification_id for part in self.parts)


@dataclass(frozen=True, slots=True)
class Claims:
    """What was claimed, and in how many seconds there may be more."""

    claims: tuple[Claim, ...]
    seconds_until_next: float


async def claim(
    engine: AsyncEngine,
    channel: Channel,
    most: int,
    per_minute: int,
    lease: dt.timedelta,
    copy: str,
    now: dt.datetime | None = None,
) -> Claims:
    """Claims up to `most` messages that are due for a copy, and marks an attempt on each of their deliveries. Without
    `now` it is PostgreSQL's: a copy whose clock is ahead must not take the claims of another for over.

    The attempt counts for nothing until its outcome is kept: of those whose holder dies, most were never sent.
    """
    async with engine.begin() as connection:
        now = now or (await connection.execute(select(func.now()))).scalar_one()
        bucket, circuit = await locked_provider(connection, channel, per_minute, now)
        freed = await connection.execute(_FREED, {"of_channel": channel, "copy": copy, "now": now})
        if freed.rowcount and circuit.probing:
            circuit = replace(circuit, probing=False, tries_again_at=now)
        room = circuit.admits(now, min(most, bucket.ready))
        heads = await _heads(connection, channel, room, now) if room else ()
        claims = await _claimed(connection, channel, heads, now, lease, copy) if heads else ()
        if claims:
            spent = bucket.without(len(claims))
            await write_provider(connection, channel, spent, circuit.with_probe(now + lease))
        if claims and len(heads) == most:
            return Claims(claims, 0.0)
        return Claims(claims, await _wait(connection, channel, bucket, circuit, len(claims), now))


_FREED = text(
    f"""
    UPDATE notify.delivery SET next_attempt_at = :now, claimed_by = NULL
    WHERE channel = :of_channel AND state = 'pending' AND next_attempt_at > :now AND claimed_by <> :copy
        AND NOT {may_work("notify", "claimed_by")}
    """
).bindparams(bindparam("now", type_=DateTime(timezone=True)))
"""What a copy had claimed that is no more."""


async def _heads(connection: AsyncConnection, channel: Channel, most: int, now: dt.datetime) -> Sequence[Row[Any]]:
    """The first delivery that is due of each person, the urgent ones first.

    Behind one that is under way or waits to be tried again, the person's later ones wait; what is urgent waits for
    urgent ones alone.
    """
    earlier = delivery.alias("earlier")
    held_up = exists().where(
        earlier.c.person_id == delivery.c.person_id,
        earlier.c.channel == delivery.c.channel,
        earlier.c.state == "pending",
        earlier.c.sequence < delivery.c.sequence,
        earlier.c.not_before <= now,
        earlier.c.attempts - earlier.c.excused < HOLDS_UP,
        or_(earlier.c.urgent, ~delivery.c.urgent),
    )
    query = (
        select(delivery)
        .where(
            delivery.c.channel == channel,
            delivery.c.state == "pending",
            delivery.c.not_before <= now,
            delivery.c.next_attempt_at <= now,
            ~held_up,
        )
        .order_by(~delivery.c.urgent, delivery.c.sequence)
        .limit(most)
    )
    return (await connection.execute(query)).all()


async def _claimed(
    connection: AsyncConnection,
    channel: Channel,
    heads: Sequence[Row[Any]],
    now: dt.datetime,
    lease: dt.timedelta,
    copy: str,
) -> tuple[Claim, ...]:
    """Marks what leaves with each head, and gives it as messages, the urgent ones first."""
    leaving = {head.notification_id: head.bundle or head.notification_id for head in heads if not head.digest}
    if digests := [head for head in heads if head.digest]:
        leaving |= await _together(connection, channel, digests, now)
    given = (
        func.unnest(cast(list(leaving), ARRAY(Text)), cast(list(leaving.values()), ARRAY(Text)))
        .table_valued("notification_id", "bundle")
        .render_derived(name="given")
    )
    mark = (
        update(delivery)
        .where(
            delivery.c.notification_id == given.c.notification_id,
            delivery.c.channel == channel,
            delivery.c.state == "pending",
            notification.c.notification_id == given.c.notification_id,
        )
        .values(
            attempts=delivery.c.attempts + 1,
            excused=delivery.c.excused + 1,
            next_attempt_at=now + lease,
            bundle=given.c.bundle,
            claimed_by=copy,
        )
        .returning(
            delivery.c.notification_id,
            delivery.c.person_id,
            delivery.c.digest,
            delivery.c.bundle,
            delivery.c.attempts,
            delivery.c.excused,
            delivery.c.round,
            delivery.c.sequence,
            notification.c.event_id,
            notification.c.correlation_id,
            notification.c.language,
        )
    )
    messages: dict[str, list[Row[Any]]] = {message_id: [] for message_id in leaving.values()}
    for row in sorted((await connection.execute(mark)).all(), key=lambda row: int(row.sequence)):
        messages[row.bundle].append(row)
    return tuple(_claim(channel, message_id, rows) for message_id, rows in messages.items() if rows)


def _claim(channel: Channel, message_id: str, rows: Sequence[Row[Any]]) -> Claim:
    parts = tuple(
        Claimed(
            row.notification_id,
            row.event_id,
            row.correlation_id,
            row.attempts,
            row.attempts - row.excused + 1,
            row.round,
        )
        for row in rows
    )
    return Claim(channel, message_id, rows[0].person_id, rows[-1].language, rows[0].digest, parts)


async def _together(
    connection: AsyncConnection, channel: Channel, heads: Sequence[Row[Any]], now: dt.datetime
) -> dict[str, str]:
    """What leaves with the first delivery of each digest, and in which message. What left together once does so again,
    and nothing else with it: only so does the message keep its id."""
    pairs = list({(head.person_id, head.bundle) for head in heads})
    people, bundles = [person_id for person_id, _ in pairs], [bundle for _, bundle in pairs]
    asked = (
        func.unnest(cast(people, ARRAY(Text)), cast(bundles, ARRAY(Text)))
        .table_valued("person_id", "bundle")
        .render_derived(name="asked")
    )
    place = func.row_number().over(partition_by=(delivery.c.person_id, delivery.c.bundle), order_by=delivery.c.sequence)
    found = (
        select(delivery.c.notification_id, delivery.c.person_id, delivery.c.bundle, place.label("place"))
        .join(
            asked,
            and_(asked.c.person_id == delivery.c.person_id, delivery.c.bundle.is_not_distinct_from(asked.c.bundle)),
        )
        .where(
            delivery.c.channel == channel,
            delivery.c.state == "pending",
            delivery.c.digest,
            delivery.c.not_before <= now,
            delivery.c.next_attempt_at <= now,
        )
        .subquery()
    )
    rows = (await connection.execute(select(found).where(found.c.place <= _MOST_IN_DIGEST))).all()
    digests: dict[tuple[str, str | None], list[str]] = {}
    for row in rows:
        digests.setdefault((row.person_id, row.bundle), []).append(row.notification_id)
    return {
        notification_id: bundle or (derived_id("digest", channel, *sorted(ids)) if len(ids) > 1 else ids[0])
        for (_, bundle), ids in digests.items()
        for notification_id in ids
    }


async def _wait(
    connection: AsyncConnection, channel: Channel, bucket: Bucket, circuit: Circuit, claimed: int, now: dt.datetime
) -> float:
    if circuit.opened_at and circuit.tries_again_at and circuit.tries_again_at > now:
        seconds = (circuit.tries_again_at - now).total_seconds()
    elif bucket.ready <= claimed:
        seconds = bucket.without(claimed).seconds_until_next
    else:
        due_at = func.greatest(delivery.c.not_before, delivery.c.next_attempt_at)
        waiting = and_(delivery.c.channel == channel, delivery.c.state == "pending", due_at > now)
        found = await connection.scalar(select(func.min(due_at)).where(waiting))
        seconds = (found - now).total_seconds() if found else _LONGEST_WAIT_SECONDS
    return min(max(seconds, _SHORTEST_WAIT_SECONDS), _LONGEST_WAIT_SECONDS)
