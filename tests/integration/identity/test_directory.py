"""The directory by HTTP: what administrators change, and what no two of them can do at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.identity import as_person, signed
from tests.integration.identity.conftest import Town

ADMINISTRATOR = "quan-tri"
OFFICE = "chanh-van-phong"


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Tasks, as the administrator asks it."""
    async with httpx.AsyncClient(base_url=town.urls["tasks"], headers=as_person(ADMINISTRATOR), timeout=20) as client:
        yield client


async def ask(http: httpx.AsyncClient, path: str, version: str | None = None, **body: Any) -> httpx.Response:
    """Posts what is asked for; in the version that stands now, unless another is named."""
    if version is None:
        version = (await http.get(path.rpartition("/")[0])).headers["ETag"]
    return await http.post(path, json=body, headers={"If-Match": version})


async def test_a_unit_is_registered_renamed_and_found_by_every_name(http: httpx.AsyncClient) -> None:
    made = await http.post("/v1/directory/units", json={"name": "Trung tâm Thông tin", "parent": "van-phong"})
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/directory/units/trung-tam-thong-tin")

    renamed = await ask(http, f"{made.headers['Location']}/rename", name="Trung tâm Dữ liệu")
    assert renamed.json()["aliases"] == ["Trung tâm Thông tin"]
    for wanted in ("thong tin", "Dữ liệu"):
        found = await http.get("/v1/directory/units", params={"q": f"trung tam {wanted}"})
        assert [unit["id"] for unit in found.json()] == ["trung-tam-thong-tin"]


async def test_who_asks_for_a_version_that_is_over_hears_who_changed_what(http: httpx.AsyncClient) -> None:
    seen = (await http.get("/v1/directory/people/ke-toan")).headers["ETag"]
    assert (await ask(http, "/v1/directory/people/ke-toan/rename", seen, name="Tạ Thị Hồng Nhung")).status_code == 200

    late = await ask(http, "/v1/directory/people/ke-toan/place", seen, unit="van-phong")

    assert late.status_code == 412
    assert [each["actor_name"] for each in late.json()["since"]] == ["Bùi Gia Bảo"]
    assert (await http.get("/v1/directory/people/ke-toan")).json()["unit_id"] == "to-ke-toan"
    unnamed = await http.post("/v1/directory/people/ke-toan/leave", json={})
    assert unnamed.status_code == 428


async def test_two_administrators_who_revoke_each_other_leave_one(town: Town, http: httpx.AsyncClient) -> None:
    path = "/v1/directory/people"
    assert (await ask(http, f"{path}/giam-doc/grant-role", role="administrator")).status_code == 200
    first, second = [(await http.get(f"{path}/{each}")).headers["ETag"] for each in (ADMINISTRATOR, "giam-doc")]
    async with httpx.AsyncClient(base_url=town.urls["tasks"], headers=as_person("giam-doc"), timeout=20) as other:
        answers = await asyncio.gather(
            ask(http, f"{path}/giam-doc/revoke-role", second, role="administrator"),
            ask(other, f"{path}/{ADMINISTRATOR}/revoke-role", first, role="administrator"),
        )

        assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])
        people = await http.get(path, params={"role": "administrator"}, headers=signed("auditor"))
        assert len(people.json()) == 1
        if people.json()[0]["id"] == "giam-doc":
            await ask(other, f"{path}/{ADMINISTRATOR}/grant-role", role="administrator")
        kept = await ask(http, f"{path}/giam-doc/revoke-role", role="administrator")
        assert kept.status_code == 200


async def test_what_is_kept_of_somebody_is_erased_once_they_left_and_for_a_reason(http: httpx.AsyncClient) -> None:
    path = "/v1/directory/people/truong-phong"
    early = await ask(http, f"{path}/erase-personal-data", reason="Nghỉ hưu.")
    assert (early.status_code, early.json()["code"]) == (409, "person-not-left")
    assert (await ask(http, f"{path}/leave")).status_code == 200
    assert (await ask(http, f"{path}/erase-personal-data", reason=" ")).status_code == 422

    version = (await http.get(path)).headers["ETag"].strip('"')
    form = {"version": version, "reason": "Đã nghỉ hưu, theo đề nghị của bà Phúc."}
    page = path.removeprefix("/v1")
    erased = await http.post(f"{page}/erase-personal-data", data=form, headers={"Accept": "text/html"})
    assert erased.status_code == 303
    shown = (await http.get(page, headers={"Accept": "text/html"})).text
    assert "Xoá dữ liệu cá nhân" in shown
    assert form["reason"] in shown
    assert (await http.get(path)).json()["name"] == "Mai Xuân Phúc"


async def test_the_office_changes_units_and_grants_nothing(town: Town) -> None:
    async with httpx.AsyncClient(base_url=town.urls["tasks"], headers=as_person(OFFICE), timeout=20) as office:
        added = await ask(office, "/v1/directory/units/van-phong/add-alias", alias="VP một cửa")
        assert added.status_code == 200
        granted = await ask(office, "/v1/directory/people/ke-toan/grant-role", role="administrator")
        assert granted.status_code == 403
        imported = await office.post("/directory/import", data={"content": "people: []", "name": "a.yaml"})
        assert imported.status_code == 403


async def test_lists_go_on_page_by_page(http: httpx.AsyncClient) -> None:
    whole = [each["id"] for each in (await http.get("/v1/directory/people")).json()]
    paged: list[str] = []
    address: str | None = "/v1/directory/people?limit=3"
    while address:
        page = await http.get(address)
        paged += [each["id"] for each in page.json()]
        address = page.links["next"]["url"] if "next" in page.links else None

    assert paged == whole


async def test_a_key_is_shown_once_and_is_worth_nothing_once_its_program_is_closed(http: httpx.AsyncClient) -> None:
    program = {"id": "kho-du-lieu", "name": "Kho dữ liệu", "scopes": ["tasks:read"]}
    assert (await http.post("/v1/clients", json=program)).status_code == 201
    assert (await http.post("/v1/clients", json=program)).status_code == 409
    issued = (await http.post("/v1/clients/kho-du-lieu/keys", json={"days": 30})).json()
    shown = {"Authorization": f"Bearer {issued['key']}"}
    assert (await http.get("/v1/tasks", headers=shown)).status_code == 200

    (key,) = (await http.get("/v1/clients/kho-du-lieu")).json()["keys"]
    assert (key["ending"], key["issued_by"]) == (issued["key"][-4:], f"person.{ADMINISTRATOR}")
    closed = await http.post("/v1/clients/kho-du-lieu/close", json={"reason": "Thay hệ thống"})
    assert closed.status_code == 204
    assert (await http.get("/v1/tasks", headers=shown)).status_code == 401
