"""Whom the one port answers: our own names, our own pages, and programs; not the pages of other sites."""

import json

import httpx
import pytest

from tests.integration.embedded.installed import Installed

NOTICE = (
    "THÔNG BÁO\nKết luận của Giám đốc Sở tại cuộc họp trên trang lạ\n\n1. Văn phòng Sở\n"
    "- Sửa chữa hội trường trước ngày 15/12/2026.\n"
)


def posted(running: Installed, **headers: str) -> httpx.Response:
    """The answer to a notice that a browser can send from any page without asking first."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    told |= {"Content-Type": "text/plain"} | running.identity
    return httpx.post(f"{running.url}/v1/conclusions", content=NOTICE.encode(), headers=told, trust_env=False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Origin": "https://other.example"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://other.example"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "null"},
    ],
)
def test_a_page_of_another_site_publishes_nothing(running: Installed, headers: dict[str, str]) -> None:
    before = running.event_count()

    refused = posted(running, **headers, Accept_Language="en")

    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "foreign-page"
    assert "nothing was recorded" in refused.json()["detail"]
    assert "chưa có gì được ghi nhận" in posted(running, **headers).json()["detail"]
    assert running.event_count() == before


@pytest.mark.parametrize("service", ["intake", "tasks", "notify"])
def test_a_page_that_finds_a_service_behind_the_gateway_changes_nothing(running: Installed, service: str) -> None:
    port = json.loads((running.data / "running.json").read_text())["ports"][service]
    headers = {"Content-Type": "text/plain", "Sec-Fetch-Site": "cross-site", "Accept-Language": "en"}

    refused = httpx.post(
        f"http://127.0.0.1:{port}/v1/conclusions", content=NOTICE.encode(), headers=headers, trust_env=False
    )
    by_gateway = posted(running, Sec_Fetch_Site="cross-site", Accept_Language="en")

    assert refused.status_code == 403
    assert refused.json() == by_gateway.json()
    assert refused.headers["X-Request-Id"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_page_of_another_site_changes_nothing(running: Installed, method: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    refused = httpx.request(method, f"{running.url}/v1/contacts/x", headers=headers, trust_env=False)

    assert refused.status_code == 403


def test_our_own_pages_and_programs_may_publish(running: Installed) -> None:
    own = posted(running, Sec_Fetch_Site="same-origin", Origin=running.url)
    local = posted(running, Origin=f"http://localhost:{running.port}", Host=f"localhost:{running.port}")
    program = posted(running)

    assert [answer.status_code for answer in (own, local, program)] == [201, 201, 201]


def test_a_link_on_another_site_leads_here(running: Installed) -> None:
    headers = running.identity | {"Sec-Fetch-Site": "cross-site"}
    page = httpx.get(f"{running.url}/meetings", headers=headers, trust_env=False)

    assert page.status_code == 200


@pytest.mark.parametrize("name", ["rebound.example", "rebound.example:{port}", "127.0.0.1", "localhost:1"])
def test_a_name_that_is_not_ours_is_told_nothing(running: Installed, name: str) -> None:
    answer = httpx.get(f"{running.url}/v1/events", headers={"Host": name.format(port=running.port)}, trust_env=False)

    assert answer.status_code == 421
    assert answer.json()["code"] == "foreign-host"


@pytest.mark.parametrize("path", ["/v1/tasks", "/v1/nothing", "/meetings", "/static/x/page.js", "/report.xlsx"])
def test_every_answer_runs_nothing_of_others_and_is_kept_for_nobody_else(running: Installed, path: str) -> None:
    answer = httpx.get(f"{running.url}{path}", headers=running.identity, trust_env=False)

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-cache", "no-store"} & set(answer.headers["Cache-Control"].split(", "))
