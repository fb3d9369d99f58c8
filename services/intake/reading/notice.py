"""From a document's text and tables to the conclusion that it tells of, and to what is doubtful in the reading."""

import re
from dataclasses import dataclass

from pydantic import ValidationError

from services.intake.conclusion import Conclusion
from services.intake.reading.closing import closing_of
from services.intake.reading.directives import directives_of
from services.intake.reading.opening import opening_of
from services.intake.reading.outline import outline_of
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.sections import sections_of
from services.intake.reading.source import Source
from services.intake.reading.text import columns, lines_of
from services.intake.reading.unreadable import UnreadableNotice
from shared.events.fields import Confidence, Name
from shared.events.meeting import OtherPassage
from shared.language import Words

_LONGEST_TITLE = 2_000
_MOST_LINES = 30_000
_HEADS_TABLE_OF_DUTIES = re.compile(
    r"\|[^|]*(?:nhiệm vụ|công việc|nội dung)[^|]*\|.*(?:đơn vị|chủ trì|thực hiện)", re.IGNORECASE
)
_LONGEST_TABLE_HEAD = 500

NO_TEXT = Words(
    "Văn bản không có chữ nào. Chưa có gì được ghi nhận. Gửi lại toàn văn thông báo dưới dạng văn bản UTF-8.",
    "The text holds no words. Nothing was recorded. Send the notice's whole text again, as UTF-8.",
)
TOO_MANY_LINES = Words(
    "Văn bản có hơn {most} dòng nên không thể là một thông báo. Chưa có gì được ghi nhận. Tách văn bản rồi gửi lại.",
    "The text has more than {most} lines, so it cannot be one notice. Nothing was recorded. Split it and send again.",
)
TABLE = Words(
    "Thông báo có bảng giao nhiệm vụ mà phần đọc văn bản thuần chưa đọc được. Chưa có gì được ghi nhận, để không bỏ "
    "sót nhiệm vụ nào. Chuyển mỗi dòng của bảng thành một gạch đầu dòng dưới tên đơn vị rồi gửi lại, hoặc gửi kết "
    "luận dưới dạng JSON.",
    "The notice has a table of duties, which cannot be read from plain text. Nothing was recorded, lest a directive be "
    "lost. Make each row a bullet under its unit's name and send it again, or send the conclusion as JSON.",
)
NO_DIRECTIVE = Words(
    "Không tìm thấy nhiệm vụ nào trong văn bản. Chưa có gì được ghi nhận. Mỗi nhiệm vụ cần đứng đầu một dòng, dưới đề "
    "mục nêu đơn vị (“1. Văn phòng Sở”, rồi “- Xây dựng kế hoạch…”), hoặc tự nêu đơn vị (“Giao Văn phòng Sở…”). "
    "Sửa rồi gửi lại, hoặc gửi kết luận dưới dạng JSON.",
    "No directive was found in the text. Nothing was recorded. Each directive begins a line, under a heading that "
    "names its unit (“1. Văn phòng Sở”, then “- Xây dựng kế hoạch…”), or names the unit itself (“Giao Văn phòng Sở…”). "
    "Mend it and send it again, or send the conclusion as JSON.",
)


UNUSABLE_PART = Words(
    "Một phần của văn bản không ghi vào hồ sơ được ({part}). Chưa có gì được ghi nhận. Sửa phần đó rồi gửi lại, hoặc "
    "gửi kết luận dưới dạng JSON.",
    "A part of the text cannot be recorded ({part}). Nothing was recorded. Mend it and send it again, or send the "
    "conclusion as JSON.",
)


@dataclass(frozen=True, slots=True)
class ReadingDoubt:
    """Something in the reading that a person should look at.

    `code` says what is doubtful, `about` names it, `ordinal` the directive (from 1), where it is one.
    """

    code: Name
    ordinal: int | None
    about: Name | None
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """A notice as it was read: its conclusion, the passages that lay no duty on anybody, and what is doubtful."""

    conclusion: Conclusion
    other: tuple[OtherPassage, ...] = ()
    doubts: tuple[ReadingDoubt, ...] = ()


def read_notice(source: Source, policy: ReadingPolicy | None = None) -> ReadNotice:
    """The conclusion that a document tells of, each directive with its span in the source's text.

    Raises UnreadableNotice where the text holds no directive, or what cannot be one.
    """
    try:
        return ReadNotice(_read(source.text))
    except ValidationError as error:
        part = "/".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise UnreadableNotice("unusable-part", UNUSABLE_PART, part=part) from error


def _read(text: str) -> Conclusion:
    lines = lines_of(text)
    if not lines:
        raise UnreadableNotice("no-text", NO_TEXT)
    if len(lines) > _MOST_LINES:
        raise UnreadableNotice("too-many-lines", TOO_MANY_LINES, most=_MOST_LINES)
    sections = sections_of(text, lines)
    if any(line.in_table and _HEADS_TABLE_OF_DUTIES.search(line.words[:_LONGEST_TABLE_HEAD]) for line in sections.body):
        raise UnreadableNotice("table-of-duties", TABLE)
    opening = opening_of(text, sections.opening or lines[:1])
    closing = closing_of(text, sections.closing)
    directives = directives_of(outline_of(text, sections.body), opening.issued_on or opening.held_on)
    if not directives:
        raise UnreadableNotice("no-directive", NO_DIRECTIVE)
    return Conclusion(
        issuer=opening.issuer,
        number=opening.number,
        issued_on=opening.issued_on,
        held_on=opening.held_on,
        title=(opening.title or next(iter(columns(text[lines[0].start : lines[0].end])), lines[0].words))[
            :_LONGEST_TITLE
        ],
        concluded_by=opening.concluded_by,
        signed_by=closing.signed_by,
        attendees=opening.attendees,
        recipients=closing.recipients,
        directives=tuple(directives),
    )
