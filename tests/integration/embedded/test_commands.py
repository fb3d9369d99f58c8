"""The commands that talk to an installation that runs."""

import os
import subprocess
import sys
from pathlib import Path

from tests.integration.embedded.installed import ROOT, Installed

NEW = """\
units:
  - {id: phong-moi, name: Phòng Chuyển đổi số, parent: lanh-dao-so, aliases: [Phòng CĐS]}
people:
  - {id: nguoi-moi, name: Ông Văn Mới, unit: phong-moi, roles: [unit_lead, staff], mail: moi@haivan.example}
"""


def ketluan(running: Installed, *arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command on the installation's data folder. `given` are environment variables."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KETLUAN_")}
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *arguments],
        env=ours | {"KETLUAN_DATA": str(running.data), **given},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=ROOT,
    )


def test_a_directory_is_imported_once_and_addresses_stay_out_of_the_log(running: Installed, tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(NEW, encoding="utf-8")
    before = running.event_count()

    first, second = (ketluan(running, "directory", "import", str(file)) for _ in range(2))

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "Phòng Chuyển đổi số" in first.stdout
    assert "nothing was missing" in second.stdout
    running.wait(lambda: running.event_count() == before + 5)
    assert "moi@haivan.example" not in str(running.get("/v1/events?limit=1000"))


def test_a_faulty_file_writes_nothing(running: Installed, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(NEW + "  - {id: other, name: Khác, roles: [boss]}\n", encoding="utf-8")
    before = running.event_count()

    refused = ketluan(running, "directory", "import", str(file))

    assert refused.returncode == 2
    assert "dòng 5" in refused.stderr
    assert running.event_count() == before


def test_a_replay_is_equal_to_the_live_register(running: Installed) -> None:
    found = ketluan(running, "replay")

    assert found.returncode == 0, found.stdout + found.stderr
    assert "they are equal" in found.stdout


def test_the_record_is_signed_by_one_key_after_another_and_proved_offline(running: Installed, tmp_path: Path) -> None:
    signed_in = {"XDG_CONFIG_HOME": str(tmp_path)}
    link = ketluan(running, "signin-link", "bui-gia-bao").stdout.strip()
    assert ketluan(running, "signin", link, **signed_in).returncode == 0

    first = ketluan(running, "checkpoint", "issue", **signed_in)
    assert first.returncode == 0, first.stderr
    key = running.data / "checkpoint-key"
    secret = key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    rotated = ketluan(running, "key", "rotate", "--reason", "Đến hạn.")
    assert rotated.returncode == 0, rotated.stderr
    assert key.read_text() != secret
    second = ketluan(running, "checkpoint", "issue", **signed_in)
    sizes = [each.stdout.splitlines()[1] for each in (first, second)]
    assert (running.data / "checkpoints" / f"checkpoint-{sizes[0]}").read_text() == first.stdout
    assert ketluan(running, "checkpoint", "latest").stdout == second.stdout, "this machine's own key may read"

    proof = tmp_path / "proof"
    assert ketluan(running, "prove", "consistency", *sizes, "--out", str(proof)).returncode == 0
    listed = ketluan(running, "key", "list").stdout
    keys = [line.split()[1] for line in listed.splitlines() if "/v1/record+" in line]
    assert "có (endorsed)" in listed
    known = [part for each in keys for part in ("--key", each)]
    elsewhere = Installed(tmp_path / "elsewhere")
    assert ketluan(elsewhere, "check-proof", str(proof), *known).returncode == 0
    assert ketluan(elsewhere, "check-proof", str(proof), "--key", keys[0]).returncode == 1
    everything = str(running.get("/v1/events?limit=1000"))
    assert secret.rpartition("+")[2].strip() not in everything


def test_commands_say_that_nothing_runs(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(NEW, encoding="utf-8")
    stopped = Installed(tmp_path / "data")

    for arguments in (("directory", "import", str(file)), ("replay",), ("checkpoint", "latest")):
        refused = ketluan(stopped, *arguments)
        assert refused.returncode == 2
        assert "make run" in refused.stderr
        assert "Traceback" not in refused.stderr
