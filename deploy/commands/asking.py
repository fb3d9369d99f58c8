"""Asks an installation over HTTP, and says its refusals in its own words."""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx

from shared.vocabulary import EVENTS

TIMEOUT_SECONDS = 30.0

_ATTEMPTS = 4
_PAUSE_SECONDS = 1.0


class NotTaken(Exception):
    """The installation refused; the message says why, in its words."""


def answer(http: httpx.Client, method: str, address: str, **sent: Any) -> httpx.Response:
    """What the installation answers; where it is away for a moment it is asked again.

    Raises:
        NotTaken: it refused.
        httpx.HTTPError: it does not answer.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            given = http.request(method, address, **sent)
        except httpx.TransportError:
            if attempt == _ATTEMPTS:
                raise
        else:
            if given.status_code != HTTPStatus.SERVICE_UNAVAILABLE or attempt == _ATTEMPTS:
                break
        time.sleep(_PAUSE_SECONDS)
    if given.is_error:
        raise NotTaken(refusal_of(given))
    return given


def json_of(given: httpx.Response) -> dict[str, Any]:
    """The JSON object in an answer; an empty one where it holds none."""
    found: dict[str, Any] = given.json() if "json" in given.headers.get("content-type", "") else {}
    return found


def refusal_of(given: httpx.Response) -> str:
    """Why the installation refused, in its words."""
    return _refusal(given.status_code, json_of(given))


def _refusal(status: int, problem: Mapping[str, Any]) -> str:
    lines = [f"{problem.get('title', status)}: {problem.get('detail', '')}".rstrip(": ")]
    lines += [f"  {error['pointer']}: {error['detail']}" for error in problem.get("errors", ())]
    for each in problem.get("since", ()):
        words = EVENTS.get(each["event"])
        what = words.vi if words else each["event"]
        lines.append(f"  {each['version']}. {what}: {each['actor']}, {each['at']} ({', '.join(each['changed'])})")
    return "\n".join(lines)
