"""A reading on its page: the notice in pieces, what is written into the form, and what that does to tasks."""

import datetime as dt
from typing import Any

import pytest

from services.intake.changes import Changes, Confirmation, Correction
from services.intake.conclude import conclude
from services.intake.conclusion import Conclusion
from services.intake.foresight import Foresight
from services.intake.pages.alternatives import Alternatives
from services.intake.pages.effects import effects_in_words
from services.intake.pages.passages import Piece, part_shown, pieces, place_of
from services.intake.pages.sheet import CARDS, sheet, values_of
from services.intake.pages.words import label
from services.intake.pages.written import changes_written
from services.intake.posted import posted_json
from services.intake.standing import Standing
from services.intake.taskstate import TaskStanding
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.events.fields import UnitRef
from shared.events.meeting import Document, MeetingConcluded, OtherPassage, Reading
from shared.events.task import TaskCancelled, TaskReassigned
from shared.events.unit import UnitRegistered
from shared.problems import Invalid
from tests.examples import FINANCE, OFFICE, conclusion

TEXT = "Tổ liên ngành\nHoàn thiện quy chế. Thống nhất chủ trương."
SPAN, ASIDE = (14, 33), (34, 56)


@pytest.fixture
def directory() -> Directory:
    """Two units, both of one class."""
    found = Directory()
    found.apply(OFFICE)
    found.apply(FINANCE)
    return found


def reading(directory: Directory, *assignees: list[str], **changes: Any) -> MeetingConcluded:
    """A notice with one directive for each list of assignees, over a text."""
    directives = [
        {"text": "Hoàn thiện quy chế.", "assignees": each, "deadline": {"date": "2026-12-05", "phrase": "trước 05/12"}}
        for each in assignees
    ]
    body = conclusion(0) | {"directives": directives}
    posted = posted_json(Conclusion.model_validate(body), b"{}", None)
    meeting, _ = conclude(posted, Resolver(directory))
    document = Document(media_type="text/plain", sha256="0" * 64, size=1, text=TEXT)
    other = (OtherPassage(kind="decision", span=ASIDE),)
    first = meeting.directives[0].model_copy(update={"span": SPAN})
    directives_placed = (first, *meeting.directives[1:])
    return meeting.model_copy(update={"document": document, "other": other, "directives": directives_placed} | changes)


def standing(read: Reading) -> Standing:
    """The notice while it is held."""
    return Standing(read, read, "held", 1, 1, None, len(read.directives))


def written(directory: Directory, read: Reading, **fields: str) -> Changes:
    """What a form asks for in which some fields were changed; a double underscore stands for a hyphen."""
    shown = ",".join(str(each.ordinal) for each in read.directives)
    sent = values_of(read, read.directives) | {name.replace("__", "-"): text for name, text in fields.items()}
    kept = {name: text for name, text in sent.items() if text} | {"cards": shown}
    return changes_written(Confirmation, kept, read, directory, Resolver(directory))


def test_a_text_falls_into_pieces_by_what_became_of_its_words() -> None:
    found = pieces("một hai ba bốn", (0, 14), {1: (0, 7), 2: (4, 10)}, {0: (11, 14)}, [(4, 7)])
    assert [(each.text, each.ordinals, each.begins, each.doubtful) for each in found] == [
        ("một ", (1,), (1,), False),
        ("hai", (1, 2), (2,), True),
        (" ba", (2,), (), False),
        (" ", (), (), False),
        ("bốn", (), (), False),
    ]
    assert found[-1] == Piece("bốn", aside=0)


def test_beside_directives_stands_their_part_of_a_long_text_and_the_beginning_with_the_first() -> None:
    text = "x" * 100_000
    assert part_shown(text, [(5_000, 6_000)], first=True, last=False) == (0, 7_500)
    assert part_shown(text, [(50_000, 51_000)], first=False, last=False) == (48_500, 52_500)
    assert part_shown("ngắn", [], first=True, last=True) == (0, 4)


def test_a_doubt_is_shown_where_its_words_stand_or_in_the_heading_before(directory: Directory) -> None:
    read = reading(directory, ["Tổ liên ngành"])
    (doubt,) = read.doubts
    assert place_of(read, doubt) == (0, 13)
    assert place_of(read, doubt.model_copy(update={"about": "quy chế"})) == (25, 32)
    assert place_of(read, doubt.model_copy(update={"about": "không có"})) is None


def test_a_card_points_each_doubt_out_at_the_field_in_which_it_is_mended(directory: Directory) -> None:
    found = sheet(standing(reading(directory, ["Văn phòng Sở"], ["Phòng Kế hoạch"])), directory, 0)
    (doubt,) = found.doubts
    assert (doubt.ordinal, doubt.field, doubt.settled) == (2, "d2-units-0", False)
    (owner,) = found.cards[1].owners
    assert owner.likely[0] == FINANCE.name
    assert sheet(standing(reading(directory, ["Phòng Kế hoạch"])), directory, 0, {doubt.doubt.directive_id or ""})


def test_a_long_notice_is_gone_through_page_by_page(directory: Directory) -> None:
    known = standing(reading(directory, *([["Văn phòng Sở"]] * (CARDS + 2))))
    first = sheet(known, directory, 0)
    assert (len(first.cards), first.next, len(first.asides)) == (CARDS, CARDS, 1)
    second = sheet(known, directory, CARDS)
    assert (len(second.cards), second.next, len(second.asides)) == (2, None, 0)


def test_a_page_of_many_units_holds_fewer_directives(directory: Directory) -> None:
    names = [f"Tổ {number}" for number in range(60)]
    assert len(sheet(standing(reading(directory, *([names] * 12))), directory, 0).cards) == 8


def test_a_form_that_was_not_touched_asks_for_nothing(directory: Directory) -> None:
    read = reading(directory, ["Các phòng và đơn vị"], ["Tổ liên ngành", "VP Sở"])
    assert written(directory, read).changes_nothing()


def test_directives_that_the_form_does_not_show_stay_as_they_are(directory: Directory) -> None:
    read = reading(directory, ["Văn phòng Sở"])
    assert changes_written(Confirmation, {"cards": ""}, read, directory, Resolver(directory)).changes_nothing()


def test_units_deadline_lead_and_fields_are_changed_as_they_are_written(directory: Directory) -> None:
    read = reading(directory, ["Tổ liên ngành"])
    changes = written(
        directory,
        read,
        d1__units__0="phòng kế hoạch - tài chính",
        d1__due="2026-12-18",
        d1__recurs="FREQ=MONTHLY",
        d1__lead="Trần Hải Nam",
        d1__with="Văn phòng Sở\r\nTổ khác",
        n__number="9/TB",
    )
    (change,) = changes.directives
    assert change.assignees is not None
    assert (change.assignees[0].phrase, change.assignees[0].units) == ("Tổ liên ngành", (FINANCE.unit_id,))
    assert change.deadline is not None
    assert (change.deadline.date, change.deadline.phrase) == (dt.date(2026, 12, 18), "trước 05/12")
    assert change.recurrence == "FREQ=MONTHLY"
    assert change.lead is not None
    assert change.lead.name == "Trần Hải Nam"
    assert [each.phrase for each in change.cooperators or ()] == ["Văn phòng Sở", "Tổ khác"]
    assert changes.fields.number == "9/TB"
    assert not change.gives("text")
    assert changes.learn
    assert not written(directory, read, forget="1").learn


def test_a_deadline_that_was_emptied_is_taken_away(directory: Directory) -> None:
    (change,) = written(directory, reading(directory, ["Văn phòng Sở"]), d1__due="").directives
    assert change.gives("deadline")
    assert change.deadline is None


def test_one_of_several_assignees_is_dropped_and_another_added(directory: Directory) -> None:
    read = reading(directory, ["Tổ liên ngành", "Tổ khác"])
    (change,) = written(directory, read, d1__drop__0="1", d1__add=OFFICE.name).directives
    assert [(each.phrase, each.units) for each in change.assignees or ()] == [
        ("Tổ khác", ()),
        (OFFICE.name, (OFFICE.unit_id,)),
    ]


def test_what_is_no_directive_is_withdrawn_and_what_is_one_is_added(directory: Directory) -> None:
    read = reading(directory, ["Văn phòng Sở"])
    changes = written(directory, read, d1__none="1", a0__is="1", a0__units=OFFICE.name, m0__text="Rà soát dự án.")
    assert changes.withdrawn == (read.directives[0].id,)
    aside, added = changes.missed
    assert (aside.text, aside.span, aside.assignees) == ("Thống nhất chủ trương.", (34, 56), (OFFICE.name,))
    assert (added.text, added.span, added.assignees) == ("Rà soát dự án.", None, ())


@pytest.mark.parametrize(
    ("fields", "at", "code"),
    [
        ({"d1__units__0": "Phòng Không Có"}, "/d1-units-0", "unknown-unit"),
        ({"d1__due": "32/13/2026"}, "/d1-due", "date_from_datetime_parsing"),
        ({"d1__drop__0": "1"}, "/d1-add", "nobody"),
        ({"d1__units__0": "", "d1__due": ""}, "/d1-add", "nobody"),
        ({"d1__none": "1"}, "/d1-none", "nothing-left"),
        ({"n__issued_on": "hôm qua"}, "/n-issued_on", "date_from_datetime_parsing"),
        ({"d1__text": "\u202echữ ngược"}, "/d1-text", "control-character"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(
    directory: Directory, fields: dict[str, str], at: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        written(directory, reading(directory, ["Văn phòng Sở"]), **fields)
    assert [(each.pointer, each.code) for each in refused.value.errors] == [(at, code)]
    assert label(at.removeprefix("/")).vi != "Thông báo"


def test_a_correction_needs_its_reason(directory: Directory) -> None:
    read = reading(directory, ["Văn phòng Sở"])
    with pytest.raises(Invalid) as refused:
        changes_written(Correction, {"cards": "1", "d1-text": "Khác."}, read, directory, Resolver(directory))
    assert ("/reason", "blank") in [(each.pointer, each.code) for each in refused.value.errors]


def test_the_likeliest_units_come_first(directory: Directory) -> None:
    assert Alternatives.of(directory).to("Phòng Kế hoạch")[0] == FINANCE.name
    assert Alternatives.of(directory).to("zzz") == ()


def test_one_of_two_units_of_one_name_is_named_with_its_id(directory: Directory) -> None:
    for unit_id in ("hc-1", "hc-2"):
        directory.apply(UnitRegistered(unit_id=unit_id, name="Phòng Hành chính"))
    read = reading(directory, ["Tổ liên ngành"])
    with pytest.raises(Invalid) as refused:
        written(directory, read, d1__units__0="Phòng Hành chính")
    assert "Phòng Hành chính (hc-1), Phòng Hành chính (hc-2)" in refused.value.errors[0].to("vi")["detail"]
    (change,) = written(directory, read, d1__units__0="Phòng Hành chính (hc-2)").directives
    assert [each.units for each in change.assignees or ()] == [("hc-2",)]


def test_what_happens_to_a_task_is_said_with_its_directive_and_unit(directory: Directory) -> None:
    read = reading(directory, ["Văn phòng Sở"])
    task_id = read.directives[0].assignees[0].tasks[0].id
    task = TaskStanding(task_id, UnitRef(id=OFFICE.unit_id, name="{Văn phòng}"), False, 1, 1)
    moved = TaskReassigned(task_id=task_id, unit=UnitRef(id=FINANCE.unit_id, name=FINANCE.name), reason="x")
    gone = TaskCancelled(task_id=task_id, reason="x")
    found = effects_in_words(Foresight((), ((task, moved), (task, gone))), read.directives)
    assert [each.to("vi") for each in found] == [
        "Chỉ đạo 1: nhiệm vụ chuyển từ {Văn phòng} sang Phòng Kế hoạch - Tài chính, giữ nguyên lịch sử.",
        "Chỉ đạo 1: huỷ nhiệm vụ của {Văn phòng}.",
    ]
