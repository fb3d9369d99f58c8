"""Writing to the log what the directory lacks of a file, however many do so at once."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from nats.aio.client import Client

from shared.directory.changes import Change, changes
from shared.directory.file import DirectoryFile
from shared.directory.fold import Fold, Tail, folded
from shared.events.envelope import Envelope
from shared.events.fields import derived_id
from shared.log.append import Entry, append, entry
from shared.log.faults import Conflict
from shared.log.stream import BATCH_LIMIT

SOURCE = "/ketluan/directory"

_ATTEMPTS = 8


async def write_file(client: Client, file: DirectoryFile, actor: str) -> tuple[Change, ...]:
    """Appends what the log lacks of a file, and gives that; the same file again appends nothing.

    Whoever changes the same unit or person meanwhile is heard first: then the directory is folded again, and what is
    still missing is compared anew.

    Raises:
        UnknownUnit, NameTaken: see there; nothing was written.
        Conflict: others kept on changing the same units or people; what was appended stays.
        LogUnavailable, LogRefused: see `shared.log.append.append`; what was appended stays.
    """
    written = _Written()
    for attempt in range(1, _ATTEMPTS + 1):
        known = await folded(client)
        try:
            await write(client, known, changes(file, known.directory), actor, written)
        except Conflict:
            if attempt == _ATTEMPTS:
                raise
        else:
            break
    return tuple(written.changes.values())


@dataclass
class _Written:
    """The events appended so far, by their aggregates."""

    changes: dict[str, Change] = field(default_factory=dict)

    def add(self, change: Change, turn: int) -> None:
        """Notes that one event of a change was appended."""
        before = self.changes.get(change.subject, replace(change, events=()))
        self.changes[change.subject] = replace(change, events=(*before.events, change.events[turn]))


async def write(
    client: Client,
    known: Fold,
    missing: Sequence[Change],
    actor: str,
    written: _Written | None = None,
    request_id: str | None = None,
) -> int:
    """Appends changes that were made for the directory as it was `known`, in rounds: an atomic batch holds one event
    of each aggregate. Gives the log's sequence of the last event, 0 where nothing was missing.

    Raises:
        Conflict: somebody changed one of the same units or people since; what was appended before stays.
        LogUnavailable, LogRefused: see `shared.log.append.append`.
    """
    # Two acts never share it, though one request may lead to both.
    act, at = str(uuid4()), dt.datetime.now(dt.UTC)
    last = 0
    written = _Written() if written is None else written
    tails: dict[str, Tail] = {change.subject: known.tail(change.subject) for change in missing}
    for turn in itertools.count():
        waiting = [change for change in missing if len(change.events) > turn]
        if not waiting:
            break
        for first in range(0, len(waiting), BATCH_LIMIT):
            batch = waiting[first : first + BATCH_LIMIT]
            entries = [_entry(each, turn, tails[each.subject], actor, act, request_id or act, at) for each in batch]
            last = await append(client, entries)
            # The events of one batch stand one behind the other, so the last one's place gives the others'.
            for place, change in enumerate(reversed(batch)):
                tails[change.subject] = Tail(last - place, tails[change.subject].version + 1)
                written.add(change, turn)
    return last


def _entry(change: Change, turn: int, tail: Tail, actor: str, act: str, request_id: str, at: dt.datetime) -> Entry:
    data, version = change.events[turn], tail.version + 1
    envelope = Envelope(
        # The act is part of it: what another import appends is never taken for ours, though it may say the same.
        id=derived_id(act, change.subject, version),
        source=SOURCE,
        type=data.type,
        subject=change.subject,
        time=at,
        actor=actor,
        correlationid=request_id,
        causationid=request_id,
        aggregateversion=version,
        data=data.model_dump(mode="json", exclude_none=True),
    )
    return entry(envelope, tail.sequence)
