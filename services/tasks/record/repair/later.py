"""Events that only the damaged log has: kept aside, and appended again where their aggregate goes on with them."""

import base64
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from nats.aio.client import Client

from shared.events.catalogue import CATALOGUE, UnreadableEvent
from shared.log.append import Entry, append
from shared.log.faults import Conflict
from shared.log.read import last_on
from shared.log.record import Record


def keep_aside(path: Path, records: Sequence[Record]) -> None:
    """Adds events to a file, one JSON object a line, before anything is removed."""
    with path.open("a", encoding="utf-8") as file:
        for each in records:
            content = base64.b64encode(each.content).decode()
            line = {"sequence": each.sequence, "subject": each.subject, "stored_at": each.stored_at.isoformat()}
            file.write(json.dumps(line | {"content": content}) + "\n")


def kept_aside(path: Path) -> list[Record]:
    """The events that a repair before this one kept aside and did not come to append again."""
    if not path.exists():
        return []
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Record(
            each["sequence"],
            each["subject"],
            dt.datetime.fromisoformat(each["stored_at"]),
            base64.b64decode(each["content"]),
        )
        for each in found
    ]


async def append_again(client: Client, records: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """Appends those events with which an aggregate goes on as the restored log has it. Gives those, and the others,
    which stay aside: they stand in contradiction to what was proven.

    Raises:
        LogUnavailable, LogRefused: some may be appended; done again, none is appended twice.
    """
    done, left = [], []
    for each in records:
        try:
            envelope = CATALOGUE.read(each.content).envelope
        except UnreadableEvent:
            left.append(each)
            continue
        newest = await last_on(client, each.subject)
        version = CATALOGUE.read(newest.content).envelope.aggregateversion if newest else 0
        if envelope.subject != each.aggregate or envelope.aggregateversion != version + 1:
            left.append(each)
            continue
        try:
            await append(client, [Entry(envelope.id, each.subject, each.content, newest.sequence if newest else 0)])
        except Conflict:
            left.append(each)
            continue
        done.append(each)
    return done, left
