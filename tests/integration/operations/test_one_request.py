"""One request is one trace and one correlation id, from the post of a notice to the letter that tells of it."""

import json
import time
from collections.abc import Sequence

import httpx
import pytest

from shared.telemetry.correlation import root_span_id, trace_id
from tests.collector import Taken
from tests.examples import conclusion
from tests.house import LEAD
from tests.identity import signed
from tests.integration.operations.asking import within_ten_seconds
from tests.integration.operations.conftest import ADDRESS, Watched

REQUEST = "notice-17-of-the-office"
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
SECRET = "ban-mat-cua-van-phong"


@pytest.fixture(scope="module")
def spans(watched: Watched) -> Sequence[Taken]:
    """The spans of one notice whose lead was told by mail."""
    before = watched.mail.count
    answer = httpx.post(
        f"{watched.services['intake'].url}/v1/conclusions?duplicate=allow",
        json=conclusion(2, title=f"Kết luận về {SECRET}", number="17/TB-SKHCN"),
        headers={**signed(), "X-Request-Id": REQUEST, "traceparent": CALLER},
        timeout=30,
    )
    assert answer.status_code == 201
    within_ten_seconds(lambda: watched.mail.count > before)
    within_ten_seconds(lambda: {"deliver mail", "projected"} <= {each.name for each in _trace(watched)})
    time.sleep(1.5)
    return _trace(watched)


def _trace(watched: Watched) -> Sequence[Taken]:
    return watched.traces.of(trace_id(REQUEST))


def test_a_notice_is_one_trace_from_the_post_to_the_letter(spans: Sequence[Taken]) -> None:
    by_id = {each.span_id: each for each in spans}
    (letter,) = (each for each in spans if each.name == "deliver mail")

    way, at = [], letter
    while at.parent_id:
        way.append((at.service, at.name))
        at = by_id[at.parent_id]
    way.append((at.service, at.name))

    assert way == [
        ("notify", "deliver mail"),
        ("notify", "append notification"),
        ("notify", "plan"),
        ("intake", "append"),
        ("intake", "POST /v1/conclusions"),
    ]
    assert at.span_id == f"{root_span_id(REQUEST):016x}"


def test_the_projection_stands_below_what_was_appended(spans: Sequence[Taken]) -> None:
    (append,) = (each for each in spans if (each.service, each.name) == ("intake", "append"))

    assert ("tasks", "projected", append.span_id) in {(each.service, each.name, each.parent_id) for each in spans}


def test_every_span_but_the_first_has_a_parent_that_arrived(spans: Sequence[Taken]) -> None:
    ids = {each.span_id for each in spans}

    assert [each.name for each in spans if each.parent_id not in ids] == ["POST /v1/conclusions"]


def test_a_senders_own_trace_is_a_link(spans: Sequence[Taken]) -> None:
    (first,) = (each for each in spans if not each.parent_id)

    assert first.links == (CALLER.split("-")[1],)


def test_no_span_holds_a_secret_a_person_or_a_word_of_the_notice(spans: Sequence[Taken]) -> None:
    told = repr(list(spans))

    for word in (SECRET, ADDRESS, f'"{LEAD}"', "Trần Thị", "Hoàn thiện", "SKHCN", "Bearer"):
        assert word not in told


def test_one_id_is_found_in_the_logs_of_all_services(watched: Watched, spans: Sequence[Taken]) -> None:
    assert spans
    told = {
        name: {
            line["event"]
            for line in map(json.loads, service.output.splitlines())
            if line.get("correlation_id") == REQUEST
        }
        for name, service in watched.services.items()
    }

    assert "published" in told["intake"]
    assert "projected" in told["tasks"]
    assert {"planned", "delivered"} <= told["notify"]


def test_no_line_of_the_logs_holds_a_secret_or_an_address(watched: Watched, spans: Sequence[Taken]) -> None:
    assert spans
    written = "".join(service.output for service in watched.services.values())

    for word in (SECRET, ADDRESS, "Bearer", "Traceback"):
        assert word not in written
