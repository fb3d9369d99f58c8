"""A small fictional department and a notice for it, by which the tests of notify say who is told."""

import datetime as dt
from collections.abc import Iterable

from services.notify.policy.case import Case, Change
from services.notify.taskstate import Place, of_directive
from shared.directory.directory import Directory
from shared.events.catalogue import EventData
from shared.events.fields import Deadline, NamedPerson, NamedUnit, UnitRef
from shared.events.meeting import Assignee, Directive, Document, MeetingConcluded, TaskRef
from shared.events.person import PersonPlaced, PersonRegistered, Role, RoleGranted
from shared.events.unit import UnitRegistered

OFFICE = UnitRef(id="van-phong", name="Văn phòng Sở")
SCIENCE = UnitRef(id="khoa-hoc", name="Phòng Quản lý khoa học")
FINANCE = UnitRef(id="tai-chinh", name="Phòng Kế hoạch - Tài chính")
LABORATORY = UnitRef(id="kiem-dinh", name="Trung tâm Kiểm định")
UNKNOWN = UnitRef(id="tam-1", name="Tổ công tác 06", provisional=True)

PEOPLE: tuple[tuple[str, str, UnitRef, tuple[Role, ...]], ...] = (
    ("binh", "Trần Thanh Bình", OFFICE, ("unit_lead", "office")),
    ("chau", "Lê Minh Châu", OFFICE, ("leader",)),
    ("dung", "Phạm Anh Dũng", SCIENCE, ("unit_lead", "staff")),
    ("giang", "Vũ Hương Giang", SCIENCE, ("staff",)),
    ("hoa", "Đỗ Thị Hòa", FINANCE, ("unit_lead",)),
    ("khanh", "Ngô Gia Khánh", LABORATORY, ("staff",)),
    ("lan", "Bùi Ngọc Lan", LABORATORY, ("staff",)),
)


def organisation() -> Iterable[EventData]:
    """The events that make the department: three units that somebody leads, and one that nobody does."""
    for unit in (OFFICE, SCIENCE, FINANCE, LABORATORY):
        yield UnitRegistered(unit_id=unit.id, name=unit.name)
    for person_id, name, unit, roles in PEOPLE:
        yield PersonRegistered(person_id=person_id, name=name)
        yield PersonPlaced(person_id=person_id, unit_id=unit.id)
        for role in roles:
            yield RoleGranted(person_id=person_id, role=role)


def department(*more: EventData) -> Directory:
    """The directory of the department, and of what else happened in it."""
    directory = Directory()
    for event in (*organisation(), *more):
        directory.apply(event)
    return directory


def directive(
    ordinal: int,
    *units: UnitRef,
    meeting_id: str = "m-1",
    lead: str | None = None,
    with_units: Iterable[UnitRef] = (),
    due: dt.date | None = None,
) -> Directive:
    """An order to some units. The task of each is named `<meeting>-<ordinal>-<unit>`."""
    tasks = tuple(TaskRef(id=f"{meeting_id}-{ordinal}-{unit.id}", unit=unit) for unit in units)
    return Directive(
        id=f"{meeting_id}-{ordinal}",
        ordinal=ordinal,
        text=f"Việc số {ordinal}: hoàn thiện quy chế & báo cáo Giám đốc Sở.",
        assignees=(Assignee(phrase="Các đơn vị", tasks=tasks),),
        lead=NamedPerson(name=lead) if lead else None,
        cooperators=tuple(NamedUnit(phrase=unit.name, unit=unit.id) for unit in with_units),
        deadline=Deadline(date=due) if due else None,
    )


def notice(*directives: Directive, meeting_id: str = "m-1") -> MeetingConcluded:
    """A notice that is in force."""
    return MeetingConcluded(
        meeting_id=meeting_id,
        fingerprint="0" * 64,
        issuer="Sở Khoa học và Công nghệ tỉnh Hải Vân",
        number=f"{meeting_id}/TB-SKHCN",
        title="Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 11 năm 2026",
        document=Document(media_type="application/json", sha256="0" * 64, size=10),
        directives=directives,
    )


def place(actor: str = "client.tests", sequence: int = 100, event_id: str = "event-1") -> Place:
    """Where an event stands, and who did it."""
    return Place(event_id, sequence, dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC), actor)


def concluded(meeting: MeetingConcluded, actor: str = "client.tests") -> Case:
    """A notice that came into force, as the rules look at it."""
    at = place(actor)
    in_order = sorted(meeting.directives, key=lambda each: each.ordinal)
    states = [state for each in in_order for state in of_directive(meeting.meeting_id, each, at)]
    return Case(at, meeting, meeting.meeting_id, tuple(Change(None, state) for state in states), actor)
