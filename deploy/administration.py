"""What an administrator does with programs, their keys, and people's sessions: one event each, behind the last one of
its aggregate."""

import datetime as dt
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from uuid import uuid4

from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE, EventData
from shared.events.client import ClientClosed, ClientKeyIssued, ClientKeyRevoked, ClientRegistered, Scope
from shared.events.envelope import Envelope
from shared.events.person import SessionsEnded
from shared.identity.keys import ApiKey, new_key
from shared.identity.known import Known
from shared.identity.live import known_now
from shared.log.append import append, entry
from shared.log.connect import broker, connected
from shared.log.read import last_on
from shared.log.stream import PREFIX, check
from shared.settings import NatsSettings

SOURCE = "/ketluan/administration"
ACTOR = "service.administration"


class Unknown(Exception):
    """There is no such program, key or person. Nothing was written."""


class Taken(Exception):
    """A program of this id is there already. Nothing was written."""


@asynccontextmanager
async def log_of(settings: NatsSettings) -> AsyncIterator[Client]:
    """A connection to the log.

    Raises:
        StreamDrift, LogUnavailable, LogRefused: the log is not as it must be, does not answer, or refuses.
    """
    nats_broker = broker(settings, "ketluan-administration")
    try:
        client = await connected(nats_broker)
        await check(client, settings.nats_replicas)
        yield client
    finally:
        await nats_broker.stop()


async def known(client: Client) -> Known:
    """Whom the log knows.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    return await known_now(client)


async def register_client(client: Client, client_id: str, name: str, scopes: Iterable[Scope]) -> None:
    """Makes a program known, which may do nothing until it has a key.

    Raises:
        Taken: see there.
        Conflict, LogUnavailable, LogRefused: nothing was written, or it is safe to try again.
    """
    if client_id in (await known(client)).clients:
        raise Taken(client_id)
    data = ClientRegistered(client_id=client_id, name=name, scopes=tuple(dict.fromkeys(scopes)))
    await _append(client, f"client.{client_id}", data)


async def issue_key(client: Client, client_id: str, days: int) -> ApiKey:
    """A new key of a program, for so many days. It stands nowhere but in what is given here.

    Raises:
        Unknown: the program is not known, or closed.
        Conflict, LogUnavailable, LogRefused: no key was issued, or none that anybody has.
    """
    found = (await known(client)).clients.get(client_id)
    if found is None or found.closed:
        raise Unknown(client_id)
    key = new_key()
    expires_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    data = ClientKeyIssued(client_id=client_id, key_id=key.id, digest=key.digest, expires_at=expires_at)
    await _append(client, f"client.{client_id}", data)
    return key


async def revoke_key(client: Client, client_id: str, key_id: str, reason: str) -> None:
    """Makes a key worth nothing, in every service.

    Raises:
        Unknown: the program has no such key, or no more.
        Conflict, LogUnavailable, LogRefused: the key may still be good; try again.
    """
    found = (await known(client)).clients.get(client_id)
    if found is None or key_id not in found.keys:
        raise Unknown(key_id)
    await _append(client, f"client.{client_id}", ClientKeyRevoked(client_id=client_id, key_id=key_id, reason=reason))


async def close_client(client: Client, client_id: str, reason: str) -> None:
    """Makes a program and all its keys worth nothing, in every service.

    Raises:
        Unknown: the program is not known, or closed already.
        Conflict, LogUnavailable, LogRefused: its keys may still be good; try again.
    """
    found = (await known(client)).clients.get(client_id)
    if found is None or found.closed:
        raise Unknown(client_id)
    await _append(client, f"client.{client_id}", ClientClosed(client_id=client_id, reason=reason))


async def end_sessions(client: Client, person_id: str) -> None:
    """Ends every session of a person, in every service.

    Raises:
        Unknown: the directory does not know the person.
        Conflict, LogUnavailable, LogRefused: the sessions may go on; try again.
    """
    if person_id not in (await known(client)).directory.people:
        raise Unknown(person_id)
    await _append(client, f"person.{person_id}", SessionsEnded(person_id=person_id))


async def _append(client: Client, aggregate: str, data: EventData) -> None:
    newest = await last_on(client, PREFIX + aggregate)
    version = CATALOGUE.read(newest.content).envelope.aggregateversion + 1 if newest else 1
    request_id = str(uuid4())
    envelope = Envelope(
        id=str(uuid4()),
        source=SOURCE,
        type=data.type,
        subject=aggregate,
        time=dt.datetime.now(dt.UTC),
        actor=ACTOR,
        correlationid=request_id,
        causationid=request_id,
        aggregateversion=version,
        data=data.model_dump(mode="json", exclude_none=True),
    )
    await append(client, [entry(envelope, newest.sequence if newest else 0)])
