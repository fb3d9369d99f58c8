"""Whatever is sent to any route of any service: an answer as its description says, and never a 5xx. So with pages."""

import http
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.described import operations
from tests.house import House, whole_house
from tests.identity import signed

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_EXAMPLES = 25


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Everything that answers, for as long as it is asked."""
    with whole_house() as house:
        yield house


@pytest.mark.parametrize("service", ["intake", "tasks", "notify"])
def test_every_route_answers_as_described(house: House, service: str) -> None:
    part = {"intake": house.intake, "tasks": house.tasks, "notify": house.notify}[service]
    described = operations(part.url, service)
    assert described
    for operation in described:

        @settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy())
        def every_answer_is_as_described(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=_CHECKS, timeout=20, headers=signed())

        every_answer_is_as_described()


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
_ORDINARY = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
_ASKED = st.dictionaries(st.sampled_from(["lang", "cursor", "after", "min_sequence"]), st.just("en") | _TEXT)


@pytest.mark.parametrize("page", ["/meetings", "/meetings/{}", "/tasks/{}", "/static/{}/ketluan.css", "/static/0/{}"])
def test_every_page_is_a_page_whatever_its_address(house: House, page: str) -> None:
    with httpx.Client(base_url=house.tasks.url, headers=signed() | {"Accept": "text/html"}, timeout=20) as browser:

        @settings(max_examples=_EXAMPLES, deadline=None, database=None)
        @given(name=_TEXT | _ORDINARY, asked=_ASKED)
        @example(name="\x00", asked={})
        @example(name="none", asked={"lang": "en"})
        def it_answers(name: str, asked: dict[str, str]) -> None:
            answer = browser.get(f"{page.format(quote(name, safe=''))}?{urlencode(asked)}")
            assert answer.status_code in (
                http.HTTPStatus.OK,
                http.HTTPStatus.NOT_FOUND,
                http.HTTPStatus.UNPROCESSABLE_ENTITY,
            )
            if not page.startswith("/static/") or answer.status_code != http.HTTPStatus.OK:
                assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
                assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")

        it_answers()


@pytest.mark.parametrize("address", ["/meetings/%00", "/tasks/%00", "/tasks/a.b", f"/meetings/{'m' * 65}"])
def test_an_address_that_cannot_be_one_is_not_found(house: House, address: str) -> None:
    answer = httpx.get(house.tasks.url + address, headers=signed() | {"Accept": "text/html"})
    assert answer.status_code == http.HTTPStatus.NOT_FOUND
    assert "Không tìm thấy" in answer.text
