"""What a child says is believed only as far as it can be shown."""

import datetime as dt
import json

import pytest

from services.tasks.children.summary import UnreadableSummary, read_summary
from services.tasks.register.summary import KINDS

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


def said(**changed: object) -> bytes:
    """A summary as a child would send it, but for what is changed."""
    figures = {"sequence": 7, "root": "0" * 64, "meetings": 1, "tasks": dict.fromkeys(KINDS, 1)}
    named = {"name": "Chi cục", "address": "https://chi-cuc.vn", "at": NOW.isoformat()}
    return json.dumps(named | figures | changed).encode()


def test_a_summary_that_a_child_sent_is_read() -> None:
    assert read_summary(said(), NOW + dt.timedelta(seconds=1)).at == NOW


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "9999-12-31T23:59:59Z"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "2026-12-23T09:00:00Z"},
        {"address": "javascript:alert(1)"},
        {"address": " javascript:alert(1)//"},
        {"meetings": 10**400},
        {"meetings": -1},
        {"tasks": {}},
    ],
)
def test_what_no_child_could_mean_is_no_summary(changed: dict[str, object]) -> None:
    with pytest.raises(UnreadableSummary):
        read_summary(said(**changed), NOW)
