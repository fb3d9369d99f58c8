"""Whatever is sent to any route of any service: an answer as its description says, and never a 5xx."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.house import House, whole_house

_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_EXAMPLES = 40


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Everything that answers, for as long as it is asked."""
    with whole_house() as house:
        yield house


@pytest.mark.parametrize("service", ["intake", "tasks", "notify"])
def test_every_route_answers_as_described(house: House, service: str) -> None:
    part = {"intake": house.intake, "tasks": house.tasks, "notify": house.notify}[service]
    schema = schemathesis.openapi.from_url(f"{part.url}/{service}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert operations
    for operation in operations:

        @settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy())
        def every_answer_is_as_described(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=_CHECKS, timeout=20)

        every_answer_is_as_described()
