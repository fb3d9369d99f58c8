"""The installation in containers does the whole work, and loses nothing."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.integration.containers.stack import DEPLOY, SERVERS, SERVICES, Stack, docker, in_time
from tests.integration.reading.pages import LETTERHEAD, SIGNATURE, paragraphs, printed, scanned

SAMPLE = DEPLOY / "sample"
NOTICE = (SAMPLE / "thong-bao.txt").read_bytes()


@pytest.fixture(scope="module")
def meeting(stack: Stack) -> dict[str, Any]:
    """The sample notice, posted after the sample directory was imported."""
    volume = ["--volume", f"{SAMPLE / 'directory.yaml'}:/directory.yaml:ro"]
    stack.compose.run("directory", "import", "/directory.yaml", options=volume)
    answer = stack.post(NOTICE)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert in_time(lambda: bool(alerts(stack, found)))
    assert in_time(lambda: is_settled(stack))
    return found


def history(stack: Stack) -> list[dict[str, Any]]:
    """Every event of the log."""
    found: list[dict[str, Any]] = stack.get("/v1/events", after="0", limit="200")
    return found


def is_settled(stack: Stack) -> bool:
    """Whether nothing is written to the log for a second."""
    before = history(stack)
    time.sleep(1)
    return history(stack) == before


def tasks(stack: Stack, meeting: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks of a meeting."""
    found: list[dict[str, Any]] = stack.get("/v1/tasks", meeting=meeting["meeting"]["meeting_id"], limit="200")
    return found


def alerts(stack: Stack, meeting: dict[str, Any]) -> list[dict[str, Any]]:
    """Who was told of a meeting's notice."""
    found: list[dict[str, Any]] = stack.get("/v1/notifications", meeting=meeting["meeting"]["meeting_id"])
    return found


def test_a_notice_becomes_tasks_of_known_units_over_the_one_port(stack: Stack, meeting: dict[str, Any]) -> None:
    found = tasks(stack, meeting)
    assert len(found) == meeting["task_count"]
    assert any(not task["unit"]["provisional"] for task in found)


def test_people_find_the_notice_in_their_inbox_once(stack: Stack, meeting: dict[str, Any]) -> None:
    told = [alert["person"]["id"] for alert in alerts(stack, meeting)]
    assert told
    assert len(told) == len(set(told))
    for person in told:
        assert len(stack.get("/v1/inbox", person=person)) == 1


def test_the_page_shows_the_meeting(stack: Stack, meeting: dict[str, Any]) -> None:
    page = stack.client.get("/meetings")
    assert page.status_code == 200
    assert meeting["meeting"]["number"] in page.text


def test_replaying_the_log_gives_the_same_register(stack: Stack, meeting: dict[str, Any]) -> None:
    assert "giống nhau" in stack.compose.run("replay")


@pytest.mark.parametrize("service", [*SERVICES, *SERVERS])
def test_a_killed_container_comes_back_with_all_that_there_was(
    stack: Stack, meeting: dict[str, Any], service: str
) -> None:
    before = [tasks(stack, meeting), alerts(stack, meeting), history(stack)]
    stack.kill(service)
    stack.start(service)
    assert stack.post(NOTICE).json() == meeting
    assert [tasks(stack, meeting), alerts(stack, meeting), history(stack)] == before


def test_after_a_power_cut_everything_is_there_and_nobody_is_told_twice(stack: Stack, meeting: dict[str, Any]) -> None:
    before = [tasks(stack, meeting), alerts(stack, meeting), history(stack)]
    for service in (*SERVICES, *SERVERS):
        stack.kill(service)
    stack.start(*SERVICES, *SERVERS)
    assert stack.post(NOTICE).json() == meeting
    assert in_time(lambda: is_settled(stack))
    assert [tasks(stack, meeting), alerts(stack, meeting), history(stack)] == before


@pytest.mark.parametrize("service", SERVICES)
def test_docker_starts_a_service_again_that_ended(stack: Stack, service: str) -> None:
    starts = stack.inspect(service)["RestartCount"]
    docker("exec", stack.id_of(service), "python", "-c", "import os, signal; os.kill(1, signal.SIGTERM)")
    assert in_time(lambda: bool(stack.inspect(service)["RestartCount"] == starts + 1))
    assert in_time(stack.ready)


def test_addresses_of_a_directory_reach_the_notify_service(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "directory.yaml"
    file.write_text(
        "units: [{id: van-phong, name: Văn phòng Sở}]\n"
        "people: [{id: nguyen-an, name: Nguyễn An, unit: van-phong, mail: an.nguyen@haivan.example}]\n",
        encoding="utf-8",
    )
    volume = ["--volume", f"{file}:/directory.yaml:ro"]
    assert "1 địa chỉ thư" in stack.compose.run("directory", "import", "/directory.yaml", options=volume)


def test_a_page_of_another_site_publishes_nothing_and_a_foreign_name_is_told_nothing(
    stack: Stack, meeting: dict[str, Any]
) -> None:
    headers = {"Content-Type": "text/plain", "Sec-Fetch-Site": "cross-site"}
    assert stack.client.post("/v1/conclusions", content=NOTICE, headers=headers).status_code == 403
    assert stack.client.get("/v1/events", headers={"Host": "rebound.example"}).status_code == 421


def test_an_administrator_lets_a_person_and_a_program_in(stack: Stack, meeting: dict[str, Any]) -> None:
    link = stack.compose.run("identity", "signin-link", "pham-thu-ha").strip()
    stack.compose.run("identity", "client", "register", "van-thu", "--name", "Văn thư", "--scope", "tasks:read")
    key = stack.compose.run("identity", "client", "issue-key", "van-thu").strip()

    with httpx.Client(base_url=stack.client.base_url, timeout=15, trust_env=False) as stranger:
        assert stranger.get("/v1/tasks").status_code == 401
        assert stranger.get("/v1/tasks", headers={"Authorization": f"Bearer {key}"}).status_code == 200
        token = parse_qs(urlsplit(link).query)["token"][0]
        assert stranger.post("/signin/open", data={"token": token}).headers["Location"] == "/"
        assert "Phạm Thu Hà" in stranger.get("/meetings", headers={"Accept": "text/html"}).text


def test_scans_are_read_in_the_container_two_at_a_time(stack: Stack, meeting: dict[str, Any]) -> None:
    lines = (
        "1. Văn phòng Sở",
        *(f"- Sửa chữa hội trường số {number} trước ngày 15/12/2026." for number in range(1, 90)),
    )
    scan = scanned(printed(LETTERHEAD + paragraphs(("THÔNG BÁO", "Kết luận của Giám đốc Sở", *lines)) + SIGNATURE))

    def tried(_: int) -> httpx.Response:
        headers = {"Content-Type": "application/pdf"}
        return stack.client.post("/v1/conclusions?dry_run=true", content=scan, headers=headers, timeout=180)

    starts = stack.inspect("intake")["RestartCount"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(tried, range(2)))

    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["directives"]) == len(lines) - 1
    state = stack.inspect("intake")
    assert (state["RestartCount"], state["State"]["OOMKilled"]) == (starts, False)
