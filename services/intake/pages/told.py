"""Which tasks a notice would become, for whoever can say who will be told of them. Pure."""

import json
from collections.abc import Iterable

from shared.events.meeting import Directive

_MOST = 2_000


def proposed(directives: Iterable[Directive]) -> str:
    """The tasks of directives as `POST /v1/told` takes them, in JSON."""
    tasks = [
        {
            "unit": None if task.unit.provisional else task.unit.id,
            "phrase": assignee.phrase,
            "lead": each.lead.name if each.lead else None,
            "cooperators": [named.unit for named in each.cooperators if named.unit],
        }
        for each in directives
        for assignee in each.assignees
        for task in assignee.tasks
    ]
    return json.dumps(tasks[:_MOST], ensure_ascii=False)
