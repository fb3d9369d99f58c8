"""A notice as it was read: as one object for programs, as a table for people."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.intake.conclusion import ConcludedDirective
from services.intake.reading.frames import DocumentReading
from shared.directory.file import DirectoryFile
from shared.events.fields import NamedPerson
from shared.vocabulary import DOUBTS, OTHER_DOUBT

Units = Callable[[str], tuple[str, ...]]
"""The ids of the units that a phrase means."""

_WIDTH = 120


def units_of(file: DirectoryFile | None) -> Units:
    """Looks phrases up in a directory's file; without one, none is known."""
    if file is None:
        return lambda phrase: ()
    from shared.directory.changes import changes
    from shared.directory.directory import Directory
    from shared.directory.resolution import Resolver

    directory = Directory()
    for change in changes(file, Directory()):
        for event in change.events:
            directory.apply(event)
    resolver = Resolver(directory)
    return lambda phrase: tuple(unit.id for unit in resolver.resolve(phrase).units)


def as_object(reading: DocumentReading, units: Units) -> dict[str, Any]:
    """The reading as JSON can hold it. A phrase that means several units stands once for each."""
    conclusion = reading.notice.conclusion
    return {
        "meeting": {
            "issuer": conclusion.issuer,
            "number": conclusion.number,
            "issued_on": conclusion.issued_on and conclusion.issued_on.isoformat(),
            "held_on": conclusion.held_on and conclusion.held_on.isoformat(),
            "title": conclusion.title,
            "concluded_by": _person(conclusion.concluded_by),
            "signed_by": _person(conclusion.signed_by),
            "attendees": [_person(person) for person in conclusion.attendees],
            "recipients": list(conclusion.recipients),
        },
        "directives": [
            _directive(ordinal, directive, units) for ordinal, directive in enumerate(conclusion.directives, start=1)
        ],
        "other": [
            {"kind": each.kind, "text": reading.text[slice(*each.span)], "span": list(each.span)}
            for each in reading.notice.other
        ],
        "warnings": [
            {"code": each.code, "ordinal": each.ordinal, "about": each.about, "confidence": each.confidence}
            for each in reading.notice.doubts
        ],
    }


def _directive(ordinal: int, directive: ConcludedDirective, units: Units) -> dict[str, Any]:
    deadline = directive.deadline
    return {
        "ordinal": ordinal,
        "heading": directive.heading,
        "text": directive.text,
        "span": directive.span and list(directive.span),
        "assignees": _named(directive.assignees, units),
        "lead": _person(directive.lead),
        "cooperators": _named(directive.cooperators, units),
        "report_to": list(directive.report_to),
        "deadline": deadline
        and {
            "date": deadline.date.isoformat(),
            "time": deadline.time,
            "phrase": deadline.phrase,
            "rule": deadline.rule,
            "confidence": deadline.confidence,
        },
        "recurrence": directive.recurrence,
        "citations": [{"number": each.number, "text": each.text} for each in directive.citations],
        "urgent": directive.urgent,
        "confidence": directive.confidence,
    }


def _named(phrases: Iterable[str], units: Units) -> list[dict[str, str | None]]:
    return [{"phrase": phrase, "unit": unit} for phrase in phrases for unit in units(phrase) or (None,)]


def _person(person: NamedPerson | None) -> dict[str, str | None] | None:
    return {"name": person.name, "position": person.position} if person else None


def print_reading(reading: DocumentReading, units: Units) -> None:
    """Prints the notice's fields, its directives and what is doubtful, in Vietnamese."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    found = as_object(reading, units)
    console.print(_meeting(found["meeting"]))
    console.print(_directives(found["directives"]))
    for each in found["warnings"]:
        where = f"Chỉ đạo {each['ordinal']}: " if each["ordinal"] else ""
        about = f" ({each['about']})" if each["about"] else ""
        words = DOUBTS.get(each["code"], OTHER_DOUBT).vi
        console.print(f"[yellow]Cần xem lại[/]: {escape(where + words + about)}", highlight=False)


def _meeting(meeting: dict[str, Any]) -> Table:
    table = Table(title="Thông báo (notice)", title_justify="left", box=box.ROUNDED, expand=True, show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    rows = {
        "Tên": meeting["title"],
        "Cơ quan": meeting["issuer"],
        "Số, ký hiệu": meeting["number"],
        "Ngày ban hành": _day(meeting["issued_on"]),
        "Ngày họp": _day(meeting["held_on"]),
        "Người kết luận": _named_person(meeting["concluded_by"]),
        "Người ký": _named_person(meeting["signed_by"]),
        "Người dự": ", ".join(person["name"] for person in meeting["attendees"]),
        "Nơi nhận": "; ".join(meeting["recipients"]),
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, escape(value))
    return table


def _directives(directives: list[dict[str, Any]]) -> Table:
    table = Table(
        title=f"Các chỉ đạo (directives): {len(directives)}", title_justify="left", box=box.ROUNDED, expand=True
    )
    table.add_column("#", justify="right")
    table.add_column("Chỉ đạo", overflow="fold", ratio=1)
    table.add_column("Đơn vị (units)", overflow="fold", max_width=32)
    table.add_column("Hạn (due)", overflow="fold", max_width=22)
    table.add_column("Tin cậy", justify="right")
    heading: str | None = None
    for each in directives:
        if each["heading"] and each["heading"] != heading:
            heading = each["heading"]
            table.add_section()
            table.add_row("", f"[bold]{escape(heading or '')}[/]", "", "", "")
        table.add_row(str(each["ordinal"]), escape(each["text"]), _who(each), _due(each), f"{each['confidence']:.0%}")
    return table


def _who(directive: dict[str, Any]) -> str:
    lines = [_unit(each) for each in directive["assignees"]] or ["[yellow]chưa rõ đơn vị[/]"]
    if directive["lead"]:
        lines.append(f"[dim]Chủ trì: {escape(directive['lead']['name'])}[/]")
    lines.extend(f"[dim]Phối hợp: {_unit(each)}[/]" for each in directive["cooperators"])
    return "\n".join(lines)


def _unit(named: dict[str, str | None]) -> str:
    known = f" [green]→ {escape(named['unit'])}[/]" if named["unit"] else ""
    return escape(named["phrase"] or "") + known


def _due(directive: dict[str, Any]) -> str:
    deadline, lines = directive["deadline"], []
    if deadline:
        lines = [
            " ".join(filter(None, (_day(deadline["date"]), deadline["time"]))),
            f"[dim]{escape(deadline['phrase'] or '')}[/]",
        ]
    if directive["recurrence"]:
        lines.append(escape(directive["recurrence"]))
    if directive["urgent"]:
        lines.append("[red]khẩn[/]")
    return "\n".join(lines) or "—"


def _named_person(person: dict[str, str | None] | None) -> str:
    return ", ".join(filter(None, (person["name"], person["position"]))) if person else ""


def _day(day: str | None) -> str:
    return "/".join(reversed(day.split("-"))) if day else ""
