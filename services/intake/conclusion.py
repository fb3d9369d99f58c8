"""A meeting's conclusion as it arrives: posted as JSON, or read from a notice."""

from typing import Annotated

from pydantic import ConfigDict, FailFast, Field

from shared.events.fields import Citation, Confidence, Day, Deadline, Fields, Name, NamedPerson, Span, Text

MOST_DIRECTIVES = 5_000
"""Of each list only the first wrong item is reported: a report of a million would be larger than the body."""


class ConcludedDirective(Fields):
    """One order of the notice, in its own words. Units are phrases here: the directory says which units they are.

    Without an assignee the directive goes to a provisional unit named after its heading, for the office to resolve.
    """

    heading: Name | None = None
    text: Text
    span: Annotated[Span | None, Field(description="start and end, in characters, in the notice's text")] = None
    assignees: Annotated[tuple[Name, ...], Field(max_length=100), FailFast()] = ()
    lead: NamedPerson | None = None
    cooperators: Annotated[tuple[Name, ...], Field(max_length=100), FailFast()] = ()
    report_to: Annotated[tuple[Name, ...], Field(max_length=20), FailFast()] = ()
    deadline: Deadline | None = None
    recurrence: Annotated[Name | None, Field(description="RFC 5545 recurrence rule, such as FREQ=MONTHLY")] = None
    citations: Annotated[tuple[Citation, ...], Field(max_length=50), FailFast()] = ()
    urgent: bool = False
    confidence: Annotated[Confidence, Field(description="how far the reading can be trusted: 1 is certain")] = 1.0


class Conclusion(Fields):
    """What a leader concluded at the end of a meeting.

    Number and dates may be missing: notices are numbered by the clerk after they are drafted.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "issuer": "Sở Khoa học và Công nghệ tỉnh Hải Vân",
                    "number": "112/TB-SKHCN",
                    "issued_on": "2026-11-20",
                    "held_on": "2026-11-18",
                    "title": "Kết luận của Giám đốc Sở tại cuộc họp giao ban tháng 11 năm 2026",
                    "concluded_by": {"name": "Lê Minh Châu", "position": "Giám đốc"},
                    "directives": [
                        {
                            "heading": "1. Văn phòng Sở",
                            "text": "Hoàn thiện quy chế làm việc, trình Giám đốc Sở ký trước ngày 05/12/2026.",
                            "assignees": ["Văn phòng Sở"],
                            "cooperators": ["Phòng Kế hoạch - Tài chính"],
                            "deadline": {"date": "2026-12-05", "phrase": "trước ngày 05/12/2026"},
                        }
                    ],
                }
            ]
        }
    )

    issuer: Name | None = None
    number: Name | None = None
    issued_on: Day | None = None
    held_on: Day | None = None
    title: Text
    concluded_by: NamedPerson | None = None
    signed_by: NamedPerson | None = None
    attendees: Annotated[tuple[NamedPerson, ...], Field(max_length=1_000), FailFast()] = ()
    recipients: Annotated[tuple[Name, ...], Field(max_length=1_000), FailFast()] = ()
    directives: Annotated[tuple[ConcludedDirective, ...], Field(min_length=1, max_length=MOST_DIRECTIVES), FailFast()]
