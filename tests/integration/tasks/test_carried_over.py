"""What is ordered again although it was still open."""

import datetime as dt
from collections.abc import Iterator

import httpx
import pytest
from nats.aio.client import Client

from services.tasks.replay import replay
from shared.database import engine
from shared.events.fields import UnitRef
from shared.events.task import CompletionAccepted, CompletionSubmitted, TaskReassigned
from tests.examples import FINANCE, OFFICE
from tests.identity import signed
from tests.integration.tasks.past import Past, directive
from tests.integration.tasks.test_register import TODAY, shown
from tests.processes import ServiceProcess, tasks
from tests.servers import settings_of

REVIEW = "Rà soát các đề tài cấp tỉnh quá hạn nghiệm thu, đề xuất hướng xử lý từng đề tài."
AGAIN = "Tiếp tục rà soát các đề tài cấp tỉnh quá hạn nghiệm thu; đề xuất hướng xử lý cụ thể từng đề tài."
URGED = "Khẩn trương rà soát đề tài cấp tỉnh quá hạn nghiệm thu, đề xuất hướng xử lý từng đề tài trước ngày 20/12/2026."
REPORT = "Hoàn thiện dự thảo báo cáo tổng kết công tác năm 2026, trình Lãnh đạo Sở."


@pytest.fixture
def service(nats_url: str, tasks_database_url: str) -> Iterator[ServiceProcess]:
    """A running tasks service."""
    with tasks(nats_url, tasks_database_url) as process:
        yield process


def ago(days: int) -> dt.date:
    """The local day so many days before today."""
    return TODAY - dt.timedelta(days=days)


async def test_ordered_three_meetings_running_and_still_open(service: ServiceProcess, log_client: Client) -> None:
    past = Past(log_client)
    first, _ = await past.notice(ago(60), directive(REVIEW), directive(REPORT))
    (second,) = await past.notice(ago(40), directive(AGAIN))
    third, _, _ = await past.notice(
        ago(20), directive(URGED), directive(REVIEW, unit=FINANCE.name), directive("Mua sắm thiết bị đo cho trạm.")
    )
    async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
        found = await shown(http, "/v1/tasks", past.last, carried_over=True)
        assert [(task["id"], task["carried_over"]) for task in found] == [
            (second, {"task_id": first, "times": 2}),
            (third, {"task_id": second, "times": 3}),
        ]
        assert len(await shown(http, "/v1/tasks", past.last, carried_over=False)) == 4
        assert (await http.get(f"/v1/tasks/{first}")).json()["carried_over"] is None


async def test_what_was_done_or_went_to_another_unit_is_not_carried_over(
    service: ServiceProcess, log_client: Client
) -> None:
    past = Past(log_client)
    done, moved = await past.notice(ago(60), directive(REVIEW), directive(REPORT))
    await past.happens(ago(50), CompletionSubmitted(task_id=done, note="Xong."), CompletionAccepted(task_id=done))
    finance = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
    await past.happens(ago(50), TaskReassigned(task_id=moved, unit=finance, reason="Đúng việc."))
    await past.notice(ago(40), directive(AGAIN), directive(REPORT))
    async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
        assert await shown(http, "/v1/tasks", past.last, carried_over=True) == []


async def test_a_rebuilt_register_links_the_same_although_it_reads_other_batches(
    service: ServiceProcess, log_client: Client, tasks_database_url: str
) -> None:
    past = Past(log_client)
    async with httpx.AsyncClient(base_url=service.url, timeout=30, headers=signed()) as http:
        for days in range(60, 0, -10):
            open_one, done = await past.notice(ago(days), directive(AGAIN, unit=OFFICE.name), directive(REPORT))
            await shown(http, "/v1/tasks", past.last)
            await past.happens(
                ago(days - 1), CompletionSubmitted(task_id=done, note="Xong."), CompletionAccepted(task_id=done)
            )
            await shown(http, "/v1/tasks", past.last)
        last = (await http.get(f"/v1/tasks/{open_one}")).json()
        assert last["carried_over"]["times"] == 6
    pool = engine(tasks_database_url, "tests")
    found = await replay(pool, settings_of(log_client), lambda done, of: None)
    await pool.dispose()
    assert found.equal
    assert {table.table: table.live_rows for table in found.tables}["carried_over"] == 5
