"""What the services of one machine are told."""

from pathlib import Path

import pytest

from deploy.embedded.folder import DataFolder
from deploy.embedded.services import NAMES, operations, program
from services.intake.settings import IntakeSettings
from services.notify.settings import NotifySettings
from services.tasks.signin.settings import SignInSettings
from shared.settings import DatabaseSettings, NatsSettings

PROGRAMS = ("nats", "postgres", *NAMES, *map(operations, NAMES))
PORTS = {name: number for number, name in enumerate(PROGRAMS, start=15_000)}
_SERVERS = NatsSettings.model_fields.keys() | DatabaseSettings.model_fields.keys()
"""What is everybody's to know of the servers, and of their embedded ones by `program` alone."""
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
    own = {f"KETLUAN_{name.upper()}" for name in SignInSettings.model_fields.keys() - _SERVERS}
    for name in own:
        monkeypatch.setenv(name, "x")

    told = program(
        "tasks", DataFolder(tmp_path), PORTS, "http://127.0.0.1:8080", "Asia/Tokyo", "key", PASSWORDS, PASSWORDS
    ).environment

    assert "KETLUAN_SIGNIN_LINKS" in own
    assert own <= told.keys()


def test_how_notices_are_read_is_told_to_the_service_that_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {f"KETLUAN_{name.upper()}" for name in IntakeSettings.model_fields.keys() - _SERVERS}
    for name in own:
        monkeypatch.setenv(name, "x")

    told = program(
        "intake", DataFolder(tmp_path), PORTS, "http://127.0.0.1:8080", "Asia/Tokyo", "key", PASSWORDS, PASSWORDS
    ).environment

    assert "KETLUAN_ROLLS_FORWARD" in own
    assert own <= told.keys()


def test_how_people_are_told_is_told_to_the_service_that_tells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {f"KETLUAN_{name.upper()}" for name in NotifySettings.model_fields.keys() - _SERVERS}
    for name in own:
        monkeypatch.setenv(name, "x")

    told = program(
        "notify", DataFolder(tmp_path), PORTS, "http://127.0.0.1:8080", "Asia/Tokyo", "key", PASSWORDS, PASSWORDS
    ).environment

    assert "KETLUAN_MAIL_BOUNCES" in own
    assert own <= told.keys()


def test_an_office_decides_whether_a_term_rolls_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETLUAN_SESSION_KEY", "x" * 64)
    assert not IntakeSettings.from_environment().policy().rolls_forward
    monkeypatch.setenv("KETLUAN_ROLLS_FORWARD", "true")
    assert IntakeSettings.from_environment().policy().rolls_forward
