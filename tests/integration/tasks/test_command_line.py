"""`ketluan signin`, `task` and `signout` against a running service."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client

from shared.identity.signin_link import signin_link
from tests.identity import TOKENS, signed
from tests.integration.tasks.offices import Offices, ask, given_tasks, offices

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """One running service."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


def ketluan(
    office: Offices, *arguments: str, key: str | None = None, command: str = "task"
) -> "subprocess.CompletedProcess[str]":
    """Runs `ketluan task`, or another command, with a program's token or with another key."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KETLUAN_")}
    token = signed("integration")["Authorization"].removeprefix("Bearer ") if key is None else key
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", command, *arguments],
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
        told = ketluan(office, "--task", task["id"], command="replay")
    assert told.returncode == 0, told.stderr
    assert "Báo cáo tiến độ" in told.stdout
    assert "tiến độ (%): — → 40" in told.stdout
    assert "tình trạng: Đang thực hiện → Chờ duyệt" in told.stdout
    unknown = ketluan(office, "--task", "../parked", command="replay")
    assert (unknown.returncode, unknown.stdout) == (2, "")
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


class Desk:
    """Somebody's own command line, with a home of its own."""

    def __init__(self, office: Offices, home: Path) -> None:
        self.address = office.services[0].url
        self.file = home / ".config" / "ketluan" / "session.json"
        self._home = home

    def link(self, person: str) -> str:
        """A new link with which a person signs in."""
        return signin_link(TOKENS, self.address, person)

    def run(self, *arguments: str, typed: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        """Runs `ketluan`, told of no installation and no key."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("KETLUAN_", "XDG_"))}
        told = {"HOME": str(self._home), "KETLUAN_DATA": str(self._home / "none"), **environment}
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli", *arguments],
            env=ours | told,
            input=typed,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            cwd=ROOT,
        )


@pytest.fixture
def desk(office: Offices, tmp_path: Path) -> Desk:
    """A command line at which nobody is signed in."""
    return Desk(office, tmp_path)


async def test_the_chief_of_office_signs_in_accepts_a_result_and_signs_out(
    office: Offices, desk: Desk, log_client: Client
) -> None:
    async with office.as_("nam") as nam, office.as_("chinh") as chinh:
        (task,) = await given_tasks(chinh, log_client)
        assert (await ask(nam, task, "submit-completion", note="Xong.")).status_code == 200

        entered = desk.run("signin", desk.link("chinh"))
        accepted = desk.run("task", "accept-completion", task["id"])

        assert entered.returncode == 0, entered.stderr
        assert str(desk.file) in entered.stdout.replace("\n", "")
        assert accepted.returncode == 0, accepted.stderr
        assert "Hoàn thành" in accepted.stdout
        history = (await chinh.get(f"/v1/tasks/{task['id']}/history")).json()
    assert history[-1]["actor"] == "person.chinh"
    assert (desk.file.stat().st_mode & 0o777, desk.file.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    headers = {"Authorization": f"Bearer {json.loads(desk.file.read_text())['token']}"}
    async with httpx.AsyncClient(base_url=desk.address, headers=headers) as thief:
        assert (await thief.get("/v1/tasks")).status_code == 200
        assert desk.run("signout").returncode == 0
        assert not desk.file.exists()
        assert (await thief.get("/v1/tasks")).status_code == 401
    refused = desk.run("task", "show", task["id"])
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "ketluan signin" in refused.stderr
    assert desk.run("signout").returncode == 0


async def test_a_link_that_is_typed_in_signs_in_once(desk: Desk, tmp_path: Path) -> None:
    link, elsewhere = desk.link("nam"), str(tmp_path / "elsewhere")
    assert desk.run("signin", typed=f"{link}\n", XDG_CONFIG_HOME=elsewhere).returncode == 0
    assert (tmp_path / "elsewhere" / "ketluan" / "session.json").exists()
    for again, why in (
        (link, "This link has been used before"),
        (desk.link("nobody"), "The directory does not know this person"),
        (link.replace("kll_", "kll_x"), "This link cannot be used"),
        ("https://ketluan.example/tasks/1", "This is no link to sign in with"),
        ("", "This is no link to sign in with"),
    ):
        refused = desk.run("signin", typed=f"{again}\n")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert why in refused.stderr
    assert not desk.file.exists()


async def test_a_session_is_shown_to_no_other_installation(desk: Desk) -> None:
    assert desk.run("signin", desk.link("nam")).returncode == 0

    refused = desk.run("task", "show", "any", KETLUAN_PUBLIC_URL="http://127.0.0.1:9")

    assert refused.returncode == 2
    assert "http://127.0.0.1:9" in refused.stderr
