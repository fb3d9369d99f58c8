"""An event as a line of a file: JSON that anybody can read, with the event's exact bytes in it. Pure."""

import base64
import datetime as dt
import json

from pydantic_core import from_json

from shared.log.record import Record

_EVENT = b',"event":'
_BASE64 = b',"base64":"'
_END, _END_OF_BASE64 = b"}\n", b'"}\n'


class LineUnreadable(ValueError):
    """This is no line that gives an event, in the one form that it can have."""


def line_of(record: Record) -> bytes:
    """The line that gives an event: its own bytes stand behind `"event":` where they are JSON on one line, and in
    base64 where they are something else."""
    head = _head(record.sequence, record.subject, record.stored_at)
    if _is_one_line_of_json(record.content):
        return head + _EVENT + record.content + _END
    return head + _BASE64 + base64.b64encode(record.content) + _END_OF_BASE64


def record_of(line: bytes) -> Record:
    """The event of a line.

    Raises:
        LineUnreadable: it is none, or not in its one form.
    """
    # A subject cannot hold a quotation mark that is not escaped: the first such piece is the line's own.
    head, found, rest = line.partition(_EVENT)
    try:
        if found:
            content, end = rest[: -len(_END)], rest[-len(_END) :]
            same = end == _END
        else:
            head, _, rest = line.partition(_BASE64)
            content = base64.b64decode(rest[: -len(_END_OF_BASE64)], validate=True)
            same = base64.b64encode(content) + _END_OF_BASE64 == rest
        told = json.loads(head + b"}")
        record = Record(told["sequence"], told["subject"], dt.datetime.fromisoformat(told["stored_at"]), content)
        same = same and _head(record.sequence, record.subject, record.stored_at) == head
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LineUnreadable("a line cannot be read as an event") from error
    if not same or not isinstance(record.sequence, int):
        raise LineUnreadable(f"the line of event {record.sequence} is not in its one form")
    return record


def _head(sequence: int, subject: str, stored_at: dt.datetime) -> bytes:
    told = {"sequence": sequence, "subject": subject, "stored_at": stored_at.isoformat()}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)[:-1].encode()


def _is_one_line_of_json(content: bytes) -> bool:
    if b"\n" in content or b"\r" in content:
        return False
    try:
        from_json(content, allow_inf_nan=False)
    except ValueError:
        return False
    return True
