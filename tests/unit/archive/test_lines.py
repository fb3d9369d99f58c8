"""Whatever an event's bytes are, an archive gives back just them."""

import datetime as dt
import json
import random

import pytest

from shared.log.lines import LineUnreadable, line_of, record_of
from shared.log.record import Record

NOW = dt.datetime(2026, 11, 20, 3, 4, 5, 678, tzinfo=dt.UTC)

CONTENTS = [
    b'{"id":"x","data":{"note":"\xc4\x90\xc3\xa3 xong"}}',
    b'{"data":{",\\"event\\":":1}}',
    b'{"a":1,"event":{"b":2}}',
    b"",
    b"no JSON",
    b'{"on":\n"two lines"}',
    b'{"on":\r"two lines"}',
    b"\xff\xfe",
    b"NaN",
    b'"}',
]


@pytest.mark.parametrize("content", CONTENTS)
def test_an_event_comes_back_byte_for_byte(content: bytes) -> None:
    for subject in ("log.task.1", 'log.odd.",event:"', 'log.odd.,"event":'):
        record = Record(7, subject, NOW, content)
        line = line_of(record)
        assert line.count(b"\n") == 1
        assert record_of(line) == record
        assert json.loads(line)["sequence"] == 7


def test_a_changed_bit_of_a_line_is_another_event_or_none() -> None:
    source = random.Random(4)
    for content in CONTENTS:
        line = line_of(Record(7, "log.task.1", NOW, content))
        for _ in range(100):
            harmed = bytearray(line)
            harmed[source.randrange(len(line))] ^= 1 << source.randrange(8)
            try:
                assert record_of(bytes(harmed)) != Record(7, "log.task.1", NOW, content)
            except LineUnreadable:
                continue
