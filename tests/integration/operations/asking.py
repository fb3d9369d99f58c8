"""What operations ports answer."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.processes import ServiceProcess

TEN_SECONDS = 10.0


def asked(service: ServiceProcess, path: str) -> tuple[int, Any]:
    """Status and JSON of an answer."""
    answer = httpx.get(service.operations + path, timeout=5, trust_env=False)
    return answer.status_code, answer.json()


def checks(service: ServiceProcess) -> dict[str, str]:
    """What /readyz says of each check."""
    found: dict[str, str] = asked(service, "/readyz")[1]["checks"]
    return found


def within_ten_seconds(holds: Callable[[], bool]) -> None:
    """Waits until something holds; fails where it does not within ten seconds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < TEN_SECONDS
        time.sleep(0.1)


def answers(service: ServiceProcess) -> bool:
    """Whether its operations port is open."""
    try:
        return asked(service, "/healthz")[0] > 0
    except httpx.HTTPError:
        return False
