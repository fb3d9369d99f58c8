"""Who can read a backup, and that the keys it needs are beside it."""

import json
from pathlib import Path

import pytest

from deploy.backup.folder import Backup
from deploy.backup.kept_secrets import write_secrets


def test_nobody_else_enters_a_backup_in_a_folder_that_was_open(tmp_path: Path) -> None:
    place = tmp_path / "mounted"
    place.mkdir(mode=0o755)
    Backup(place).prepare()
    assert {each.name: each.stat().st_mode & 0o777 for each in place.iterdir()} == {
        "takes": 0o700,
        "log": 0o700,
        "database": 0o700,
    }


def test_the_key_that_signs_is_kept_of_a_cluster_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signing, kept = tmp_path / "key", tmp_path / "kept"
    signing.write_text("the key that signs", encoding="utf-8")
    monkeypatch.setenv("KETLUAN_NATS_URL", "nats://127.0.0.1:4222")
    monkeypatch.setenv("KETLUAN_SESSION_KEY", "s" * 48)
    monkeypatch.setenv("KETLUAN_CHECKPOINT_KEY_FILE", str(signing))
    write_secrets(kept, tmp_path)
    assert json.loads(kept.read_text(encoding="utf-8"))["checkpoint-key"] == "the key that signs"
    assert kept.stat().st_mode & 0o777 == 0o600
