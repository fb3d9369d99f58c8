"""What somebody may do with a task: what the decider would take, whoever asks and however the task stands."""

import datetime as dt

import pytest

from services.tasks.task.commands import COMMANDS
from services.tasks.task.possible import EXAMPLES, possible
from shared.events.task import CompletionAccepted, CompletionSubmitted, ExtensionRequested, TaskAcknowledged, TaskEvent
from shared.identity.caller import Caller
from tests.unit.tasks.life import CHINH, HA, KIEM, LAN, TODAY, TU, Life, given

ACKNOWLEDGED = TaskAcknowledged(task_id="t")
ASKED = ExtensionRequested(task_id="t", until=dt.date(2026, 12, 31), reason="Chờ.")
SUBMITTED = CompletionSubmitted(task_id="t", note="Xong.")
ACCEPTED = CompletionAccepted(task_id="t")


def offered(life: Life, caller: Caller, *, ordered: bool = True) -> tuple[str, ...]:
    return possible(life.task, caller, TODAY, ordered=ordered)


def test_each_command_is_tried() -> None:
    assert sorted(each.permission for each in EXAMPLES) == sorted(COMMANDS)


@pytest.mark.parametrize(
    ("events", "caller", "first"),
    [
        ((), LAN, "acknowledge"),
        ((ACKNOWLEDGED,), LAN, "report-progress"),
        ((), HA, "report-progress"),
        ((), CHINH, "remind"),
        ((ASKED,), CHINH, "grant-extension"),
        ((ASKED, SUBMITTED), CHINH, "accept-completion"),
        ((SUBMITTED,), LAN, "comment"),
    ],
)
def test_what_is_most_likely_next_comes_first(events: tuple[TaskEvent, ...], caller: Caller, first: str) -> None:
    assert offered(given(*events), caller)[0] == first


def test_nobody_is_offered_to_accept_what_they_handed_in() -> None:
    assert "accept-completion" not in offered(given(SUBMITTED, by=CHINH), CHINH)


def test_what_was_revoked_is_not_offered_to_be_reopened() -> None:
    done = given(SUBMITTED, ACCEPTED)
    assert offered(done, CHINH) == ("comment", "reopen")
    assert offered(done, CHINH, ordered=False) == ("comment",)


def test_a_task_without_lead_and_cooperators_may_get_them() -> None:
    assert {"reassign", "change-cooperators"} <= set(offered(given(cooperators=()), CHINH))


def test_more_time_is_not_offered_where_there_is_no_deadline() -> None:
    assert "request-extension" not in offered(given(deadline=None), LAN)


@pytest.mark.parametrize("caller", [KIEM, TU])
def test_who_only_looks_or_has_nothing_to_do_with_it_is_offered_nothing(caller: Caller) -> None:
    assert offered(given(), caller) == ()
