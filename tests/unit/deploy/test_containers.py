"""What containers are configured with agrees with what the project says elsewhere."""

import os
import stat
from pathlib import Path

import pytest
import yaml
from sqlalchemy import make_url

from deploy.containers import passwords
from deploy.containers.secret_files import OpenToOthers
from deploy.nats.config import container_configuration
from deploy.nats.permissions import USERS
from deploy.postgres.roles import DATABASE, OWNER, SERVICES
from shared.nkey import is_seed, public_key

DEPLOY = Path(__file__).parents[3] / "deploy"


def test_nats_in_its_container_allows_what_the_table_of_permissions_says() -> None:
    assert (DEPLOY / "nats" / "nats.conf").read_text(encoding="utf-8") == container_configuration()


def test_everybody_of_the_table_of_permissions_gets_a_seed_and_the_server_its_public_key(tmp_path: Path) -> None:
    passwords.make(tmp_path)
    lines = (tmp_path / "nats-users").read_text(encoding="utf-8").splitlines()
    assert lines == [
        f"{user.name}_key: {public_key((tmp_path / f'nats-{user.name}').read_text(encoding='utf-8'))}" for user in USERS
    ]


def test_passwords_of_nats_that_an_earlier_version_made_give_way_to_seeds(tmp_path: Path) -> None:
    (tmp_path / "nats-intake").write_text("a-password", encoding="utf-8")
    (tmp_path / "nats-passwords").write_text('intake_password: "a-password"\n', encoding="utf-8")

    assert "nats-intake" in passwords.make(tmp_path)

    assert is_seed((tmp_path / "nats-intake").read_text(encoding="utf-8"))
    assert not (tmp_path / "nats-passwords").exists()


def test_every_role_of_the_database_gets_its_way_there(tmp_path: Path) -> None:
    passwords.make(tmp_path)
    urls = [make_url((tmp_path / f"database-{role}").read_text(encoding="utf-8")) for role in passwords.DATABASE_ROLES]
    assert [url.username for url in urls] == [OWNER, *SERVICES]
    assert {url.database for url in urls} == {DATABASE}
    assert len({url.password for url in urls}) == len(urls)


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert passwords.make(folder)
    first = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert not passwords.make(folder)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == first
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "smtp").write_text("mail")

    passwords.make(folder)

    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert (folder / "smtp").read_text() == "mail"


def test_a_folder_of_other_things_that_is_open_to_others_gets_no_secret(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "letter.txt").write_text("dear")

    with pytest.raises(OpenToOthers, match=r"letter\.txt"):
        passwords.make(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert stat.S_IMODE(os.stat(tmp_path).st_mode) == 0o755


def test_each_user_writes_only_the_events_that_are_its_own() -> None:
    writes = {user.name: [subject for subject in user.publish if subject.startswith("log.")] for user in USERS}

    assert writes == {
        "owner": [],
        "intake": ["log.meeting.*", "log.task.*", "log.submission.*", "log.unit.*"],
        "tasks": ["log.task.*", "log.signin.*", "log.ledger.*", "log.unit.*", "log.person.*", "log.client.*"],
        "notify": ["log.inbox.*", "log.floor.*", "log.webhook.*", "log.policy.*"],
        "directory": ["log.unit.*", "log.person.*", "log.client.*", "log.ledger.keys"],
        "replay": [],
    }


def test_a_removed_secret_is_made_anew_and_the_server_learns_it(tmp_path: Path) -> None:
    passwords.make(tmp_path)
    before = (tmp_path / "nats-intake").read_text(encoding="utf-8")
    (tmp_path / "nats-intake").unlink()
    assert passwords.make(tmp_path) == ["nats-intake", "nats-users"]
    now = (tmp_path / "nats-intake").read_text(encoding="utf-8")
    assert now != before
    assert f"intake_key: {public_key(now)}\n" in (tmp_path / "nats-users").read_text(encoding="utf-8")


def test_the_secrets_that_compose_asks_for_are_those_that_are_made(tmp_path: Path) -> None:
    passwords.make(tmp_path)
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert compose["secrets"].keys() | compose["configs"].keys() == {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("service", ["gateway", "intake", "tasks", "notify", "migrate", "nats", "postgres"])
def test_every_container_is_confined(service: str) -> None:
    described = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"][service]
    assert described["read_only"] is True
    assert described["cap_drop"] == ["ALL"]
    assert described["security_opt"] == ["no-new-privileges:true"]
