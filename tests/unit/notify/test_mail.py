"""What a mail says of itself, and that nothing in a notice can break it."""

import datetime as dt

import pytest
from icalendar import Calendar
from pydantic import SecretStr, ValidationError

from services.notify.channels.channel import Refused
from services.notify.channels.mail.letter import letter_of
from services.notify.settings import NotifySettings
from tests.identity import SESSION_KEY
from tests.unit.notify.letters import ADDRESS, NOW, SENDER, as_received, item, message, part_of, task, written


def settings(mail_from: str = "ketluan@haivan.example") -> NotifySettings:
    """Settings of a service that can send mail."""
    return NotifySettings(
        database_url=SecretStr("postgresql+asyncpg://nobody@127.0.0.1/none"),
        session_key=SecretStr(SESSION_KEY),
        smtp_host="127.0.0.1",
        mail_from=mail_from,
        public_url="https://ketluan.haivan.example/",
    )


def test_a_deadline_is_written_as_people_write_it() -> None:
    assert "Hạn: Thứ Bảy, 05/12/2026" in part_of(written())
    assert "Due: Saturday, 05/12/2026" in part_of(written(language="en"))


def test_tasks_that_are_not_listed_are_counted() -> None:
    text = part_of(written(item(task_count=150)))
    assert "Và 149 nhiệm vụ khác, xem tại https://ketluan.haivan.example/meetings/m-1" in text


def test_white_space_in_a_number_cannot_add_a_header() -> None:
    letter = written(item(number="12\r\nBcc: x@y.example"))
    assert letter["Bcc"] is None
    assert letter["Subject"].startswith("Thông báo kết luận 12 Bcc: x@y.example: 1 nhiệm vụ")


@pytest.mark.parametrize("number", ["112/TB-SKHCN", "57/TB-BQLKTX", "9" * 60, "1/TB-" + "Đ" * 30])
def test_a_subject_reads_at_the_other_end_as_it_was_written(number: str) -> None:
    received = written(item(number=number, task_count=54))
    assert received["Subject"] == f"Thông báo kết luận {number}: 54 nhiệm vụ liên quan đến Anh/Chị"


def test_a_notice_without_a_number_has_a_subject() -> None:
    assert written(item(number=None))["Subject"] == "Thông báo kết luận: 1 nhiệm vụ liên quan đến Anh/Chị"


def test_markup_in_a_task_stays_text() -> None:
    told = task().model_copy(update={"text": "<script>x</script>"})
    letter = written(item("MeetingConcluded", "assignment", told))
    assert "<script>" not in part_of(letter, "html")
    assert "<script>" in part_of(letter)


def test_markup_in_what_somebody_wrote_stays_text() -> None:
    letter = written(item("CommentAdded", "progress", facts={"note": "<img src=x onerror=y>"}))
    assert "<img" not in part_of(letter, "html")


def test_the_same_message_has_the_same_message_id_and_text_every_time() -> None:
    first = letter_of(message(), SENDER, ADDRESS, NOW)
    second = letter_of(message(), SENDER, ADDRESS, NOW + dt.timedelta(hours=1))
    assert as_received(first)["Message-ID"] == as_received(second)["Message-ID"] == "<n-7@haivan.example>"
    assert first.receipt == second.receipt
    assert first.receipt.reference == "<n-7@haivan.example>"


def test_a_letter_follows_up_the_first_ones_about_its_meeting_and_task() -> None:
    thread = ["<a@haivan.example>", "<b@haivan.example>"]
    letter = as_received(letter_of(message(), SENDER, ADDRESS, NOW, thread=thread))
    assert letter["References"] == "<a@haivan.example> <b@haivan.example>"
    assert letter["In-Reply-To"] == "<b@haivan.example>"
    assert written()["References"] is None


def test_a_letter_says_what_it_is_to_programs() -> None:
    address = "https://ketluan.haivan.example/unsubscribe?token=x"
    letter = as_received(letter_of(message(), SENDER, ADDRESS, NOW, unsubscribe=address))
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Id"] == "<assignment.ketluan.haivan.example>"
    assert letter["List-Unsubscribe"] == "<https://ketluan.haivan.example/unsubscribe?token=x>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["X-Ketluan-Reason"] == "responsible"
    assert letter["Importance"] is None
    assert written(item(urgency="urgent"))["Importance"] == "high"


def test_a_digest_of_several_categories_is_a_list_of_its_own() -> None:
    letter = written(item("DueDateSet", "change", sequence=7), item("CommentAdded", "progress", sequence=8))
    assert letter["List-Id"] == "<digest.ketluan.haivan.example>"
    assert letter["Subject"] == "Tổng hợp: 2 thông báo"


def test_a_calendar_takes_the_deadlines_that_are_the_readers() -> None:
    found = item("MeetingConcluded", "assignment", task(1), task(2, None), task(3, reason="overseer"))
    (attached,) = written(found).iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    (event,) = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert event["UID"] == "t-1@ketluan.haivan.example"
    assert event.decoded("DTSTART") == dt.date(2026, 12, 5)
    assert event["URL"] == "https://ketluan.haivan.example/tasks/t-1"
    assert "quy chế" not in str(event.to_ical(), "utf-8")


def test_work_that_is_over_brings_no_deadline() -> None:
    assert not list(written(item("CompletionAccepted", "decision")).iter_attachments())
    assert not list(written(item("TaskCancelled", "change")).iter_attachments())


@pytest.mark.parametrize("address", ["", "a..b@haivan.example", "nguyễn@haivan.example", "@haivan.example"])
def test_an_address_that_no_message_can_carry_is_refused_for_good(address: str) -> None:
    with pytest.raises(Refused, match="cannot stand in a message"):
        letter_of(message(), SENDER, address, NOW)


@pytest.mark.parametrize(
    "given", ["", "ketluan", f"ketluan@{'a' * 300}.example", "Sở KHCN <a@b.example>", "a@b.example, c@d.example"]
)
def test_a_sender_that_is_no_address_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ValidationError, match="mail_from"):
        settings(mail_from=given)
