"""`ketluan read` as a person at a terminal sees it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import paragraph, word
from tests.unit.reading.notices import WRAPPED

ROOT = Path(__file__).parent.parent.parent.parent


def read(*arguments: str, content: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Runs the command from another place than its own."""
    command = [sys.executable, "-m", "deploy.cli", "read", *arguments]
    done = subprocess.run(command, input=content, capture_output=True, check=False, cwd=ROOT)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    """A Word file."""
    path = tmp_path / "thông báo.docx"
    path.write_bytes(word("".join(map(paragraph, WRAPPED.splitlines()))))
    return path


def test_a_table_shows_each_directive_with_its_unit_and_its_deadline(notice: Path) -> None:
    done = read(str(notice))
    assert done.returncode == 0, done.stderr
    for shown in ("112/TB-SKHCN", "20/11/2026", "Các chỉ đạo (directives): 7", "Thanh tra Sở", "05/12/2026"):
        assert shown in done.stdout


def test_json_holds_what_programs_ask_for(notice: Path) -> None:
    done = read("--json", str(notice))
    found = json.loads(done.stdout)
    assert set(found) == {"meeting", "directives", "other", "warnings"}
    assert found["meeting"]["number"] == "112/TB-SKHCN"
    assert found["meeting"]["signed_by"]["name"] == "Đỗ Gia Hân"
    first = found["directives"][0]
    assert first["ordinal"] == 1
    assert first["assignees"] == [{"phrase": "Các phòng và đơn vị", "unit": None}]
    assert first["deadline"]["date"] == "2026-12-05"
    assert first["citations"][0]["number"] == "88/KH-SKHCN"


def test_a_directory_says_which_units_are_meant(tmp_path: Path) -> None:
    directory = tmp_path / "directory.yaml"
    directory.write_text(
        "units:\n- {id: khtc, name: Phòng Kế hoạch - Tài chính, classes: [các phòng và đơn vị]}\n"
        "- {id: vp, name: Văn phòng Sở, classes: [các phòng và đơn vị]}\npeople: []\n",
        encoding="utf-8",
    )
    done = read("--json", "--directory", str(directory), "-", content=WRAPPED.encode())
    found = json.loads(done.stdout)
    assert [each["unit"] for each in found["directives"][0]["assignees"]] == ["khtc", "vp"]


def test_standard_input_is_read_too() -> None:
    assert json.loads(read("--json", "-", content=WRAPPED.encode()).stdout)["meeting"]["number"] == "112/TB-SKHCN"


@pytest.mark.parametrize(
    ("arguments", "content", "said"),
    [
        (["-"], b"\x00\x01\x02\x03\x04\x05\x06\x07", "Không nhận ra dạng của tệp"),
        (["-"], "Kính gửi các đồng chí.".encode(), "Không tìm thấy nhiệm vụ nào"),
        (["khong-co.docx"], b"", "Không đọc được khong-co.docx"),
        (["--directory", "khong-co.yaml", "-"], b"x", "Không đọc được khong-co.yaml"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_both_languages(arguments: list[str], content: bytes, said: str) -> None:
    done = read(*arguments, content=content)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2
