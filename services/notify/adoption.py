"""From where in the log the rules hold: the log says so itself, so that a rebuild tells nobody what they were never
told."""

import datetime as dt
from dataclasses import replace

import structlog
from nats.aio.client import Client
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notify.outbox import ACTOR, SOURCE
from services.notify.policy.decide import Adopted
from services.notify.tables import adoption
from shared.database import translated
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.policy import RulesAdopted
from shared.log.append import append, entry
from shared.log.faults import Conflict
from shared.log.read import next_on

SUBJECT = "policy.notify"

log = structlog.get_logger()


async def adopted(client: Client, engine: AsyncEngine) -> Adopted:
    """From where the rules hold, once the log says it of every upgrade that this database remembers.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    with translated():
        async with engine.connect() as connection:
            upgrades = (await connection.execute(select(adoption).order_by(adoption.c.version))).all()
    while True:
        known, last, count = await _told(client)
        missing = [each for each in upgrades if each.version not in known.after]
        if not missing:
            return known
        said = RulesAdopted(version=missing[0].version, after=missing[0].after)
        event_id = derived_id(said.type, said.version)
        envelope = Envelope(
            id=event_id,
            source=SOURCE,
            type=said.type,
            subject=SUBJECT,
            time=dt.datetime.now(dt.UTC),
            actor=ACTOR,
            correlationid=event_id,
            causationid=event_id,
            aggregateversion=count + 1,
            data=said.model_dump(mode="json"),
        )
        try:
            await append(client, [entry(envelope, last)])
            log.info("rules_adopted", version=said.version, after=said.after)
        except Conflict:
            log.info("rules_adopted_elsewhere", version=said.version)


async def _told(client: Client) -> tuple[Adopted, int, int]:
    """What the log says, with the last sequence of its subject and how many events that has."""
    found, last, count = Adopted(), 0, 0
    while record := await next_on(client, f"log.{SUBJECT}", last):
        last, count = record.sequence, count + 1
        try:
            data = CATALOGUE.read(record.content).data
        except UnreadableEvent as error:
            log.error("unreadable_event", sequence=record.sequence, error=str(error))
            continue
        if isinstance(data, RulesAdopted):
            found = replace(found, after={data.version: data.after, **found.after})
    return found, last, count
