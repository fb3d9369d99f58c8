"""A meeting and what became of it, as tables: Vietnamese, with English where it is short."""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table

from deploy.overview.client import Facts, Fields
from shared.vocabulary import CHANNELS, DELIVERY, EVENTS, REASONS, STATUS, TIMELINESS

_MOST_ROWS = 100

_MARKS = {"no_deadline": "dim", "due_soon": "yellow", "overdue": "red"}


def show(facts: Facts, zone: str, console: Console) -> None:
    """Prints the five tables. `zone` is the time zone (IANA) of the moments in them."""
    tables = (meeting(facts), directives(facts), tasks(facts), notifications(facts), history(facts, ZoneInfo(zone)))
    console.print(Group(*(part for table in tables for part in ("", table))))


def _table(title: str, *columns: str, wide: int) -> Table:
    """An empty table whose column number `wide` takes the room that the others leave."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.ROUNDED, expand=True)
    for number, column in enumerate(columns):
        table.add_column(column, overflow="fold", ratio=1 if number == wide else None)
    return table


def meeting(facts: Facts) -> RenderableType:
    """The notice's own fields."""
    found = facts.meeting
    table = Table(title="Cuộc họp (meeting)", title_justify="left", title_style="bold", box=box.ROUNDED, expand=True)
    table.show_header = False
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    rows = {
        "Tên": found["title"],
        "Cơ quan": found["issuer"],
        "Số, ký hiệu": found["number"],
        "Ngày ban hành": _day(found["issued_on"]),
        "Ngày họp": _day(found["held_on"]),
        "Người kết luận": _person(found["concluded_by"]),
        "Người ký": _person(found["signed_by"]),
        "Chỉ đạo, nhiệm vụ": f"{found['directive_count']} chỉ đạo, {found['task_count']} nhiệm vụ",
        "Địa chỉ": f"/v1/meetings/{found['id']}",
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, escape(value))
    return table


def directives(facts: Facts) -> RenderableType:
    """Each directive under its heading, with its units and its deadline."""
    table = _table(
        f"Các chỉ đạo (directives): {facts.meeting['directive_count']}",
        *("#", "Chỉ đạo", "Đơn vị (units)", "Hạn (due)"),
        wide=1,
    )
    table.columns[2].max_width = 34
    heading: str | None = None
    for together in _by_directive(facts.tasks):
        directive = together[0]["directive"]
        if directive["heading"] and directive["heading"] != heading:
            heading = directive["heading"]
            table.add_section()
            table.add_row("", f"[bold]{escape(directive['heading'])}[/]", "", "")
        due = together[0]["due"]
        lead = f"\n[dim]Chủ trì: {escape(directive['lead']['name'])}[/]" if directive["lead"] else ""
        units = "\n".join(dict.fromkeys(_unit(task["unit"]) for task in together))
        table.add_row(
            str(directive["ordinal"]), escape(directive["text"]) + lead, units, _day(due["date"]) if due else "—"
        )
    return table


def tasks(facts: Facts) -> RenderableType:
    """The tasks: one for each directive and unit."""
    table = _table(
        f"Các nhiệm vụ (tasks): {len(facts.tasks)}",
        *("#", "Đơn vị (unit)", "Trạng thái (status)", "Thời hạn (deadline)", "Địa chỉ (/v1/tasks/…)"),
        wide=1,
    )
    table.columns[4].no_wrap = True
    for task in facts.tasks[:_MOST_ROWS]:
        due = f"{_day(task['due']['date'])}, " if task["due"] else ""
        table.add_row(
            str(task["directive"]["ordinal"]),
            _unit(task["unit"]),
            STATUS[task["status"]].vi,
            f"{due}{_timeliness(task)}",
            task["id"],
        )
    _add_rest(table, len(facts.tasks))
    return table


def _timeliness(task: Fields) -> str:
    if task["timeliness"] is None:
        return "—"
    words, mark = TIMELINESS[task["timeliness"]].vi, _MARKS.get(task["timeliness"])
    return f"[{mark}]{words}[/]" if mark else words


def notifications(facts: Facts) -> RenderableType:
    """Who was told, and why."""
    table = _table(
        f"Những người được báo tin (notifications): {len(facts.notifications)}",
        *("Người (person)", "Đơn vị (unit)", "Lý do (why)", "Nhiệm vụ", "Kết quả"),
        wide=2,
    )
    for notification in facts.notifications[:_MOST_ROWS]:
        told = (f"{CHANNELS[each['channel']].vi}: {DELIVERY[each['state']].vi}" for each in notification["deliveries"])
        table.add_row(
            escape(notification["person"]["name"] or notification["person"]["id"]),
            escape(notification["unit"]["name"]) if notification["unit"] else "—",
            ", ".join(REASONS[reason].vi for reason in notification["reasons"]),
            str(notification["task_count"]),
            "\n".join(told),
        )
    _add_rest(table, len(facts.notifications))
    return table


def history(facts: Facts, zone: ZoneInfo) -> RenderableType:
    """The log's first events, the meeting's first, and what followed when it came into force."""
    table = _table(
        "Lịch sử phát lại từ đầu (replayed history)", "STT", "Lúc", "Việc (event)", "Đối tượng (subject)", "Do", wide=3
    )
    _add_events(table, facts.first_events, zone)
    for events in (facts.assigned_events, facts.concluded_events):
        table.add_section()
        _add_events(table, events, zone)
    table.caption = "Toàn bộ: GET /v1/events"
    table.caption_justify = "left"
    return table


def _add_events(table: Table, events: Iterable[Fields], zone: ZoneInfo) -> None:
    for each in events:
        event: Mapping[str, object] = each["event"] or {}
        kind = str(event.get("type", "?")).removeprefix("ketluan.").partition(".v")[0]
        table.add_row(
            str(each["sequence"]),
            _moment(each["stored_at"], zone),
            f"{EVENTS[kind].vi if kind in EVENTS else ''} [dim]{escape(kind)}[/]".strip(),
            escape(each["subject"].removeprefix("log.")),
            escape(str(event.get("actor", ""))),
        )


def _add_rest(table: Table, count: int) -> None:
    if count > _MOST_ROWS:
        table.caption = f"… và {count - _MOST_ROWS} dòng nữa (more)"


def _by_directive(tasks: Iterable[Fields]) -> list[list[Fields]]:
    found: dict[str, list[Fields]] = {}
    for task in tasks:
        found.setdefault(task["directive"]["id"], []).append(task)
    return sorted(found.values(), key=lambda together: together[0]["directive"]["ordinal"])


def _unit(unit: Fields) -> str:
    return escape(unit["name"]) + (" [yellow](chưa có trong danh bạ)[/]" if unit["provisional"] else "")


def _person(person: Fields | None) -> str:
    return ", ".join(str(part) for part in (person["name"], person["position"]) if part) if person else ""


def _day(day: str | None) -> str:
    return f"{dt.date.fromisoformat(day):%d/%m/%Y}" if day else ""


def _moment(moment: str, zone: ZoneInfo) -> str:
    return f"{dt.datetime.fromisoformat(moment).astimezone(zone):%d/%m %H:%M:%S}"
