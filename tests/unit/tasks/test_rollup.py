"""How a directive stands that several units have."""

import pytest

from services.tasks.register.views import TaskView
from services.tasks.rollup import roll_up
from services.tasks.task.state import Status
from services.tasks.timeliness import Timeliness
from tests.unit.tasks.test_pages import TASK


def part(status: Status, timeliness: Timeliness | None) -> TaskView:
    """One unit's part."""
    return TASK.model_copy(update={"status": status, "timeliness": timeliness})


@pytest.mark.parametrize(
    ("status", "timeliness"), [("in_progress", "overdue"), ("submitted", "overdue"), ("done", "done_late")]
)
def test_a_directive_is_late_when_one_part_is_overdue_or_came_late(status: Status, timeliness: Timeliness) -> None:
    assert roll_up([part("done", "done_on_time"), part(status, timeliness)]).late


@pytest.mark.parametrize(
    ("status", "timeliness"), [("cancelled", None), ("in_progress", "due_soon"), ("done", "no_deadline")]
)
def test_parts_in_time_and_cancelled_parts_make_no_directive_late(
    status: Status, timeliness: Timeliness | None
) -> None:
    assert not roll_up([part("done", "done_on_time"), part(status, timeliness)]).late
