"""An event as a line of an archive: JSON that anybody can read, with the event's exact bytes in it. Pure."""

import base64
import datetime as dt
import json

from shared.log.record import Record

_EVENT = b',"event":'
_BASE64 = b',"base64":"'


class LineUnreadable(ValueError):
    """This is no line of an archive, in the one form that it can have."""


def line_of(record: Record) -> bytes:
    """The line that gives an event: its own bytes stand behind `"event":` where they are JSON on one line, and in
    base64 where they are something else."""
    head = json.dumps(
        {"sequence": record.sequence, "subject": record.subject, "stored_at": record.stored_at.isoformat()},
        separators=(",", ":"),
        ensure_ascii=False,
    )[:-1].encode()
    if _is_one_line_of_json(record.content):
        return head + _EVENT + record.content + b"}\n"
    return head + _BASE64 + base64.b64encode(record.content) + b'"}\n'


def record_of(line: bytes) -> Record:
    """The event of a line.

    Raises:
        LineUnreadable: it is none, or not in its one form.
    """
    # Names and subjects cannot hold a quotation mark that is not escaped: the first such piece is the line's own.
    head, found, rest = line.partition(_EVENT)
    if found:
        content = rest[:-2]
    else:
        head, _, rest = line.partition(_BASE64)
    try:
        if not found:
            content = base64.b64decode(rest[:-3], validate=True)
        told = json.loads(head + b"}")
        record = Record(told["sequence"], told["subject"], dt.datetime.fromisoformat(told["stored_at"]), content)
        same = isinstance(record.sequence, int) and line_of(record) == line
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LineUnreadable("a line of the archive cannot be read") from error
    if not same:
        raise LineUnreadable(f"the line of event {record.sequence} is not in its one form")
    return record


def _is_one_line_of_json(content: bytes) -> bool:
    if b"\n" in content or b"\r" in content:
        return False
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
