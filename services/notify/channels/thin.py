"""What leaves by services that others run: numbers, deadlines and a link, and never a word of a directive. Pure."""

import datetime as dt
from collections.abc import Mapping

from services.notify.channels.message import Message
from services.notify.inbox import InboxItem
from shared.events.preferences import Category, Language
from shared.language import Words

MOST_LINES = 10
_LONGEST_NUMBER = 60

_ABOUT: Mapping[Category, Words] = {
    "assignment": Words("Giao nhiệm vụ", "Tasks assigned"),
    "change": Words("Có thay đổi", "Something changed"),
    "decision": Words("Đề nghị, quyết định", "Requests and decisions"),
    "progress": Words("Tiến độ", "Progress"),
    "reminder": Words("Nhắc hạn", "Deadline"),
    "escalation": Words("Việc chậm hạn", "Late work"),
    "record": Words("Sổ ghi", "The record"),
}
_URGENT = Words("KHẨN – {line}", "URGENT – {line}")
_TASKS = Words("{count} nhiệm vụ", "{count} task(s)")
_DUE = Words("hạn {day}", "due {day}")
_MORE = Words("và {count} thông báo khác", "and {count} more")


def thin_lines(message: Message, most: int = MOST_LINES) -> list[str]:
    """One line for each notification, such as "Giao nhiệm vụ – 112/TB-SKHCN: 3 nhiệm vụ, hạn 05/12/2026"; where there
    are more than `most`, the last line tells how many more."""
    shown = message.items if len(message.items) <= most else message.items[: most - 1]
    lines = [_line(item, message.language) for item in shown]
    if left := len(message.items) - len(shown):
        lines.append(_MORE.to(message.language, count=left))
    return lines


def _line(item: InboxItem, language: Language) -> str:
    number = " ".join((item.meeting.number or "").split()) if item.meeting else ""
    if len(number) > _LONGEST_NUMBER:
        number = f"{number[:_LONGEST_NUMBER]}…"
    line = _ABOUT[item.category].to(language) + (f" – {number}" if number else "")
    about = [_TASKS.to(language, count=item.task_count)] if item.task_count else []
    if due := item.due or min((task.due for task in item.tasks if task.due), default=None):
        about.append(_DUE.to(language, day=_written(due, language)))
    if about:
        line += f": {', '.join(about)}"
    return _URGENT.to(language, line=line) if item.urgency == "urgent" else line


def _written(day: dt.date, language: Language) -> str:
    return f"{day:%d/%m/%Y}" if language == "vi" else day.isoformat()
