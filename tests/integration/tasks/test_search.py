"""Tasks found by words, with their marks and without."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from shared.events.fields import NamedPerson, UnitRef
from shared.events.task import TaskReassigned
from tests.examples import FINANCE
from tests.identity import as_person, signed
from tests.integration.tasks.offices import Offices, offices
from tests.integration.tasks.past import Past, directive
from tests.integration.tasks.test_register import TODAY, shown

PLAN = "Xây dựng kế hoạch nuôi trồng thủy sản."
BANK = "Gia cố kè hoách ven sông."
"""Not what anybody means who writes "kế hoạch", but the same letters."""
UNMARKED = "Ra soat ke hoach nam 2027."


@pytest.fixture
def office(nats_url: str, tasks_database_url: str) -> Iterator[Offices]:
    """A running service with the people of two units."""
    with offices(nats_url, tasks_database_url) as running:
        yield running


async def texts(http: httpx.AsyncClient, sequence: int, q: str, **parameters: Any) -> list[str]:
    """The texts of the tasks that are found, in order."""
    return [task["directive"]["text"] for task in await shown(http, "/v1/search", sequence, q=q, **parameters)]


async def test_words_are_found_with_their_marks_and_without(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    await past.notice(TODAY, directive(PLAN), directive(BANK), directive(UNMARKED), directive("Việc khác."))
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        assert await texts(http, past.last, "ke hoach") == [UNMARKED, BANK, PLAN]
        assert await texts(http, past.last, "KẾ  HOẠCH") == [PLAN, UNMARKED, BANK]
        assert await texts(http, past.last, "kè hoách") == [BANK, UNMARKED, PLAN]
        assert await texts(http, past.last, "nuôi thuỷ sản") == [PLAN]
        assert await texts(http, past.last, "kế hoạch biển") == []
        assert await texts(http, past.last, "' | & !") == []


async def test_unit_number_and_person_are_found_too(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    lead = {"name": "Nguyễn Thị Thuỷ", "position": "Phó Giám đốc"}
    task, _ = await past.notice(
        TODAY, directive(PLAN, lead=lead), directive(BANK, unit=FINANCE.name), number="231/TB-SKHCN"
    )
    await past.notice(TODAY, directive(UNMARKED, cooperators=[FINANCE.name]))
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        assert await texts(http, past.last, "231/TB-SKHCN") == [BANK, PLAN]
        assert await texts(http, past.last, "nguyen thi thuy") == [PLAN]
        assert await texts(http, past.last, "phòng tài chính") == [UNMARKED, BANK]
        finance = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
        other = NamedPerson(name="Bùi Đình Ước")
        await past.happens(TODAY, TaskReassigned(task_id=task, unit=finance, lead=other, reason="Đúng việc."))
        assert await texts(http, past.last, "bùi đình ước phòng tài chính") == [PLAN]
        assert await texts(http, past.last, "nguyen thi thuy") == []


async def test_a_units_people_find_what_is_theirs(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    task, *_ = await past.notice(
        TODAY, directive(PLAN), directive(BANK, unit=FINANCE.name), directive(UNMARKED, cooperators=[FINANCE.name])
    )
    async with office.as_("ha") as finance, office.as_("nam") as staff:
        assert await texts(finance, past.last, "ke hoach") == [UNMARKED, BANK]
        assert await texts(staff, past.last, "ke hoach") == [UNMARKED, PLAN]
        unit = UnitRef(id=FINANCE.unit_id, name=FINANCE.name)
        await past.happens(TODAY, TaskReassigned(task_id=task, unit=unit, reason="Đúng việc."))
        assert await texts(staff, past.last, "ke hoach") == [UNMARKED]
    async with httpx.AsyncClient(base_url=office.services[0].url, headers=as_person("nobody")) as nobody:
        assert (await nobody.get("/v1/search", params={"q": "ke"})).status_code in {401, 403}


async def test_the_pages_of_what_is_found_hold_every_task_once(office: Offices, log_client: Client) -> None:
    past = Past(log_client)
    await past.notice(TODAY, *(directive(text) for text in (PLAN, BANK, UNMARKED) for _ in range(3)))
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        await texts(http, past.last, "kế hoạch")
        address: str | None = "/v1/search?q=kế hoạch&limit=2"
        pages = []
        while address:
            answer = await http.get(address)
            pages.append([task["directive"]["ordinal"] for task in answer.json()])
            address = answer.links.get("next", {}).get("url")
    found = [ordinal for page in pages for ordinal in page]
    assert found[:3] == [3, 2, 1]
    assert sorted(found) == list(range(1, 10))


@pytest.mark.parametrize("query", ["", "?q=", f"?q={'x' * 201}", "?q=a&limit=0", "?q=a&cursor=zzz"])
async def test_questions_that_cannot_be_asked_are_refused(office: Offices, query: str) -> None:
    async with httpx.AsyncClient(base_url=office.services[0].url, timeout=30, headers=signed()) as http:
        assert (await http.get(f"/v1/search{query}")).status_code == 422
