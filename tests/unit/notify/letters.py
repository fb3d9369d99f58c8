"""One letter of every kind, by which the tests say how they read."""

import datetime as dt
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from services.notify.channels.mail.letter import Letter, Sender, letter_of
from services.notify.channels.message import Message, page_of
from services.notify.inbox import CauseMention, InboxItem, MeetingMention, TaskLine, UnitMention
from shared.events.inbox import Reason
from shared.events.preferences import Category, Language, Urgency

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SENDER = Sender("ketluan@haivan.example", "https://ketluan.haivan.example")
ADDRESS = "dung@haivan.example"
CHECKPOINT = """haivan.example/log
1024
qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=

— haivan.example/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""


def task(number: int = 1, due: dt.date | None = dt.date(2026, 12, 5), reason: Reason = "responsible") -> TaskLine:
    """A line of a letter."""
    unit = UnitMention(id="khoa-hoc", name="Phòng Quản lý khoa học")
    text = f"Việc số {number}: hoàn thiện quy chế & báo cáo Giám đốc Sở."
    return TaskLine(task_id=f"t-{number}", reason=reason, text=text, unit=unit, due=due)


def item(
    event: str = "MeetingConcluded",
    category: Category = "assignment",
    *tasks: TaskLine,
    number: str | None = "112/TB-SKHCN",
    task_count: int | None = None,
    facts: Mapping[str, Any] | None = None,
    urgency: Urgency = "important",
    due: dt.date | None = None,
    offset: int | None = None,
    sequence: int = 7,
) -> InboxItem:
    """A notification of a notice's tasks, or of what happened to them."""
    shown = tasks or (task(),)
    of_record = category == "record"
    return InboxItem(
        notification_id=f"n-{sequence}",
        sequence=sequence,
        requested_at=NOW,
        meeting=None if of_record else MeetingMention(id="m-1", title="Kết luận giao ban", number=number, issuer=None),
        category=category,
        urgency=urgency,
        cause=CauseMention(event=event, at=NOW, actor="person.binh", facts=dict(facts or {})) if event else None,
        due=due,
        offset=offset,
        rule="rule",
        reasons=["auditor"] if of_record else list(dict.fromkeys(each.reason for each in shown)),
        task_count=0 if of_record else task_count or len(shown),
        tasks=[] if of_record else list(shown),
        deliveries=[],
    )


def message(*items: InboxItem, language: Language = "vi") -> Message:
    """These notifications, as one message."""
    given = items or (item(),)
    several = len(given) > 1
    return Message(
        message_id="digest-1" if several else given[0].notification_id,
        person_id="dung",
        language=language,
        items=given,
        page=page_of(given, SENDER.public_url),
        digest=several,
    )


def written(*items: InboxItem, language: Language = "vi") -> EmailMessage:
    """The letter that brings these notifications."""
    return as_received(letter_of(message(*items, language=language), SENDER, ADDRESS, NOW))


def as_received(letter: Letter) -> EmailMessage:
    """The letter as a mail program reads it."""
    return message_from_bytes(letter.content, policy=default)


def part_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The letter's text, or its page (`html`)."""
    found = letter.get_body((kind,))
    assert isinstance(found, EmailMessage)
    return str(found.get_content()).replace("\r\n", "\n")


_DUE = dt.date(2026, 12, 5)
_UNTIL = {"until": "2026-12-20", "note": "Chờ Sở Tài chính thẩm định."}


def every_kind() -> Iterator[tuple[str, tuple[InboxItem, ...]]]:
    """Name and notifications of a letter of every kind."""
    yield "assignment", (item("MeetingConcluded", "assignment", task(1), task(2, None, "cooperator"), task_count=5),)
    yield "assignment-again", (item("TaskReassigned", facts={"note": "Đúng chức năng hơn."}),)
    yield "assignment-period", (item("TaskAssigned"),)
    yield "assignment-joined", (item("CooperatorsChanged", "assignment", task(1, reason="cooperator")),)
    yield "change-deadline", (item("DueDateSet", "change", facts={"due": "2026-12-20", "note": "Theo ý kiến UBND."}),)
    yield "change-no-deadline", (item("DueDateSet", "change", task(due=None), facts={"due": None}),)
    yield "change-revoked", (item("ConclusionRevoked", "change", task(1), task(2)),)
    yield "decision-extension-asked", (item("ExtensionRequested", "decision", facts=_UNTIL),)
    yield "decision-extension-granted", (item("ExtensionGranted", "decision", facts={"until": "2026-12-20"}),)
    yield "decision-returned", (item("CompletionReturned", "decision", facts={"note": "Thiếu phụ lục số liệu."}),)
    yield "progress", (item("ProgressReported", "progress", facts={"percent": 40, "note": "Đã dự thảo."}),)
    yield "progress-comment", (item("CommentAdded", "progress", facts={"note": "Cần số liệu quý III."}),)
    yield "reminder-before", (item("MeetingConcluded", "reminder", task(1), task(2), due=_DUE, offset=-3),)
    yield "reminder-on", (item("MeetingConcluded", "reminder", due=_DUE, offset=0, urgency="urgent"),)
    yield "reminder-after", (item("MeetingConcluded", "reminder", due=_DUE, offset=1, urgency="urgent"),)
    yield "reminder-by-somebody", (item("ReminderIssued", "reminder", facts={"note": "Báo cáo trước thứ Sáu."}),)
    yield "escalation", (item("MeetingConcluded", "escalation", task(1, _DUE, "escalated"), due=_DUE, offset=2),)
    yield "record", (item("CheckpointIssued", "record", facts={"checkpoint": CHECKPOINT}),)
    yield "record-repaired", (item("RecordRepaired", "record", urgency="urgent"),)
    yield (
        "digest",
        (
            item("DueDateSet", "change", facts={"due": "2026-12-20"}, sequence=7),
            item("ProgressReported", "progress", task(2), facts={"percent": 40}, sequence=9),
            item("CommentAdded", "progress", task(3, None), facts={"note": "Cần số liệu quý III."}, sequence=12),
        ),
    )
