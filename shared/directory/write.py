"""Writing changes of the directory to the log."""

import asyncio
import datetime as dt
import itertools
from collections.abc import Sequence
from uuid import uuid4

from nats.aio.client import Client

from shared.directory.changes import Change
from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.log.append import Entry, append, entry
from shared.log.read import last_on
from shared.log.stream import BATCH_LIMIT, PREFIX

SOURCE = "/ketluan/directory"


async def write(client: Client, changes: Sequence[Change], actor: str) -> int:
    """Appends what the changes lack, in rounds: an atomic batch holds one event of each aggregate. Gives how many.

    Raises:
        Conflict: somebody else changed the same unit or person meanwhile; what was appended before stays, and
            comparing again gives what is still missing.
        LogUnavailable, LogRefused: see `shared.log.append.append`.
    """
    request_id, at = str(uuid4()), dt.datetime.now(dt.UTC)
    tails = dict(
        zip(changes, await asyncio.gather(*(_tail(client, change.subject) for change in changes)), strict=True)
    )
    written = 0
    for turn in itertools.count():
        waiting = [change for change in changes if len(change.events) > turn]
        if not waiting:
            return written
        for first in range(0, len(waiting), BATCH_LIMIT):
            batch = waiting[first : first + BATCH_LIMIT]
            entries = [_entry(change, turn, tails[change], actor, request_id, at) for change in batch]
            last = await append(client, entries)
            # The events of one batch stand one behind the other, so the last one's place gives the others'.
            for place, change in enumerate(reversed(batch)):
                tails[change] = (last - place, tails[change][1] + 1)
            written += len(batch)
    raise AssertionError("counting does not end")


async def _tail(client: Client, subject: str) -> tuple[int, int]:
    """Sequence and version of the newest event of an aggregate; zeros where there is none."""
    record = await last_on(client, PREFIX + subject)
    if record is None:
        return 0, 0
    return record.sequence, CATALOGUE.read(record.content).envelope.aggregateversion


def _entry(change: Change, turn: int, tail: tuple[int, int], actor: str, request_id: str, at: dt.datetime) -> Entry:
    follows, version = tail
    data = change.events[turn]
    envelope = Envelope(
        id=derived_id(change.subject, version + 1, data.type, data.model_dump_json()),
        source=SOURCE,
        type=data.type,
        subject=change.subject,
        time=at,
        actor=actor,
        correlationid=request_id,
        causationid=request_id,
        aggregateversion=version + 1,
        data=data.model_dump(mode="json", exclude_none=True),
    )
    return entry(envelope, follows)
