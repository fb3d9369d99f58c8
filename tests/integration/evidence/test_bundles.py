"""Evidence as an auditor gets it from a running service, and checks it without one."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from services.tasks.evidence.verifier import verify
from services.tasks.ledger.keys import SigningKey, keep_key, new_signing_key
from shared.events.inbox import NotificationDelivered, NotificationRequested, TaskMention
from shared.log.append import append, entry
from shared.log.objects import stored
from tests.examples import envelope
from tests.integration.tasks.offices import Offices, ask, given_tasks, offices, said
from tests.integration.tasks.test_command_line import ketluan

REPORT = b"%PDF-1.7\nB\xc3\xa1o c\xc3\xa1o"
ORIGIN = "ketluan.example.vn/v1/record"


@pytest.fixture
def office(nats_url: str, tasks_database_url: str, tmp_path: Path) -> Iterator[Offices]:
    """One running service that signs once it has a key."""
    with offices(nats_url, tasks_database_url, CHECKPOINT_KEY_FILE=str(tmp_path / "key")) as running:
        yield running


async def lived(office: Offices, log: Client) -> dict[str, Any]:
    """A task with a notice, of which somebody was told, and which was handed in with a file."""
    await stored(log, "documents", b"", "application/json")
    async with office.as_("lan") as lan, office.as_("chinh") as chinh:
        task, _ = await given_tasks(chinh, log, 2)
        mention = TaskMention(task_id=task["id"], reason="responsible")
        told = NotificationRequested(
            notification_id="n1", person_id="lan", rule="assigned", reasons=("responsible",), channels=("mail",),
            meeting_id=task["meeting"]["id"], tasks=(mention,),
        )  # fmt: skip
        arrived = NotificationDelivered(notification_id="n1", person_id="lan", channel="mail")
        first = await append(log, [entry(envelope("inbox.lan", told), 0)])
        await append(log, [entry(envelope("inbox.lan", arrived, version=2), first)])
        kept = await lan.post("/v1/attachments", content=REPORT)
        handed = [{"sha256": kept.json()["sha256"], "name": "Báo cáo.pdf"}]
        assert said(await ask(lan, task, "submit-completion", note="Xong.", evidence=handed)) == (200, "submitted")
    return task


def held(content: bytes, key: SigningKey) -> dict[str, bytes]:
    """The files of a bundle that the verifier accepts."""
    findings = verify.check(content, [str(key.verifier)])
    assert verify.code_of(findings) == 0, findings
    return verify.unpacked(content)


async def test_a_task_a_meeting_and_a_day_are_proved_each_in_one_file(
    office: Offices, log_client: Client, tmp_path: Path
) -> None:
    task, key = await lived(office, log_client), new_signing_key(ORIGIN)
    async with office.as_("kiem") as auditor, office.as_("nam") as staff, office.as_("tri") as administrator:
        address = f"/v1/tasks/{task['id']}/evidence"
        refused = await auditor.get(address)
        assert (refused.status_code, refused.json()["code"]) == (409, "no-checkpoint-key")
        assert "ketluan key create" in refused.json()["detail"]
        keep_key(key, tmp_path / "key")
        given = await auditor.get(address, params={"attachments": "true"})
        assert given.status_code == 200, given.text
        assert given.headers["content-disposition"] == f'attachment; filename="ketluan-task-{task["id"]}.zip"'
        files = held(given.content, key)
        assert files[f"attachments/{hashlib.sha256(REPORT).hexdigest()}"] == REPORT
        assert files[f"documents/{hashlib.sha256(b'').hexdigest()}"] == b""
        assert [each["what"] for each in json.loads(files["deliveries.json"])] == [
            "NotificationRequested",
            "NotificationDelivered",
        ]
        manifest = json.loads(files["manifest.json"])
        assert manifest["about"] == {"kind": "task", "id": task["id"]}
        assert manifest["asked_by"] == "person.kiem"
        assert {f"log.task.{task['id']}", f"log.meeting.{task['meeting']['id']}", "log.person.lan"} <= set(
            manifest["whole"]
        )

        # Nothing happened since: the same checkpoint serves.
        again = held((await auditor.get(address)).content, key)
        assert again["checkpoint"] == files["checkpoint"]

        meeting = held((await auditor.get(f"/v1/meetings/{task['meeting']['id']}/evidence")).content, key)
        assert meeting["events.jsonl"].count(b"ketluan.TaskAssigned.v1") == 2

        period = {"from": "2026-01-01", "to": "2100-01-01"}
        files = held((await auditor.get("/v1/record/evidence", params=period)).content, key)
        about = json.loads(files["manifest.json"])["about"]
        assert about["first"] == 1
        assert about["last"] == json.loads(files["manifest.json"])["events"]

        for reader, status in ((staff, 403), (administrator, 403)):
            assert (await reader.get(address)).status_code == status
        assert (await auditor.get("/v1/tasks/no-such/evidence")).status_code == 404
        assert (await auditor.get("/v1/meetings/no-such/evidence")).status_code == 404
        for asked, pointer in (
            ({"from": "2026-02-01", "to": "2026-01-01"}, "to"),
            ({"from": "1999-01-01", "to": "1999-01-02"}, "to"),
            ({"from": "today", "to": "1999-01-02"}, "/from"),
        ):
            refused = await auditor.get("/v1/record/evidence", params=asked)
            assert refused.status_code == 422
            assert refused.json()["errors"][0]["pointer"] == pointer

    file, line = tmp_path / "bundle.zip", str(key.verifier)
    done = ketluan(office, "--task", task["id"], "-o", str(file), command="evidence")
    assert done.returncode == 0, done.stderr
    checked = ketluan(office, str(file), "--key", line, command="verify-bundle")
    assert (checked.returncode, "SOUND" in checked.stdout) == (0, True), checked.stdout + checked.stderr
    assert "that of this installation" in checked.stdout
    unknown = ketluan(office, "--task", "no-such", "-o", str(tmp_path / "none.zip"), command="evidence")
    assert unknown.returncode == 2
    assert not (tmp_path / "none.zip").exists()
