"""What the services of one machine are told."""

from pathlib import Path

import pytest

from deploy.embedded.folder import DataFolder
from deploy.embedded.services import NAMES, program
from services.tasks.signin.settings import SignInSettings
from shared.settings import Settings

PORTS = {name: number for number, name in enumerate(("nats", "postgres", *NAMES), start=15_000)}
PASSWORDS = dict.fromkeys((*NAMES, "ketluan_tasks", "ketluan_notify"), "secret")


def test_every_service_counts_days_in_the_zone_that_was_set(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)

    for name in NAMES:
        told = program(
            name, folder, PORTS, "http://127.0.0.1:8080", "Asia/Tokyo", "key", PASSWORDS, PASSWORDS
        ).environment
        assert told["KETLUAN_ZONE"] == "Asia/Tokyo"


def test_how_people_sign_in_is_told_to_the_service_where_they_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {f"KETLUAN_{name.upper()}" for name in SignInSettings.model_fields.keys() - Settings.model_fields.keys()}
    for name in own:
        monkeypatch.setenv(name, "x")

    told = program(
        "tasks", DataFolder(tmp_path), PORTS, "http://127.0.0.1:8080", "Asia/Tokyo", "key", PASSWORDS, PASSWORDS
    ).environment

    assert "KETLUAN_SIGNIN_LINKS" in own
    assert own <= told.keys()
