"""How a letter of every kind reads: its rendered examples are kept beside this, and change only when one means it.

`KETLUAN_UPDATE_EXAMPLES=1` writes them anew.
"""

import datetime as dt
import os
from pathlib import Path
from typing import get_args

import pytest

from services.notify.inbox import InboxItem
from shared.events.preferences import Category, Language
from tests.unit.notify.letters import CHECKPOINT, every_kind, item, part_of, task, written

_KEPT = Path(__file__).parent / "rendered"
_UPDATE = bool(os.environ.get("KETLUAN_UPDATE_EXAMPLES"))
_KINDS = dict(every_kind())


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", _KINDS)
def test_a_letter_reads_as_its_example_does(name: str, language: Language) -> None:
    letter = written(*_KINDS[name], language=language)
    text = f"Subject: {letter['Subject']}\n\n{part_of(letter)}"
    for ending, content in (("txt", text), ("html", part_of(letter, "html"))):
        kept = _KEPT / f"{name}.{language}.{ending}"
        if _UPDATE:
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(content, "utf-8")
        assert kept.read_text("utf-8") == content


def test_every_category_has_an_example() -> None:
    assert {each.category for items in _KINDS.values() for each in items} == set(get_args(Category))


def test_every_example_kept_is_one_that_is_compared() -> None:
    assert {path.name.split(".")[0] for path in _KEPT.iterdir()} == set(_KINDS)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_auditor_gets_the_checkpoint_to_the_letter(language: Language) -> None:
    letter = written(item("CheckpointIssued", "record", facts={"checkpoint": CHECKPOINT}), language=language)
    assert CHECKPOINT in part_of(letter)


@pytest.mark.parametrize("category", get_args(Category))
@pytest.mark.parametrize("event", ["", "SomethingYounger"])
def test_an_event_that_the_words_do_not_know_is_told_all_the_same(event: str, category: Category) -> None:
    found: InboxItem = item(event, category, task())
    for language in get_args(Language):
        assert written(found, language=language)["Subject"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_reminder_of_a_deadline_names_its_day_since_people_are_told_on_working_days(language: Language) -> None:
    due = dt.date(2026, 12, 5)
    letter = written(item("MeetingConcluded", "reminder", due=due, offset=0), language=language)
    assert "05/12/2026" in letter["Subject"]
    assert "hôm nay" not in part_of(letter)
    assert "today" not in part_of(letter)
