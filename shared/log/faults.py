"""What can go wrong with the log, in ketluan's own words. Nothing of nats-py passes this boundary."""

from collections.abc import Iterator
from contextlib import contextmanager

import nats.errors
import nats.js.errors

_ON_ITS_WAY = 10164
"""A cluster has a message for the same place that it has neither stored nor given up, and lacks a quorum for either: an
earlier attempt, or somebody else's. One server says so of a batch that states a subject's place twice.

Source: nats-server errors.json.
"""


class LogFault(Exception):
    """Something is wrong between this process and the log."""


class LogUnavailable(LogFault):
    """The log does not answer. What was to be appended may or may not have been stored; doing it again is safe."""


class LogRefused(LogFault):
    """The log answered and refused: a missing permission, a limit, a missing stream."""


class Conflict(LogFault):
    """Another event stands where this one was to be appended. Nothing was stored.

    `subjects` names the aggregates that moved on meanwhile.
    """

    def __init__(self, subjects: tuple[str, ...]) -> None:
        super().__init__(f"another event was appended first: {', '.join(subjects[:3])}")
        self.subjects = subjects


class GapInLog(LogFault):
    """The log skips a sequence that must exist. Nothing after it was read."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"the log must hold event {expected}, but event {found} came next")
        self.expected = expected
        self.found = found


class StreamDrift(LogFault):
    """The stream is not as its definition says; a service that finds this does not start."""


class AnotherLog(LogFault):
    """The log that answers is not the one that was read before. Nothing of it was read.

    `kept` and `found` are the times at which the two were made, `position` is how far the former was read, and `last`
    where the latter ends.
    """

    def __init__(self, kept: str, position: int, found: str, last: int) -> None:
        super().__init__(
            f"what is kept here was made from the log of {kept} up to event {position}, but the log that answers is of "
            f"{found} and ends at event {last}. Nothing was read or written. Point KETLUAN_NATS_URL at the log that "
            "belongs to this database, restore it (from a backup, or from the ledger by `ketluan repair`), or start "
            "with an empty database."
        )


@contextmanager
def translated() -> Iterator[None]:
    """Turns the faults of nats-py into ours.

    Raises:
        LogUnavailable: no connection, no answer in time, no JetStream behind the connection, or no decision yet.
        LogRefused: JetStream answered with an error of its own, or the event is larger than NATS takes.
    """
    try:
        yield
    except nats.js.errors.ServiceUnavailableError as error:
        raise LogUnavailable(f"JetStream is not ready: {error}") from error
    except (nats.js.errors.NoStreamResponseError, nats.errors.NoRespondersError) as error:
        raise LogUnavailable("nobody answers for the stream") from error
    except (nats.js.errors.APIError, nats.errors.MaxPayloadError) as error:
        if isinstance(error, nats.js.errors.APIError) and error.err_code == _ON_ITS_WAY:
            raise LogUnavailable("a message for the same place is on its way, neither stored nor given up") from error
        raise LogRefused(str(error)) from error
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise LogUnavailable(f"the log does not answer: {error or type(error).__name__}") from error
