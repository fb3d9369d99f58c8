"""The rules: one table that says of each event who is told, by which reason, and how urgently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.notify.policy import audiences as to
from services.notify.policy.audiences import Audience, of_tasks
from shared.events.catalogue import EventData
from shared.events.inbox import Reason
from shared.events.ledger import CheckpointIssued, RecordRepaired
from shared.events.meeting import ConclusionCorrected, ConclusionHeld, ConclusionRevoked, MeetingConcluded
from shared.events.preferences import Category, Urgency
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
    TaskAssigned,
    TaskCancelled,
    TaskReassigned,
    TaskReopened,
)
from shared.language import Words

Told = Mapping[Reason, Audience]

STRENGTH: tuple[Reason, ...] = (
    "responsible",
    "lead",
    "unresolved",
    "author",
    "escalated",
    "cooperator",
    "overseer",
    "watcher",
    "auditor",
)
"""Of several reasons for a task the first of these is given."""

AFFECTED: frozenset[Reason] = frozenset({"responsible", "lead", "unresolved"})
"""To these people an urgent directive is more urgent than others; to the rest it is news like any other."""


@dataclass(frozen=True)
class Rule:
    """Who is told of one type of event. `since` is the version of the policy that brought the rule.

    A person has one notification by it for each event, of the highest urgency that one of its tasks has for them.
    """

    name: str
    event: type[EventData]
    category: Category
    words: Words
    urgent: Told = field(default_factory=dict)
    important: Told = field(default_factory=dict)
    routine: Told = field(default_factory=dict)
    since: int = 2

    @cached_property
    def told(self) -> tuple[tuple[Reason, Urgency, Audience], ...]:
        """Each reason with its urgency and its people, the strongest first."""
        rows: list[tuple[Reason, Urgency, Audience]] = [
            *((reason, "urgent", audience) for reason, audience in self.urgent.items()),
            *((reason, "important", audience) for reason, audience in self.important.items()),
            *((reason, "routine", audience) for reason, audience in self.routine.items()),
        ]
        return tuple(sorted(rows, key=lambda row: STRENGTH.index(row[0])))


UNIT, LEAD, COOPERATORS = of_tasks(to.unit), of_tasks(to.lead), of_tasks(to.cooperators)
WATCHERS, OFFICE = of_tasks(to.watchers), of_tasks(to.office_of_task)

RULES: tuple[Rule, ...] = (
    # notices
    Rule(
        "meeting-concluded",
        MeetingConcluded,
        "assignment",
        Words("Kết luận mới có nhiệm vụ liên quan đến anh/chị", "A new conclusion has tasks that concern you"),
        important={"responsible": UNIT, "lead": LEAD, "unresolved": of_tasks(to.newly_unresolved)},
        routine={"cooperator": COOPERATORS, "overseer": OFFICE},
        since=1,
    ),
    Rule(
        "conclusion-held",
        ConclusionHeld,
        "decision",
        Words("Thông báo đọc còn chỗ chưa rõ, chờ xác nhận", "A conclusion with doubts waits for confirmation"),
        important={"overseer": to.office},
    ),
    Rule(
        "conclusion-corrected",
        ConclusionCorrected,
        "change",
        Words("Kết luận được đính chính", "A conclusion was corrected"),
        important={
            "responsible": of_tasks(to.unit_then_and_now),
            "lead": of_tasks(to.lead_then_and_now),
            "unresolved": of_tasks(to.newly_unresolved),
        },
        routine={
            "author": to.publisher,
            "cooperator": of_tasks(to.cooperators_then_and_now),
            "overseer": OFFICE,
            "watcher": WATCHERS,
        },
    ),
    Rule(
        "conclusion-revoked",
        ConclusionRevoked,
        "change",
        Words("Kết luận bị thu hồi", "A conclusion was revoked"),
        important={"responsible": UNIT, "lead": LEAD, "author": to.publisher},
        routine={"cooperator": COOPERATORS, "overseer": to.office, "watcher": WATCHERS},
    ),
    # a task changes hands, or its deadline
    Rule(
        "period-opened",
        TaskAssigned,
        "assignment",
        Words("Kỳ mới của nhiệm vụ định kỳ", "A new period of a recurring task"),
        routine={"responsible": UNIT, "lead": LEAD, "watcher": WATCHERS},
    ),
    Rule(
        "task-reassigned",
        TaskReassigned,
        "assignment",
        Words("Nhiệm vụ được giao lại cho đơn vị của anh/chị", "A task was reassigned to your unit"),
        important={"responsible": UNIT, "lead": LEAD, "unresolved": of_tasks(to.newly_unresolved)},
    ),
    Rule(
        "task-taken-over",
        TaskReassigned,
        "change",
        Words("Nhiệm vụ được giao cho đơn vị khác", "A task was reassigned"),
        important={"responsible": of_tasks(to.former_unit), "lead": of_tasks(to.former_lead)},
        routine={"cooperator": COOPERATORS, "watcher": WATCHERS},
    ),
    Rule(
        "cooperation-begun",
        CooperatorsChanged,
        "assignment",
        Words("Đơn vị của anh/chị được giao phối hợp", "Your unit is to co-operate in a task"),
        important={"cooperator": of_tasks(to.joined)},
    ),
    Rule(
        "cooperation-changed",
        CooperatorsChanged,
        "change",
        Words("Đơn vị phối hợp thay đổi", "The co-operating units of a task changed"),
        routine={"responsible": UNIT, "lead": LEAD, "cooperator": of_tasks(to.gone), "watcher": WATCHERS},
    ),
    Rule(
        "deadline-set",
        DueDateSet,
        "change",
        Words("Hạn của nhiệm vụ thay đổi", "The deadline of a task changed"),
        important={"responsible": UNIT, "lead": LEAD, "author": of_tasks(to.asker)},
        routine={"cooperator": COOPERATORS, "watcher": WATCHERS},
    ),
    Rule(
        "task-cancelled",
        TaskCancelled,
        "change",
        Words("Nhiệm vụ bị huỷ", "A task was cancelled"),
        important={"responsible": UNIT, "lead": LEAD},
        routine={"cooperator": COOPERATORS, "watcher": WATCHERS},
    ),
    Rule(
        "task-reopened",
        TaskReopened,
        "change",
        Words("Nhiệm vụ được mở lại", "A task was reopened"),
        important={"responsible": UNIT, "lead": LEAD},
        routine={"cooperator": COOPERATORS, "watcher": WATCHERS},
    ),
    # something waits for a decision, or was decided
    Rule(
        "extension-requested",
        ExtensionRequested,
        "decision",
        Words("Đơn vị xin gia hạn, chờ quyết định", "A unit asks for more time and waits for a decision"),
        important={"overseer": OFFICE},
        routine={"watcher": WATCHERS},
    ),
    Rule(
        "extension-granted",
        ExtensionGranted,
        "decision",
        Words("Được gia hạn", "More time was granted"),
        important={"responsible": UNIT, "lead": LEAD, "author": of_tasks(to.asker)},
        routine={"cooperator": COOPERATORS, "watcher": WATCHERS},
    ),
    Rule(
        "extension-refused",
        ExtensionRefused,
        "decision",
        Words("Không được gia hạn", "More time was refused"),
        important={"responsible": UNIT, "lead": LEAD, "author": of_tasks(to.asker)},
        routine={"watcher": WATCHERS},
    ),
    Rule(
        "completion-submitted",
        CompletionSubmitted,
        "decision",
        Words("Đơn vị trình kết quả, chờ duyệt", "A result was handed in and waits for acceptance"),
        important={"overseer": OFFICE},
        routine={"watcher": WATCHERS},
    ),
    Rule(
        "completion-accepted",
        CompletionAccepted,
        "decision",
        Words("Kết quả được duyệt", "A result was accepted"),
        important={"responsible": UNIT, "lead": LEAD, "author": of_tasks(to.submitter)},
        routine={"watcher": WATCHERS},
    ),
    Rule(
        "completion-returned",
        CompletionReturned,
        "decision",
        Words("Kết quả bị trả lại", "A result was returned"),
        important={"responsible": UNIT, "lead": LEAD, "author": of_tasks(to.submitter)},
        routine={"watcher": WATCHERS},
    ),
    # how the work goes
    Rule(
        "task-urged",
        ReminderIssued,
        "reminder",
        Words("Đôn đốc thực hiện nhiệm vụ", "You are urged to carry out a task"),
        urgent={"responsible": UNIT, "lead": LEAD},
        routine={"watcher": WATCHERS},
    ),
    Rule(
        "task-acknowledged",
        TaskAcknowledged,
        "progress",
        Words("Đơn vị đã tiếp nhận nhiệm vụ", "The unit took note of a task"),
        routine={"watcher": WATCHERS},
    ),
    Rule(
        "progress-reported",
        ProgressReported,
        "progress",
        Words("Có báo cáo tiến độ", "Progress was reported"),
        routine={"responsible": of_tasks(to.unit_from_outside), "overseer": OFFICE, "watcher": WATCHERS},
    ),
    Rule(
        "comment-added",
        CommentAdded,
        "progress",
        Words("Có ý kiến về nhiệm vụ", "Somebody commented on a task"),
        routine={"responsible": of_tasks(to.unit_from_outside), "overseer": OFFICE, "watcher": WATCHERS},
    ),
    # the record itself
    Rule(
        "checkpoint-issued",
        CheckpointIssued,
        "record",
        Words("Điểm kiểm chứng mới của sổ ghi", "A new checkpoint of the record"),
        routine={"auditor": to.auditors},
    ),
    Rule(
        "record-repaired",
        RecordRepaired,
        "record",
        Words("Sổ ghi bị hỏng đã được khôi phục", "A damaged record was restored"),
        urgent={"auditor": to.auditors},
    ),
)
"""What a rule says first goes first: whoever several rules tell of one event is told by the first of them.

responsible, cooperator: who leads the unit, or all its people where nobody leads it
overseer, unresolved:    the office
lead, author, watcher:   one person each
auditor:                 who audits the record

A leader (role `leader`) is told nothing by default: they ask, or watch, when they want to know.
"""

BY_EVENT: Mapping[type[EventData], tuple[Rule, ...]] = {
    event: tuple(rule for rule in RULES if rule.event is event) for event in {rule.event for rule in RULES}
}
