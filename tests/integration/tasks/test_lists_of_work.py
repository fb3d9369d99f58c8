"""The lists in which people find what they have to do, in their order and page by page."""

import asyncio
import datetime as dt
import json
import re
from collections.abc import Iterator

import httpx
import pytest
from nats.aio.client import Client

from shared.events.fields import NamedUnit
from shared.events.task import (
    CompletionSubmitted,
    CooperatorsChanged,
    ExtensionRequested,
    ProgressReported,
    TaskAcknowledged,
)
from tests.examples import FINANCE, OFFICE
from tests.integration.tasks.offices import Offices, offices
from tests.integration.tasks.past import Past, directive
from tests.integration.tasks.test_register import TODAY

LATE, LATER = TODAY - dt.timedelta(days=3), TODAY + dt.timedelta(days=90)
UNKNOWN = "Tổ công tác đề án"


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """A running service with the people of two units."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


async def page(http: httpx.AsyncClient, address: str, sequence: int = 0) -> str:
    """A page as it is shown to somebody, once it holds the log up to a sequence."""
    parted = "&" if "?" in address else "?"
    answer = await http.get(f"{address}{parted}min_sequence={sequence}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


def listed(html: str) -> list[tuple[str, str]]:
    """The headings of a page and the sentences under them, in order, each as a pair of which one is empty."""
    content = html.partition("<footer")[0]
    return re.findall(
        r'<h2 id="[^"]*">([^<]+)</h2>|class="notice"[^>]*href="/tasks/[^"]*">([^<]+)</a></h[23]>', content
    )


def sentences(html: str) -> list[str]:
    """The sentences of a page, in order."""
    return [sentence for _, sentence in listed(html) if sentence]


async def test_a_units_work_stands_under_what_has_to_be_done_about_it(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    texts = ("Mới.", "Trễ.", "Mới và trễ.", "Chờ.", "Xin thêm.", "Đang làm.", "Của nơi khác.", "Cùng làm.")
    dues = (LATER, LATE, LATE, LATE, LATER, LATER, LATER, LATER)
    units = (*[OFFICE.name] * 6, FINANCE.name, FINANCE.name)
    pairs = zip(texts, dues, units, strict=True)
    ids = dict(
        zip(texts, await past.notice(TODAY, *(directive(text, due, unit) for text, due, unit in pairs)), strict=True)
    )
    await past.happens(
        TODAY,
        TaskAcknowledged(task_id=ids["Trễ."]),
        CompletionSubmitted(task_id=ids["Chờ."], note="Xong."),
        ExtensionRequested(task_id=ids["Xin thêm."], until=LATER + dt.timedelta(days=9), reason="Chưa đủ."),
        ProgressReported(task_id=ids["Đang làm."], percent=30),
        CooperatorsChanged(
            task_id=ids["Cùng làm."],
            reason="Cùng làm.",
            cooperators=(NamedUnit(phrase=OFFICE.name, unit=OFFICE.unit_id),),
        ),
    )
    async with office.as_("nam") as staff, office.as_("minh") as leader:
        found = [heading or sentence for heading, sentence in listed(await page(staff, "/work", past.last))]
        assert found == [
            *("Mới giao", "Mới và trễ.", "Mới."),
            *("Quá hạn", "Trễ."),
            *("Chờ trả lời", "Chờ.", "Xin thêm."),
            *("Đang thực hiện", "Đang làm."),
            *("Phối hợp với đơn vị khác", "Cùng làm."),
        ]
        # What is asked for alone is everything of which it is true.
        assert sentences(await page(staff, "/work?only=overdue")) == ["Trễ.", "Mới và trễ.", "Chờ."]
        assert sentences(await page(staff, "/work?only=cooperating")) == ["Cùng làm."]
        assert "Không có nhiệm vụ nào ở mục này" in await page(staff, "/work?only=due-soon")
        assert (await staff.get("/work?only=all")).status_code == 422
        assert (await leader.get("/work")).status_code == 403

        assert sentences(await page(leader, "/queue")) == ["Chờ.", "Xin thêm."]
        assert sentences(await page(leader, "/queue?only=extensions")) == ["Xin thêm."]
        assert (await staff.get("/queue")).status_code == 403


async def test_long_lists_come_page_by_page_and_show_everything_once(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    days = [None, *(TODAY + dt.timedelta(days=number % 7) for number in range(34))]
    ids = await past.notice(TODAY, *(directive(f"Việc {number}.", due) for number, due in enumerate(days)))
    await past.happens(TODAY, *(CompletionSubmitted(task_id=task, note="Xong.") for task in ids[:23]))
    async with office.as_("nam") as staff, office.as_("minh") as leader:
        for reader, address in ((staff, "/work"), (leader, "/queue")):
            html = await page(reader, address, past.last)
            further = re.search(rf'href="({address}\?cursor=[^"]+)"', html)
            assert further is not None
            both = sentences(html) + sentences(await page(reader, further[1]))
            assert len(both) == len(set(both)) == (35 if reader is staff else 23)


async def test_a_unit_that_the_directory_lacks_is_given_to_one_that_it_knows_once(
    office: Offices, log_client: Client
) -> None:
    past = Past(log_client)
    first, second, third = await past.notice(TODAY, *(directive(f"Việc {number}.", unit=UNKNOWN) for number in "123"))
    await past.happens(TODAY, CompletionSubmitted(task_id=third, note="Xong."))
    async with office.as_("chinh") as chief:
        html = await page(chief, "/queue/units", past.last)
        form = {"of": re.findall(r'name="of" value="([^"]+)"', html)[0], "other": "Không có đơn vị này"}
        unusable = await chief.post("/queue/units", data=form, headers={"Accept": "text/html"})
        assert unusable.status_code == 422
        assert 'value="Không có đơn vị này" aria-invalid="true"' in unusable.text
        assert "danh bạ không có đơn vị nào đang hoạt động tên “Không có đơn vị này”" in unusable.text

        form |= {"other": "văn  phòng sở", "remember": "true"}
        done = await chief.post("/queue/units", data=form)
        assert done.status_code == 303
        said = await page(chief, done.headers["location"])
        assert "Đã giao 2 nhiệm vụ cho" in said
        assert "1 nhiệm vụ chưa giao lại được" in said
        assert "Danh bạ đã nhớ tên gọi này" in said
        for task in (first, second):
            found = (await chief.get(f"/v1/tasks/{task}")).json()
            assert found["unit"]["id"] == OFFICE.unit_id
            assert found["version"] == 2

        again = await chief.post("/queue/units", data=form)
        assert "remembered" not in again.headers["location"]
        assert (await chief.get(f"/v1/tasks/{first}")).json()["version"] == 2
    async with office.as_("nam") as staff:
        assert (await staff.post("/queue/units", data=form)).status_code == 403


async def test_words_that_are_given_to_two_units_at_once_find_one_of_them(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    called = [f"Đội công tác {letter}" for letter in ("Bắc", "Nam", "Đông", "Tây", "Trung")]
    await past.notice(TODAY, *(directive(f"Việc của {words}.", unit=words) for words in called))
    async with office.as_("chinh") as chief:
        html = await page(chief, "/queue/units", past.last)
        provisional = re.findall(r'name="of" value="([^"]+)"', html)
        forms = [
            {"of": unit_id, "other": unit.name, "remember": "true"}
            for unit_id in provisional
            for unit in (OFFICE, FINANCE)
        ]
        await asyncio.gather(*(chief.post("/queue/units", data=form) for form in forms))

        for words in called:
            bearers = (await chief.get("/v1/directory/units", params={"q": words})).json()
            assert [words in unit["aliases"] for unit in bearers] == [True]


async def test_meetings_are_found_by_number_and_title_whatever_the_marks(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    await past.notice(TODAY, directive("Việc."), number="77/TB-ĐHX", title="Kết luận về Đề án Đường ven biển")
    async with office.as_("minh") as leader, office.as_("ha") as elsewhere:
        for asked in ("77/TB-ĐHX", "duong ven bien", "ĐƯỜNG VEN", "tb dhx"):
            html = await page(leader, f"/search?q={asked}", past.last)
            assert "/meetings/" in html.partition("<h2>Cuộc họp</h2>")[2]
        assert "<mark>Đường ven</mark>" in await page(leader, "/search?q=duong ven")
        assert "Cuộc họp</h2>" not in await page(elsewhere, "/search?q=duong ven bien")
        assert "Không tìm thấy gì" in await page(elsewhere, "/search?q=duong ven bien")
        assert "Bỏ các bộ lọc" in await page(leader, "/search?q=viec&timeliness=overdue")


async def test_a_parked_event_is_told_with_what_it_is_why_and_what_to_do(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    [task] = await past.notice(TODAY, directive("Việc."))
    stream = log_client.jetstream()
    unusable = {"type": "ketluan.ProgressReported.v1", "data": {"note": "<b>"}}
    for content in (json.dumps(unusable).encode(), b"nonsense"):
        last = (await stream.publish(f"log.task.{task}", content)).seq
    async with office.as_("chinh") as chief, office.as_("minh") as leader:
        html = await page(chief, "/queue/parked", last)
        assert "<h2>Báo cáo tiến độ</h2>" in html
        assert "Không rõ là sự kiện gì" in html
        assert f'href="/tasks/{task}"' in html
        assert f'href="/record/events/{last}"' in html
        assert "ketluan replay --swap" in html
        assert "Một sự kiện trước đó của cùng hồ sơ chưa áp dụng được" in html
        assert "<b>" not in html
        assert (await leader.get("/queue/parked")).status_code == 403
