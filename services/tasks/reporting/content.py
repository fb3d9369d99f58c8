"""What a report says: figures by unit, lists of tasks, and the sentences around them. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.tasks.register.as_of import AsOf
from services.tasks.register.figures import Figure
from services.tasks.register.views import MeetingView, TaskView
from services.tasks.reporting.letterhead import Letterhead
from services.tasks.reporting.period import Period
from services.tasks.timeliness import Day
from shared.vocabulary import STATUS
from shared.web import wording

Column = Literal[
    "assigned", "done_on_time", "done_late", "done_without_deadline", "overdue", "due_soon", "in_time", "no_deadline"
]
COLUMNS: tuple[tuple[Column, str], ...] = (
    ("assigned", "Giao trong kỳ"),
    ("done_on_time", "Xong đúng hạn"),
    ("done_late", "Xong quá hạn"),
    ("done_without_deadline", "Xong, không hạn"),
    ("overdue", "Quá hạn"),
    ("due_soon", "Sắp đến hạn"),
    ("in_time", "Trong hạn"),
    ("no_deadline", "Không có hạn"),
)
"""The figures of a unit, and what they are called: what the period brought, then how open work stands at its end."""

ListKey = Literal["overdue", "due", "done", "undated", "repeated"]
HEADINGS: tuple[str, ...] = ("TT", "Nội dung nhiệm vụ", "Đơn vị", "Thời hạn", "Tình hình", "Đối chiếu")
"""The columns of a list of tasks."""


@dataclass(frozen=True, slots=True)
class Line:
    """A unit, or all of them together, with the figures in the order of `COLUMNS`."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One task in a list. `version` and `sequence` name the event that it was last changed by."""

    task_id: str
    text: str
    notice: str
    unit: str
    due: dt.date | None
    standing: str
    version: int
    sequence: int

    @property
    def trace(self) -> str:
        """By what the row can be compared with the log."""
        return f"bản {self.version}, sự kiện {wording.number(self.sequence, 'vi')}"


@dataclass(frozen=True, slots=True)
class TaskList:
    """A list of tasks: how many there are in all, and as many of them as are shown, the foremost first."""

    key: ListKey
    title: str
    nothing: str
    all: Figure
    rows: Sequence[Row]

    @property
    def left_out(self) -> int:
        """How many tasks are not shown."""
        return self.all.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report, as of an event; `meeting` is the one whose tasks alone it is about, and `made_on` its day."""

    period: Period
    meeting: MeetingView | None
    letterhead: Letterhead
    as_of: AsOf
    day: Day
    made_on: dt.date
    total: Line
    units: Sequence[Line]
    lists: Sequence[TaskList]

    @property
    def subject(self) -> str:
        """What the report is about, behind the word for its kind."""
        if self.meeting is None:
            return f"Tình hình thực hiện các nhiệm vụ theo thông báo kết luận, {self.period.words}"
        named = f"Thông báo số {self.meeting.number}" if self.meeting.number else self.meeting.title
        return f"Tình hình thực hiện {named}, {self.period.words}"

    @property
    def opening(self) -> str:
        """Its first paragraph."""
        which = f"“{self.meeting.title}”" if self.meeting else "các thông báo kết luận cuộc họp"
        return f"Thực hiện {which}, {self.letterhead.issuer or 'cơ quan'} báo cáo kết quả {self.period.words} như sau:"

    @property
    def results(self) -> str:
        """What the period brought, in one paragraph."""
        by = self._counts()
        done = by["done_on_time"] + by["done_late"] + by["done_without_deadline"]
        return (
            f"Trong kỳ có {_number(by['assigned'])} nhiệm vụ được giao; {_number(done)} nhiệm vụ hoàn thành, trong đó "
            f"{_number(by['done_on_time'])} đúng hạn, {_number(by['done_late'])} quá hạn, "
            f"{_number(by['done_without_deadline'])} không đặt thời hạn."
        )

    @property
    def remaining(self) -> str:
        """How open work stands, in one paragraph."""
        by = self._counts()
        still = by["overdue"] + by["due_soon"] + by["in_time"] + by["no_deadline"]
        repeated = next(each.all.count for each in self.lists if each.key == "repeated")
        return (
            f"Đến ngày {self.day.date:%d/%m/%Y}, còn {_number(still)} nhiệm vụ đang thực hiện: "
            f"{_number(by['overdue'])} quá hạn, {_number(by['due_soon'])} sắp đến hạn (đến hết ngày "
            f"{self.day.due_soon_until:%d/%m/%Y}), {_number(by['in_time'])} trong hạn, {_number(by['no_deadline'])} "
            f"không có thời hạn; {_number(repeated)} nhiệm vụ đã phải chỉ đạo lại."
        )

    @property
    def basis(self) -> str:
        """What the figures rest on."""
        return (
            f"Số liệu lập từ sổ ghi đến hết sự kiện số {_number(self.as_of.stands_on)}, lúc "
            f"{wording.time(self.as_of.time, self.day.zone)}. Cột “Đối chiếu” nêu phiên bản của nhiệm vụ và sự "
            f"kiện gần nhất làm thay đổi nhiệm vụ; mỗi dòng dẫn tới toàn bộ lịch sử của nhiệm vụ đó."
        )

    def _counts(self) -> dict[Column, int]:
        return {key: figure.count for (key, _), figure in zip(COLUMNS, self.total.figures, strict=True)}


def row(task: TaskView, day: Day) -> Row:
    """A task as a list shows it on a day."""
    number = task.meeting.number or "thông báo chưa có số"
    return Row(
        task_id=task.id,
        text=task.directive.text,
        notice=f"{number}, chỉ đạo {task.directive.ordinal}",
        unit=task.unit.name,
        due=task.due.date if task.due else None,
        standing=_standing(task, day),
        version=task.version,
        sequence=task.sequence,
    )


def _standing(task: TaskView, day: Day) -> str:
    if task.status == "done":
        way = {"done_on_time": "đúng hạn", "done_late": "quá hạn"}.get(task.timeliness or "", "")
        handed_in = f"trình ngày {day.local_date(task.submitted_at):%d/%m/%Y}" if task.submitted_at else ""
        return ", ".join(filter(None, [f"{STATUS['done'].vi} {way}".strip(), handed_in]))
    progress = STATUS[task.status].vi + (f" {task.percent}%" if task.percent is not None else "")
    late = wording.deadline(task.due.date, day.date, "vi") if task.due else ""
    again = f"Chỉ đạo lần thứ {task.carried_over.times}" if task.carried_over else ""
    return "; ".join(filter(None, [late, progress, again]))


def _number(count: int) -> str:
    return wording.number(count, "vi")
