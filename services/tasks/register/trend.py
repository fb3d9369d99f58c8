"""How many tasks were assigned, done on time and late in each of the last months, and overdue at its end."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, cast, func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from services.tasks.register.as_of import AsOf, is_late, standing, submitted_on
from services.tasks.register.figures import ALL_BUT_CANCELLED, Figure
from services.tasks.register.moments import at_times
from services.tasks.register.tasks import Sight, TaskFilter, conditions
from services.tasks.timeliness import Day

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """What a month brought. `first` and `last` are its local days; the present one ends today.

    What was cancelled is not among the `assigned`. Those that are done count in the month in which their result was
    handed in. `overdue` were, as it was known when the month ended, or are now.
    """

    first: dt.date
    last: dt.date
    assigned: Figure
    done_on_time: Figure
    done_late: Figure
    done_without_deadline: Figure
    overdue: Figure


class Trend:
    """The last months. How much was overdue at the end of a past one, as it was known then, never changes, and is
    counted once; of so many answers as are `kept`, the ones asked for last."""

    def __init__(self, kept: int = 256) -> None:
        self._most = kept
        self._overdue: OrderedDict[object, int] = OrderedDict()

    async def months(
        self,
        connection: AsyncConnection,
        unit: str | None,
        sight: Sight,
        today: Day,
        overdue_now: int,
        count: int = MONTHS,
    ) -> list[Month]:
        """What so many months brought, up to the present one; to one unit where one is named. `overdue_now` is how many
        tasks are overdue today."""
        firsts = months_until(today.date, count)
        wanted = TaskFilter(unit=unit)
        assigned = await _assigned(connection, wanted, sight, today, firsts[0])
        done = await _done(connection, wanted, sight, today, firsts[0])
        ends = [first - dt.timedelta(days=1) for first in firsts[1:]]
        then = await at_times(connection, [today.begun(first) for first in firsts[1:]], "known")
        overdue = await self._overdue_then(connection, wanted, sight, today, then)
        found = []
        for first, last, as_of, late in zip(
            firsts, [*ends, today.date], [*then, None], [*overdue, overdue_now], strict=True
        ):
            on_time, too_late, undated = done.get(first, (0, 0, 0))
            within = replace(wanted, done_from=first, done_to=last)
            found.append(
                Month(
                    first,
                    last,
                    Figure(
                        assigned.get(first, 0),
                        replace(wanted, assigned_from=first, assigned_to=last, **ALL_BUT_CANCELLED),
                    ),
                    Figure(on_time, replace(within, timeliness=("done_on_time",))),
                    Figure(too_late, replace(within, timeliness=("done_late",))),
                    Figure(undated, replace(within, timeliness=("no_deadline",))),
                    Figure(late, replace(wanted, timeliness=("overdue",), as_of=as_of)),
                )
            )
        return found

    async def _overdue_then(
        self, connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: Day, then: Sequence[AsOf]
    ) -> list[int]:
        # A register that was made anew has other tables.
        tables = await connection.scalar(text("SELECT 'register.task_version'::regclass::oid"))
        keys = [(tables, wanted.unit, sight, today.zone, as_of.sequence, as_of.before) for as_of in then]
        if missing := [(key, as_of) for key, as_of in zip(keys, then, strict=True) if key not in self._overdue]:
            parts = [
                _late(replace(wanted, as_of=as_of), sight, today.of(as_of.time)).add_columns(literal(number).label("n"))
                for number, (_, as_of) in enumerate(missing)
            ]
            rows = await connection.execute(union_all(*parts))
            self._overdue.update({missing[number][0]: int(count) for count, number in rows})
        for key in keys:
            self._overdue.move_to_end(key)
        counts = [self._overdue[key] for key in keys]
        while len(self._overdue) > self._most:
            self._overdue.popitem(last=False)
        return counts


def months_until(today: dt.date, count: int) -> list[dt.date]:
    """The first days of so many months, the last of which is that of a day."""
    last = today.year * 12 + today.month - 1
    return [dt.date(month // 12, month % 12 + 1, 1) for month in range(last - count + 1, last + 1)]


def _late(wanted: TaskFilter, sight: Sight, day: Day) -> "Select[Any]":
    """How many open tasks are overdue on a day."""
    stand = standing(wanted.as_of, day.zone)
    late = replace(wanted, timeliness=("overdue",))
    return select(func.count().label("count")).select_from(stand).where(*conditions(late, sight, stand, day))


async def _assigned(
    connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: Day, first: dt.date
) -> Mapping[dt.date, int]:
    stand = standing(None, today.zone)
    since = replace(wanted, assigned_from=first)
    statement = (
        select(stand.c.assigned_month, func.count())
        .where(stand.c.status != "cancelled", ~stand.c.is_series, *conditions(since, sight, stand, today))
        .group_by(stand.c.assigned_month)
    )
    return {month: count for month, count in await connection.execute(statement)}


async def _done(
    connection: AsyncConnection, wanted: TaskFilter, sight: Sight, today: Day, first: dt.date
) -> Mapping[dt.date, tuple[int, int, int]]:
    """Done on time, late, and without a deadline, by the month in which results were handed in."""
    stand = standing(None, today.zone)
    handed_in = submitted_on(stand, today.zone)
    month: ColumnElement[dt.date] = cast(func.date_trunc("month", handed_in), Date)
    late, dated = is_late(stand, today), stand.c.due.is_not(None)
    since = replace(wanted, done_from=first)
    statement = (
        select(
            month,
            func.count().filter(dated, ~late),
            func.count().filter(dated, late),
            func.count().filter(~dated),
        )
        .where(~stand.c.is_series, *conditions(since, sight, stand, today))
        .group_by(month)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in await connection.execute(statement)}
