"""The installation in containers does the whole work, and loses nothing."""

from typing import Any

import pytest

from tests.integration.containers.stack import DEPLOY, SERVERS, SERVICES, Stack, in_time

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
    assert in_time(lambda: len(tasks(stack, found)) == len(found["tasks"]))
    assert in_time(lambda: bool(alerts(stack, found)))
    return found


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
    assert {task["id"] for task in found} == {task["task_id"] for task in meeting["tasks"]}
    assert any(not task["unit"]["provisional"] for task in found)


def test_people_find_the_notice_in_their_inbox_once(stack: Stack, meeting: dict[str, Any]) -> None:
    told = [alert["person"]["id"] for alert in alerts(stack, meeting)]
    assert told
    assert len(told) == len(set(told))
    for person in told:
        assert len(stack.get("/v1/inbox", person=person)) == 1


def test_the_page_shows_the_meeting(stack: Stack, meeting: dict[str, Any]) -> None:
    page = stack.client.get("/")
    assert page.status_code == 200
    assert meeting["meeting"]["number"] in page.text


def test_replaying_the_log_gives_the_same_register(stack: Stack, meeting: dict[str, Any]) -> None:
    assert "giống nhau" in stack.compose.run("replay")


@pytest.mark.parametrize("service", [*SERVICES, *SERVERS])
def test_a_killed_container_comes_back_with_all_that_there_was(
    stack: Stack, meeting: dict[str, Any], service: str
) -> None:
    before = [tasks(stack, meeting), alerts(stack, meeting), stack.get("/v1/events", after="0", limit="200")]
    stack.kill(service)
    stack.start(service)
    again = stack.post(NOTICE)
    assert again.status_code == 200, again.text
    assert again.json()["meeting"]["meeting_id"] == meeting["meeting"]["meeting_id"]
    assert [tasks(stack, meeting), alerts(stack, meeting), stack.get("/v1/events", after="0", limit="200")] == before


def test_a_container_whose_program_dies_is_started_again_by_docker(stack: Stack, meeting: dict[str, Any]) -> None:
    for service in (*SERVICES, *SERVERS):
        assert stack.inspect(service)["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
