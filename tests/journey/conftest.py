"""The whole house for a journey, which the test may kill part by part."""

from collections.abc import Iterator

import pytest

from tests.house import House, whole_house


@pytest.fixture
def house() -> Iterator[House]:
    """Two servers and three services of the test's own."""
    with whole_house() as house:
        yield house
