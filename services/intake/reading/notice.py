"""From a document's text and tables to the conclusion that it tells of, and to what is doubtful in the reading."""

from dataclasses import dataclass

from pydantic import ValidationError

from services.intake.conclusion import MOST_DIRECTIVES, ConcludedDirective, Conclusion
from services.intake.reading.duties.body import body_of
from services.intake.reading.duties.laid import Aside, LaidDuty
from services.intake.reading.duties.terms_of_duty import concluded
from services.intake.reading.fields.closing import closing_of
from services.intake.reading.fields.opening import Opening, opening_of
from services.intake.reading.layout.running_lines import without_running_lines
from services.intake.reading.layout.sections import sections_of
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.source import Source
from services.intake.reading.text import columns, lines_of
from services.intake.reading.unreadable import UnreadableNotice
from shared.events.fields import Confidence, Name
from shared.events.meeting import OtherPassage
from shared.language import Words

_LONGEST_TITLE = 2_000
_MOST_LINES = 30_000
_MOST_ASIDES = 5_000
_SURE = 0.9

NO_TEXT = Words(
    "Văn bản không có chữ nào. Chưa có gì được ghi nhận. Gửi lại toàn văn thông báo dưới dạng văn bản UTF-8.",
    "The text holds no words. Nothing was recorded. Send the notice's whole text again, as UTF-8.",
)
TOO_MANY_LINES = Words(
    "Văn bản có hơn {most} dòng nên không thể là một thông báo. Chưa có gì được ghi nhận. Tách văn bản rồi gửi lại.",
    "The text has more than {most} lines, so it cannot be one notice. Nothing was recorded. Split it and send again.",
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
TOO_MANY = Words(
    "Thông báo có hơn {most} nhiệm vụ. Chưa có gì được ghi nhận. Tách thành nhiều thông báo rồi gửi lại.",
    "The notice has more than {most} directives. Nothing was recorded. Split it into several notices and send them.",
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
        return _read(source, policy or ReadingPolicy())
    except ValidationError as error:
        part = "/".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise UnreadableNotice("unusable-part", UNUSABLE_PART, part=part) from error


def _read(source: Source, policy: ReadingPolicy) -> ReadNotice:
    text = source.text
    lines = lines_of(text)
    if not lines:
        raise UnreadableNotice("no-text", NO_TEXT)
    if len(lines) > _MOST_LINES:
        raise UnreadableNotice("too-many-lines", TOO_MANY_LINES, most=_MOST_LINES)
    sections = sections_of(text, without_running_lines(lines))
    opening = opening_of(text, sections.opening or lines[:1], sections.body)
    closing = closing_of(text, sections.closing, sections.body)
    issued_on = opening.issued_on or closing.issued_on
    laid, asides = body_of(source, sections)
    if not laid:
        raise UnreadableNotice("no-directive", NO_DIRECTIVE)
    if len(laid) > MOST_DIRECTIVES:
        raise UnreadableNotice("too-many-directives", TOO_MANY, most=MOST_DIRECTIVES)
    directives = tuple(concluded(duty, issued_on, opening.held_on, policy) for duty in laid)
    conclusion = Conclusion(
        issuer=opening.issuer,
        number=opening.number,
        issued_on=issued_on,
        held_on=opening.held_on,
        title=_title(opening, text, lines[0].start, lines[0].end, lines[0].words),
        concluded_by=opening.concluded_by,
        signed_by=closing.signed_by,
        attendees=opening.attendees,
        recipients=closing.recipients,
        directives=directives,
    )
    return ReadNotice(conclusion, _others(asides), _doubts(laid, directives))


def _title(opening: Opening, text: str, start: int, end: int, words: str) -> str:
    return (opening.title or next(iter(columns(text[start:end])), words))[:_LONGEST_TITLE]


def _others(asides: list[Aside]) -> tuple[OtherPassage, ...]:
    return tuple(OtherPassage(kind=aside.kind, span=aside.passage.span) for aside in asides[:_MOST_ASIDES])


def _doubts(laid: list[LaidDuty], directives: tuple[ConcludedDirective, ...]) -> tuple[ReadingDoubt, ...]:
    found: list[ReadingDoubt] = []
    for ordinal, (duty, directive) in enumerate(zip(laid, directives, strict=True), start=1):
        found.extend(ReadingDoubt(code, ordinal, about and about[:500], sure) for code, about, sure in duty.doubts)
        deadline = directive.deadline
        if deadline is not None and deadline.confidence < _SURE:
            found.append(ReadingDoubt("deadline-uncertain", ordinal, deadline.phrase, deadline.confidence))
    return tuple(found)
