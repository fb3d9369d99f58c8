"""Whom the log knows: people, programs with their keys, and the sessions that were ended. Pure."""

import datetime as dt
from dataclasses import dataclass, field, replace

from shared.directory.directory import Directory, Person
from shared.events.catalogue import Event, UnknownEvent
from shared.events.client import ClientClosed, ClientKeyIssued, ClientKeyRevoked, ClientRegistered, Scope
from shared.events.person import PersonLeft, SessionsEnded
from shared.events.signin import SignedOut
from shared.identity.caller import Caller
from shared.identity.keys import is_key, key_id_of
from shared.identity.tokens import SESSION_LIFETIME


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the log knows it: until when it holds, and who had it issued when."""

    digest: str
    expires_at: dt.datetime
    issued_at: dt.datetime | None = None
    issued_by: str = ""
    ending: str | None = None


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A program, what it may do, and its keys by their ids."""

    id: str
    name: str
    scopes: frozenset[Scope]
    keys: dict[str, Key] = field(default_factory=dict)
    closed: bool = False


@dataclass
class Known:
    """Everybody whom the events applied tell of.

    `beyond` are the aggregates of which a newer release wrote a type of event that this one does not know: it may have
    granted something or taken it away, so this one neither lets in nor turns away whom they are about.
    """

    directory: Directory = field(default_factory=Directory)
    clients: dict[str, ApiClient] = field(default_factory=dict)
    beyond: dict[str, str] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)
    _ended: dict[str, int] = field(default_factory=dict)
    _signed_out: dict[str, dt.datetime] = field(default_factory=dict)
    _callers: dict[str, Caller] = field(default_factory=dict)

    def apply(self, event: Event, sequence: int) -> None:
        """Takes the event at this sequence of the log in."""
        data = event.data
        self._callers.clear()
        self.directory.apply(data)
        match data:
            case PersonLeft() | SessionsEnded():
                self._ended[data.person_id] = sequence
            case SignedOut():
                self._sign_out(data.signin_id, event.envelope.at())
            case ClientRegistered():
                keys = self.clients[data.client_id].keys if data.client_id in self.clients else {}
                self.clients[data.client_id] = ApiClient(data.client_id, data.name, frozenset(data.scopes), keys)
            case ClientKeyIssued():
                self._owners[data.key_id] = data.client_id
                by = event.envelope
                key = Key(data.digest, data.expires_at, by.at(), by.actor, data.ending)
                self._change_keys(data.client_id, {data.key_id: key})
            case ClientKeyRevoked():
                self._change_keys(data.client_id, without=data.key_id)
            case ClientClosed():
                if known := self.clients.get(data.client_id):
                    self.clients[data.client_id] = replace(known, keys={}, closed=True)
            case _:
                pass

    def confirm(self, *aggregates: str) -> None:
        """Confirms that these, such as `person.dung`, are as this release knows them.

        Raises:
            UnknownEvent: a newer release wrote of one of them.
        """
        for aggregate in aggregates:
            if event_type := self.beyond.get(aggregate):
                raise UnknownEvent(event_type)

    def confirm_clients(self) -> None:
        """Confirms that every program is as this release knows it; see `confirm`."""
        self.confirm(*(aggregate for aggregate in self.beyond if aggregate.startswith("client.")))

    def _change_keys(self, client_id: str, added: dict[str, Key] | None = None, without: str = "") -> None:
        if known := self.clients.get(client_id):
            keys = {key_id: key for key_id, key in known.keys.items() if key_id != without}
            self.clients[client_id] = replace(known, keys=keys | (added or {}))

    def _sign_out(self, signin_id: str, at: dt.datetime) -> None:
        """Notes it, and forgets those whose sessions are over by now in any case."""
        over = at - SESSION_LIFETIME
        self._signed_out = {known: when for known, when in self._signed_out.items() if when > over}
        self._signed_out[signin_id] = at

    def person(self, person_id: str) -> Person | None:
        """A person who may sign in; None where nobody of this id is known, or they left."""
        found = self.directory.people.get(person_id)
        return None if found is None or found.left else found

    def caller(self, person_id: str) -> Caller | None:
        """A person as a caller; None where they may not sign in."""
        if person_id not in self._callers:
            person = self.person(person_id)
            if person is None:
                return None
            units = self.directory.subtree(person.unit_id) if person.unit_id else frozenset()
            roles = frozenset(person.roles)
            self._callers[person_id] = Caller(f"person.{person_id}", person.name, person_id, roles, units)
        return self._callers[person_id]

    def has_session(self, person_id: str, signin_id: str, sequence: int) -> bool:
        """Whether a session that began at this sequence of the log was not ended since."""
        return sequence > self._ended.get(person_id, 0) and signin_id not in self._signed_out

    def client_of_key(self, text: str, at: dt.datetime) -> tuple[ApiClient, str] | None:
        """The program whose key this is, and the key's id; None where it is nobody's, revoked or expired."""
        key_id = key_id_of(text)
        client = self.client_with_key(key_id, at) if key_id else None
        if client is None or key_id is None or not is_key(text, client.keys[key_id].digest):
            return None
        return client, key_id

    def client_with_key(self, key_id: str, at: dt.datetime) -> ApiClient | None:
        """The program to which a key of this id was issued; None where there is none that counts."""
        client = self.clients.get(self._owners.get(key_id, ""))
        key = client.keys.get(key_id) if client else None
        return client if key and at < key.expires_at else None


def as_caller(client: ApiClient, scopes: frozenset[Scope] | None = None) -> Caller:
    """A program as a caller, with all its scopes or only some of them."""
    return Caller(
        f"client.{client.id}",
        client.name,
        roles=frozenset({"integration"}),
        scopes=client.scopes if scopes is None else client.scopes & scopes,
    )
