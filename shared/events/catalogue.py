"""Every event by its type, and the one place where bytes become events."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError, create_model
from pydantic_core import from_json, to_json

from shared.events.client import ClientClosed, ClientKeyIssued, ClientKeyRevoked, ClientRegistered
from shared.events.envelope import Envelope
from shared.events.floor import UnitFloorSet
from shared.events.inbox import InboxEvent
from shared.events.ledger import LedgerEvent
from shared.events.meeting import MeetingEvent
from shared.events.person import (
    PersonalDataErased,
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
    | PersonalDataErased
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


class UnknownEvent(UnreadableEvent):
    """The event is of a type, or of a version of one, that this release does not know: a newer release wrote it. The
    bytes are kept; nothing was applied."""

    def __init__(self, event_type: str) -> None:
        super().__init__(f"this release does not know {event_type}, which a newer one wrote")
        self.event_type = event_type


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event of a type that this release does not know: kept and shown, never applied."""

    type: str
    fields: Mapping[str, Any]


class Event(NamedTuple):
    """One event: its envelope and its typed contents. What they say stands in `data`, not in the envelope."""

    envelope: Envelope
    data: EventData | Unknown


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the data of one version of an event into that of another."""


_TYPE = re.compile(rb'"type":"([^"\\]+)"')
_TYPE_WITHIN_BYTES = 1000


@dataclass(frozen=True)
class Catalogue:
    """The types that can be read.

    `models` maps each current type to its model. `upcasters` maps a former type to the type that follows it and the
    function that lifts its data; they are applied one after the other, so each knows one step only. `foreseen` maps a
    type that the next release will write to the one that this release writes instead, and the function that lowers
    its data: so copies of both releases run side by side.
    """

    models: Mapping[str, type[EventData]]
    upcasters: Mapping[str, tuple[str, Upcaster]] = field(default_factory=dict)
    foreseen: Mapping[str, tuple[str, Upcaster]] = field(default_factory=dict)
    _whole: dict[bytes, type[Envelope]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def writes(self) -> frozenset[str]:
        """The types that this release writes."""
        return frozenset(self.models)

    @property
    def reads(self) -> frozenset[str]:
        """The types that this release understands."""
        return self.writes | self.upcasters.keys() | self.foreseen.keys()

    def read(self, content: bytes) -> Event:
        """The event that these bytes hold, for whoever shows it.

        Unknown fields are ignored and unknown types are returned as `Unknown`, so that an older reader can show what a
        newer writer wrote. Bytes that two readers may understand differently are no event: a name that stands twice in
        one object, and NaN.

        Raises:
            UnreadableEvent: the bytes are not an event envelope, or the data does not fit its type.

        Source: RFC 8259, section 4, on names that are not unique.
        """
        event = self._read_whole(content)
        if event is None:
            try:
                envelope = Envelope.model_validate_json(content)
            except ValidationError as error:
                raise UnreadableEvent(f"not an event of ketluan: {error}") from error
            event = Event(envelope, self.contents(envelope.type, envelope.data))
        _confirm_one_meaning(content)
        return event

    def applicable(self, content: bytes, aggregate: str) -> Event:
        """The event that stands on an aggregate such as `task.4c1f…`, for whoever changes or decides something by it.

        Raises:
            UnknownEvent: a newer release wrote it.
            UnreadableEvent: as `read`, or the event says that it is another aggregate's.
        """
        event = self.read(content)
        if event.envelope.subject != aggregate:
            raise UnreadableEvent(f"it stands on {aggregate}, and says that it is an event of {event.envelope.subject}")
        if isinstance(event.data, Unknown):
            raise UnknownEvent(event.data.type)
        return event

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
        if model is None or event_type in self.upcasters or event_type in self.foreseen:
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
            while step := self.upcasters.get(event_type) or self.foreseen.get(event_type):
                event_type, turned = step
                data = turned(data)
            model = self.models.get(event_type)
            return Unknown(event_type, data) if model is None else model.model_validate(data, extra="ignore")
        except (ValidationError, LookupError, TypeError, ValueError) as error:
            raise UnreadableEvent(f"not an event of ketluan: {error}") from error


def _each_once(pairs: Sequence[tuple[str, Any]]) -> None:
    if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice in one object")


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


_ONE_MEANING = json.JSONDecoder(object_pairs_hook=_each_once, parse_constant=_no_number)


def _confirm_one_meaning(content: bytes) -> None:
    try:
        # What is written again as it came lost nothing when it was read. All that ketluan writes is of that kind, and
        # this takes half the time of looking at every name.
        if to_json(from_json(content, allow_inf_nan=False, cache_strings="all")) != content:
            _ONE_MEANING.decode(content.decode())
    except (ValueError, RecursionError) as error:
        raise UnreadableEvent(f"not an event of ketluan: {error}") from error


CATALOGUE = Catalogue(models={model.type: model for model in EventData.__args__})
