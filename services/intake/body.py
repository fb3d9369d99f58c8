"""From the bytes of a request to what was posted, or to a refusal that says what to mend."""

import re

from pydantic import ValidationError
from pydantic_core import from_json

from services.intake.conclude import Posted, posted_json, posted_text
from services.intake.conclusion import Conclusion
from services.intake.reading.notice import read_notice
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice
from services.intake.refusals import KeyUnusable, NoDirectives, NotUtf8, UnsupportedMediaType
from shared.language import Words
from shared.problems import JSON_INVALID, FieldProblem, Invalid, field_problems

JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain"


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


_MANY_MEMBERS = 100_000
_MOST_MEMBERS = 64
_TOO_MANY_MEMBERS = Words("có đối tượng JSON với hơn {most} trường", "holds a JSON object of more than {most} members")


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
        if body.count(b":") > _MANY_MEMBERS:
            _check_width(from_json(body))
        conclusion = Conclusion.model_validate_json(body)
    except ValidationError as error:
        raise Invalid(errors=field_problems(error.errors(include_url=False, include_input=False))) from error
    except ValueError as error:
        raise Invalid(errors=[FieldProblem("", "json_invalid", JSON_INVALID, {"error": str(error)})]) from error
    return posted_json(conclusion, body, key)


def _check_width(value: object) -> None:
    """Refuses an object of very many members before each of them becomes an error of its own."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if len(each) > _MOST_MEMBERS:
                values = {"most": _MOST_MEMBERS}
                raise Invalid(errors=[FieldProblem("", "too-many-members", _TOO_MANY_MEMBERS, values)])
            waiting.extend(member for member in each.values() if isinstance(member, dict | list))
        elif isinstance(each, list):
            waiting.extend(item for item in each if isinstance(item, dict | list))


def _posted_text(text: str, body: bytes, key: str | None) -> Posted:
    if found := _CONTROL.search(text):
        words = Words("có ký tự điều khiển ở vị trí {position}", "holds a control character at position {position}")
        raise Invalid(errors=[FieldProblem("", "control-character", words, {"position": found.start() + 1})])
    try:
        conclusion = read_notice(Source(text)).conclusion
    except UnreadableNotice as error:
        raise NoDirectives(
            reason=Words(error.detail.to("vi", **error.values), error.detail.to("en", **error.values))
        ) from error
    return posted_text(conclusion, text, body, key)
