"""From the bytes of a request to what was posted, or to a refusal that says what to mend."""

import re
from http import HTTPStatus

from pydantic import ValidationError

from services.intake.conclude import Posted, posted_json, posted_text
from services.intake.conclusion import Conclusion
from services.intake.reading.notice import read_notice
from services.intake.reading.unreadable import UnreadableNotice
from shared.language import Words
from shared.problems import FieldProblem, Invalid, Problem, field_problems

JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain"


class UnsupportedMediaType(Problem):
    """The body is of a kind that intake does not read."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported-media-type"
    title = Words("Chưa đọc được loại nội dung này", "This kind of content is not read")
    detail = Words(
        "Gửi application/json hoặc text/plain mã UTF-8, không phải {given}. Chưa có gì được ghi nhận.",
        "Send application/json, or text/plain in UTF-8, not {given}. Nothing was recorded.",
    )


class NotUtf8(Problem):
    """The body is not UTF-8."""

    code = "not-utf-8"
    title = Words("Nội dung không phải UTF-8", "The body is not UTF-8")
    detail = Words(
        "Byte thứ {position} không đúng mã UTF-8. Lưu lại văn bản theo UTF-8 rồi gửi lại; chưa có gì được ghi nhận.",
        "Byte {position} is not UTF-8. Save the text as UTF-8 and send it again; nothing was recorded.",
    )


class KeyUnusable(Problem):
    """The Idempotency-Key has no usable form."""

    code = "idempotency-key-unusable"
    title = Words("Idempotency-Key không dùng được", "The Idempotency-Key cannot be used")
    detail = Words(
        "Khóa gồm 1 đến 255 ký tự ASCII nhìn thấy được, có hoặc không có dấu nháy kép. Chưa có gì được ghi nhận.",
        "A key is 1 to 255 visible ASCII characters, quoted or not. Nothing was recorded.",
    )


class NoDirectives(Problem):
    """The text is not a notice that can be read."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unreadable-notice"
    title = Words("Không đọc được kết luận nào", "No conclusion could be read")
    detail = Words("{reason}", "{reason}")


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def idempotency_key(header: str | None) -> str | None:
    """The key in an Idempotency-Key header, quoted (a structured field string) or bare; None without one.

    Raises:
        KeyUnusable: it is empty, too long, or holds other than visible ASCII.

    Source: draft-ietf-httpapi-idempotency-key-header-07.
    """
    if header is None:
        return None
    value = header.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", value):
        raise KeyUnusable
    return value


def posted(media_type: str, charset: str, body: bytes, key: str | None) -> Posted:
    """What was posted. Takes time in proportion to the body; a long text wants a thread.

    Raises:
        UnsupportedMediaType, NotUtf8, NoDirectives, Invalid: see there.
    """
    if media_type not in {JSON_TYPE, TEXT_TYPE} or charset not in {"", "utf-8", "utf8", "us-ascii"}:
        given = f"{media_type or '(không nêu)'}{f' charset={charset}' if charset else ''}"
        raise UnsupportedMediaType(given=given)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise NotUtf8(position=error.start + 1) from error
    return _posted_json(body, key) if media_type == JSON_TYPE else _posted_text(text.removeprefix("\ufeff"), body, key)


def _posted_json(body: bytes, key: str | None) -> Posted:
    try:
        conclusion = Conclusion.model_validate_json(body)
    except ValidationError as error:
        raise Invalid(errors=field_problems(error.errors(include_url=False))) from error
    return posted_json(conclusion, body, key)


def _posted_text(text: str, body: bytes, key: str | None) -> Posted:
    if found := _CONTROL.search(text):
        words = Words("có ký tự điều khiển ở vị trí {position}", "holds a control character at position {position}")
        raise Invalid(errors=[FieldProblem("", "control-character", words, {"position": found.start()})])
    try:
        conclusion = read_notice(text)
    except UnreadableNotice as error:
        raise NoDirectives(
            reason=Words(error.detail.to("vi", **error.values), error.detail.to("en", **error.values))
        ) from error
    return posted_text(conclusion, text, body, key)
