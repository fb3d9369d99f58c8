"""Files: kept by what they are, handed in with a task, given back to whoever may see it."""

import hashlib
from collections.abc import Iterator

import httpx
import pytest
from nats.aio.client import Client

from shared.identity.sessions import FORM_FIELD
from shared.identity.tokens import Form
from shared.log.objects import Description, described, stored
from tests.identity import TOKENS, session_cookie
from tests.integration.tasks.offices import Offices, ask, given_tasks, offices, said

REPORT = b"%PDF-1.7\nB\xc3\xa1o c\xc3\xa1o"
DIGEST = hashlib.sha256(REPORT).hexdigest()


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """One running service that takes small files."""
    with offices(nats_url, tasks_database_url, ATTACHMENT_BYTES="1000") as running:
        yield running


async def test_a_file_comes_back_as_a_download_to_whoever_may_see_the_task(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan, office.as_("ha") as ha, office.as_("kiem") as auditor:
        (task,) = await given_tasks(lan, log_client)
        kept = await lan.post("/v1/attachments", content=REPORT)
        assert (kept.status_code, kept.json()) == (
            201,
            {"sha256": DIGEST, "media_type": "application/pdf", "size": len(REPORT)},
        )
        address = kept.headers["location"]
        assert (await lan.get(address)).status_code == 404
        handed = [{"sha256": DIGEST, "name": "Báo cáo tháng 11.pdf"}]
        assert said(await ask(lan, task, "submit-completion", note="Xong.", evidence=handed)) == (200, "submitted")
        for reader in (lan, auditor):
            answer = await reader.get(address)
            assert answer.content == REPORT
            assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''B%C3%A1o")
            assert answer.headers["content-type"] == "application/pdf"
            assert "sandbox" in answer.headers["content-security-policy"]
        assert (await ha.get(address)).status_code == 404
        history = (await auditor.get(f"/v1/tasks/{task['id']}/history")).json()
    assert history[-1]["data"]["evidence"] == [{**handed[0], "media_type": "application/pdf", "size": len(REPORT)}]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"MZ\x90\x00 program", 415), (b"x" * 1001, 413), (b"", 415)],
    ids=["program", "large", "empty"],
)
async def test_files_that_are_not_taken_are_refused(office: Offices, content: bytes, status: int) -> None:
    async with office.as_("lan") as lan:
        headers = {"Content-Type": "application/pdf"}
        assert (await lan.post("/v1/attachments", content=content, headers=headers)).status_code == status


async def test_a_form_of_a_browser_is_no_file(office: Offices) -> None:
    form = {FORM_FIELD: TOKENS.give(Form(signin_id="tests"))}
    async with httpx.AsyncClient(base_url=office.services[0].url, headers={"Cookie": session_cookie("lan")}) as lan:
        assert (await lan.post("/v1/attachments", data=form)).status_code == 415
        assert (await lan.post("/v1/attachments", data=form, files={"file": REPORT})).status_code == 415


async def test_a_file_that_was_never_uploaded_cannot_be_handed_in(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan:
        (task,) = await given_tasks(lan, log_client)
        files = [{"sha256": "0" * 64, "name": "x.pdf"}]
        assert said(await ask(lan, task, "report-progress", attachments=files)) == (422, "unknown-file")


async def test_a_file_that_was_kept_by_other_means_is_told_by_its_bytes(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan:
        (task,) = await given_tasks(lan, log_client)
        kept = [await stored(log_client, "attachments", content) for content in (b"Ghi.", b"MZ\x90\x00")]
        text, program = ([{"sha256": each, "name": "x"}] for each in kept)
        assert said(await ask(lan, task, "report-progress", attachments=program)) == (422, "unknown-file")
        assert said(await ask(lan, task, "report-progress", attachments=text)) == (200, "in_progress")
        history = (await lan.get(f"/v1/tasks/{task['id']}/history")).json()
    (file,) = history[-1]["data"]["attachments"]
    assert (file["media_type"], file["size"]) == ("text/plain", 4)


async def test_what_a_file_is_is_told_once_when_it_comes(office: Offices, log_client: Client) -> None:
    async with office.as_("lan") as lan:
        await lan.post("/v1/attachments", content=REPORT)
    assert await described(log_client, "attachments", DIGEST) == Description(len(REPORT), "application/pdf")


async def test_who_may_not_change_anything_uploads_nothing(office: Offices) -> None:
    async with office.as_("kiem") as auditor:
        assert (await auditor.post("/v1/attachments", content=REPORT)).status_code == 403
