"""Every event by its type, and the one place where bytes become events."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError, create_model

from shared.events.client import ClientClosed, ClientKeyIssued, ClientKeyRevoked, ClientRegistered
from shared.events.envelope import Envelope
from shared.events.floor import UnitFloorSet
from shared.events.inbox import InboxEvent
from shared.events.ledger import LedgerEvent
from shared.events.meeting import MeetingEvent
from shared.events.person import (
    PersonLeft,
    PersonPlaced,
    PersonRegistered,
    RoleGranted,
    RoleRevoked,
    SessionsEnded,
    SigninLinkIssued,
)
from shared.events.policy import RemindersSettled, RulesAdopted
from shared.events.signin import SignedIn, SignedOut
from shared.events.submission import SubmissionAccepted
from shared.events.task import TaskEvent
from shared.events.unit import (
    UnitAliasAdded,
    UnitAliasRemoved,
    UnitClassAdded,
    UnitClassRemoved,
    UnitClosed,
    UnitMoved,
    UnitRegistered,
    UnitRenamed,
)
from shared.events.webhook import WebhookEvent

EventData = (
    MeetingEvent
    | TaskEvent
    | SubmissionAccepted
    | InboxEvent
    | UnitFloorSet
    | RulesAdopted
    | RemindersSettled
    | WebhookEvent
    | LedgerEvent
    | UnitRegistered
    | UnitRenamed
    | UnitAliasAdded
    | UnitClassAdded
    | UnitAliasRemoved
    | UnitClassRemoved
    | UnitMoved
    | UnitClosed
    | PersonRegistered
    | PersonPlaced
    | PersonLeft
    | RoleGranted
    | RoleRevoked
    | SignedIn
    | SignedOut
    | SessionsEnded
    | SigninLinkIssued
    | ClientRegistered
    | ClientKeyIssued
    | ClientKeyRevoked
    | ClientClosed
)


class UnreadableEvent(Exception):
    """What the log holds here is not an event of ketluan. The bytes are kept; nothing was applied."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event of a type that this version does not know: kept and shown, never applied."""

    type: str
    fields: Mapping[str, Any]


class Event(NamedTuple):
    """One event: its envelope and its typed contents. What they say stands in `data`, not in the envelope."""

    envelope: Envelope
    data: EventData | Unknown


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Lifts the data of one version of an event to the next."""


_TYPE = re.compile(rb'"type":"([^"\\]+)"')
_TYPE_WITHIN_BYTES = 1000


@dataclass(frozen=True)
class Catalogue:
    """The types that can be read.

    `models` maps each current type to its model. `upcasters` maps a former type to the type that follows it and the
    function that lifts its data; they are applied one after the other, so each knows one step only.
    """

    models: Mapping[str, type[EventData]]
    upcasters: Mapping[str, tuple[str, Upcaster]] = field(default_factory=dict)
    _whole: dict[bytes, type[Envelope]] = field(default_factory=dict, repr=False, compare=False)

    def read(self, content: bytes) -> Event:
        """The event that these bytes hold.

        Unknown fields are ignored and unknown types are returned as `Unknown`, so that an older reader can follow a
        newer writer.

        Raises:
            UnreadableEvent: the bytes are not an event envelope, or the data does not fit its type.
        """
        if event := self._read_whole(content):
            return event
        try:
            envelope = Envelope.model_validate_json(content)
        except ValidationError as error:
            raise UnreadableEvent(f"not an event of ketluan: {error}") from error
        return Event(envelope, self.contents(envelope.type, envelope.data))

    def _read_whole(self, content: bytes) -> Event | None:
        """The event, where the bytes are one of a current type as they seem to be: envelope and data are then read at
        once, which saves a third of the time."""
        seems = _TYPE.search(content, 0, _TYPE_WITHIN_BYTES)
        if seems is None:
            return None
        known = self._whole.get(seems[1]) or self._envelope_of(seems[1])
        if known is None:
            return None
        try:
            envelope = known.model_validate_json(content, extra="ignore")
        except ValidationError:
            return None
        return Event(envelope, envelope.data)  # type: ignore[arg-type]

    def _envelope_of(self, type_bytes: bytes) -> type[Envelope] | None:
        event_type = type_bytes.decode(errors="replace")
        model = self.models.get(event_type)
        if model is None or event_type in self.upcasters:
            return None
        fields: dict[str, Any] = {"type": (Literal[event_type], ...), "data": (model, ...)}
        made = create_model(f"{model.__name__}Envelope", __base__=Envelope, **fields)
        return self._whole.setdefault(type_bytes, made)

    def contents(self, event_type: str, data: dict[str, Any]) -> EventData | Unknown:
        """What an event of this type says with this data.

        Raises:
            UnreadableEvent: the data does not fit its type.
        """
        try:
            while event_type in self.upcasters:
                event_type, lift = self.upcasters[event_type]
                data = lift(data)
            model = self.models.get(event_type)
            return Unknown(event_type, data) if model is None else model.model_validate(data, extra="ignore")
        except (ValidationError, LookupError, TypeError, ValueError) as error:
            raise UnreadableEvent(f"not an event of ketluan: {error}") from error


CATALOGUE = Catalogue(models={model.type: model for model in EventData.__args__})
