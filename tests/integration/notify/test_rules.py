"""From what happens to tasks and notices to the people who hear of it, and why."""

import datetime as dt
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from services.notify.projection.deciding import INTAKE
from shared.events.catalogue import CATALOGUE
from shared.events.fields import Deadline
from shared.events.meeting import ConclusionCorrected
from shared.events.person import PersonPlaced, PersonRegistered
from shared.events.policy import RulesAdopted
from shared.events.task import (
    CommentAdded,
    DueDateSet,
    ExtensionGranted,
    ExtensionRequested,
    ProgressReported,
    TaskAssigned,
    TaskReassigned,
)
from shared.log.read import last_on
from tests.identity import as_person
from tests.integration.notify.conftest import until
from tests.integration.notify.test_notifications import inbox
from tests.integration.notify.writing import Writer, inbox_events, requested
from tests.processes import ServiceProcess
from tests.servers import run_sql
from tests.unit.notify.examples import FINANCE, SCIENCE, directive, notice, organisation

DAY = dt.date(2026, 12, 18)
FIRST, SECOND = "m-1-1-khoa-hoc", "m-1-2-khoa-hoc"
_FROM_THE_LOG = (
    "adoption, cause, checkpoint, delivery, floor, inbox_tail, meeting, notification, outbox, parked, preference, "
    "task, watch"
)


@pytest.fixture
async def published(writer: Writer, web: httpx.AsyncClient) -> None:
    """A notice of two directives for one unit, of which everybody whom it concerns was told."""
    await writer.write(*organisation())
    directives = (directive(1, SCIENCE), directive(2, SCIENCE))
    for each in directives:
        (task,) = each.assignees[0].tasks
        await writer.write(
            TaskAssigned(
                task_id=task.id,
                meeting_id="m-1",
                directive_id=each.id,
                ordinal=each.ordinal,
                text=each.text,
                phrase="Các đơn vị",
                unit=task.unit,
            ),
            source=INTAKE,
        )
    await writer.write(notice(*directives))
    await until(lambda: inbox(web, "dung"))


async def newest(web: httpx.AsyncClient, person_id: str, rule: str) -> Any:
    """A person's newest notification, once it is by this rule; what it is otherwise."""

    async def found() -> Any:
        items = await inbox(web, person_id)
        return items[0] if items and items[0]["rule"] == rule else None

    return await until(found) or [each["rule"] for each in await inbox(web, person_id)]


async def explained(web: httpx.AsyncClient, event: str | int, person_id: str) -> Any:
    """Why this person was told of an event, or was not."""
    answer = await web.get("/v1/notifications/explain", params={"event": event, "person": person_id})
    return answer.raise_for_status().json()


def ground(found: Any, rule: str) -> str:
    """What decided a rule."""
    (code,) = [each["ground"]["code"] for each in found["rules"] if each["rule"] == rule]
    return str(code)


@pytest.mark.usefixtures("published")
async def test_those_hear_of_an_act_whom_it_concerns_and_why_is_answered_to_them(
    writer: Writer, web: httpx.AsyncClient
) -> None:
    asked = await writer.write(ExtensionRequested(task_id=FIRST, until=DAY, reason="Chờ."), actor="person.giang")
    item = await newest(web, "binh", "extension-requested")
    assert (item["category"], item["urgency"]) == ("decision", "important")
    assert [task["task_id"] for task in item["tasks"]] == [FIRST]
    granted = await writer.write(ExtensionGranted(task_id=FIRST, until=DAY), actor="person.binh")
    assert (await newest(web, "giang", "extension-granted"))["reasons"] == ["author"]
    item = await newest(web, "dung", "extension-granted")
    assert item["tasks"][0]["due"] == DAY.isoformat()

    why = await explained(web, granted, "dung")
    assert why["told"] is True
    assert why["summary"]["vi"].startswith("Đã báo tin cho người này")
    assert [each["code"] for each in why["rules"][0]["reasons"]] == ["responsible"]
    brought = {each["channel"]: each for each in why["channels"]}
    assert brought["inbox"]["brings"] is True
    assert brought["inbox"]["outcome"]["state"] in {"settled", "delivered"}
    assert brought["mail"]["obstacle"]["code"] == "not-installed"
    assert [each["rule"] for each in why["notifications"]] == ["extension-granted"]
    assert ground(await explained(web, granted, "binh"), "extension-granted") == "not-concerned"
    assert ground(await explained(web, asked, "hoa"), "extension-requested") == "not-concerned"
    for named in (item["notification_id"], item["sequence"]):
        assert (await explained(web, named, "dung"))["event"]["id"] == granted
    table = (await web.get("/v1/notifications/rules")).raise_for_status().json()
    assert {each["rule"] for each in table} > {each["rule"] for each in why["rules"]}

    async def own(person_id: str, event: str, of: str | None = None) -> httpx.Response:
        asking = {"event": event} | ({"person": of} if of else {})
        return await web.get("/v1/notifications/explain", params=asking, headers=as_person(person_id))

    assert (await own("giang", granted)).json()["told"] is True
    assert (await own("giang", asked)).json()["told"] is False
    assert (await own("hoa", granted)).status_code == 404
    assert (await own("giang", granted, of="dung")).status_code == 403
    assert (await own("binh", granted, of="dung")).status_code == 200
    assert (await web.get("/v1/notifications/explain", params={"event": "999999", "person": "dung"})).status_code == 404


@pytest.mark.usefixtures("published")
async def test_a_correction_tells_each_person_once_of_all_that_it_changed(
    writer: Writer, web: httpx.AsyncClient, log_client: Client
) -> None:
    await writer.write(TaskReassigned(task_id=FIRST, unit=FINANCE, reason="Nhầm."), source=INTAKE)
    moved = await last_on(log_client, f"log.task.{FIRST}")
    await writer.write(DueDateSet(task_id=SECOND, deadline=Deadline(date=DAY), reason="Nhầm."), source=INTAKE)
    corrected = await writer.write(ConclusionCorrected(meeting_id="m-1", reason="Nhầm."), source=INTAKE)
    item = await newest(web, "dung", "conclusion-corrected")
    assert [task["task_id"] for task in item["tasks"]] == [FIRST, SECOND]
    item = await newest(web, "hoa", "conclusion-corrected")
    assert [task["task_id"] for task in item["tasks"]] == [FIRST]
    told = requested(await inbox_events(log_client, ["dung", "hoa", "binh"]))
    assert [each.rule for each in told] == [
        *["meeting-concluded", "conclusion-corrected"],
        "conclusion-corrected",
        *["meeting-concluded", "conclusion-corrected"],
    ]
    assert moved is not None
    why = await explained(web, moved.sequence, "dung")
    assert why["event"]["id"] == corrected
    assert why["rules"][0]["task_ids"] == [FIRST, SECOND]
    assert (await explained(web, corrected, "giang"))["told"] is False


@pytest.mark.usefixtures("published")
async def test_why_is_answered_as_things_stood_then(writer: Writer, web: httpx.AsyncClient, log_client: Client) -> None:
    reported = await writer.write(ProgressReported(task_id=FIRST, percent=40), actor="person.dung")
    await newest(web, "binh", "progress-reported")
    await writer.write(PersonRegistered(person_id="moi", name="Người Mới"))
    await writer.write(PersonPlaced(person_id="dung", unit_id=FINANCE.id))
    await writer.write(CommentAdded(task_id=FIRST, text="Ai làm?"), actor="person.binh")
    remark = await last_on(log_client, f"log.task.{FIRST}")
    assert remark is not None
    await newest(web, "giang", "comment-added")
    assert (await explained(web, reported, "moi"))["rules"][0]["ground"]["code"] == "unknown"
    not_told = (await explained(web, reported, "dung"))["summary"]["en"]
    assert not_told == "The person was not told: none of the rule's reasons applied to the person."
    assert ground(await explained(web, remark.sequence, "dung"), "comment-added") == "not-concerned"
    assert ground(await explained(web, remark.sequence, "giang"), "comment-added") == "told"
    assert ground(await explained(web, remark.sequence, "binh"), "comment-added") == "own-act"


@pytest.mark.usefixtures("published")
async def test_an_upgrade_and_every_rebuild_after_it_tell_nobody_of_what_was_decided_without_the_new_rules(
    writer: Writer, web: httpx.AsyncClient, log_client: Client, notify: ServiceProcess, database_url: str
) -> None:
    notify.stop()
    await writer.write(ExtensionRequested(task_id=FIRST, until=DAY, reason="Chờ."), actor="person.dung")
    before = await last_on(log_client, f"log.task.{FIRST}")
    assert before is not None
    await run_sql(
        database_url,
        f"TRUNCATE {', '.join(f'notify.{table}' for table in _FROM_THE_LOG.split(', '))}",
        f"INSERT INTO notify.adoption (version, after) VALUES (2, {before.sequence})",
    )
    notify.start()
    asked = await writer.write(ExtensionRequested(task_id=SECOND, until=DAY, reason="Chờ."), actor="person.dung")
    assert (await newest(web, "binh", "extension-requested"))["tasks"][0]["task_id"] == SECOND
    said = await last_on(log_client, "log.policy.notify")
    assert said is not None
    assert CATALOGUE.read(said.content).data == RulesAdopted(version=2, after=before.sequence)
    assert ground(await explained(web, before.sequence, "binh"), "extension-requested") == "not-yet-a-rule"
    notify.stop()
    await run_sql(database_url, f"TRUNCATE {', '.join(f'notify.{table}' for table in _FROM_THE_LOG.split(', '))}")
    notify.start()
    assert (await explained(web, asked, "binh"))["told"] is True
    told = requested(await inbox_events(log_client, ["binh"]))
    assert [each.rule for each in told] == ["meeting-concluded", "extension-requested"]
