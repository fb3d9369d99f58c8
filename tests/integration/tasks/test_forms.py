"""The forms of a task's page, as a browser sends them and as one must not."""

from collections.abc import Iterator

import httpx
import pytest
from nats.aio.client import Client

from shared.identity.sessions import FORM_FIELD
from shared.identity.tokens import Form
from tests.identity import TOKENS, session_cookie
from tests.integration.tasks.offices import Offices, ask, given_tasks, office_for_all
from tests.servers import NatsServer, PostgresServer


@pytest.fixture(scope="module")
def office(nats_server: NatsServer, postgres_server: PostgresServer) -> Iterator[Offices]:
    """One running service."""
    with office_for_all(nats_server, postgres_server) as running:
        yield running


@pytest.fixture(scope="module")
def nats_url(office: Offices) -> str:
    """Address of the server with that office's log."""
    return office.nats_url


async def test_a_form_leads_on_once_and_what_is_wrong_changes_nothing(office: Offices, log_client: Client) -> None:
    token = TOKENS.give(Form(signin_id="tests"))
    headers = {"Accept": "text/html", "Cookie": session_cookie("lan")}
    async with office.as_("lan") as lan, httpx.AsyncClient(base_url=office.services[0].url, headers=headers) as browser:
        (task,) = await given_tasks(lan, log_client)
        path = f"/tasks/{task['id']}"

        async def sent(command: str, **fields: str | list[str]) -> tuple[int, str]:
            answer = await browser.post(f"{path}/{command}", data={FORM_FIELD: token, "version": "1", **fields})
            return answer.status_code, answer.headers.get("location", "")

        report = {"percent": "40", "note": "Đã dự thảo.", "next": "/work?only=open#t"}
        assert await sent("report-progress", **report) == (303, "/work?only=open&said=report-progress#t")
        assert await sent("report-progress", **report) == (303, "/work?only=open&said=report-progress#t")
        assert (await lan.get(f"/v1{path}")).json()["version"] == 2

        assert await sent("comment", text="Một.") == (412, "")
        assert await sent("comment", version="2", text=" ") == (422, "")
        assert await sent("comment", version=["2", "2"], text="Một.") == (428, "")
        assert await sent("comment", version="2", text="Một.", form_token="") == (403, "")
        assert await sent("report-progress", version="2", percent="140", kept="x y") == (422, "")
        assert await sent("accept-completion", version="2") == (403, "")
        assert await sent("comment", version="2", text="Một.", next="https://example.org/") == (303, "/?said=comment")
        assert (await lan.get(f"/v1{path}")).json()["version"] == 3
        assert (await browser.get(f"{path}/comment")).headers["location"] == path

        named = await browser.post(
            f"{path}/report-progress",
            data={FORM_FIELD: token, "version": "3", "note": "Kèm tệp."},
            files={"attachments": ("x" * 501 + ".pdf", b"%PDF-1.7")},
        )
        assert named.status_code == 422
        assert "Tệp kèm theo</a>: quá dài" in named.text

        async with office.as_("chinh") as chinh:
            assert (await ask(chinh, task, "cancel", reason="Nhầm.")).status_code == 200
        late = await browser.post(
            f"{path}/report-progress", data={FORM_FIELD: token, "version": "3", "note": "<b>Xong"}
        )
        assert late.status_code == 412
        assert "&lt;b&gt;Xong" in late.text


@pytest.mark.parametrize("charset", ["idna", "undefined", "utf-7", "unicode_escape"])
async def test_a_form_that_says_to_be_written_otherwise_is_read_as_any_other(
    office: Offices, log_client: Client, charset: str
) -> None:
    token = TOKENS.give(Form(signin_id="tests"))
    headers = {"Accept": "text/html", "Cookie": session_cookie("lan")}
    async with office.as_("lan") as lan, httpx.AsyncClient(base_url=office.services[0].url, headers=headers) as browser:
        (task,) = await given_tasks(lan, log_client)
        parts = {FORM_FIELD: token, "version": "1", "text": r"Nửa ký tự \ud800 +2AA-"}
        body = "".join(f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts.items())

        answer = await browser.post(
            f"/tasks/{task['id']}/comment",
            content=f"{body}--b--\r\n".encode(),
            headers={"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"},
        )

        assert (answer.status_code, answer.headers["location"]) == (303, f"/tasks/{task['id']}?said=comment")
        assert r"Nửa ký tự \ud800 +2AA-" in (await browser.get(f"/tasks/{task['id']}")).text
