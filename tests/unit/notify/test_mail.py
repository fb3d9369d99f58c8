"""What a mail says, and that nothing in a notice can break it."""

import datetime as dt
from email import message_from_bytes
from email.policy import default

import pytest
from pydantic import SecretStr, ValidationError

from services.notify.channels.mail import Mailer, MailRefused
from services.notify.inbox import InboxItem, MeetingMention, TaskLine, UnitMention
from services.notify.settings import NotifySettings
from tests.identity import SESSION_KEY

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def settings(mail_from: str = "ketluan@haivan.example") -> NotifySettings:
    """Settings of a service that can send mail."""
    return NotifySettings(
        database_url=SecretStr("postgresql+asyncpg://nobody@127.0.0.1/none"),
        session_key=SecretStr(SESSION_KEY),
        smtp_host="127.0.0.1",
        mail_from=mail_from,
        public_url="https://ketluan.haivan.example/",
    )


def item(number: str | None = "112/TB-SKHCN", task_count: int = 1, text: str = "Báo cáo Giám đốc Sở.") -> InboxItem:
    """A notification of one task, or of many of which one is shown."""
    unit = UnitMention(id="khoa-hoc", name="Phòng Quản lý khoa học")
    return InboxItem(
        notification_id="n-1",
        sequence=7,
        requested_at=NOW,
        meeting=MeetingMention(id="m-1", title="Kết luận giao ban", number=number, issuer=None),
        rule="meeting-concluded",
        reasons=["responsible", "cooperator"],
        task_count=task_count,
        tasks=[TaskLine(task_id="t-1", reason="responsible", text=text, unit=unit, due=dt.date(2026, 12, 5))],
        deliveries=[],
    )


def text_of(found: InboxItem) -> str:
    """The plain text of the letter."""
    parts = Mailer(settings()).letter(found, "dung@haivan.example", NOW).message.iter_parts()
    content: str = next(iter(parts)).get_content()
    return content


def test_a_deadline_is_written_as_people_write_it() -> None:
    assert "Hạn: 05/12/2026" in text_of(item())


def test_tasks_that_are_not_listed_are_counted() -> None:
    assert "Và 149 nhiệm vụ khác, xem tại https://ketluan.haivan.example/" in text_of(item(task_count=150))


def test_white_space_in_a_number_cannot_add_a_header() -> None:
    letter = Mailer(settings()).letter(item(number="12\r\nBcc: x@y.example"), "dung@haivan.example", NOW)
    assert letter.message["Bcc"] is None
    assert letter.message["Subject"].startswith("Thông báo kết luận 12 Bcc: x@y.example: 1 nhiệm vụ")


@pytest.mark.parametrize("number", ["112/TB-SKHCN", "57/TB-BQLKTX", "9" * 60, "1/TB-" + "Đ" * 30])
def test_a_subject_reads_at_the_other_end_as_it_was_written(number: str) -> None:
    letter = Mailer(settings()).letter(item(number, task_count=54), "dung@haivan.example", NOW)
    received = message_from_bytes(letter.message.as_bytes(), policy=default)
    expected = f"Thông báo kết luận {number}: 54 nhiệm vụ liên quan đến Anh/Chị"
    assert received["Subject"] == expected


def test_a_notice_without_a_number_has_a_subject() -> None:
    letter = Mailer(settings()).letter(item(number=None), "dung@haivan.example", NOW)
    assert letter.message["Subject"] == "Thông báo kết luận: 1 nhiệm vụ liên quan đến Anh/Chị"


def test_markup_in_a_task_stays_text() -> None:
    _, page = (
        Mailer(settings()).letter(item(text="<script>x</script>"), "dung@haivan.example", NOW).message.iter_parts()
    )
    assert "<script>" not in page.get_content()


def test_the_same_notification_has_the_same_message_id_and_text_every_time() -> None:
    first = Mailer(settings()).letter(item(), "dung@haivan.example", NOW)
    second = Mailer(settings()).letter(item(), "dung@haivan.example", NOW + dt.timedelta(hours=1))
    assert first.message["Message-ID"] == second.message["Message-ID"] == "<n-1@haivan.example>"
    assert first.sha256 == second.sha256


@pytest.mark.parametrize("address", ["", "a..b@haivan.example", "nguyễn@haivan.example", "@haivan.example"])
def test_an_address_that_no_message_can_carry_is_refused_for_good(address: str) -> None:
    with pytest.raises(MailRefused, match="cannot stand in a message"):
        Mailer(settings()).letter(item(), address, NOW)


@pytest.mark.parametrize(
    "given", ["", "ketluan", f"ketluan@{'a' * 300}.example", "Sở KHCN <a@b.example>", "a@b.example, c@d.example"]
)
def test_a_sender_that_is_no_address_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ValidationError, match="mail_from"):
        settings(mail_from=given)
