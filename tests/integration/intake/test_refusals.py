"""What intake refuses, in which words, and that nothing of it reaches the log."""

import hashlib
import json
from typing import Any

import httpx
import pytest
from nats.aio.client import Client

from tests.examples import conclusion
from tests.integration.intake.conftest import House
from tests.integration.intake.test_conclusions import events_in

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


def _changed(**changes: Any) -> bytes:
    return json.dumps(conclusion(1) | changes).encode()


@pytest.mark.parametrize(
    ("media_type", "body", "status", "code", "pointer"),
    [
        (JSON, b"", 422, "invalid", ""),
        (JSON, b"{", 422, "invalid", ""),
        (JSON, b"[" * 100_000, 422, "invalid", ""),
        (JSON, b"null", 422, "invalid", ""),
        (JSON, b'{"title": "\\ud800"}', 422, "invalid", ""),
        (JSON, b'{"title": "\xff"}', 400, "not-utf-8", None),
        (JSON, '{"title": "Kết luận"}'.encode("utf-16"), 400, "not-utf-8", None),
        (JSON, _changed(directives=[]), 422, "invalid", "/directives"),
        (JSON, _changed(directives=[{"text": "a\u0000b"}]), 422, "invalid", "/directives/0/text"),
        (JSON, _changed(directives=[{"text": "a\u202eb"}]), 422, "invalid", "/directives/0/text"),
        (JSON, _changed(number="1\r\nBcc: x@y.z"), 422, "invalid", "/number"),
        (JSON, _changed(directives=[{"text": ""}]), 422, "invalid", "/directives/0/text"),
        (JSON, _changed(held_on="18/11/2026"), 422, "invalid", "/held_on"),
        (JSON, _changed(held_on=1764892800), 422, "invalid", "/held_on"),
        (
            JSON,
            _changed(directives=[{"text": "a", "span": [0, 3_000_000_000]}]),
            422,
            "invalid",
            "/directives/0/span/1",
        ),
        (JSON, _changed(directives=[{"text": "a", "span": [9, 3]}]), 422, "invalid", "/directives/0/span"),
        (JSON, _changed(directives=[1] * 500_000), 422, "invalid", "/directives/0"),
        (JSON, json.dumps({f"k{number}": 1 for number in range(300_000)}).encode(), 422, "invalid", ""),
        (JSON, _changed(tilte="Kết luận"), 422, "invalid", "/tilte"),
        (JSON, _changed(title="x" * 30_000), 422, "invalid", "/title"),
        (JSON, b"[" + b" " * 5_000_000, 413, "too-large", None),
        (TEXT, b"", 422, "unreadable-notice", None),
        (TEXT, "Kính gửi các phòng.".encode(), 422, "unreadable-notice", None),
        (TEXT, b"- a\x00b", 422, "unreadable-notice", None),
        (TEXT, b"\xff\x00\x81\x90" * 8, 422, "unreadable-notice", None),
        (TEXT, b"-" * 3_000_000, 413, "too-large", None),
        ("text/plain; charset=ebcdic-us", b"- a", 415, "unsupported-media-type", None),
        ("application/xml", b"<a/>", 415, "unsupported-media-type", None),
        ("", b"- a", 415, "unsupported-media-type", None),
    ],
)
async def test_what_cannot_be_used_is_refused_and_changes_nothing(
    http: httpx.AsyncClient, log: Client, media_type: str, body: bytes, status: int, code: str, pointer: str | None
) -> None:
    before = await events_in(log)
    answer = await http.post("/v1/conclusions", content=body, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "vi"
    if pointer is not None:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await events_in(log) == before


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ("vi", "phải là ngày dạng YYYY-MM-DD, ví dụ 2026-07-31"),
        ("fr, en;q=0.8, vi;q=0.2", "must be a date as YYYY-MM-DD, such as 2026-07-31"),
    ],
)
async def test_a_refusal_speaks_the_language_that_is_asked_for(
    http: httpx.AsyncClient, asked: str, detail: str
) -> None:
    headers = {"Content-Type": JSON, "Accept-Language": asked}
    answer = await http.post("/v1/conclusions", content=_changed(held_on="18/11/2026"), headers=headers)
    assert [error["detail"] for error in answer.json()["errors"]] == [detail]


async def test_a_flood_of_wrong_members_leaves_intake_small(house: House) -> None:
    assert house.intake.resident_bytes < 150 * 1024 * 1024


async def test_a_notice_that_would_become_too_many_tasks_is_refused(http: httpx.AsyncClient, number: str) -> None:
    units = [f"Đơn vị {unit}" for unit in range(3)]
    directives = [{"text": f"Việc {place}.", "assignees": units} for place in range(3400)]
    content = json.dumps(conclusion(1, number=number) | {"directives": directives}).encode()
    answer = await http.post("/v1/conclusions", content=content, headers={"Content-Type": JSON})
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-tasks")
    kept = await http.get(f"/v1/documents/{hashlib.sha256(content).hexdigest()}")
    assert kept.status_code == 404
