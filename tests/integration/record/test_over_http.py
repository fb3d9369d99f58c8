"""What office and auditors see of the record's wholeness over HTTP."""

import asyncio
import json
from typing import Any

import httpx
from nats.aio.client import Client

from services.tasks.reading import LARGEST_SEQUENCE
from shared.log.append import append
from tests.examples import conclusion
from tests.identity import signed
from tests.integration.tasks.test_register import notice
from tests.processes import tasks
from tests.servers import PostgresServer, run_sql

_HARM = (
    "SET session_replication_role = replica; UPDATE ledger.event SET content = content || '\\x20' WHERE sequence = 5",
)


async def _ended(http: httpx.AsyncClient) -> dict[str, Any]:
    """A verification that is asked for now, once it has ended, as its stream tells."""
    begun = await http.post("/v1/record/verifications")
    assert begun.status_code == 202, begun.text
    async with asyncio.timeout(20), http.stream(
        "GET", begun.headers["Location"], headers={"Accept": "text/event-stream"}
    ) as stream:  # fmt: skip
        told = [json.loads(line[5:]) async for line in stream.aiter_lines() if line.startswith("data:")]
    again = (await http.get(begun.headers["Location"])).json()
    assert again == told[-1]
    found: dict[str, Any] = again
    return found


async def test_the_office_sees_what_is_damaged_and_what_to_do(
    log_client: Client, nats_url: str, tasks_database_url: str, postgres_server: PostgresServer, database_name: str
) -> None:
    last = await append(log_client, notice(conclusion(20)))
    with tasks(nats_url, tasks_database_url, SCRUB_PACE="0") as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed("office")) as http:
            await http.get(f"/v1/tasks?min_sequence={last}")
            assert (await http.get("/v1/record/verification")).json()["state"] == "unknown"
            assert (await _ended(http))["state"] == "sound"
            assert (await http.get("/v1/record/verification")).json()["state"] == "sound"

            await run_sql(postgres_server.url(database_name), *_HARM)
            found = await _ended(http)
            assert found["state"] == "damaged"
            (finding,) = found["findings"]
            assert (finding["kind"], finding["side"], finding["first"]) == ("altered-in-ledger", "ledger", 5)
            assert finding["known_good"] == 4
            assert finding["events"][0]["subject"].startswith("log.task.")
            assert "ketluan repair" in finding["what"]
            standing = (await http.get("/v1/record/verification", headers={"Accept-Language": "en"})).json()
            assert (standing["state"], standing["known_good"]) == ("damaged", 4)
            assert standing["verifications"][0]["began_at"] > standing["last_sound_at"]
            assert standing["findings"][0]["what"].startswith("Events were altered in the ledger")
            page = (await http.get("/meetings", headers={"Accept": "text/html"})).text
            assert "Sổ ghi bị hư hỏng." in page
            assert "Sổ ghi bị hư hỏng." not in (await http.get("/meetings", headers=signed("unit_lead"))).text
            health = (await http.get("/readyz")).json()
            assert health["ready"]
            assert "altered-in-ledger" in health["notes"]["record"]
            assert (await http.get("/v1/record/verifications/no-such")).status_code == 404
            beyond = await http.get(f"/record?after={LARGEST_SEQUENCE}", headers={"Accept": "text/html"})
            assert beyond.status_code == 200, "behind the log's end there is nothing"
            refused = await http.get("/v1/record/verification", headers=signed("staff"))
            assert refused.status_code == 403


async def test_a_row_that_was_altered_in_the_register_is_named(
    log_client: Client, nats_url: str, tasks_database_url: str, postgres_server: PostgresServer, database_name: str
) -> None:
    last = await append(log_client, notice(conclusion(50)))
    with tasks(nats_url, tasks_database_url, SCRUB_PACE="0") as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed("office")) as http:
            shown = (await http.get(f"/v1/tasks?min_sequence={last}&limit=100")).json()
            for version, (command, body) in enumerate((("acknowledge", {}), ("report-progress", {"percent": 40})), 1):
                headers = {**signed(), "If-Match": f'"{version}"'}
                answer = await http.post(f"/v1/tasks/{shown[7]['id']}/{command}", json=body, headers=headers)
                assert answer.status_code == 200, answer.text
            assert (await _ended(http))["state"] == "sound"
            one, other = shown[3]["id"], shown[30]["id"]
            await run_sql(
                postgres_server.url(database_name),
                f"UPDATE register.task SET due = due + 30 WHERE id = '{one}'",
                f"DELETE FROM register.standing WHERE task_id = '{other}'",
            )
            (finding,) = (await _ended(http))["findings"]
            assert (finding["kind"], finding["side"], finding["count"]) == ("altered-in-register", "register", 2)
            assert {each["subject"] for each in finding["events"]} == {f"log.task.{one}", f"log.task.{other}"}


async def test_the_service_verifies_by_itself(log_client: Client, nats_url: str, tasks_database_url: str) -> None:
    last = await append(log_client, notice(conclusion(20)))
    with tasks(nats_url, tasks_database_url, SCRUB_PACE="1000") as service:
        async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed("auditor")) as http:
            await http.get(f"/v1/tasks?min_sequence={last}")
            async with asyncio.timeout(20):
                while (await http.get("/v1/record/verification")).json()["state"] != "sound":  # noqa: ASYNC110 - a service of its own
                    await asyncio.sleep(0.1)
            (one,) = (await http.get("/v1/record/verification")).json()["verifications"]
            assert one["origin"] == "continuous"
