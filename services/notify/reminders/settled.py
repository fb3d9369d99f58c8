"""Up to when people were reminded, as the log says it: what is made anew from the log reminds nobody of it again."""

import datetime as dt

from nats.aio.client import Client

from services.notify.outbox import ACTOR, SOURCE
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.events.policy import RemindersSettled
from shared.log.append import append, entry
from shared.log.faults import Conflict
from shared.log.read import last_on

SUBJECT = "policy.reminders"


async def settled(client: Client) -> dt.datetime | None:
    """Up to when (UTC) people were reminded; None where nobody ever was.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
        UnreadableEvent: what stands there is no event.
    """
    found = await _last(client)
    return found[0] if found else None


async def settle(client: Client, until: dt.datetime) -> dt.datetime:
    """Says in the log that people were reminded up to a moment, unless it says a later one; gives which it is now.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses; saying it again is safe.
        UnreadableEvent: what stands there is no event.
    """
    while True:
        found = await _last(client)
        known, sequence, version = found or (until, 0, 0)
        if found and known >= until:
            return known
        said = RemindersSettled(until=until)
        event_id = derived_id(said.type, until.isoformat())
        envelope = Envelope(
            id=event_id,
            source=SOURCE,
            type=said.type,
            subject=SUBJECT,
            time=dt.datetime.now(dt.UTC),
            actor=ACTOR,
            correlationid=event_id,
            causationid=event_id,
            aggregateversion=version + 1,
            data=said.model_dump(mode="json"),
        )
        try:
            await append(client, [entry(envelope, sequence)])
        except Conflict:
            continue
        return until


async def _last(client: Client) -> tuple[dt.datetime, int, int] | None:
    record = await last_on(client, f"log.{SUBJECT}")
    if record is None:
        return None
    event = CATALOGUE.read(record.content)
    until = event.data.until if isinstance(event.data, RemindersSettled) else dt.datetime.min.replace(tzinfo=dt.UTC)
    return until, record.sequence, event.envelope.aggregateversion
