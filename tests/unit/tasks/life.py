"""Given what happened to a task, when somebody asks for something, then that happens or a rule refuses it."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Self

from services.tasks.task.commands import Command
from services.tasks.task.decision import Facts, StoredFile, decide
from services.tasks.task.refusals import Refusal
from services.tasks.task.state import Place, Task, assigned, evolve, put_in_force
from shared.events.fields import NamedPerson, NamedUnit, UnitRef
from shared.events.task import Period, TaskEvent
from shared.identity.caller import Caller
from tests.examples import FINANCE, OFFICE
from tests.examples import assigned as assignment

START = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
THIRD = "phong-cong-nghe"

LAN = Caller("person.lan", "Trần Thị Lan", "lan", frozenset({"unit_lead"}), frozenset({OFFICE.unit_id}))
NAM = Caller("person.nam", "Đỗ Văn Nam", "nam", frozenset({"staff"}), frozenset({OFFICE.unit_id}))
HA = Caller("person.ha", "Phạm Thu Hà", "ha", frozenset({"unit_lead"}), frozenset({FINANCE.unit_id}))
TU = Caller("person.tu", "Lý Văn Tú", "tu", frozenset({"unit_lead"}), frozenset({THIRD}))
CHINH = Caller("person.chinh", "Phạm Văn Chính", "chinh", frozenset({"office"}))
MINH = Caller("person.minh", "Lê Minh Châu", "minh", frozenset({"leader"}))
KIEM = Caller("person.kiem", "Vũ Thị Kiểm", "kiem", frozenset({"auditor"}))
TRI = Caller("person.tri", "Hồ Quản Trị", "tri", frozenset({"administrator"}))
PROGRAM = Caller(
    "client.van-ban", "Hệ thống văn bản", roles=frozenset({"integration"}), scopes=frozenset({"tasks:write"})
)
READER = Caller("client.xem", "Bảng tin", roles=frozenset({"integration"}), scopes=frozenset({"tasks:read"}))
"""The task of these tests is of Lan's and Nam's unit, and Hà's unit co-operates. Tú's has nothing to do with it."""

FACTS = Facts(
    units={
        OFFICE.unit_id: (UnitRef(id=OFFICE.unit_id, name=OFFICE.name), False),
        FINANCE.unit_id: (UnitRef(id=FINANCE.unit_id, name=FINANCE.name), False),
        THIRD: (UnitRef(id=THIRD, name="Phòng Công nghệ"), False),
        "cu": (UnitRef(id="cu", name="Phòng Cũ"), True),
    },
    people={"nam": NamedPerson(name="Đỗ Văn Nam")},
    files={"0" * 64: StoredFile("application/pdf", 1234)},
)


@dataclass(frozen=True, slots=True)
class Life:
    """A task so far, and what is known when it is decided on."""

    task: Task
    facts: Facts = FACTS
    today: dt.date = TODAY

    def and_(self, *events: TaskEvent, by: Caller = LAN) -> Self:
        """The same after these events of somebody, a minute each."""
        task = self.task
        for event in events:
            task = evolve(task, event, Place(task.sequence + 1, task.changed_at + dt.timedelta(minutes=1), by.actor))
        return replace(self, task=task)

    def on(self, day: dt.date) -> Self:
        """The same on another local day."""
        return replace(self, today=day)

    def knowing(self, **facts: Any) -> Self:
        """The same with other facts."""
        return replace(self, facts=replace(self.facts, **facts))

    def when(self, command: Command, by: Caller) -> "Outcome":
        """What comes of a command."""
        try:
            event = decide(self.task, command, by, self.today, self.facts)
        except Refusal as refusal:
            return Outcome(self, None, refusal)
        return Outcome(self.and_(event, by=by), event, None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command: an event with the life after it, or a refusal."""

    life: Life
    event: TaskEvent | None
    refusal: Refusal | None

    def then(self, event: TaskEvent) -> Task:
        """Confirms the event, and gives the task after it."""
        assert self.refusal is None, self.refusal
        assert self.event == event
        return self.life.task

    def becomes(self, status: str) -> Task:
        """Confirms the status that the task has afterwards, and gives the task."""
        assert self.refusal is None, self.refusal
        assert self.life.task.status == status
        return self.life.task

    def refused(self, rule: type[Refusal]) -> Refusal:
        """Confirms which rule refused it, in words of both languages."""
        assert isinstance(self.refusal, rule), (self.refusal, self.event)
        for language in ("vi", "en"):
            assert _told(self.refusal, language)
        return self.refusal


def _told(refusal: Refusal, language: Any) -> str:
    values = {n: v.to(language) if hasattr(v, "to") else v for n, v in refusal.values.items()}
    return refusal.words.to(language, **values)


def given(*events: TaskEvent, by: Caller = LAN, **assignment_changes: Any) -> Life:
    """A task in force to which these events of somebody happened."""
    event = assignment(
        "life", **{"cooperators": (NamedUnit(phrase=FINANCE.name, unit=FINANCE.unit_id),), **assignment_changes}
    )
    task = assigned(event, Place(1, START, "client.van-ban"))
    return Life(put_in_force(task, Place(task.sequence + 1, START, "person.chinh"))).and_(*events, by=by)


def given_turn(**changes: Any) -> Life:
    """The task of one period of a recurring one."""
    period = Period(series_id="series", starts_on=dt.date(2026, 11, 1), ends_on=dt.date(2026, 11, 30))
    return given(recurrence="FREQ=MONTHLY", period=period, **changes)
