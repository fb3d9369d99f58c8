"""A task as a row of the register, and a row as a task. Pure."""

import datetime as dt
from typing import Any

from services.tasks.task.state import Task
from shared.events.fields import Deadline, NamedPerson, NamedUnit, UnitRef
from shared.events.task import Period

Row = tuple[Any, ...]
"""The values of a row, in the order of its table's columns."""

TASK_COLUMNS = (
    "id",
    "assigned_sequence",
    "sequence",
    "stands_from",
    "version",
    "meeting_id",
    "directive_id",
    "ordinal",
    "unit_id",
    "unit_name",
    "provisional",
    "phrase",
    "status",
    "assigned_at",
    "changed_at",
    "baseline_due",
    "due",
    "due_time",
    "due_phrase",
    "due_rule",
    "due_confidence",
    "in_force",
    "lead_name",
    "lead_position",
    "cooperators",
    "cooperator_unit_ids",
    "urgent",
    "confidence",
    "recurrence",
    "is_series",
    "series_id",
    "period_start",
    "period_end",
    "acknowledged_at",
    "percent",
    "submitted_at",
    "submitted_by",
    "done_at",
    "cancelled_at",
    "pending_until",
)
"""The columns that a task's own events decide, in the order of the table, where they come first."""


def task_row(task: Task) -> Row:
    """The values of `TASK_COLUMNS`."""
    deadline, period, lead = task.deadline, task.period, task.lead
    return (
        task.id,
        task.assigned_sequence,
        task.sequence,
        task.stands_from,
        task.version,
        task.meeting_id,
        task.directive_id,
        task.ordinal,
        task.unit.id,
        task.unit.name,
        task.unit.provisional,
        task.phrase,
        task.status,
        task.assigned_at,
        task.changed_at,
        task.baseline_due,
        task.due,
        deadline.time if deadline else None,
        deadline.phrase if deadline else None,
        deadline.rule if deadline else None,
        deadline.confidence if deadline else None,
        task.in_force,
        lead.name if lead else None,
        lead.position if lead else None,
        task.cooperators,
        task.cooperator_unit_ids,
        task.urgent,
        task.confidence,
        task.recurrence,
        task.is_series,
        period.series_id if period else None,
        period.starts_on if period else None,
        period.ends_on if period else None,
        task.acknowledged_at,
        task.percent,
        task.submitted_at,
        task.submitted_by,
        task.done_at,
        task.cancelled_at,
        task.pending_until,
    )


def task_of(row: Any) -> Task:
    """The task that a row of the table holds."""
    deadline = lead = period = None
    if row.due:
        deadline = Deadline(
            date=row.due, time=row.due_time, phrase=row.due_phrase, rule=row.due_rule, confidence=row.due_confidence
        )
    if row.lead_name:
        lead = NamedPerson(name=row.lead_name, position=row.lead_position)
    if row.series_id:
        period = Period(series_id=row.series_id, starts_on=row.period_start, ends_on=row.period_end)
    return Task(
        id=row.id,
        assigned_sequence=row.assigned_sequence,
        sequence=row.sequence,
        stands_from=row.stands_from,
        version=row.version,
        meeting_id=row.meeting_id,
        directive_id=row.directive_id,
        ordinal=row.ordinal,
        unit=UnitRef(id=row.unit_id, name=row.unit_name, provisional=row.provisional),
        phrase=row.phrase,
        status=row.status,
        assigned_at=row.assigned_at,
        changed_at=row.changed_at,
        baseline_due=row.baseline_due,
        deadline=deadline,
        in_force=row.in_force,
        lead=lead,
        cooperators=tuple(NamedUnit.model_validate(each) for each in row.cooperators),
        urgent=row.urgent,
        confidence=row.confidence,
        recurrence=row.recurrence,
        period=period,
        acknowledged_at=row.acknowledged_at,
        percent=row.percent,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        done_at=row.done_at,
        cancelled_at=row.cancelled_at,
        pending_until=row.pending_until,
    )


def version_row(task: Task, until_sequence: int) -> Row:
    """A row of `task_version`: how a task stood until an event."""
    width = (until_sequence - task.stands_from).bit_length()
    return (task.id, task.version, task.stands_from, until_sequence, width, *_stood(task))


def held_row(task: Task, at: dt.datetime, until: dt.datetime | None) -> Row:
    """A row of `task_held`: how a task stood from one moment until another."""
    return (task.id, task.version, at, until, *_stood(task))


def _stood(task: Task) -> Row:
    return (
        task.assigned_sequence,
        task.assigned_at,
        task.meeting_id,
        task.directive_id,
        task.unit.id,
        task.cooperator_unit_ids,
        task.status,
        task.is_series,
        task.due,
        task.submitted_at,
    )


def standing_row(task: Task) -> Row:
    """A row of `standing`."""
    return (
        task.assigned_sequence,
        task.stands_from,
        task.assigned_at,
        task.changed_at,
        task.is_series,
        task.status,
        task.due,
        task.submitted_at,
        task.unit.id,
        task.meeting_id,
        task.directive_id,
        task.id,
        task.version,
        task.cooperator_unit_ids,
    )
