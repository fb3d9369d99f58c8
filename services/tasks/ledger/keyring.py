"""The public history of the keys that sign checkpoints, as the log tells it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import uuid4

from nats.aio.client import Client

from services.tasks.ledger.keys import KeyUnusable, SigningKey, signature_is_right
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, Verifier, confirmed, verifier_of
from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.events.envelope import Chain, event_content
from shared.events.fields import derived_id
from shared.events.ledger import CheckpointKeyCreated, CheckpointKeyRetired
from shared.log.append import Entry, append
from shared.log.read import next_on
from shared.log.record import Record
from shared.log.stream import PREFIX

AGGREGATE = "ledger.keys"

_SUCCESSION = "ketluan checkpoint key succession"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the log's history. `created` and `retired` are the sequences of the events that say so.

    `endorsed` says whether a key before it signed that this one follows; the first one has none before it.
    """

    verifier: Verifier
    created: int
    created_at: dt.datetime
    endorsed: bool
    retired: int | None = None
    retired_at: dt.datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys, oldest first. `last` is the sequence of the newest event about them, and `version` counts these."""

    keys: tuple[Key, ...] = ()
    last: int = 0
    version: int = 0

    @property
    def active(self) -> Key | None:
        """The key that signs now."""
        return next((key for key in reversed(self.keys) if key.retired is None), None)

    @property
    def verifiers(self) -> list[Verifier]:
        """The public halves of all keys, also of those that sign nothing any more."""
        return [key.verifier for key in self.keys]


def endorsement(old: SigningKey, new: Verifier) -> str:
    """The note by which a key says that another one follows it."""
    return old.signed(_succession(new))


def keyring_of(records: Iterable[Record]) -> Keyring:
    """The keys that these events, which are those of `AGGREGATE` in order, tell of. What cannot be read is no key."""
    ring = Keyring()
    for record in records:
        ring = replace(ring, last=record.sequence)
        try:
            event = CATALOGUE.read(record.content)
        except UnreadableEvent:
            continue
        at, keys = event.envelope.at(), ring.keys
        match event.data:
            case CheckpointKeyCreated(verifier_key=line, endorsement=note):
                try:
                    verifier = verifier_of(line)
                except NoteUnreadable:
                    continue
                keys = (*keys, Key(verifier, record.sequence, at, _is_endorsed(note, verifier, ring.verifiers)))
            case CheckpointKeyRetired(key_id=key_id, reason=reason):
                keys = tuple(
                    replace(key, retired=record.sequence, retired_at=at, reason=reason)
                    if key.verifier.key_id == key_id and key.retired is None
                    else key
                    for key in keys
                )
        ring = Keyring(keys, record.sequence, event.envelope.aggregateversion)
    return ring


async def keyring(client: Client) -> Keyring:
    """The keys, as the log's leader knows them.

    Raises:
        LogUnavailable, LogRefused: the log does not answer, or refuses.
    """
    records = []
    last = 0
    while found := await next_on(client, PREFIX + AGGREGATE, last):
        records.append(found)
        last = found.sequence
    return keyring_of(records)


async def announced(client: Client, key: SigningKey, chain: Chain) -> Keyring:
    """The keys, once the log names this one as the one that signs. The first key of all is announced here.

    Raises:
        KeyUnusable: another key signs now, or this one no more.
        Conflict, LogUnavailable, LogRefused: nothing was written, or it is safe to try again.
    """
    ring = await keyring(client)
    if not ring.keys:
        await append(client, [_created(key.verifier, None, chain, follows=0, version=1)])
        ring = await keyring(client)
    if ring.active is None or ring.active.verifier != key.verifier:
        raise KeyUnusable(
            f"the key {key.verifier.key_id} is not the one that the log names as signing "
            f"({ring.active.verifier.key_id if ring.active else 'none'}). Nothing was signed; put the right key into "
            "its file, or run `ketluan key rotate`."
        )
    return ring


async def rotated(client: Client, old: SigningKey | None, new: SigningKey, reason: str, chain: Chain) -> Keyring:
    """The keys, once the log names `new` as the one that signs. Where `old` is still there, it signs that it is so.

    Raises:
        Conflict, LogUnavailable, LogRefused: nothing was written, or it is safe to try again with the same keys.
    """
    ring = await keyring(client)
    if ring.active and ring.active.verifier == new.verifier:
        return ring
    note = endorsement(old, new.verifier) if old else None
    entries = [_created(new.verifier, note, chain, follows=ring.last, version=ring.version + 1)]
    for version, key in enumerate((key for key in ring.keys if key.retired is None), start=ring.version + 2):
        data = CheckpointKeyRetired(key_id=key.verifier.key_id, reason=reason)
        event_id = derived_id("checkpoint-key-retired", str(key.verifier))
        content = event_content(data, data.type, event_id, AGGREGATE, chain, version)
        entries.append(Entry(event_id, PREFIX + AGGREGATE, content, follows=None))
    await append(client, entries)
    return await keyring(client)


def act(actor: str, source: str, request_id: str = "") -> Chain:
    """The chain of one act of somebody, now."""
    request_id = request_id or str(uuid4())
    return Chain(source, actor, request_id, request_id, dt.datetime.now(dt.UTC))


def _created(verifier: Verifier, note: str | None, chain: Chain, follows: int, version: int) -> Entry:
    data = CheckpointKeyCreated(
        key_id=verifier.key_id, name=verifier.name, verifier_key=str(verifier), endorsement=note
    )
    event_id = derived_id("checkpoint-key-created", str(verifier))
    content = event_content(data, data.type, event_id, AGGREGATE, chain, version)
    return Entry(event_id, PREFIX + AGGREGATE, content, follows)


def _succession(new: Verifier) -> str:
    return f"{_SUCCESSION}\n{new}\n"


def _is_endorsed(note: str | None, verifier: Verifier, before: list[Verifier]) -> bool:
    if note is None:
        return False
    try:
        return confirmed(note.encode(), before, signature_is_right) == _succession(verifier)
    except (NoteUnreadable, NoteUnsigned):
        return False
