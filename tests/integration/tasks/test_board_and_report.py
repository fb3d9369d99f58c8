"""The board and the report: whether each figure opens the tasks that it counts, and all forms of a report agree."""

import html
import io
import re
from collections.abc import Iterator
from http import HTTPStatus

import docx
import httpx
import openpyxl
import pytest
from nats.aio.client import Client

from tests.integration.tasks.offices import Offices, offices
from tests.integration.tasks.past import Past, directive
from tests.integration.tasks.test_register import shown
from tests.integration.tasks.test_summary import ago, lived

_FIGURE = re.compile(r'<a href="(/board/tasks\?[^"]*)">([\d.]+)</a>')
_FILE = re.compile(r'href="(/report\.(?:docx|xlsx)\?[^"]*)"')
_LEADER, _STAFF = "minh", "nam"


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """A running service over an empty log."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


async def page(http: httpx.AsyncClient, path: str) -> str:
    """A page that is there."""
    answer = await http.get(path)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.text


def figures(text: str) -> dict[str, int]:
    """The figures of a page, by the addresses that they lead to."""
    return {html.unescape(address): int(count.replace(".", "")) for address, count in _FIGURE.findall(text)}


async def traced(http: httpx.AsyncClient, text: str, but: str = "") -> int:
    """Confirms that behind each figure stand exactly so many tasks, for people and for programs, but for figures that
    another page has; gives how many that are."""
    found = {address: count for address, count in figures(text).items() if figures(but).get(address) != count}
    for address, count in found.items():
        tasks = (await http.get(address.replace("/board/tasks", "/v1/tasks"))).json()
        assert len(tasks) == count, address
        listed = await page(http, address)
        assert all(f'href="/tasks/{task["id"]}"' in listed for task in tasks), address
        assert listed.count('<div class="gutter">') == count, address
    return len(found)


async def repeated(log: Client) -> Past:
    """What two offices lived through, and one order that came twice."""
    past = await lived(log)
    for day in (60, 30):
        await past.notice(ago(day), directive("Rà soát hồ sơ tồn đọng của các dự án ven biển, báo cáo Giám đốc Sở."))
    return past


async def test_every_figure_of_the_board_opens_the_tasks_that_it_counts(office: Offices, log_client: Client) -> None:
    past = await repeated(log_client)
    async with office.as_(_LEADER) as http:
        await shown(http, "/v1/summary", past.last)
        board = await page(http, "/board")
        assert await traced(http, board) > 20
        assert "lần thứ 2" in board
        assert await traced(http, await page(http, "/board?by=meeting"), board) > 5
        assert await traced(http, await page(http, f"/board?from={ago(25)}&to=&unit=van-phong"), board) > 2
        assert await traced(http, await page(http, f"/board?as_of={past.last - 6}&unit=van-phong"), board) > 2
    async with office.as_(_STAFF) as http:
        own = await page(http, "/board")
        summary = (await http.get("/v1/summary")).json()["total"]
        assert figures(own)["/board/tasks?timeliness=overdue"] == summary["open_overdue"]["count"]
        assert await traced(http, own, board) > 1
        assert "Phòng Kế hoạch - Tài chính" not in own


async def test_a_report_says_the_same_in_all_its_forms_and_is_about_what_was_picked(
    office: Offices, log_client: Client
) -> None:
    past = await repeated(log_client)
    async with office.as_(_LEADER) as http:
        await shown(http, "/v1/summary", past.last)
        asked = f"/report?from={ago(45)}&place=H%E1%BA%A3i%20V%C3%A2n"
        assert await traced(http, await page(http, asked)) > 10
        text = await page(http, asked)
        assert f"đến hết sự kiện số {past.last}," in text
        addresses = {
            html.unescape(address).partition("?")[0]: html.unescape(address) for address in _FILE.findall(text)
        }
        # What happens between looking and downloading, be it in the same second, does not change what was looked at.
        await past.notice(ago(0), directive("Việc mới.", ago(-3)))
        await shown(http, "/v1/summary", past.last)
        word = docx.Document(io.BytesIO((await http.get(addresses["/report.docx"])).content))
        book = openpyxl.load_workbook(io.BytesIO((await http.get(addresses["/report.xlsx"])).content))
        links = {relation.target_ref for relation in word.part.rels.values() if relation.is_external}
        listed = set(re.findall(r'<br><a href="/tasks/([^"]*)"', text))
        assert {link.partition("/tasks/")[2] for link in links} == listed
        assert (await http.get(links.pop())).status_code == HTTPStatus.OK
    (total,) = re.findall(r'<tr class="total">(.*?)</tr>', text)
    said = re.findall(r">([\d.]+)<", total)
    assert [cell.text for cell in word.tables[1].rows[1].cells][1:] == said
    assert [str(cell.value) for cell in book["Tổng hợp"][9]][1:] == said
    for sheet, key in (("Quá hạn", "overdue"), ("Hoàn thành trong kỳ", "done"), ("Chỉ đạo lại", "repeated")):
        part = text.partition(f'<h3 id="{key}">')[2].partition("<h3")[0]
        notices = [html.unescape(each) for each in re.findall(r'<br><a href="/tasks/[^"]*">([^<]*)</a>', part)]
        assert [row[2] for row in book[sheet].iter_rows(min_row=2, values_only=True)] == notices
        assert notices
    async with office.as_(_LEADER) as http:
        meeting = (await http.get("/v1/meetings")).json()[-1]
        text = await page(http, f"/report?meeting={meeting['id']}&from={ago(90)}")
        assert f"Tình hình thực hiện Thông báo số {meeting['number']}" in text
        assert await traced(http, text) > 3
        assert "Số:          /BC-SKHCN" in text
        for wrong in ("from=2026-12-01&to=2026-11-01", "meeting=none", "from=tomorrow", "as_of=x", "place=%00"):
            answer = await http.get(f"/report?{wrong}")
            assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, wrong
            assert 'role="alert"' in answer.text
            assert (await http.get(f"/report.docx?{wrong}")).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert 'value="tomorrow"' in (await http.get("/report?from=tomorrow")).text
    async with office.as_(_STAFF) as http:
        own = await page(http, f"/report?from={ago(90)}")
        assert "Phòng Kế hoạch - Tài chính" not in own.partition("<article")[2]
        assert figures(own)
