"""What happens to a unit of the organisation."""

from typing import ClassVar

from shared.events.fields import Fields, Name, Token


class UnitRegistered(Fields):
    """The directory knows a unit. `classes` are the phrases that address it together with others."""

    type: ClassVar[str] = "ketluan.UnitRegistered.v1"

    unit_id: Token
    name: Name
    parent_id: Token | None = None
    aliases: tuple[Name, ...] = ()
    classes: tuple[Name, ...] = ()


class UnitRenamed(Fields):
    """The unit has another name from now on; the former one still finds it."""

    type: ClassVar[str] = "ketluan.UnitRenamed.v1"

    unit_id: Token
    name: Name


class UnitAliasAdded(Fields):
    """Another spelling or abbreviation means this unit."""

    type: ClassVar[str] = "ketluan.UnitAliasAdded.v1"

    unit_id: Token
    alias: Name


class UnitClassAdded(Fields):
    """Another phrase for a class of units includes this unit."""

    type: ClassVar[str] = "ketluan.UnitClassAdded.v1"

    unit_id: Token
    unit_class: Name


class UnitAliasRemoved(Fields):
    """A spelling or abbreviation no longer means this unit."""

    type: ClassVar[str] = "ketluan.UnitAliasRemoved.v1"

    unit_id: Token
    alias: Name


class UnitClassRemoved(Fields):
    """A phrase for a class of units no longer includes this unit."""

    type: ClassVar[str] = "ketluan.UnitClassRemoved.v1"

    unit_id: Token
    unit_class: Name


class UnitMoved(Fields):
    """The unit stands below another one from now on; below none where `parent_id` is missing."""

    type: ClassVar[str] = "ketluan.UnitMoved.v1"

    unit_id: Token
    parent_id: Token | None = None


class UnitClosed(Fields):
    """The unit takes no more tasks."""

    type: ClassVar[str] = "ketluan.UnitClosed.v1"

    unit_id: Token
