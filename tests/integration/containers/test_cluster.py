"""A cluster in containers does the whole work, and goes on when any part of it is killed."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.integration.containers.cluster import COPIES, NODES, Cluster, running_cluster
from tests.integration.containers.conftest import VERSION
from tests.integration.containers.stack import DEPLOY, docker, in_time
from tests.servers import free_port

NOTICE = (DEPLOY / "sample" / "thong-bao.txt").read_bytes()
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@pytest.fixture(scope="module")
def cluster(images: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster with one organisation."""
    with running_cluster(tmp_path_factory.mktemp("cluster") / "secrets", free_port(), VERSION) as found:
        yield found


@pytest.fixture(scope="module")
def meeting(cluster: Cluster) -> dict[str, Any]:
    """The sample notice, posted after the sample directory was imported."""
    directory = f"{DEPLOY / 'sample' / 'directory.yaml'}:/directory.yaml:ro"
    run = ("run", "--rm", "-T", "--no-deps", "--volume", directory, "directory", "import", "/directory.yaml")
    cluster.compose("compose.organisation.yaml", *run)
    answer = cluster.client.post("/v1/conclusions", content=NOTICE, headers=TEXT)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert in_time(lambda: len(tasks(cluster, found)) == found["task_count"])
    assert in_time(lambda: bool(alerts(cluster, found)))
    return found


def tasks(cluster: Cluster, meeting: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks of a meeting."""
    found: list[dict[str, Any]] = asked(cluster, "/v1/tasks", meeting)
    return found


def alerts(cluster: Cluster, meeting: dict[str, Any]) -> list[dict[str, Any]]:
    """Who was told of a meeting's notice."""
    found: list[dict[str, Any]] = asked(cluster, "/v1/notifications", meeting)
    return found


def asked(cluster: Cluster, path: str, meeting: dict[str, Any]) -> Any:
    """The answer about a meeting; nothing where there is none yet."""
    answer = cluster.client.get(path, params={"meeting": meeting["meeting"]["meeting_id"], "limit": "200"})
    return answer.json() if answer.status_code == httpx.codes.OK else []


def test_a_notice_becomes_tasks_and_alerts(cluster: Cluster, meeting: dict[str, Any]) -> None:
    told = [alert["person"]["id"] for alert in alerts(cluster, meeting)]
    assert len(told) == len(set(told))
    assert any(not task["unit"]["provisional"] for task in tasks(cluster, meeting))


def test_every_container_is_confined(cluster: Cluster) -> None:
    found = json.loads(docker("inspect", *map(cluster.container, (*COPIES, *NODES))).stdout)
    assert len(found) == len(COPIES) + len(NODES)
    for container in found:
        host = container["HostConfig"]
        assert container["Config"]["User"].split(":")[0] not in {"", "0", "root"}, container["Name"]
        assert (host["ReadonlyRootfs"], host["CapDrop"], host["Privileged"]) == (True, ["ALL"], False)
        assert min(host["Memory"], host["NanoCpus"], host["PidsLimit"]) > 0
        published = [each["HostIp"] for bound in host["PortBindings"].values() for each in bound]
        assert published == (["127.0.0.1"] if "gateway" in container["Name"] else [])
        assert not [each for each in container["Config"]["Env"] if "://" in each and "@" in each]


def test_nothing_is_said_in_the_open(cluster: Cluster, meeting: dict[str, Any]) -> None:
    attempt = (
        "import asyncio, asyncpg, pathlib, socket, urllib.error, urllib.request\n"
        "with socket.create_connection(('nats-1', 4222), 5) as plain:\n"
        "    plain.settimeout(2)\n"
        "    plain.sendall(b'CONNECT {}\\r\\nPING\\r\\n')\n"
        "    try:\n"
        "        said = plain.recv(100)\n"
        "    except OSError:\n"
        "        said = b''\n"
        "assert not said.startswith((b'INFO', b'PONG')), said\n"
        "url = pathlib.Path('/run/secrets/KETLUAN_DATABASE_URL').read_text().replace('+asyncpg', '')\n"
        "try:\n"
        "    asyncio.run(asyncpg.connect(url, ssl=False))\n"
        "except asyncpg.InvalidAuthorizationSpecificationError as refused:\n"
        "    assert 'no encryption' in str(refused), refused\n"
        "else:\n"
        "    raise SystemExit('PostgreSQL answers without TLS')\n"
        "try:\n"
        "    urllib.request.urlopen('http://notify-1.so-khcn:8000/healthz', timeout=5)\n"
        "except OSError:\n"
        "    pass\n"
        "else:\n"
        "    raise SystemExit('a service answers without TLS')\n"
    )
    done = cluster.execute("tasks-1", "python", "-c", attempt)
    assert done.returncode == 0, done.stdout + done.stderr


def test_live_news_come_through_the_gateway_at_once(cluster: Cluster, meeting: dict[str, Any]) -> None:
    with cluster.client.stream("GET", "/v1/events?after=0", headers={"Accept": "text/event-stream"}) as stream:
        lines = stream.iter_lines()
        first = next(line for line in lines if line.startswith("data:"))
    assert "specversion" in first


def test_work_goes_on_while_a_copy_of_everything_is_killed(cluster: Cluster, meeting: dict[str, Any]) -> None:
    assert in_time(cluster.all_healthy)
    before = [tasks(cluster, meeting), alerts(cluster, meeting)]
    cluster.kill("intake-1", "tasks-1", "notify-1")
    answers = [cluster.client.get("/v1/tasks", params={"limit": "1"}).status_code for _ in range(20)]
    assert set(answers) == {200}
    assert cluster.client.post("/v1/conclusions", content=NOTICE, headers=TEXT).json() == meeting
    cluster.kill("nats-1")
    began = time.monotonic()
    another = NOTICE.replace(b"118/TB", b"119/TB").replace(b"18/11/2026", b"17/11/2026")
    assert in_time(lambda: bool(cluster.client.post("/v1/conclusions", content=another, headers=TEXT).is_success))
    assert time.monotonic() - began < 15
    cluster.start("nats-1", "intake-1", "tasks-1", "notify-1")
    assert [tasks(cluster, meeting), alerts(cluster, meeting)] == before


def test_a_promoted_standby_takes_over_and_the_former_primary_follows_it(
    cluster: Cluster, meeting: dict[str, Any]
) -> None:
    before = tasks(cluster, meeting)
    cluster.kill("postgres-1")
    promoted = cluster.execute("postgres-2", "pg_ctl", "promote")
    assert promoted.returncode == 0, promoted.stderr
    began = time.monotonic()
    assert in_time(cluster.ready)
    assert time.monotonic() - began < 15
    assert tasks(cluster, meeting) == before

    cluster.start("postgres-1")
    question = "PGPASSWORD=$(cat /run/secrets/postgres) psql -h 127.0.0.1 -U postgres -Atc 'SELECT pg_is_in_recovery()'"
    assert in_time(lambda: cluster.execute("postgres-1", "sh", "-c", question).stdout.strip() == "t")
    assert in_time(lambda: "streaming" in cluster.execute("postgres-2", "sh", "-c", _STREAMS).stdout)


_STREAMS = (
    "PGPASSWORD=$(cat /run/secrets/postgres) psql -h 127.0.0.1 -U postgres -Atc 'SELECT state FROM pg_stat_replication'"
)
