"""A directive's whole life over the whole house: from a Word file that is misread, through a unit's work on it, to a
leader who accepts the result; and a notice that is taken back."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from shared.events.person import PersonPlaced
from shared.identity.administration import issue_key, register_client
from shared.log.connect import broker, connected
from shared.log.stream import stream_info
from shared.settings import NatsSettings
from shared.zone import DEFAULT_ZONE
from tests.documents import listed, numbering, paragraph, word
from tests.examples import FINANCE, OFFICE
from tests.house import CHIEF, LEAD, House, register_person
from tests.identity import as_person
from tests.servers import settings_of

LEADER, STRANGER = "chau", "ha"
"""Who accepts results, and somebody of a unit that has no part in the directive."""

MISREAD = "Bộ phận Tham mưu tổng hợp"
NUMBER = "112/TB-SKHCN"
EVIDENCE = b"%PDF-1.7\nK\xe1\xba\xbft qu\xe1\xba\xa3"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TODAY = dt.datetime.now(ZoneInfo(DEFAULT_ZONE)).date()
DUE = TODAY + dt.timedelta(days=30)


def notice(number: str, heading: str, order: str) -> bytes:
    """A notice as a Word file, whose items have their numbers and dashes from Word. Its second order is of the other
    unit."""
    head = ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", f"Số: {number}", "THÔNG BÁO")
    opening = (
        "Kết luận của Giám đốc Sở tại cuộc họp giao ban",
        f"Ngày {TODAY:%d/%m/%Y}, Giám đốc Sở Lê Minh Châu chủ trì cuộc họp và kết luận như sau:",
    )
    items = (
        listed(heading, 1) + listed(order, 1, 1),
        listed(FINANCE.name, 1) + listed("Bố trí kinh phí năm sau cho hệ thống một cửa điện tử.", 1, 1),
    )
    body = "".join(map(paragraph, (*head, *opening))) + "".join(items)
    return word(body, numbering=numbering([("decimal", "%1."), ("bullet", "-")]))


@dataclass(frozen=True, slots=True)
class Town:
    """The house, its log, and the key of the program that posts notices."""

    house: House
    log: Client
    key: str

    def as_(self, person: str) -> httpx.AsyncClient:
        """Somebody who is signed in and asks the tasks service."""
        return httpx.AsyncClient(base_url=self.house.tasks.url, headers=as_person(person), timeout=30)

    async def posted(self, document: bytes) -> dict[str, Any]:
        """Intake's answer to a notice that the program posts."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": DOCX}
        async with httpx.AsyncClient(timeout=30) as program:
            answer = await program.post(f"{self.house.intake.url}/v1/conclusions", content=document, headers=headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def amended(self, meeting: str, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """Intake's answer to the chief of office, who changes a notice as it stands."""
        address = f"{self.house.intake.url}/v1/conclusions/{meeting}"
        async with httpx.AsyncClient(timeout=30, headers=as_person(CHIEF)) as chief:
            standing = await chief.get(address)
            answer = await chief.post(f"{address}/{verb}", json=body, headers={"If-Match": standing.headers["etag"]})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def read(self, person: str, path: str, **parameters: Any) -> Any:
        """What somebody reads of the register, once it shows everything that the log holds by now."""
        now = (await stream_info(self.log)).state.last_seq
        async with self.as_(person) as http:
            answer = await http.get(httpx.URL(path).copy_merge_params({"min_sequence": now, **parameters}))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def does(self, person: str, task_id: str, command: str, **body: Any) -> dict[str, Any]:
        """The task after what somebody did with it."""
        async with self.as_(person) as http:
            current = await http.get(f"/v1/tasks/{task_id}")
            answer = await http.post(
                f"/v1/tasks/{task_id}/{command}", json=body, headers={"If-Match": current.headers["etag"]}
            )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def uploaded(self, person: str) -> list[dict[str, str]]:
        """The evidence, uploaded, as a command names it."""
        async with self.as_(person) as http:
            kept = await http.post("/v1/attachments", content=EVIDENCE)
        assert kept.status_code == 201, kept.text
        return [{"sha256": kept.json()["sha256"], "name": "Kết quả.pdf"}]


@pytest.fixture
async def town(house: House) -> AsyncIterator[Town]:
    """Everything runs; a leader, somebody of another unit and a program are registered."""
    nats_broker = broker(NatsSettings(nats_url=house.nats.url), "tests")
    log = await connected(nats_broker)
    elsewhere = FINANCE.unit_id
    await register_person(log, LEADER, "Lê Minh Châu", PersonPlaced(person_id=LEADER, unit_id=elsewhere), "leader")
    await register_person(log, STRANGER, "Phạm Thu Hà", PersonPlaced(person_id=STRANGER, unit_id=elsewhere), "staff")
    await register_client(log, "van-thu", "Văn thư", ("conclusions:write",))
    key = await issue_key(log, "van-thu", days=1)
    yield Town(house, log, key.text)
    await nats_broker.stop()


async def test_a_misread_directive_is_corrected_worked_on_and_accepted(town: Town) -> None:
    order = f"Hoàn thiện quy chế làm việc của Sở, trình Giám đốc Sở trước ngày {DUE:%d/%m/%Y}."
    posted = await town.posted(notice("        /TB-SKHCN", MISREAD, order))
    meeting, directive = posted["meeting"]["meeting_id"], posted["directives"][0]
    assert (posted["state"], posted["meeting"]["number"], directive["text"]) == ("doubtful", None, order)
    task = directive["assignees"][0]["tasks"][0]["id"]

    await _corrected(town, meeting, directive["id"])
    await _worked_on(town, task, (await town.read(LEAD, f"/v1/tasks/{task}"))["due"]["date"])

    await _history_names_everybody(town, task)
    await _nobody_else_sees(town, task, directive["id"])
    await _figures_show_it(town, meeting, task, directive["id"])
    await _replay_equals_live(town)


async def test_a_notice_that_is_taken_back_cancels_its_tasks_and_no_others(town: Town) -> None:
    first = await town.posted(notice(NUMBER, OFFICE.name, "Hoàn thiện quy chế làm việc của Sở."))
    second = await town.posted(notice("113/TB-SKHCN", OFFICE.name, "Rà soát tài sản công của toàn Sở."))
    meeting = second["meeting"]["meeting_id"]
    task = second["directives"][0]["assignees"][0]["tasks"][0]["id"]
    await town.read(LEAD, f"/v1/tasks/{task}")
    await town.does(LEAD, task, "report-progress", percent=10)

    revoked = await town.amended(meeting, "revocation", {"reason": "Ban hành nhầm."})

    assert revoked["state"] == "revoked"
    shown = await town.read(CHIEF, f"/v1/meetings/{meeting}")
    assert shown["revoked_at"]
    assert {each["status"] for each in shown["tasks"]} == {"cancelled"}
    *_, cancelled, taken_back = await _events(town, task)
    assert (cancelled["type"], cancelled["actor"]) == ("ketluan.TaskCancelled.v1", f"person.{CHIEF}")
    assert taken_back["type"] == "ketluan.ConclusionRevoked.v1"
    untouched = await town.read(CHIEF, f"/v1/meetings/{first['meeting']['meeting_id']}")
    assert {each["status"] for each in untouched["tasks"]} == {"not_started"}
    await _replay_equals_live(town)


async def _corrected(town: Town, meeting: str, directive: str) -> None:
    """The chief of office finds the doubt, says which unit was meant, and enters number and date."""
    async with httpx.AsyncClient(base_url=town.house.intake.url, timeout=30, headers=as_person(CHIEF)) as chief:
        (found,) = (await chief.get("/v1/conclusions", params={"state": "doubtful"})).json()
        assert found["meeting_id"] == meeting
        standing = (await chief.get(f"/v1/conclusions/{meeting}")).json()
    about = {(each["code"], each["about"]) for each in standing["doubts"] if each["directive_id"] == directive}
    assert ("unit-unknown", MISREAD) in about

    corrected = await town.amended(
        meeting,
        "corrections",
        {
            "reason": "Văn thư vào số; đơn vị chủ trì là Văn phòng Sở.",
            "fields": {"number": NUMBER, "issued_on": str(TODAY)},
            "directives": [{"id": directive, "assignees": [{"phrase": MISREAD, "units": [OFFICE.unit_id]}]}],
        },
    )
    (unit,) = (task["unit"]["id"] for task in corrected["directives"][0]["assignees"][0]["tasks"])
    assert (corrected["meeting"]["number"], unit) == (NUMBER, OFFICE.unit_id)


async def _worked_on(town: Town, task: str, due: str) -> None:
    """The unit works, asks for more time, and hands in twice; a leader accepts."""
    until = str(dt.date.fromisoformat(due) + dt.timedelta(days=14))
    await town.does(LEAD, task, "acknowledge")
    evidence = await town.uploaded(LEAD)
    reported = await town.does(LEAD, task, "report-progress", percent=60, note="Đã dự thảo.", attachments=evidence)
    assert (reported["status"], reported["percent"]) == ("in_progress", 60)
    asked = await town.does(LEAD, task, "request-extension", until=until, reason="Chờ ý kiến các đơn vị.")
    assert asked["pending_until"] == until
    granted = await town.does(CHIEF, task, "grant-extension")
    assert (granted["due"]["date"], granted["due"]["baseline"], granted["pending_until"]) == (until, due, None)
    await town.does(LEAD, task, "submit-completion", note="Trình quy chế.", evidence=evidence)
    returned = await town.does(CHIEF, task, "return-completion", reason="Thiếu phụ lục.")
    assert returned["status"] == "in_progress"
    await town.does(LEAD, task, "submit-completion", note="Đã bổ sung phụ lục.", evidence=evidence)
    accepted = await town.does(LEADER, task, "accept-completion")
    assert (accepted["status"], accepted["timeliness"]) == ("done", "done_on_time")


async def _events(town: Town, task: str) -> list[dict[str, Any]]:
    """What happened to the task and its notice, without who was told."""
    history = await town.read(CHIEF, f"/v1/tasks/{task}/history")
    return [each for each in history if not each["subject"].startswith("inbox.")]


async def _history_names_everybody(town: Town, task: str) -> None:
    assert [(each["type"].split(".")[1], each["actor"]) for each in await _events(town, task)] == [
        ("TaskAssigned", "client.van-thu"),
        ("MeetingConcluded", "client.van-thu"),
        ("TaskReassigned", f"person.{CHIEF}"),
        ("ConclusionCorrected", f"person.{CHIEF}"),
        ("TaskAcknowledged", f"person.{LEAD}"),
        ("ProgressReported", f"person.{LEAD}"),
        ("ExtensionRequested", f"person.{LEAD}"),
        ("ExtensionGranted", f"person.{CHIEF}"),
        ("CompletionSubmitted", f"person.{LEAD}"),
        ("CompletionReturned", f"person.{CHIEF}"),
        ("CompletionSubmitted", f"person.{LEAD}"),
        ("CompletionAccepted", f"person.{LEADER}"),
    ]


async def _nobody_else_sees(town: Town, task: str, directive: str) -> None:
    async with town.as_(STRANGER) as stranger:
        for path in (f"/v1/tasks/{task}", f"/v1/tasks/{task}/history", f"/v1/directives/{directive}"):
            assert (await stranger.get(path)).status_code == 404
        evidence = (await town.uploaded(LEAD))[0]["sha256"]
        assert (await stranger.get(f"/v1/attachments/{evidence}")).status_code == 404
        assert (await stranger.get("/v1/search", params={"q": "quy chế"})).json() == []
        assert task not in [each["id"] for each in (await stranger.get("/v1/tasks")).json()]
    async with town.as_(LEADER) as leader:
        assert (await leader.get(f"/v1/attachments/{evidence}")).content == EVIDENCE


async def _figures_show_it(town: Town, meeting: str, task: str, directive: str) -> None:
    rolled_up = await town.read(LEADER, f"/v1/directives/{directive}")
    assert (rolled_up["status"], rolled_up["late"], rolled_up["done"], rolled_up["task_count"]) == ("done", False, 1, 1)
    summary = await town.read(LEADER, "/v1/summary", meeting=meeting, by="unit")
    rows = {row["key"]: row for row in summary["rows"]}
    assert {key: (row["done_on_time"]["count"], row["no_deadline"]["count"]) for key, row in rows.items()} == {
        OFFICE.unit_id: (1, 0),
        FINANCE.unit_id: (0, 1),
    }
    counted = rows[OFFICE.unit_id]["done_on_time"]["tasks"]
    for address in (counted, "/v1/search?q=quy che lam viec", f"/v1/search?q={NUMBER}"):
        assert [each["id"] for each in await town.read(LEAD, address)] == [task]


async def _replay_equals_live(town: Town) -> None:
    pool = engine(town.house.postgres.url("ketluan", "ketluan_tasks"), "tests")
    assert (await replay(pool, settings_of(town.log), lambda done, of: None)).equal
    await pool.dispose()
