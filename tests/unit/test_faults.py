"""How faults of a library become ours."""

from contextlib import nullcontext

import httpx
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.database import DatabaseUnavailable, RowsRefused, translated
from shared.serving import application


@pytest.mark.parametrize("error", [PoolTimeout(), OSError(), TimeoutError()])
def test_a_database_that_cannot_be_reached_is_unavailable(error: Exception) -> None:
    with pytest.raises(DatabaseUnavailable), translated():
        raise error


@pytest.mark.parametrize("error", [OverflowError(), TypeError(), ValueError()])
def test_a_value_that_no_column_holds_is_refused(error: Exception) -> None:
    with pytest.raises(RowsRefused), translated():
        raise error


async def test_a_defect_answers_with_the_id_to_ask_for() -> None:
    app = application("tests", "tests", "http://127.0.0.1:8080", lambda app: nullcontext())

    @app.get("/defect")
    async def defect() -> None:
        raise RuntimeError("a defect")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://tests") as http:
        answer = await http.get("/defect", headers={"X-Request-Id": "request-7"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == "request-7"
    assert answer.json()["code"] == "unexpected"
    assert "a defect" not in answer.text


async def test_head_answers_as_get_without_its_contents() -> None:
    app = application("tests", "tests", "http://127.0.0.1:8080", lambda app: nullcontext())

    @app.get("/thing")
    async def thing() -> dict[str, str]:
        return {"a": "b"}

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tests") as http:
        got, asked = await http.get("/thing"), await http.head("/thing")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-length"] == got.headers["content-length"]
