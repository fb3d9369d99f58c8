"""What a person sees who starts ketluan, and starts it again."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.documents import paragraph, word
from tests.integration.embedded.installed import Installed


def test_the_first_run_shows_the_sample_from_the_notice_to_the_notifications(first_run: tuple[Path, str]) -> None:
    _, shown = first_run

    for title in ("Cuộc họp", "Các chỉ đạo", "Các nhiệm vụ", "Những người được báo tin", "Lịch sử phát lại"):
        assert title in shown
    assert "118/TB-SKHCN" in shown
    assert "Các chỉ đạo (directives): 12" in shown
    assert "05/12/2026" in shown
    assert "chưa có trong danh bạ" in shown
    assert "hộp tin: đã tới" in shown
    assert "MeetingConcluded" in shown


def test_a_later_run_resumes_the_same_data_and_writes_nothing(installed: Installed) -> None:
    with installed:
        before = installed.event_count()

    again = installed.once()

    assert again.returncode == 0, again.stderr
    assert "118/TB-SKHCN" in again.stdout
    with installed:
        assert installed.event_count() == before


def test_a_notice_that_is_given_is_posted_and_a_second_time_gives_the_first_answer(
    installed: Installed, tmp_path: Path
) -> None:
    notice = tmp_path / "khác.txt"
    notice.write_text(
        "THÔNG BÁO\nKết luận của Giám đốc Sở tại cuộc họp đột xuất\n\n1. Văn phòng Sở\n"
        "- Sửa chữa hội trường trước ngày 15/12/2026.\n",
        encoding="utf-8",
    )

    first, second = installed.once(NOTICE=str(notice)), installed.once(NOTICE=str(notice))

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "Các chỉ đạo (directives): 1" in first.stdout
    assert "Sửa chữa hội trường" in second.stdout
    with installed:
        assert len(installed.get("/v1/meetings")) == 3


def test_a_notice_may_be_a_word_file(installed: Installed, tmp_path: Path) -> None:
    notice = tmp_path / "thông báo.docx"
    lines = ("THÔNG BÁO", "Kết luận của Giám đốc Sở tại cuộc họp giao ban", "1. Văn phòng Sở", "- Sửa chữa hội trường.")
    notice.write_bytes(word("".join(map(paragraph, lines))))

    done = installed.once(NOTICE=str(notice))

    assert done.returncode == 0, done.stderr
    assert "Các chỉ đạo (directives): 1" in done.stdout


def test_a_notice_without_directives_is_refused_with_the_reason(installed: Installed, tmp_path: Path) -> None:
    notice = tmp_path / "trống.txt"
    notice.write_text("Không có gì ở đây.\n", encoding="utf-8")

    refused = installed.once(NOTICE=str(notice))

    assert refused.returncode == 2
    assert "Thông báo không được nhận" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_moments_are_those_of_the_time_zone_that_was_set(installed: Installed) -> None:
    with installed:
        concluded = installed.get("/v1/events?limit=1000")[0]["stored_at"]

    shown = installed.once(KETLUAN_ZONE="America/Caracas").stdout

    there = dt.datetime.fromisoformat(concluded).astimezone(ZoneInfo("America/Caracas"))
    assert f"{there:%d/%m %H:%M:%S}" in shown


def test_a_notice_that_is_missing_starts_nothing(tmp_path: Path) -> None:
    refused = Installed(tmp_path / "data").once(NOTICE=str(tmp_path / "missing.txt"))

    assert refused.returncode == 2
    assert "missing.txt" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_first_run_that_was_broken_off_is_completed_by_the_next(tmp_path: Path) -> None:
    new = Installed(tmp_path / "data")
    with new.started() as child:
        new.wait(lambda: "Danh bạ mẫu" in new.output.read_text(encoding="utf-8"))
        child.kill()

    again = new.once()

    assert again.returncode == 0, again.stderr
    assert "118/TB-SKHCN" in again.stdout


@pytest.mark.parametrize("port", ["0", "70000", "abc"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    refused = Installed(tmp_path / "data").once(KETLUAN_PORT=port)

    assert refused.returncode == 2
    assert "KETLUAN_PORT" in refused.stderr
    assert not (tmp_path / "data").exists()
