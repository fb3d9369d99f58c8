"""What the page of a task says of the steps that are rare."""

import datetime as dt
import re
from pathlib import Path

from fastapi import Request

import services.tasks.pages.routes
from services.tasks.pages import words
from services.tasks.pages.happenings import happenings
from services.tasks.pages.recurring import recurring
from services.tasks.pages.task import Meanwhile, Offered, Sent
from services.tasks.pages.timeline import timeline
from services.tasks.register.views import DirectiveView, HistoryEntry, MeetingBrief, TaskView
from services.tasks.task.commands import COMMANDS, File
from shared import vocabulary
from shared.events.fields import UnitRef
from shared.events.inbox import (
    InboxEvent,
    NotificationAcknowledged,
    NotificationAttempted,
    NotificationBounced,
    NotificationFailed,
    NotificationRead,
    NotificationRequested,
    NotificationResent,
    TaskMention,
)
from shared.identity.caller import Caller, CallerRole
from shared.identity.permissions import Permission
from shared.web.pages import Pages

AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
REQUESTED = NotificationRequested(
    notification_id="n",
    person_id="ha",
    rule="meeting-concluded",
    reasons=("responsible", "overseer"),
    meeting_id="m",
    tasks=(TaskMention(task_id="t", reason="overseer"), TaskMention(task_id="other", reason="responsible")),
    channels=("inbox", "mail"),
)
FAILED = NotificationFailed(notification_id="n", person_id="ha", channel="mail", error="550 <no such user>", attempts=3)
TASK = TaskView(
    id="t",
    assigned_sequence=1,
    sequence=1,
    version=1,
    status="done",
    timeliness="overdue",
    unit=UnitRef(id="van-phong", name="Văn phòng Sở"),
    phrase="VP Sở",
    due=None,
    assigned_at=AT,
    directive=DirectiveView(
        id="d",
        ordinal=1,
        heading=None,
        text="Rà soát.",
        span=None,
        lead=None,
        cooperators=(),
        report_to=(),
        recurrence=None,
        citations=(),
    ),
    meeting=MeetingBrief(id="m", title="Kết luận", issuer=None, number=None, held_on=None),
)


def entry(sequence: int, event_type: str, data: dict[str, object], causation: str = "request") -> HistoryEntry:
    return HistoryEntry(
        sequence=sequence,
        id=f"event-{sequence}",
        type=event_type,
        time=AT,
        subject="inbox.ha",
        actor="service.notify",
        causation_id=causation,
        correlation_id="request",
        person="Phạm Thu Hà",
        data=data,
    )


def shown(
    *history: HistoryEntry,
    role: CallerRole = "office",
    task: TaskView = TASK,
    can: tuple[Permission, ...] = (),
    sent: Sent | None = None,
) -> str:
    """The page's HTML as somebody of a role sees it, its white space joined."""
    pages = Pages("Asia/Ho_Chi_Minh", [Path(services.tasks.pages.routes.__file__).parent / "templates"])
    state = {"caller": Caller("person.ha", "Phạm Thu Hà", "ha", frozenset({role}))}
    scope = {"type": "http", "path": "/tasks/t", "root_path": "", "query_string": b"", "headers": [], "state": state}
    values = {
        "task": task,
        "first": 0,
        "meeting": None,
        "sequence": 1,
        "history": happenings(timeline(history)),
        "excerpt": None,
        "can": can,
        "sent": sent,
        "offered": Offered(),
        "result": None,
        "extension": None,
        "turns": (),
        "more_turns": False,
        "programs": {"client.vanthu": "Phần mềm văn thư"},
        "recurring": recurring,
        "words": words,
        "vocabulary": vocabulary,
        "deadline": lambda due: "Quá hạn 3 ngày",
    }
    return " ".join(bytes(pages.page(Request(scope), "task.html", values).body).decode().split())


def test_a_notification_that_failed_says_why_and_where_it_still_is() -> None:
    requested = entry(5, REQUESTED.type, REQUESTED.model_dump(mode="json"))
    page = shown(requested, entry(6, FAILED.type, FAILED.model_dump(mode="json"), causation="event-5"))
    assert "Không gửi được qua thư điện tử: 550 &lt;no such user&gt;. Hộp tin vẫn giữ tin này." in page


def test_a_notification_says_all_that_became_of_it() -> None:
    told = {"notification_id": "n", "person_id": "ha"}
    came: list[InboxEvent] = [
        NotificationAttempted(**told, channel="mail", attempt=1, error="451 4.7.1"),
        NotificationBounced(**told, channel="mail", error="5.1.1"),
        NotificationResent(**told, channel="mail"),
        NotificationRead(**told),
        NotificationAcknowledged(**told),
    ]
    page = shown(
        entry(5, REQUESTED.type, REQUESTED.model_dump(mode="json")),
        *(entry(number, each.type, each.model_dump(mode="json")) for number, each in enumerate(came, start=6)),
    )
    assert "Chưa gửi được qua thư điện tử: 451 4.7.1. Sẽ gửi lại." in page
    assert "Bị trả lại qua thư điện tử: 5.1.1. Hộp tin vẫn giữ tin này." in page
    assert "Được gửi lại qua thư điện tử." in page
    assert '<span lang="vi">Phạm Thu Hà</span> đã đọc.' in page
    assert '<span lang="vi">Phạm Thu Hà</span> đã ghi nhận.' in page


def test_a_notification_gives_the_reason_that_concerns_this_task() -> None:
    page = shown(entry(5, REQUESTED.type, REQUESTED.model_dump(mode="json")))
    assert "theo dõi chung" in page
    assert "đơn vị chủ trì" not in page


def test_an_event_of_a_later_version_shows_by_its_type_and_leads_to_its_bytes() -> None:
    page = shown(entry(1_234, "ketluan.NotificationDelivered.v9", {"by": "pigeon"}))
    assert "Sự kiện <code>ketluan.NotificationDelivered.v9</code>." in page
    assert 'href="/record/events/1234"' in page


def test_whoever_may_not_read_the_log_is_not_led_to_it() -> None:
    assert "/record/events" not in shown(entry(1_234, "ketluan.NotificationDelivered.v9", {}), role="staff")


def test_work_that_is_done_is_not_called_late() -> None:
    assert "Quá hạn" not in shown()


def test_each_step_of_a_task_is_told_in_words_with_what_was_said() -> None:
    entries: list[tuple[str, dict[str, object], str]] = [
        ("ProgressReported", {"task_id": "t", "percent": 40, "note": "Đã dự thảo."}, "Báo cáo tiến độ: 40%."),
        ("ExtensionRequested", {"task_id": "t", "until": "2026-12-20", "reason": "Chờ."}, "Xin gia hạn đến"),
        ("DueDateSet", {"task_id": "t", "reason": "Bỏ hạn."}, "Đặt hạn: không có hạn."),
        (
            "TaskReassigned",
            {"task_id": "t", "unit": {"id": "x", "name": "Phòng X"}, "lead": {"name": "An"}, "reason": "Đúng."},
            '<strong lang="vi">Phòng X</strong>, <span lang="vi">An</span>.',
        ),
        ("CommentAdded", {"task_id": "t", "text": "Nhớ <b>gửi</b>."}, "Nhớ &lt;b&gt;gửi&lt;/b&gt;."),
        (
            "CompletionSubmitted",
            {
                "task_id": "t",
                "note": "Xong.",
                "evidence": [{"sha256": "0" * 64, "name": "a.pdf", "media_type": "application/pdf", "size": 1}],
            },
            f'<a href="/v1/attachments/{"0" * 64}" lang="vi">a.pdf</a>',
        ),
    ]
    page = shown(*(entry(n, f"ketluan.{kind}.v1", data) for n, (kind, data, _) in enumerate(entries, start=1)))
    for _, _, words_shown in entries:
        assert words_shown in page


def test_a_task_that_comes_back_says_how_often_in_words() -> None:
    page = shown(task=TASK.model_copy(update={"is_series": True, "recurrence": "FREQ=WEEKLY"}))
    assert "(hằng tuần)" in page
    assert "FREQ" not in page
    unknown = TASK.model_copy(update={"is_series": True, "recurrence": "FREQ=HOURLY"})
    assert "<code>FREQ=HOURLY</code>" in shown(task=unknown)


def test_a_program_goes_by_its_name_where_it_is_known() -> None:
    told = entry(5, "ketluan.ProgressReported.v1", {"task_id": "t", "percent": 40})
    page = shown(told.model_copy(update={"actor": "client.vanthu"}))
    assert 'người ghi: <span lang="vi">Phần mềm văn thư</span>' in page
    assert 'người ghi: <span lang="vi">khac</span>' in shown(told.model_copy(update={"actor": "client.khac"}))


def test_every_form_is_shown_and_none_of_their_fields_share_an_id() -> None:
    page = shown(can=tuple(COMMANDS))
    assert page.count('name="version" value="1"') == len(COMMANDS)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_refused_form_keeps_what_was_typed_and_the_files_and_says_what_is_wrong() -> None:
    error = {"pointer": "/percent", "detail": "phải từ 100 trở xuống"}
    sent = Sent(
        command="report-progress",
        fields={"percent": "140", "note": "Nhớ <b>gửi</b>."},
        kept=(File(sha256="0" * 64, name="a <1>.pdf"),),
        told={"title": "Chưa dùng được", "code": "invalid", "errors": [error]},
        meanwhile=(),
        back="/queue",
        labels={"percent": "Đã làm được"},
    )
    page = shown(can=("report-progress", "comment"), sent=sent)
    assert '<a href="#report-progress-percent">Đã làm được</a>: phải từ 100 trở xuống' in page
    assert 'value="140"' in page
    assert "Nhớ &lt;b&gt;gửi&lt;/b&gt;." in page
    assert f'name="kept" value="{"0" * 64} a &lt;1&gt;.pdf" checked' in page
    assert page.count('name="next" value="/queue"') == 1


def test_what_somebody_typed_too_late_is_not_lost_where_its_form_is_gone() -> None:
    meanwhile = (Meanwhile("TaskCancelled", "Ngô Văn Tín", "person.tin", AT),)
    sent = Sent("submit-completion", {"note": "Đã xong."}, (), {"code": "stale"}, meanwhile, "/tasks/t", {})
    page = shown(can=("comment",), sent=sent)
    assert '<span lang="vi">Ngô Văn Tín</span> – Huỷ nhiệm vụ' in page
    assert '<dd lang="vi">Đã xong.</dd>' in page
