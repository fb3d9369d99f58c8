"""What an event of a unit, a person or a program changed, in a few words beside its name. Pure."""

from shared.directory.directory import Directory
from shared.events.catalogue import EventData, Unknown
from shared.events.client import ClientClosed, ClientKeyIssued, ClientKeyRevoked, ClientRegistered
from shared.events.person import PersonalDataErased, PersonPlaced, PersonRegistered, RoleGranted, RoleRevoked
from shared.events.unit import (
    UnitAliasAdded,
    UnitAliasRemoved,
    UnitClassAdded,
    UnitClassRemoved,
    UnitMoved,
    UnitRegistered,
    UnitRenamed,
)
from shared.language import Words
from shared.vocabulary import ROLES

_TOPMOST = Words("không có cấp trên", "none above it")


def contents(data: EventData | Unknown, directory: Directory) -> Words | str | None:
    """What it says: words of ours in both languages, or the names that somebody gave; None where its name says all."""
    match data:
        case RoleGranted() | RoleRevoked():
            return ROLES[data.role]
        case UnitRegistered() | UnitRenamed() | PersonRegistered():
            return data.name
        case UnitAliasAdded() | UnitAliasRemoved():
            return data.alias
        case UnitClassAdded() | UnitClassRemoved():
            return data.unit_class
        case UnitMoved():
            return _unit(data.parent_id, directory) if data.parent_id else _TOPMOST
        case PersonPlaced():
            return ", ".join(filter(None, (_unit(data.unit_id, directory), data.position)))
        case ClientRegistered():
            return ", ".join(data.scopes)
        case ClientKeyIssued():
            return f"klk_{data.key_id}"
        case ClientKeyRevoked():
            return f"klk_{data.key_id}: {data.reason}"
        case ClientClosed() | PersonalDataErased():
            return data.reason
        case _:
            return None


def _unit(unit_id: str, directory: Directory) -> str:
    unit = directory.units.get(unit_id)
    return unit.name if unit else unit_id
