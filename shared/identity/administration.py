"""What an administrator does with programs, their keys, and people's sessions: one event each, behind the last one of
its aggregate."""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE, EventData
from shared.events.client import ClientClosed, ClientKeyIssued, ClientKeyRevoked, ClientRegistered, Scope
from shared.events.envelope import Envelope
from shared.events.person import PersonalDataErased, SessionsEnded
from shared.identity.keys import ApiKey, new_key
from shared.identity.known import Known
from shared.identity.live import known_now
from shared.log.append import append, entry
from shared.log.read import last_on
from shared.log.stream import PREFIX

SOURCE = "/ketluan/administration"
ACTOR = "service.administration"


class Unknown(Exception):
    """There is no such program, key or person. Nothing was written."""


class Taken(Exception):
    """A program of this id is there already. Nothing was written."""


class Outdated(Exception):
    """It changed since whoever asks saw it. Nothing was written. `version` is the one that it is in."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it is in version {version}")
        self.version = version


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, in which request. `version` is the one that they saw, where they say so; `known` gives whom the log
    knows by now, which is read from the log where it is missing."""

    actor: str = ACTOR
    request_id: str | None = None
    version: int | None = None
    known: Callable[[], Awaitable[Known]] | None = None


_OPERATOR = Act()


async def register_client(
    client: Client, client_id: str, name: str, scopes: Iterable[Scope], act: Act = _OPERATOR
) -> None:
    """Makes a program known, which may do nothing until it has a key.

    Raises:
        Taken, Outdated: see there.
        Conflict, LogUnavailable, LogRefused: nothing was written, or it is safe to try again.
    """
    data = ClientRegistered(client_id=client_id, name=name, scopes=tuple(dict.fromkeys(scopes)))

    def decided(known: Known) -> EventData:
        if client_id in known.clients:
            raise Taken(client_id)
        return data

    await _append(client, f"client.{client_id}", decided, act)


async def issue_key(client: Client, client_id: str, days: int, act: Act = _OPERATOR) -> ApiKey:
    """A new key of a program, for so many days. It stands nowhere but in what is given here.

    Raises:
        Unknown: the program is not known, or closed.
        Outdated: see there.
        Conflict, LogUnavailable, LogRefused: no key was issued, or none that anybody has.
    """
    key = new_key()
    expires_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    data = ClientKeyIssued(
        client_id=client_id, key_id=key.id, digest=key.digest, expires_at=expires_at, ending=key.ending
    )

    def decided(known: Known) -> EventData:
        _require_open(known, client_id)
        return data

    await _append(client, f"client.{client_id}", decided, act)
    return key


async def revoke_key(client: Client, client_id: str, key_id: str, reason: str, act: Act = _OPERATOR) -> None:
    """Makes a key worth nothing, in every service.

    Raises:
        Unknown: the program has no such key, or no more.
        Outdated: see there.
        Conflict, LogUnavailable, LogRefused: the key may still be good; try again.
    """

    def decided(known: Known) -> EventData:
        found = known.clients.get(client_id)
        if found is None or key_id not in found.keys:
            raise Unknown(key_id)
        return ClientKeyRevoked(client_id=client_id, key_id=key_id, reason=reason)

    await _append(client, f"client.{client_id}", decided, act)


async def close_client(client: Client, client_id: str, reason: str, act: Act = _OPERATOR) -> None:
    """Makes a program and all its keys worth nothing, in every service.

    Raises:
        Unknown: the program is not known, or closed already.
        Outdated: see there.
        Conflict, LogUnavailable, LogRefused: its keys may still be good; try again.
    """

    def decided(known: Known) -> EventData:
        _require_open(known, client_id)
        return ClientClosed(client_id=client_id, reason=reason)

    await _append(client, f"client.{client_id}", decided, act)


async def end_sessions(client: Client, person_id: str, act: Act = _OPERATOR) -> None:
    """Ends every session of a person, in every service.

    Raises:
        Unknown: the directory does not know the person.
        Outdated: see there.
        Conflict, LogUnavailable, LogRefused: the sessions may go on; try again.
    """

    def decided(known: Known) -> EventData:
        if person_id not in known.directory.people:
            raise Unknown(person_id)
        return SessionsEnded(person_id=person_id)

    await _append(client, f"person.{person_id}", decided, act)


class NotLeft(Exception):
    """The person is still of the organisation. Nothing was recorded."""


async def erase_personal_data(client: Client, person_id: str, reason: str, act: Act = _OPERATOR) -> None:
    """Has everything forgotten of a person who left that is no part of the record.

    Raises:
        Unknown: the directory does not know the person.
        NotLeft, Outdated: see there.
        Conflict, LogUnavailable, LogRefused: it may not be on record; try again.
    """

    def decided(known: Known) -> EventData:
        person = known.directory.people.get(person_id)
        if person is None:
            raise Unknown(person_id)
        if not person.left:
            raise NotLeft(person.name)
        return PersonalDataErased(person_id=person_id, reason=reason)

    await _append(client, f"person.{person_id}", decided, act)


def _require_open(known: Known, client_id: str) -> None:
    found = known.clients.get(client_id)
    if found is None or found.closed:
        raise Unknown(client_id)


async def _append(client: Client, aggregate: str, decided: Callable[[Known], EventData], act: Act) -> None:
    # The tail comes first: whom the log knows after it was read holds everything that the event is appended behind.
    newest = await last_on(client, PREFIX + aggregate)
    version = CATALOGUE.read(newest.content).envelope.aggregateversion if newest else 0
    if act.version is not None and act.version != version:
        raise Outdated(version)
    data = decided(await (act.known() if act.known else known_now(client)))
    request_id = act.request_id or str(uuid4())
    envelope = Envelope(
        id=str(uuid4()),
        source=SOURCE,
        type=data.type,
        subject=aggregate,
        time=dt.datetime.now(dt.UTC),
        actor=act.actor,
        correlationid=request_id,
        causationid=request_id,
        aggregateversion=version + 1,
        data=data.model_dump(mode="json", exclude_none=True),
    )
    await append(client, [entry(envelope, newest.sequence if newest else 0)])
