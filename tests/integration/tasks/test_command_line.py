"""`ketluan task` against a running service."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client

from tests.identity import signed
from tests.integration.tasks.offices import Offices, given_tasks, offices

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """One running service."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


def ketluan(office: Offices, *arguments: str, key: str | None = None) -> "subprocess.CompletedProcess[str]":
    """Runs `ketluan task` with a program's token, or with another key."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KETLUAN_")}
    token = signed("integration")["Authorization"].removeprefix("Bearer ") if key is None else key
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", "task", *arguments],
        env=ours | {"KETLUAN_PUBLIC_URL": office.services[0].url, "KETLUAN_API_KEY": token},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=ROOT,
    )


async def test_a_unit_reports_and_hands_in_from_the_command_line(
    office: Offices, log_client: Client, tmp_path: Path
) -> None:
    report = tmp_path / "báo cáo.pdf"
    report.write_bytes(b"%PDF-1.7")
    async with office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
        for arguments, shown in (
            (("show", task["id"]), "Chưa thực hiện"),
            (("report-progress", task["id"], "--percent", "40", "--note", "Đã dự thảo."), "40%"),
            (("submit-completion", task["id"], "--note", "Xong.", "--file", str(report)), "Chờ duyệt"),
        ):
            done = ketluan(office, *arguments)
            assert done.returncode == 0, done.stderr
            assert shown in done.stdout
        found = (await chinh.get(f"/v1/tasks/{task['id']}")).json()
        history = (await chinh.get(f"/v1/tasks/{task['id']}/history")).json()
    assert (found["status"], found["version"]) == ("submitted", 3)
    assert history[-1]["data"]["evidence"][0]["name"] == "báo cáo.pdf"


async def test_what_is_refused_is_said_with_who_changed_what(office: Offices, log_client: Client) -> None:
    async with office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
    ketluan(office, "comment", task["id"], "--text", "Ý kiến.")
    late = ketluan(office, "acknowledge", task["id"], "--version", "1")
    assert late.returncode == 2
    assert "2. Ý kiến: service.tests" in late.stderr
    forbidden = ketluan(office, "cancel", task["id"], "--reason", "Thôi.")
    assert forbidden.returncode == 2
    assert "văn phòng" in forbidden.stderr
    for arguments, key in ((("dance", task["id"]), None), (("acknowledge", task["id"]), "")):
        refused = ketluan(office, *arguments, key=key)
        assert (refused.returncode, refused.stdout) == (2, "")
