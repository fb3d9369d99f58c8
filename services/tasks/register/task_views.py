"""Tasks as they are shown, from the rows that the register holds of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from services.tasks.register.rows import TASK_COLUMNS, task_row
from services.tasks.register.views import (
    CarriedOverView,
    DirectiveView,
    DueView,
    MeetingBrief,
    PeriodView,
    TaskView,
)
from services.tasks.task.state import Task
from services.tasks.timeliness import Day, timeliness

DIRECTIVE_COLUMNS = (
    "heading",
    "text",
    "span_start",
    "span_end",
    "lead",
    "cooperators",
    "report_to",
    "recurrence",
    "citations",
    "withdrawn",
)
"""What a row holds of its directive, each behind `directive_`."""

MEETING_COLUMNS = ("title", "issuer", "number", "held_on", "revoked_at")
"""What it holds of its meeting, each behind `meeting_`."""


def view_of(task: Task, row: "Row[Any]", today: Day) -> TaskView:
    """A task in another state than the one that the register holds of it in `row`."""
    return task_view({**row._mapping, **dict(zip(TASK_COLUMNS, task_row(task), strict=True))}, today)


def task_view(row: Mapping[Any, Any], today: Day) -> TaskView:
    """A task as it is shown on a local day."""
    due = lead = period = repeats = None
    if row["repeats_task_id"]:
        repeats = CarriedOverView(task_id=row["repeats_task_id"], times=row["times"])
    if row["due"]:
        due = DueView(
            date=row["due"],
            time=row["due_time"],
            baseline=row["baseline_due"],
            phrase=row["due_phrase"],
            rule=row["due_rule"],
            confidence=row["due_confidence"],
        )
    if row["lead_name"]:
        lead = {"name": row["lead_name"], "position": row["lead_position"]}
    if row["series_id"]:
        period = PeriodView(series_id=row["series_id"], starts_on=row["period_start"], ends_on=row["period_end"])
    directive = {name: row[f"directive_{name}"] for name in DIRECTIVE_COLUMNS}
    span = (row["directive_span_start"], row["directive_span_end"]) if row["directive_span_end"] else None
    return TaskView.model_validate(
        {
            **row,
            "timeliness": timeliness(row["status"], row["due"], row["submitted_at"], today, is_series=row["is_series"]),
            "unit": {"id": row["unit_id"], "name": row["unit_name"], "provisional": row["provisional"]},
            "lead": lead,
            "due": due,
            "period": period,
            "carried_over": repeats,
            "directive": DirectiveView.model_validate(
                {**directive, "id": row["directive_id"], "ordinal": row["ordinal"], "span": span}
            ),
            "meeting": MeetingBrief(id=row["meeting_id"], **{name: row[f"meeting_{name}"] for name in MEETING_COLUMNS}),
        }
    )
