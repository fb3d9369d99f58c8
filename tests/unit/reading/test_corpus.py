"""The labels of the project's own notices can be trusted."""

import datetime as dt

import pytest
from dateutil.rrule import rrulestr

from tests.notices.corpus import FOLDER, LabelledNotice, labelled_notices, running_text

NOTICES = labelled_notices()

each_notice = pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.name)


def test_every_notice_has_labels_and_all_labels_have_a_notice() -> None:
    assert len(NOTICES) >= 14
    assert {file.name.split(".")[0] for file in FOLDER.glob("*.gold.json")} == {notice.name for notice in NOTICES}


@each_notice
def test_every_directive_is_a_span_of_its_notice_and_stands_in_its_order(notice: LabelledNotice) -> None:
    text, position = running_text(notice.text), 0
    for directive in notice.labels.directives:
        position = text.index(directive.text, position) + len(directive.text)


@each_notice
def test_every_directive_is_somebodys(notice: LabelledNotice) -> None:
    assert all(directive.assignees for directive in notice.labels.directives)


@each_notice
def test_people_are_named_in_the_notice(notice: LabelledNotice) -> None:
    text = running_text(notice.text)
    meeting = notice.labels.meeting
    people = {meeting.concluded_by, meeting.signed_by, *meeting.attendees}
    people |= {directive.lead for directive in notice.labels.directives if directive.lead}
    assert {person for person in people if person not in text} == set()
    assert meeting.number is None or meeting.number in text
    assert meeting.concluded_by not in meeting.attendees


@each_notice
def test_a_deadline_lies_behind_the_meeting_and_a_recurring_duty_has_none(notice: LabelledNotice) -> None:
    held_on = notice.labels.meeting.held_on
    for directive in notice.labels.directives:
        days = [day for day in (directive.deadline, *directive.deadline_alt) if day]
        assert all(held_on <= day < held_on + dt.timedelta(days=400) for day in days), directive.text
        assert not (directive.recurrence and directive.deadline), directive.text


@each_notice
def test_recurrences_are_rules_of_rfc_5545(notice: LabelledNotice) -> None:
    for directive in notice.labels.directives:
        if directive.recurrence:
            assert rrulestr(directive.recurrence, dtstart=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@each_notice
def test_citations_stand_in_their_directive(notice: LabelledNotice) -> None:
    for directive in notice.labels.directives:
        assert all(number in directive.text for number in directive.citations), directive.text
