"""What a unit decides for all its members about how they are told."""

from typing import ClassVar

from shared.events.fields import Channel, Fields, Token
from shared.events.preferences import Category


class UnitFloorSet(Fields):
    """These channels reach all members of a unit at once, whatever they choose. It replaces the unit's former floor."""

    type: ClassVar[str] = "ketluan.UnitFloorSet.v1"

    unit_id: Token
    channels: tuple[tuple[Category, Channel], ...] = ()
