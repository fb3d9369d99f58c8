"""Reads a report's figures and lists from the register, all as of one event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register.as_of import AsOf
from services.tasks.register.figures import ALL_BUT_CANCELLED, OPEN_KINDS, Figure, figure, together
from services.tasks.register.foremost import First, foremost_of_each
from services.tasks.register.summary import Counted, Kind, Matrix, summarise
from services.tasks.register.tasks import Sight, TaskFilter, find_tasks
from services.tasks.register.views import MeetingView
from services.tasks.reporting.content import COLUMNS, Line, ListKey, Report, TaskList, row
from services.tasks.reporting.letterhead import Letterhead
from services.tasks.reporting.period import Period
from services.tasks.timeliness import Day

_UNITS = 1_000


@dataclass(frozen=True, slots=True)
class _Listed:
    """One of the lists: what it is called, which tasks it holds, and which come first."""

    key: ListKey
    title: str
    nothing: str
    filter: Mapping[str, Any]
    first: First


async def gather(
    connection: AsyncConnection,
    period: Period,
    meeting: MeetingView | None,
    letterhead: Letterhead,
    as_of: AsOf,
    sight: Sight,
    today: Day,
    most_rows: int,
) -> Report:
    """The report about a period, or about one meeting's tasks in it, with so many rows of each list at most."""
    every = TaskFilter(meeting=meeting.id if meeting else None, as_of=as_of)
    day = today.of(as_of.time)
    wanted = {
        "assigned": replace(every, assigned_from=period.first, assigned_to=period.last),
        "done": replace(every, done_from=period.first, done_to=period.last),
        "open": replace(every, is_open=True),
    }
    counted = {name: await summarise(connection, each, "unit", sight, today, _UNITS) for name, each in wanted.items()}
    listed = [(each, replace(every, **each.filter)) for each in _lists(period)]
    parts: dict[str, list[tuple[TaskFilter, First]]] = {"open": [], "done": []}
    for each, those in listed:
        parts["done" if each.key == "done" else "open"].append((those, each.first))
    read = {
        name: iter(await foremost_of_each(connection, wanted[name], part, sight, today, most_rows))
        for name, part in parts.items()
    }
    found = [next(read["done" if each.key == "done" else "open"]) for each, _ in listed]
    tasks = await find_tasks(connection, list(dict.fromkeys(i for each in found for i in each.ids)), day, as_of)
    rows = {task.id: row(task, day) for task in tasks}
    lists = [
        TaskList(
            each.key,
            each.title,
            each.nothing,
            Figure(those_found.count, those),
            [rows[task_id] for task_id in those_found.ids if task_id in rows],
        )
        for (each, those), those_found in zip(listed, found, strict=True)
    ]
    total, units = lines(counted, wanted)
    return Report(period, meeting, letterhead, as_of, day, today.date, total, units, lists)


def lines(counted: Mapping[str, Matrix], wanted: Mapping[str, TaskFilter]) -> tuple[Line, list[Line]]:
    """The figures of all units together and of each, those with most at risk first."""
    rows: dict[str, dict[str, Counted]] = {}
    names: dict[str, str] = {}
    for name, matrix in counted.items():
        for each in matrix.rows:
            rows.setdefault(str(each.key), {})[name] = each
            names[str(each.key)] = each.name or str(each.key)
    order = sorted(rows, key=lambda unit: (*(-_count(rows[unit], kind) for kind in OPEN_KINDS), names[unit]))
    units = [
        _line(names[unit], rows[unit], {name: replace(each, unit=unit) for name, each in wanted.items()})
        for unit in order
    ]
    return _line("Tổng số", {name: matrix.total for name, matrix in counted.items()}, wanted), units


def _count(counted: Mapping[str, Counted], kind: Kind) -> int:
    return counted["open"].tasks[kind] if "open" in counted else 0


def _line(name: str, counted: Mapping[str, Counted], wanted: Mapping[str, TaskFilter]) -> Line:
    figures = []
    for column, _ in COLUMNS:
        if column == "assigned":
            those = wanted["assigned"]
            figures.append(together(counted["assigned"], those) if "assigned" in counted else Figure(0, those))
            continue
        part = "done" if column.startswith("done") else "open"
        those = wanted[part]
        figures.append(figure(counted[part], column, those) if part in counted else Figure(0, those))
    return Line(name, tuple(figures))


def _lists(period: Period) -> tuple[_Listed, ...]:
    due = {"timeliness": ("in_time", "due_soon"), "due_to": period.next_last}
    done = {
        "timeliness": ("done_on_time", "done_late", "no_deadline"),
        "done_from": period.first,
        "done_to": period.last,
    }
    return (
        _Listed(
            "overdue",
            "Nhiệm vụ quá hạn",
            "Không có nhiệm vụ quá hạn.",
            {"timeliness": ("overdue",)},
            "most late",
        ),
        _Listed(
            "due",
            f"Nhiệm vụ đến hạn trong kỳ tới, đến hết ngày {period.next_last:%d/%m/%Y}",
            "Không có nhiệm vụ đến hạn trong kỳ tới.",
            due,
            "most late",
        ),
        _Listed(
            "done",
            "Nhiệm vụ hoàn thành trong kỳ",
            "Không có nhiệm vụ hoàn thành trong kỳ.",
            done,
            "last done",
        ),
        _Listed(
            "undated",
            "Nhiệm vụ đang thực hiện không có thời hạn",
            "Nhiệm vụ nào cũng có thời hạn.",
            {"timeliness": ("no_deadline",), "is_open": True},
            "oldest",
        ),
        _Listed(
            "repeated",
            "Nhiệm vụ đã phải chỉ đạo lại",
            "Không có nhiệm vụ nào phải chỉ đạo lại.",
            {"carried_over": True, "is_open": True, **ALL_BUT_CANCELLED},
            "most repeated",
        ),
    )
