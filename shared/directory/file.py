"""A file of units and people, as an office keeps it: read whole and checked whole before anything is done with it."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, ValidationError

from shared.directory.spelling import matching_key
from shared.events.fields import Fields, Name, Token
from shared.events.person import Role
from shared.language import Words
from shared.mail_address import MailAddress
from shared.problems import field_problems

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes."""

_LIST_SEPARATOR = "|"


def _names(value: object) -> object:
    """CSV writes a list in one cell."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(_LIST_SEPARATOR) if part.strip())
    return value


class UnitEntry(Fields):
    """One unit of the file."""

    id: Token
    name: Name
    parent: Token | None = None
    aliases: Annotated[tuple[Name, ...], BeforeValidator(_names)] = ()
    classes: Annotated[tuple[Name, ...], BeforeValidator(_names)] = ()


class PersonEntry(Fields):
    """One person of the file. `roles` are all that they hold; None leaves those that they have.

    Whoever `left` holds no role any more and may not sign in.
    """

    id: Token
    name: Name
    unit: Token | None = None
    position: Name | None = None
    roles: Annotated[tuple[Role, ...] | None, BeforeValidator(_names)] = None
    mail: MailAddress | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the file, and the line on which its entry begins."""

    line: int
    entry: str
    what: Words
    values: dict[str, Any]


class UnusableFile(Exception):
    """The file cannot be used as it is; nothing was written. `faults` say what to mend, in the file's order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__(f"{len(self.faults)} faults, the first on line {self.faults[0].line}")


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """What a file says."""

    units: tuple[UnitEntry, ...]
    people: tuple[PersonEntry, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    line: int
    kind: str
    fields: object


_NOT_UTF8 = Words("tệp không phải UTF-8", "the file is not UTF-8")
_TOO_LARGE = Words("tệp lớn hơn {most} MiB", "the file is larger than {most} MiB")
_NOT_YAML = Words("không đọc được YAML: {error}", "not readable as YAML: {error}")
_NOT_ITS_KIND = Words(
    "có giá trị không thuộc kiểu ghi trước nó (như `!!bool`)",
    "a value is not of the kind that stands before it (such as `!!bool`)",
)
_NOT_CSV = Words("không đọc được CSV: {error}", "not readable as CSV: {error}")
_NOT_LISTS = Words(
    "tệp phải có danh sách `units` và `people`, và chỉ hai mục đó",
    "the file must hold the lists `units` and `people` only",
)
_NO_KIND = Words("cột `kind` phải là unit hoặc person", "the column `kind` must be unit or person")
_NO_HEADER = Words(
    "dòng đầu phải nêu tên cột, trong đó có kind, id và name",
    "the first line must name the columns, with kind, id, name",
)
_NOT_ENTRY = Words("mục này phải là các cặp tên: giá trị", "this entry must be names with values")
_FIELD = Words("{pointer}: {vi}", "{pointer}: {en}")
_TWICE = Words("id này đã dùng ở dòng {line}", "this id is already used on line {line}")
_SAME_NAME = Words("tên gọi “{name}” đã thuộc về {other}", "the name “{name}” already means {other}")


def read_file(content: bytes, name: str) -> DirectoryFile:
    """The units and people that a file holds. `name` ends in .csv for CSV; everything else is YAML.

    CSV has the columns kind (unit or person), id, name, parent, unit, position, aliases, classes, roles, mail, left, in
    any order, separated by commas or semicolons; several values in a cell are separated by |.

    Raises:
        UnusableFile: something is wrong with it; every fault is named.
    """
    if len(content) > LARGEST_FILE:
        raise UnusableFile([Fault(1, "", _TOO_LARGE, {"most": LARGEST_FILE // (1024 * 1024)})])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnusableFile([Fault(line, "", _NOT_UTF8, {})]) from error
    entries = list(_csv_entries(text) if name.lower().endswith(".csv") else _yaml_entries(text))
    faults: list[Fault] = []
    units: list[tuple[int, UnitEntry]] = []
    people: list[tuple[int, PersonEntry]] = []
    for raw in entries:
        if not isinstance(raw.fields, dict):
            faults.append(Fault(raw.line, raw.kind, _NOT_ENTRY, {}))
            continue
        try:
            if raw.kind == "unit":
                units.append((raw.line, UnitEntry.model_validate(raw.fields)))
            else:
                people.append((raw.line, PersonEntry.model_validate(raw.fields)))
        except ValidationError as error:
            entry = _writable(f"{raw.kind} {raw.fields.get('id', '')}".strip())
            for problem in field_problems(error.errors()):
                vi, en = (problem.detail.to(language, **problem.values) for language in ("vi", "en"))
                values = {"pointer": problem.pointer.removeprefix("/"), "vi": vi, "en": en}
                faults.append(Fault(raw.line, entry, _FIELD, values))
    faults += [*_repeated("unit", units), *_repeated("person", people), *_ambiguous(units)]
    if faults:
        raise UnusableFile(faults)
    return DirectoryFile(tuple(unit for _, unit in units), tuple(person for _, person in people))


def _yaml_entries(text: str) -> Iterator[_Raw]:
    try:
        loader = yaml.SafeLoader(text)
    except yaml.YAMLError as error:
        raise UnusableFile([Fault(1, "", _NOT_YAML, {"error": str(error).splitlines()[0]})]) from error
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise UnusableFile([Fault(1, "", _NOT_LISTS, {})])
        for key, value in node.value:
            line = key.start_mark.line + 1
            kind = {"units": "unit", "people": "person"}.get(str(key.value))
            if kind is None or not isinstance(value, yaml.SequenceNode):
                raise UnusableFile([Fault(line, _writable(str(key.value)), _NOT_LISTS, {})])
            for each in value.value:
                yield _Raw(each.start_mark.line + 1, kind, _built(loader, each))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnusableFile([Fault(line, "", _NOT_YAML, {"error": error.problem or ""})]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnusableFile([Fault(1, "", _NOT_YAML, {"error": str(error).splitlines()[0]})]) from error
    finally:
        loader.dispose()


def _writable(text: str) -> str:
    """The text without the halves of characters that an escape of YAML can leave, which nothing can show."""
    return text.encode(errors="replace").decode()


def _built(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """What an entry says.

    Raises:
        UnusableFile: a value is not of the kind that stands before it, which PyYAML tells by any error.
    """
    try:
        return loader.construct_object(node, deep=True)
    except (KeyError, IndexError, AttributeError, TypeError) as error:
        raise UnusableFile([Fault(node.start_mark.line + 1, "", _NOT_ITS_KIND, {})]) from error


def _csv_entries(text: str) -> Iterator[_Raw]:
    header = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",", strict=True)
    try:
        if not {"kind", "id", "name"} <= {(name or "").strip().lower() for name in rows.fieldnames or ()}:
            raise UnusableFile([Fault(1, "", _NO_HEADER, {})])
        for row in rows:
            fields = {str(name).strip().lower(): value.strip() for name, value in row.items() if isinstance(value, str)}
            fields = {name: value for name, value in fields.items() if value}
            if not fields:
                continue
            kind = fields.pop("kind", "")
            if kind not in {"unit", "person"}:
                raise UnusableFile([Fault(rows.line_num, kind, _NO_KIND, {})])
            yield _Raw(rows.line_num, kind, fields)
    except csv.Error as error:
        raise UnusableFile([Fault(rows.line_num, "", _NOT_CSV, {"error": error})]) from error


def _repeated(kind: str, entries: Iterable[tuple[int, UnitEntry | PersonEntry]]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for line, entry in entries:
        if entry.id in seen:
            yield Fault(line, f"{kind} {entry.id}", _TWICE, {"line": seen[entry.id]})
        seen.setdefault(entry.id, line)


def _ambiguous(units: Iterable[tuple[int, UnitEntry]]) -> Iterator[Fault]:
    """A name that means two units finds neither, so a file that brings such a name in is refused."""
    owners: dict[str, str] = {}
    for line, unit in units:
        for name in (unit.name, *unit.aliases):
            other = owners.setdefault(matching_key(name), unit.id)
            if other != unit.id:
                yield Fault(line, f"unit {unit.id}", _SAME_NAME, {"name": name, "other": other})
