"""Which units a person means by the phrases of a notice, and what the directory learns of it."""

from dataclasses import dataclass, field

from services.intake.changes import MeantUnits
from services.intake.units import NO_UNIT_NAMED, named, reference, responsible
from shared.directory.resolution import Resolver
from shared.events.fields import NamedUnit, UnitRef
from shared.events.unit import UnitAliasAdded


class UnknownMeantUnit(Exception):
    """The directory has no such unit in work. `pointer` says where it is named."""

    def __init__(self, pointer: str, unit_id: str) -> None:
        super().__init__(unit_id)
        self.pointer = pointer
        self.unit_id = unit_id


@dataclass(frozen=True)
class Meaning:
    """Says which units phrases mean: as the person says, or else as the directory does. Notes what is learnt."""

    resolver: Resolver
    learn: bool
    aliases: dict[str, UnitAliasAdded] = field(default_factory=dict)

    def units(self, meant: MeantUnits, pointer: str, heading: str | None) -> tuple[UnitRef, ...]:
        """The units that a directive under this heading lies with; `pointer` says where they are named.

        Raises:
            UnknownMeantUnit: one of them is none of the directory's, or closed.
        """
        if not meant.units:
            return responsible(self.resolver, meant.phrase)
        found = []
        for place, unit_id in enumerate(dict.fromkeys(meant.units)):
            unit = self.resolver.directory.units.get(unit_id)
            if unit is None or unit.closed:
                raise UnknownMeantUnit(f"{pointer}/units/{place}", unit_id)
            found.append(reference(unit))
        if meant.phrase != heading:
            self._learn(meant.phrase, found)
        return tuple(found)

    def named(self, meant: MeantUnits, pointer: str) -> NamedUnit:
        """A co-operating unit; see `units`."""
        if not meant.units:
            return named(self.resolver, meant.phrase)
        found = self.units(meant, pointer, None)
        return NamedUnit(phrase=meant.phrase, unit=found[0].id if len(found) == 1 else None)

    def _learn(self, phrase: str, found: list[UnitRef]) -> None:
        """A topic's heading that stood in for a unit is none of its names, and a class is none of one unit."""
        taken = self.resolver.directory.named(phrase) or self.resolver.resolve(phrase).how == "class"
        if not self.learn or len(found) != 1 or taken or phrase == NO_UNIT_NAMED:
            return
        self.aliases.setdefault(phrase, UnitAliasAdded(unit_id=found[0].id, alias=phrase))
