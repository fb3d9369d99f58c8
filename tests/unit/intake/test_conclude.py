"""From a conclusion to its events: ids that are derived, tasks for each unit, nothing dropped."""

import datetime as dt
import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.intake.conclude import Origin, conclude, published
from services.intake.conclusion import Conclusion
from services.intake.posted import Posted, posted_document, posted_json
from services.intake.publication import batches
from services.intake.reading.frames import DocumentReading
from services.intake.reading.notice import ReadingDoubt, ReadNotice
from services.intake.units import NO_UNIT_NAMED
from shared.directory.directory import Directory
from shared.directory.resolution import Resolver
from shared.events.catalogue import CATALOGUE
from shared.events.meeting import MeetingConcluded
from shared.events.task import TaskAssigned
from shared.preconditions import KeyUnusable, idempotency_key
from shared.vocabulary import DOUBTS
from tests.examples import FINANCE, OFFICE, conclusion

ORIGIN = Origin("tests", "request-1", dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC))


def directory() -> Resolver:
    found = Directory()
    found.apply(OFFICE)
    found.apply(FINANCE)
    return Resolver(found)


def posted(body: dict[str, Any], key: str | None = None) -> Posted:
    content = json.dumps(body).encode()
    return posted_json(Conclusion.model_validate_json(content), content, key)


def concluded(*directives: dict[str, Any]) -> tuple[MeetingConcluded, tuple[TaskAssigned, ...]]:
    return conclude(posted(conclusion(1) | {"directives": list(directives)}), directory())


def test_a_class_of_units_becomes_a_task_for_each_and_keeps_its_phrase() -> None:
    meeting, tasks = concluded({"text": "Báo cáo.", "assignees": ["Các phòng, đơn vị"]})
    assert [task.unit.id for task in tasks] == ["van-phong", "ke-hoach-tai-chinh"]
    assert {task.phrase for task in tasks} == {"Các phòng, đơn vị"}
    (assignee,) = meeting.directives[0].assignees
    assert [ref.id for ref in assignee.tasks] == [task.task_id for task in tasks]


def test_a_unit_named_twice_gets_one_task() -> None:
    meeting, tasks = concluded({"text": "Báo cáo.", "assignees": ["Văn phòng Sở", "Các phòng và đơn vị"]})
    assert [task.unit.id for task in tasks] == ["van-phong", "ke-hoach-tai-chinh"]
    first, second = meeting.directives[0].assignees
    assert first.tasks[0] == second.tasks[0]


@pytest.mark.parametrize(
    ("directive", "name"),
    [
        ({"text": "Báo cáo.", "assignees": ["Ban Quản lý dự án"]}, "Ban Quản lý dự án"),
        ({"text": "Báo cáo.", "heading": "Về chuyển đổi số"}, "Về chuyển đổi số"),
        ({"text": "Báo cáo."}, NO_UNIT_NAMED),
    ],
)
def test_nothing_is_dropped_for_want_of_a_unit(directive: dict[str, Any], name: str) -> None:
    _, (task,) = concluded(directive)
    assert (task.unit.name, task.unit.provisional) == (name, True)


def test_two_spellings_of_an_unknown_unit_are_one_provisional_unit() -> None:
    _, tasks = concluded(
        {"text": "Một.", "assignees": ["Uỷ ban nhân dân xã"]}, {"text": "Hai.", "assignees": ["UỶ BAN NHÂN DÂN XÃ"]}
    )
    assert len({task.unit.id for task in tasks}) == 1


def test_the_same_notice_gives_the_same_events_but_for_request_and_time() -> None:
    later = Origin("tests", "request-2", ORIGIN.at + dt.timedelta(days=1))
    what = posted(conclusion(5))
    one, other = (published(what, *conclude(what, directory()), origin) for origin in (ORIGIN, later))
    assert [each.event_id for each in one] == [each.event_id for each in other]
    assert len({each.event_id for each in one}) == len(one)


def test_the_meeting_comes_last_and_names_every_task() -> None:
    what = posted(conclusion(5), key="key-1")
    events = [CATALOGUE.read(each.content) for each in published(what, *conclude(what, directory()), ORIGIN)]
    *others, last = (event.data for event in events)
    assert isinstance(last, MeetingConcluded)
    named = {task.id for each in last.directives for assignee in each.assignees for task in assignee.tasks}
    assert named == {event.task_id for event in others if isinstance(event, TaskAssigned)}
    assert {event.envelope.causationid for event in events} == {"request-1"}


def test_the_idempotency_key_itself_is_not_recorded() -> None:
    what = posted(conclusion(1), key="secret-key")
    assert all(b"secret-key" not in each.content for each in published(what, *conclude(what, directory()), ORIGIN))


def test_batches_keep_the_order_and_the_last_holds_the_meeting() -> None:
    what = posted(conclusion(2500))
    entries = published(what, *conclude(what, directory()), ORIGIN)
    split = batches(entries)
    assert [len(batch) for batch in split] == [501, 1000, 1000]
    assert [each for batch in split for each in batch] == entries
    assert split[-1][-1].subject.startswith("log.meeting.")


@pytest.mark.parametrize(
    "changes",
    [{"number": "113/TB-SKHCN"}, {"issuer": "Sở Tài chính"}, {"issued_on": "2027-01-05"}],
)
def test_another_number_issuer_or_year_is_another_meeting(changes: dict[str, str]) -> None:
    assert posted(conclusion(1) | changes).meeting_id != posted(conclusion(1)).meeting_id


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "112 /tb-skhcn"},
        {"number": "１１２/TB-SKHCN"},
        {"number": "112/TB-SKHCN\u200b"},
        {"issuer": "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH HẢI VÂN"},
        {"title": "Khác"},
    ],
)
def test_another_spelling_or_content_is_the_same_meeting(changes: dict[str, str]) -> None:
    assert posted(conclusion(1) | changes).meeting_id == posted(conclusion(1)).meeting_id


def test_without_a_number_the_content_makes_the_meeting() -> None:
    one, other = conclusion(1) | {"number": None}, conclusion(2) | {"number": None}
    assert posted(one).meeting_id == posted(one).meeting_id
    assert posted(one).meeting_id != posted(other).meeting_id


def test_line_ends_and_composition_make_no_other_notice() -> None:
    what = Conclusion.model_validate_json(json.dumps(conclusion(1)))
    text = "1. Văn phòng Sở\n- Hoàn thiện quy chế.\n"
    variants = (text, text.replace("\n", "\r\n"), unicodedata.normalize("NFD", text))
    readings = [DocumentReading("text/plain", each, ReadNotice(what)) for each in variants]
    assert len({posted_document(each, each.text.encode(), None, None).fingerprint for each in readings}) == 1


@pytest.mark.parametrize(
    ("header", "key"), [(None, None), ("abc", "abc"), ('"abc"', "abc"), (" a-1:b ", "a-1:b"), ('"', '"')]
)
def test_a_key_is_taken_quoted_or_bare(header: str | None, key: str | None) -> None:
    assert idempotency_key(header) == key


@pytest.mark.parametrize("header", ["", '""', "a b", "khóa", "x" * 256])
def test_a_key_without_usable_form_is_refused(header: str) -> None:
    with pytest.raises(KeyUnusable):
        idempotency_key(header)


def doubts(*directives: dict[str, Any]) -> list[tuple[str, str | None, float]]:
    """What is doubtful in a conclusion: code, what it is about, and the confidence."""
    meeting, _ = concluded(*directives)
    return [(each.code, each.about, each.confidence) for each in meeting.doubts]


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        ({"text": "Việc.", "assignees": ["Văn phòng Sở", "Các phòng và đơn vị"]}, []),
        ({"text": "Việc.", "assignees": ["VP Sơ"]}, [("unit-similar", "VP Sơ", 0.55)]),
        ({"text": "Việc.", "assignees": ["Phòng KH-TC"]}, [("unit-abbreviation", "Phòng KH-TC", 0.9)]),
        ({"text": "Việc.", "assignees": ["Ban lạ"]}, [("unit-unknown", "Ban lạ", 0.5)]),
        ({"text": "Việc."}, [("no-unit-named", NO_UNIT_NAMED, 0.5)]),
        ({"text": "Việc.", "assignees": ["P.KHTC"], "confidence": 0.4}, [("directive-uncertain", None, 0.4)]),
        (
            {"text": "Việc.", "assignees": ["P.KHTC"], "deadline": {"date": "2026-12-05", "confidence": 0.3}},
            [("deadline-uncertain", "2026-12-05", 0.3)],
        ),
    ],
)
def test_every_weak_ground_of_a_conclusion_is_a_doubt(
    directive: dict[str, Any], expected: list[tuple[str, str | None, float]]
) -> None:
    assert doubts(directive) == expected


def test_a_phrase_is_doubted_once() -> None:
    assert len(doubts(*({"text": f"Việc {turn}.", "assignees": ["Ban lạ"]} for turn in range(5)))) == 1


def test_a_unit_that_the_directory_knows_is_no_doubt_of_the_reader() -> None:
    what = posted(conclusion(1))
    known = ReadingDoubt("unit-not-recognised", 1, "Văn phòng Sở", 0.55)
    other = ReadingDoubt("unit-not-recognised", 1, "Trưởng thôn", 0.55)
    meeting, _ = conclude(replace(what, doubts=(known, other)), directory(), 0.6)
    assert [each.about for each in meeting.doubts] == ["Trưởng thôn"]
    assert meeting.for_review


def test_every_code_of_a_doubt_has_its_words() -> None:
    codes = {
        code
        for file in (Path(__file__).parents[3] / "services" / "intake").rglob("*.py")
        for code in re.findall(r"(?:Doubt\(|doubts\.append\(\(|found\.append\(\()\"([a-z-]+)\"", file.read_text())
    }
    assert {"no-unit-named", "deadline-uncertain", "scan"} <= codes
    assert codes <= set(DOUBTS)
