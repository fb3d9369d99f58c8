"""A notice as its reader knows it: directives under their headings, each with the units that it was given to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from services.tasks.register.views import DirectiveView, TaskView


@dataclass(frozen=True, slots=True)
class DirectiveTasks:
    """An order and the tasks that it became, one for each unit."""

    directive: DirectiveView
    tasks: tuple[TaskView, ...]

    @property
    def together(self) -> bool:
        """Whether one deadline says it for all: they share it, and each is still open."""
        open_tasks = all(task.status not in ("done", "cancelled") for task in self.tasks)
        return open_tasks and len({task.due.date if task.due else None for task in self.tasks}) == 1


@dataclass(frozen=True, slots=True)
class Section:
    """Directives that follow one another under one heading; `heading` is None where they stand under none."""

    heading: str | None
    directives: tuple[DirectiveTasks, ...]


def sections(tasks: Iterable[TaskView]) -> list[Section]:
    """The sections of a notice, from its tasks in the notice's order."""
    directives = (
        DirectiveTasks(group[0].directive, tuple(group))
        for group in (list(each) for _, each in groupby(tasks, key=lambda task: task.directive.ordinal))
    )
    return [Section(heading, tuple(found)) for heading, found in groupby(directives, key=lambda d: d.directive.heading)]
