"""Every rule of the life of a task."""

import datetime as dt
from typing import Any

import pytest

from services.tasks.task import refusals
from services.tasks.task.commands import (
    COMMANDS,
    AcceptCompletion,
    Acknowledge,
    Cancel,
    ChangeCooperators,
    Command,
    Comment,
    File,
    GrantExtension,
    Reassign,
    RefuseExtension,
    Remind,
    Reopen,
    ReportProgress,
    RequestExtension,
    ReturnCompletion,
    SetDeadline,
    SubmitCompletion,
)
from services.tasks.task.state import Place, Status, evolve
from shared.events.fields import Attachment, Deadline, NamedPerson, NamedUnit, UnitRef
from shared.events.task import (
    CommentAdded,
    CompletionAccepted,
    CompletionReturned,
    CompletionSubmitted,
    CooperatorsChanged,
    DueDateSet,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    ProgressReported,
    ReminderIssued,
    TaskAcknowledged,
    TaskCancelled,
    TaskReassigned,
    TaskReopened,
)
from shared.identity.caller import Caller
from tests.examples import FINANCE, OFFICE
from tests.unit.tasks.life import (
    CHINH,
    HA,
    KIEM,
    LAN,
    MINH,
    NAM,
    PROGRAM,
    READER,
    THIRD,
    TRI,
    TU,
    Life,
    given,
    given_turn,
)

ID = given().task.id
SUBMITTED = CompletionSubmitted(task_id=ID, note="Xong.")
REQUESTED = ExtensionRequested(task_id=ID, until=dt.date(2026, 12, 20), reason="Chờ góp ý.")
CANCELLED = TaskCancelled(task_id=ID, reason="Không cần nữa.")
ACCEPTED = CompletionAccepted(task_id=ID)

LIVES: dict[Status, Life] = {
    "not_started": given(),
    "in_progress": given(TaskAcknowledged(task_id=ID), ProgressReported(task_id=ID, percent=30)),
    "submitted": given(SUBMITTED),
    "done": given(SUBMITTED).and_(ACCEPTED, by=CHINH),
    "cancelled": given(CANCELLED, by=CHINH),
}

ASKED: dict[str, Command] = {
    "acknowledge": Acknowledge(),
    "report-progress": ReportProgress(percent=50),
    "submit-completion": SubmitCompletion(note="Xong."),
    "accept-completion": AcceptCompletion(),
    "return-completion": ReturnCompletion(reason="Thiếu."),
    "request-extension": RequestExtension(until=dt.date(2026, 12, 20), reason="Chờ."),
    "grant-extension": GrantExtension(),
    "refuse-extension": RefuseExtension(reason="Không."),
    "set-deadline": SetDeadline(due=dt.date(2027, 1, 15), reason="Theo chỉ đạo."),
    "reassign": Reassign(unit=THIRD, reason="Đúng chức năng."),
    "change-cooperators": ChangeCooperators(units=(THIRD,), reason="Thêm."),
    "remind": Remind(message="Khẩn trương."),
    "cancel": Cancel(reason="Thôi."),
    "reopen": Reopen(reason="Làm lại."),
    "comment": Comment(text="Ý kiến."),
}

PEOPLE: dict[str, Caller] = {
    "own staff": NAM,
    "own lead": LAN,
    "co-operating lead": HA,
    "other lead": TU,
    "office": CHINH,
    "leader": MINH,
    "auditor": KIEM,
    "administrator": TRI,
    "program": PROGRAM,
    "reading program": READER,
}

_UNIT = {"own staff", "own lead", "program"}
_INVOLVED = {*_UNIT, "co-operating lead"}
_OVER = {"office", "leader"}
MAY: dict[str, set[str]] = {
    **dict.fromkeys(("acknowledge", "submit-completion", "request-extension"), _UNIT),
    "report-progress": _INVOLVED,
    "comment": _INVOLVED | _OVER,
    **dict.fromkeys(
        (
            "accept-completion",
            "return-completion",
            "grant-extension",
            "refuse-extension",
            "set-deadline",
            "reassign",
            "change-cooperators",
            "remind",
            "cancel",
            "reopen",
        ),
        _OVER,
    ),
}
"""Who may do what with the task of these tests: written down a second time, against the table of permissions."""

AT_WORK, OPEN = {"not_started", "in_progress"}, {"not_started", "in_progress", "submitted"}
WHILE: dict[str, set[str]] = {
    "acknowledge": {"not_started"},
    **dict.fromkeys(("report-progress", "submit-completion", "request-extension", "reassign", "remind"), AT_WORK),
    "accept-completion": {"submitted"},
    "return-completion": {"submitted"},
    **dict.fromkeys(("set-deadline", "change-cooperators", "cancel"), OPEN),
    "grant-extension": set(),
    "refuse-extension": set(),
    "reopen": {"done", "cancelled"},
    "comment": {*OPEN, "done", "cancelled"},
}
"""In which states of LIVES each command of ASKED does something; no request for more time waits in any of them."""


def test_every_command_is_tried_by_everybody_in_every_state() -> None:
    assert set(ASKED) == set(MAY) == set(WHILE) == set(COMMANDS)


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize("status", LIVES)
@pytest.mark.parametrize("person", PEOPLE)
def test_who_may_do_what_when(command: str, status: Status, person: str) -> None:
    outcome = LIVES[status].when(ASKED[command], by=PEOPLE[person])
    if person not in MAY[command]:
        refusal = outcome.refused(refusals.NotAllowed)
        assert "văn phòng" in str(refusal.values["who"]) or "đơn vị" in str(refusal.values["who"])
    elif status in WHILE[command]:
        assert outcome.event is not None
        assert outcome.life.task.version == LIVES[status].task.version + 1
    else:
        assert outcome.refusal is not None
        assert not isinstance(outcome.refusal, refusals.NotAllowed)


@pytest.mark.parametrize(
    ("status", "command", "rule"),
    [
        ("in_progress", "acknowledge", refusals.AlreadyAcknowledged),
        ("submitted", "acknowledge", refusals.AwaitsAcceptance),
        ("submitted", "report-progress", refusals.AwaitsAcceptance),
        ("submitted", "submit-completion", refusals.AwaitsAcceptance),
        ("done", "report-progress", refusals.AlreadyDone),
        ("cancelled", "report-progress", refusals.AlreadyCancelled),
        ("in_progress", "accept-completion", refusals.NothingSubmitted),
        ("done", "accept-completion", refusals.AlreadyDone),
        ("not_started", "return-completion", refusals.NothingSubmitted),
        ("not_started", "grant-extension", refusals.NothingRequested),
        ("in_progress", "refuse-extension", refusals.NothingRequested),
        ("not_started", "reopen", refusals.StillOpen),
        ("submitted", "reopen", refusals.StillOpen),
        ("done", "cancel", refusals.AlreadyDone),
        ("cancelled", "cancel", refusals.AlreadyCancelled),
        ("submitted", "reassign", refusals.AwaitsAcceptance),
        ("submitted", "remind", refusals.AwaitsAcceptance),
    ],
)
def test_the_state_that_stands_in_the_way_is_named(status: Status, command: str, rule: type[refusals.Refusal]) -> None:
    LIVES[status].when(ASKED[command], by=CHINH if "office" in MAY[command] else LAN).refused(rule)


def test_acknowledging_changes_nothing_but_that_it_is_known() -> None:
    task = given().when(Acknowledge(), by=NAM).then(TaskAcknowledged(task_id=ID))
    assert (task.status, task.acknowledged_at is None) == ("not_started", False)


def test_a_report_begins_the_work_and_keeps_the_last_percentage() -> None:
    reported = given().when(ReportProgress(percent=30), by=LAN)
    assert reported.becomes("in_progress").percent == 30
    assert reported.life.when(ReportProgress(note="Đang làm."), by=LAN).becomes("in_progress").percent == 30


def test_a_report_that_says_nothing_is_refused() -> None:
    given().when(ReportProgress(), by=LAN).refused(refusals.NothingReported)


def test_files_are_handed_in_with_what_the_store_knows_of_them() -> None:
    file = File(sha256="0" * 64, name="bao-cao.pdf")
    attachment = Attachment(sha256="0" * 64, name="bao-cao.pdf", media_type="application/pdf", size=1234)
    asked = SubmitCompletion(note="Xong.", evidence=(file,))
    given().when(asked, by=LAN).then(CompletionSubmitted(task_id=ID, note="Xong.", evidence=(attachment,)))


def test_a_file_that_was_never_uploaded_is_refused() -> None:
    file = File(sha256="1" * 64, name="bao-cao.pdf")
    given().when(ReportProgress(attachments=(file,)), by=LAN).refused(refusals.UnknownFile)


def test_a_result_waits_for_somebody_who_accepts_it() -> None:
    submitted = given().when(SubmitCompletion(note="Xong."), by=LAN)
    task = submitted.becomes("submitted")
    assert (task.submitted_by, task.acknowledged_at) == ("person.lan", task.submitted_at)
    accepted = submitted.life.when(AcceptCompletion(note="Tốt."), by=CHINH)
    done = accepted.then(CompletionAccepted(task_id=ID, note="Tốt."))
    assert (done.status, done.submitted_at) == ("done", task.submitted_at)


def test_nobody_accepts_a_result_of_their_own() -> None:
    both = Caller(LAN.actor, LAN.name, "lan", frozenset({"unit_lead", "office"}), LAN.unit_ids)
    submitted = given().when(SubmitCompletion(note="Xong."), by=both)
    submitted.life.when(AcceptCompletion(), by=both).refused(refusals.OwnResult)
    submitted.life.when(AcceptCompletion(), by=MINH).becomes("done")


def test_a_returned_result_is_work_again() -> None:
    asked = ReturnCompletion(reason="Thiếu phụ lục.")
    task = given(SUBMITTED).when(asked, by=CHINH).then(CompletionReturned(task_id=ID, reason="Thiếu phụ lục."))
    assert (task.status, task.submitted_at, task.submitted_by) == ("in_progress", None, None)


def test_more_time_is_asked_for_and_granted_and_the_baseline_stays() -> None:
    requested = given().when(ASKED["request-extension"], by=LAN)
    assert requested.becomes("not_started").pending_until == dt.date(2026, 12, 20)
    task = requested.life.when(GrantExtension(), by=CHINH).then(
        ExtensionGranted(task_id=ID, until=dt.date(2026, 12, 20))
    )
    assert (task.due, task.baseline_due, task.pending_until) == (dt.date(2026, 12, 20), dt.date(2026, 12, 5), None)


def test_less_time_may_be_granted_than_was_asked_for_but_some() -> None:
    life = given(REQUESTED)
    assert life.when(GrantExtension(until=dt.date(2026, 12, 10)), by=MINH).becomes("not_started").due == dt.date(
        2026, 12, 10
    )
    life.when(GrantExtension(until=dt.date(2026, 12, 5)), by=MINH).refused(refusals.NotLater)


def test_refused_time_leaves_the_deadline() -> None:
    asked = RefuseExtension(reason="Không thể.")
    task = given(REQUESTED).when(asked, by=CHINH).then(ExtensionRefused(task_id=ID, reason="Không thể."))
    assert (task.due, task.pending_until) == (dt.date(2026, 12, 5), None)


def test_one_request_for_more_time_waits_at_a_time() -> None:
    given(REQUESTED).when(ASKED["request-extension"], by=LAN).refused(refusals.AlreadyRequested)


def test_no_time_is_asked_for_that_would_be_none() -> None:
    early = RequestExtension(until=dt.date(2026, 12, 5), reason="Chờ.")
    given().when(early, by=LAN).refused(refusals.NotLater)
    late = RequestExtension(until=dt.date(2026, 12, 20), reason="Chờ.")
    given().on(dt.date(2026, 12, 21)).when(late, by=LAN).refused(refusals.NotLater)
    given().on(dt.date(2026, 12, 20)).when(late, by=LAN).becomes("not_started")
    given(deadline=None).when(late, by=LAN).refused(refusals.NoDeadline)


def test_a_deadline_that_is_set_answers_the_request_and_the_baseline_stays() -> None:
    asked = SetDeadline(due=dt.date(2026, 12, 8), time="17:00", reason="Theo chỉ đạo.")
    deadline = Deadline(date=dt.date(2026, 12, 8), time="17:00")
    task = (
        given(REQUESTED).when(asked, by=CHINH).then(DueDateSet(task_id=ID, deadline=deadline, reason="Theo chỉ đạo."))
    )
    assert (task.due, task.baseline_due, task.pending_until) == (dt.date(2026, 12, 8), dt.date(2026, 12, 5), None)


def test_a_deadline_can_be_taken_away_and_what_is_so_already_is_refused() -> None:
    taken = given().when(SetDeadline(due=None, reason="Thường xuyên."), by=CHINH)
    assert taken.becomes("not_started").due is None
    taken.life.when(SetDeadline(due=None, reason="Thường xuyên."), by=CHINH).refused(refusals.NothingChanged)
    same = SetDeadline(due=dt.date(2026, 12, 5), reason="Như cũ.")
    given().when(same, by=CHINH).refused(refusals.NothingChanged)


def test_another_unit_begins_anew() -> None:
    life = LIVES["in_progress"].and_(REQUESTED)
    task = life.when(Reassign(unit=THIRD, person="nam", reason="Đúng chức năng."), by=CHINH).then(
        TaskReassigned(
            task_id=ID,
            unit=UnitRef(id=THIRD, name="Phòng Công nghệ"),
            lead=NamedPerson(name="Đỗ Văn Nam"),
            reason="Đúng chức năng.",
        )
    )
    assert (task.status, task.percent, task.acknowledged_at, task.pending_until) == ("not_started", None, None, None)


def test_another_lead_in_the_same_unit_goes_on() -> None:
    task = LIVES["in_progress"].when(Reassign(person="nam", reason="Đổi người."), by=CHINH).becomes("in_progress")
    assert (task.percent, task.unit.id, task.lead) == (30, OFFICE.unit_id, NamedPerson(name="Đỗ Văn Nam"))


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"unit": "khong-co"}, refusals.UnknownUnit),
        ({"unit": "cu"}, refusals.UnitClosed),
        ({"person": "khong-co"}, refusals.UnknownPerson),
        ({"unit": OFFICE.unit_id}, refusals.NothingChanged),
        ({}, refusals.NothingChanged),
        ({"unit": FINANCE.unit_id}, refusals.CooperatesWithItself),
    ],
)
def test_a_task_goes_only_where_it_can(asked: dict[str, Any], rule: type[refusals.Refusal]) -> None:
    given().when(Reassign(**asked, reason="Thử."), by=CHINH).refused(rule)


def test_other_units_cooperate_and_those_that_stay_keep_the_notices_words() -> None:
    life = given(cooperators=(NamedUnit(phrase="P.KHTC", unit=FINANCE.unit_id), NamedUnit(phrase="Công ty X")))
    asked = ChangeCooperators(units=(FINANCE.unit_id, THIRD), reason="Thêm.")
    task = life.when(asked, by=CHINH).then(
        CooperatorsChanged(
            task_id=ID,
            cooperators=(
                NamedUnit(phrase="P.KHTC", unit=FINANCE.unit_id),
                NamedUnit(phrase="Phòng Công nghệ", unit=THIRD),
            ),
            reason="Thêm.",
        )
    )
    assert task.cooperator_unit_ids == (FINANCE.unit_id, THIRD)


@pytest.mark.parametrize(
    ("units", "rule"),
    [
        ((FINANCE.unit_id,), refusals.NothingChanged),
        ((OFFICE.unit_id,), refusals.CooperatesWithItself),
        (("cu",), refusals.UnitClosed),
        (("khong-co",), refusals.UnknownUnit),
    ],
)
def test_only_other_open_units_cooperate(units: tuple[str, ...], rule: type[refusals.Refusal]) -> None:
    given().when(ChangeCooperators(units=units, reason="Thử."), by=CHINH).refused(rule)


def test_reminding_and_commenting_change_nothing_else() -> None:
    before = given().task
    for asked, event in (
        (Remind(message="Khẩn trương."), ReminderIssued(task_id=ID, message="Khẩn trương.")),
        (Comment(text="Ý kiến."), CommentAdded(task_id=ID, text="Ý kiến.")),
    ):
        after = given().when(asked, by=CHINH).then(event)
        assert (after.status, after.due, after.unit) == (before.status, before.due, before.unit)


def test_what_ended_can_be_opened_again_where_it_was() -> None:
    expected: dict[Status, Status] = {"done": "in_progress", "cancelled": "not_started"}
    for status, again in expected.items():
        task = LIVES[status].when(Reopen(reason="Làm lại."), by=CHINH).then(TaskReopened(task_id=ID, reason="Làm lại."))
        assert (task.status, task.done_at, task.cancelled_at, task.submitted_at) == (again, None, None, None)


def test_what_is_not_ordered_any_more_stays_closed() -> None:
    LIVES["cancelled"].knowing(ordered=False).when(Reopen(reason="Làm lại."), by=CHINH).refused(
        refusals.NoLongerOrdered
    )


@pytest.mark.parametrize("command", sorted(set(ASKED) - {"reopen"}))
def test_a_recurring_task_is_worked_on_in_its_periods(command: str) -> None:
    series = given(recurrence="FREQ=MONTHLY", deadline=None)
    outcome = series.when(ASKED[command], by=CHINH if "office" in MAY[command] else LAN)
    if command in {"acknowledge", "reassign", "change-cooperators", "cancel", "comment"}:
        assert outcome.event is not None
    elif command in {"accept-completion", "return-completion"}:
        outcome.refused(refusals.NothingSubmitted)
    else:
        outcome.refused(refusals.OnEachTurn)


def test_the_task_of_a_period_is_a_task_like_any_other() -> None:
    assert given_turn().when(SubmitCompletion(note="Báo cáo tháng 11."), by=LAN).becomes("submitted")


@pytest.mark.parametrize("status", LIVES)
def test_a_correction_of_the_notice_takes_effect_in_any_state(status: Status) -> None:
    life = LIVES[status]
    cancelled = life.and_(CANCELLED, by=CHINH).task
    assert cancelled.status == "cancelled"
    assert cancelled.cancelled_at is not None
    moved = life.and_(TaskReassigned(task_id=ID, unit=UnitRef(id=THIRD, name="P"), reason="Đọc nhầm."), by=CHINH).task
    assert moved.unit.id == THIRD
    assert moved.status == (status if status in {"done", "cancelled"} else "not_started")
    later = life.and_(DueDateSet(task_id=ID, deadline=None, reason="Đọc nhầm."), by=CHINH).task
    assert (later.due, later.baseline_due, later.status) == (None, dt.date(2026, 12, 5), status)


def test_the_clock_of_a_task_never_goes_back() -> None:
    task = given().task
    after = evolve(task, TaskAcknowledged(task_id=ID), Place(2, task.changed_at - dt.timedelta(days=1), "person.lan"))
    assert after.changed_at == task.changed_at
