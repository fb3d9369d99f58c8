"""What is gathered from the boxes of a form on the way to changes of a notice. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.intake.pages.alternatives import Alternatives, unit_ids
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.language import Words
from shared.problems import FieldProblem

_UNKNOWN = Words("danh bạ không có đơn vị “{name}”", "the directory has no unit “{name}”")
_UNKNOWN_LIKE = Words(
    "danh bạ không có đơn vị “{name}”; gần giống: {likely}", "the directory has no unit “{name}”; nearly so: {likely}"
)
_SEVERAL = Words(
    "có nhiều đơn vị tên “{name}”; ghi đúng một trong: {likely}",
    "several units are named “{name}”; write one of {likely}",
)


@dataclass
class Writing:
    """What is gathered from the fields: the changes, where each of them was written, and what is wrong."""

    fields: Mapping[str, str]
    directory: Directory
    resolver: Resolver
    places: dict[str, str] = field(default_factory=dict)
    problems: list[FieldProblem] = field(default_factory=list)

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The ids of units by what the form calls them."""
        return unit_ids(self.directory)

    @cached_property
    def alternatives(self) -> Alternatives:
        """What else a name may have meant."""
        return Alternatives.of(self.directory)

    def at(self, name: str) -> str:
        """What was written in a field, without space around; empty where nothing was."""
        return self.fields.get(name, "").strip()

    def refuse(self, box: str, code: str, words: Words, **values: object) -> None:
        """Notes what is wrong in a field."""
        self.problems.append(FieldProblem(f"/{box}", code, words, values))

    def units(self, name: str) -> list[str]:
        """The ids of the units that are written in a field, one on a line."""
        found = []
        for written in lines(self.at(name)):
            units = self.directory.named(written)
            unit_id = self.ids.get(written) or (units[0].id if len(units) == 1 else None)
            if unit_id is None:
                self._refuse_unit(name, written, [each.id for each in units])
                break
            found.append(unit_id)
        return list(dict.fromkeys(found))

    def _refuse_unit(self, box: str, written: str, several: Collection[str]) -> None:
        if several:
            likely = ", ".join(called for called, unit_id in self.ids.items() if unit_id in several)
            self.refuse(box, "unit-ambiguous", _SEVERAL, name=written, likely=likely)
            return
        likely = ", ".join(self.alternatives.to(written))
        self.refuse(box, "unknown-unit", _UNKNOWN_LIKE if likely else _UNKNOWN, name=written, likely=likely)


def lines(written: str) -> list[str]:
    """What stands in a box, one on a line; a semicolon ends a line too."""
    return [line.strip() for line in written.replace("\r", "\n").replace(";", "\n").split("\n") if line.strip()]
