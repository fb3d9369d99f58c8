"""Figures with the tasks that they count: each knows the filter by which the same tasks are listed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.tasks.register.summary import Counted, Kind
from services.tasks.register.tasks import TaskFilter


@dataclass(frozen=True, slots=True)
class Figure:
    """How many tasks there are that fit a filter."""

    count: int
    wanted: TaskFilter


OPEN_KINDS: tuple[Kind, ...] = ("overdue", "due_soon", "in_time", "no_deadline")
"""How work stands that has yet to come to its end, the most pressing first."""

DONE_KINDS: tuple[Kind, ...] = ("done_on_time", "done_late", "done_without_deadline")

_FILTERS: Mapping[Kind, Mapping[str, Any]] = {
    "overdue": {"timeliness": ("overdue",)},
    "due_soon": {"timeliness": ("due_soon",)},
    "in_time": {"timeliness": ("in_time",)},
    "no_deadline": {"timeliness": ("no_deadline",), "is_open": True},
    "done_on_time": {"timeliness": ("done_on_time",)},
    "done_late": {"timeliness": ("done_late",)},
    "done_without_deadline": {"timeliness": ("no_deadline",), "status": "done"},
    "cancelled": {"status": "cancelled"},
}
_COUNTED = tuple(filters["timeliness"][0] for kind, filters in _FILTERS.items() if "timeliness" in filters)
ALL_BUT_CANCELLED: Mapping[str, Any] = {"timeliness": tuple(dict.fromkeys(_COUNTED))}
"""What a filter says of all work that was not cancelled; a series is none, its turns are."""


def figure(counted: Counted, kind: Kind, wanted: TaskFilter) -> Figure:
    """How many of the tasks that were counted by a filter stand in one way."""
    return Figure(counted.tasks[kind], replace(wanted, **_FILTERS[kind]))


def together(counted: Counted, wanted: TaskFilter) -> Figure:
    """How many they are in all, without those that were cancelled."""
    count = sum(number for kind, number in counted.tasks.items() if kind != "cancelled")
    return Figure(count, replace(wanted, **ALL_BUT_CANCELLED))
