"""What an endpoint's answer means, and when it is asked again. Pure.

Source: Standard Webhooks, "Deliverability and reliability".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from services.notify.egress import Answer

Meaning = Literal["taken", "gone", "away", "refused"]
"""taken:   the endpoint has it
gone:    it wants nothing any more, and is disabled
away:    it takes nothing at the moment: everything for it waits, so that the order is kept
refused: it does not take this message: this one waits, and those behind it go on
"""

PAUSES = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 50400.0, 72000.0, 86400.0)
"""Seconds between attempts: ten attempts in 75 hours."""

_AWAY = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt. `error` is None where it was taken; it names neither address nor secret."""

    meaning: Meaning
    status: int | None = None
    error: str | None = None
    retry_after: float | None = None


def judged(answer: Answer) -> Outcome:
    """What an answer means."""
    status = answer.status
    if 200 <= status < 300:
        return Outcome("taken", status)
    error = f"the endpoint answers {status}"
    if status == HTTPStatus.GONE:
        return Outcome("gone", status, error)
    if status in _AWAY:
        return Outcome("away", status, error, answer.retry_after)
    if 300 <= status < 400:
        error += ", and no redirect is followed"
    return Outcome("refused", status, error, answer.retry_after)


def pause(attempts: int, pauses: Sequence[float], chance: float, retry_after: float | None = None) -> float | None:
    """Seconds from the attempt of this number (from 1) until the next; None where it was the last.

    `chance`, from 0 to 1, spreads them by a tenth. An endpoint that wants to be left alone for longer is, for a day at
    most.
    """
    if attempts > len(pauses):
        return None
    spread = pauses[attempts - 1] * (1 + _JITTER * (2 * chance - 1))
    return max(spread, min(retry_after or 0.0, PAUSES[-1]))
