"""What a command may say: reasons say something, and a time belongs to a day."""

import datetime as dt

import pytest
from pydantic import TypeAdapter, ValidationError

from services.tasks.task.commands import Cancel, Comment, SetDeadline, SubmitCompletion
from shared.problems import field_problems


@pytest.mark.parametrize(
    ("command", "member"), [(Cancel, "reason"), (SetDeadline, "reason"), (Comment, "text"), (SubmitCompletion, "note")]
)
def test_a_blank_statement_is_refused(command: type[object], member: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(command).validate_python(
            {"due": "2026-12-08", member: " \n\t"} if command is SetDeadline else {member: " "}
        )
    (problem,) = field_problems(refused.value.errors())
    assert (problem.pointer, problem.code) == (f"/{member}", "blank")


def test_a_time_without_a_day_is_refused_rather_than_dropped() -> None:
    with pytest.raises(ValidationError) as refused:
        SetDeadline(due=None, time="17:00", reason="Nhầm.")
    (problem,) = field_problems(refused.value.errors())
    assert problem.code == "time_without_day"
    assert SetDeadline(due=dt.date(2026, 12, 8), time="17:00", reason="Đúng.").time == "17:00"
