"""Both stores are backed up while people work, and stand again as they did at any moment."""

import asyncio
import datetime as dt
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.archive.folder import ArchiveDamaged
from deploy.backup.checking import check
from deploy.backup.folder import Backup, BackupDamaged
from shared.identity.tokens import Session
from tests.integration.embedded.conftest import copy_with_owners
from tests.integration.embedded.installed import Installed
from tests.integration.embedded.test_commands import ketluan
from tests.mail_sink import MailSink

OFFICE = "pham-thu-ha"
_AFTER_EVERYTHING = 2**53
_OF_THE_PROGRAM = 2
"""Events of the program of this machine: that it was registered, and its key."""
NOTICE = (
    "THÔNG BÁO\nKết luận của Giám đốc Sở tại cuộc họp {name}\n\n1. Văn phòng Sở\n"
    "- Sửa chữa hội trường {name} trước ngày 15/12/2026.\n"
)


@dataclass
class Office:
    """What people of an installation do and see."""

    at: Installed

    def _as(self, person: str) -> dict[str, str]:
        session = Session(person_id=person, signin_id="tests", sequence=_AFTER_EVERYTHING)
        return {"Authorization": f"Bearer {self.at.tokens.give(session)}"}

    def posts(self, name: str) -> None:
        """The office posts a notice."""
        text = {"Content-Type": "text/plain; charset=utf-8"}
        answer = httpx.post(
            f"{self.at.url}/v1/conclusions",
            content=NOTICE.format(name=name).encode(),
            headers={**self.at.identity, **text},
            timeout=20,
            trust_env=False,
        )
        assert answer.status_code == 201, answer.text

    def comments(self, note: str) -> None:
        """Somebody comments on a task."""
        task = self.at.get("/v1/tasks?limit=1")[0]
        answer = httpx.post(
            f"{self.at.url}/v1/tasks/{task['id']}/comment",
            json={"text": note},
            headers={**self._as(OFFICE), "If-Match": f'"{task["version"]}"'},
            timeout=20,
            trust_env=False,
        )
        assert answer.is_success, answer.text

    def reaches(self, mail: str) -> None:
        """The chief of office gives another address."""
        answer = httpx.put(
            f"{self.at.url}/v1/contacts/{OFFICE}", json={"mail": mail}, headers=self._as(OFFICE), trust_env=False
        )
        assert answer.is_success, answer.text

    def sees(self) -> dict[str, Any]:
        """The record, the register, an inbox, and what is in no log."""

        def asked(path: str) -> Any:
            answer = httpx.get(self.at.url + path, headers=self._as(OFFICE), timeout=20, trust_env=False)
            return answer.raise_for_status().json()

        return {
            # A run on a folder without its key issues one for the programs of this machine.
            "events": [each for each in asked("/v1/events?limit=1000") if each["subject"] != "log.client.local"],
            "tasks": asked("/v1/tasks?limit=200"),
            "inbox": asked("/v1/inbox"),
            "contact": asked(f"/v1/contacts/{OFFICE}"),
        }

    def rests(self) -> dict[str, Any]:
        """The same, once nothing more follows from what was done."""
        found = self.sees()
        while True:
            time.sleep(0.6)
            again = self.sees()
            if again == found:
                return found
            found = again


@pytest.fixture(scope="module")
def mail() -> Iterator[MailSink]:
    """A mail server."""
    with MailSink() as sink:
        yield sink


def ran(installed: Installed, *arguments: str, code: int = 0) -> str:
    done = ketluan(installed, *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_both_stores_stand_again_as_they_did_at_the_newest_and_at_any_moment(
    installed: Installed, tmp_path: Path, mail: MailSink
) -> None:
    folder, secrets = str(tmp_path / "backup"), tmp_path / "secrets"
    installed.told = {
        "KETLUAN_SMTP_HOST": "127.0.0.1",
        "KETLUAN_SMTP_PORT": str(mail.port),
        "KETLUAN_SMTP_SECURITY": "none",
    }
    with installed:
        office = Office(installed)
        office.reaches("truoc@haivan.example")
        office.posts("một")
        ran(installed, "backup", "take", folder, "--secrets", str(secrets))
        assert secrets.stat().st_mode & 0o777 == 0o600
        office.comments("Đang làm.")
        office.posts("hai")
        then, moment = office.rests(), dt.datetime.now(dt.UTC)
        office.reaches("sau@haivan.example")
        office.comments("Làm tiếp.")
        office.posts("ba")
        later = office.rests()
        assert len(later["events"]) > len(then["events"])
        assert "thêm" in ran(installed, "backup", "take", folder)
    letters = len({each.message_id for each in mail.taken})
    assert letters == mail.count > 0
    assert "Bản 1" in ran(installed, "backup", "list", folder)
    ran(installed, "backup", "check", folder)
    shutil.rmtree(installed.data)

    newest = Installed(tmp_path / "newest")
    said = ran(newest, "backup", "restore", folder, "--data", str(newest.data))
    assert "Sổ ghi nguyên vẹn" in said
    assert f"{len(later['events']) + _OF_THE_PROGRAM:,} sự kiện" in said

    place = Installed(tmp_path / "then", told=installed.told)
    wanted = ("--until", moment.isoformat(), "--secrets", str(secrets))
    said = ran(place, "backup", "restore", folder, "--data", str(place.data), *wanted)
    assert "Sổ ghi nguyên vẹn" in said
    with place:
        assert Office(place).rests() == then
        ran(place, "verify")
    assert mail.count == letters, "nobody is written to again"


def test_what_is_not_whole_is_refused_by_name(first_run: tuple[Path, str], tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "backup"
    copy_with_owners(first_run[0], data)
    stopped = Installed(data)
    ran(stopped, "backup", "take", str(folder))
    ran(stopped, "backup", "take", str(folder))
    with Backup(folder).alone():
        assert "another take" in ran(stopped, "backup", "take", str(folder), code=1)
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    new = Installed(tmp_path / "new")
    assert "reaches" in ran(new, "backup", "restore", str(folder), "--data", str(new.data), "--until", later, code=2)
    wal = sorted(folder.glob("database/0001/wal/*.gz"))
    harmed = {path.name: path for path in (wal[0], wal[-1], *folder.glob("takes/*"), *folder.glob("database/0001/b*"))}
    harmed |= {path.name: path for path in folder.glob("log/*/*") if path.is_file()}
    for name, path in harmed.items():
        content = path.read_bytes()
        flipped = bytearray(content)
        flipped[len(flipped) // 2] ^= 1
        path.write_bytes(flipped)
        with pytest.raises((BackupDamaged, ArchiveDamaged), match=re.escape(name)):
            asyncio.run(check(Backup(folder), Backup(folder).takes(), lambda *_: None))
        path.write_bytes(content)
    assert "Nguyên vẹn" in ran(new, "backup", "check", str(folder))
    path = wal[1]
    path.rename(tmp_path / path.name)
    assert path.name in ran(new, "backup", "restore", str(folder), "--data", str(new.data), code=2)
    assert not new.data.exists()
    assert not new.data.with_name("new.restoring").exists()
