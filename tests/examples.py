"""Valid conclusions and events for tests of every kind."""

import datetime as dt
from typing import Any

from shared.events.catalogue import EventData
from shared.events.envelope import Envelope
from shared.events.fields import Deadline, UnitRef, derived_id
from shared.events.task import TaskAssigned
from shared.events.unit import UnitRegistered
from shared.log.append import Entry, entry

OFFICE = UnitRegistered(unit_id="van-phong", name="Văn phòng Sở", aliases=("VP Sở",), classes=("Các phòng và đơn vị",))
FINANCE = UnitRegistered(
    unit_id="ke-hoach-tai-chinh",
    name="Phòng Kế hoạch - Tài chính",
    aliases=("P.KHTC",),
    classes=("Các phòng và đơn vị",),
)


def conclusion(directives: int = 3, **changes: Any) -> dict[str, Any]:
    """A conclusion as an integration posts it: so many directives, each for the office of the department."""
    return {
        "issuer": "Sở Khoa học và Công nghệ tỉnh Hải Vân",
        "number": "112/TB-SKHCN",
        "issued_on": "2026-11-20",
        "held_on": "2026-11-18",
        "title": "Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 11 năm 2026",
        "concluded_by": {"name": "Lê Minh Châu", "position": "Giám đốc"},
        "directives": [
            {
                "heading": "1. Văn phòng Sở",
                "text": f"Hoàn thiện quy chế làm việc, phần {number}, trình Giám đốc Sở ký trước ngày 05/12/2026.",
                "assignees": ["Văn phòng Sở"],
                "deadline": {"date": "2026-12-05", "phrase": "trước ngày 05/12/2026"},
            }
            for number in range(1, directives + 1)
        ],
        **changes,
    }


def assigned(name: str, **changes: Any) -> TaskAssigned:
    """A task for the office; `name` makes its id."""
    return TaskAssigned(
        **{
            "task_id": derived_id("task", name),
            "meeting_id": derived_id("meeting", "example"),
            "directive_id": derived_id("directive", name),
            "ordinal": 1,
            "text": "Hoàn thiện quy chế làm việc.",
            "phrase": "Văn phòng Sở",
            "unit": UnitRef(id=OFFICE.unit_id, name=OFFICE.name),
            "deadline": Deadline(date=dt.date(2026, 12, 5)),
            **changes,
        }
    )


def envelope(subject: str, data: EventData, *, version: int = 1, variant: str = "") -> Envelope:
    """The event that puts `data` on an aggregate such as `task.4c1f…`; `variant` makes another event of it."""
    return Envelope(
        id=derived_id("event", subject, version, variant),
        source="/ketluan/tests",
        type=data.type,
        subject=subject,
        time=dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC),
        actor="tests",
        correlationid="request-1",
        causationid="request-1",
        aggregateversion=version,
        data=data.model_dump(mode="json", exclude_none=True),
    )


def task_entry(name: str, *, follows: int | None = 0, variant: str = "") -> Entry:
    """The entry that begins a task; with another `variant` it is another event."""
    data = assigned(name)
    return entry(envelope(f"task.{data.task_id}", data, variant=variant), follows)
