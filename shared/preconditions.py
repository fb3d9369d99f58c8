"""What a request says of the version that it is meant for, and of being sent again."""

import re
from http import HTTPStatus

from shared.language import Words
from shared.problems import Problem

_ENTITY_TAG = re.compile(r'\s*(?:W/)?"([^"]{0,64})"\s*(?:,|$)')
_LARGEST_VERSION = 10
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class PreconditionRequired(Problem):
    """The request does not say which version it is meant for."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "precondition-required"
    title = Words("Chưa nêu phiên bản", "The version is not named")
    detail = Words(
        "Chưa có gì thay đổi. Đọc lại trước, rồi gửi lại với tiêu đề If-Match mang ETag đã nhận được, để không ghi đè "
        "lên thay đổi của người khác.",
        "Nothing was changed. Read it first and send this again with its ETag in the header If-Match, so that nobody "
        "else's change is overwritten.",
    )


class PreconditionFailed(Problem):
    """Somebody changed it since. The member `version` says which it is now."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "version-stale"
    title = Words("Đã có thay đổi mới hơn", "It was changed since")
    detail = Words(
        "Yêu cầu dựa trên phiên bản cũ; nay đã là phiên bản {version}. Không có gì thay đổi. Đọc lại rồi gửi lại nếu "
        "vẫn cần.",
        "The request was made for another version; it is version {version} now. Nothing was changed. Read it again, "
        "and send the request again if it is still needed.",
    )


class KeyUnusable(Problem):
    """The Idempotency-Key has no usable form."""

    code = "idempotency-key-unusable"
    title = Words("Idempotency-Key không dùng được", "The Idempotency-Key cannot be used")
    detail = Words(
        "Khóa gồm 1 đến 255 ký tự ASCII nhìn thấy được, có hoặc không có dấu nháy kép. Chưa có gì thay đổi.",
        "A key is 1 to 255 visible ASCII characters, quoted or not. Nothing was changed.",
    )


def entity_tag(version: int) -> str:
    """The ETag of a version. Source: RFC 9110, section 8.8.3."""
    return f'"{version}"'


def versions(if_match: str | None) -> frozenset[int]:
    """The versions that an If-Match header names; what is none of our tags names none. A gateway that compresses makes
    tags weak, and they name their version all the same: a version counts events, not bytes.

    Raises:
        PreconditionRequired: there is no header, or it is `*`, which names no version.

    Source: RFC 9110, section 13.1.1; RFC 6585, section 3.
    """
    if if_match is None or if_match.strip() in {"", "*"}:
        raise PreconditionRequired
    return frozenset(
        int(tag) for tag in _ENTITY_TAG.findall(if_match) if tag.isdecimal() and len(tag) < _LARGEST_VERSION
    )


def idempotency_key(given: str | None) -> str | None:
    """The sender's key, without the quotes that it may stand in; None without one.

    Raises:
        KeyUnusable: it has no usable form.

    Source: draft-ietf-httpapi-idempotency-key-header-07, section 2.1.
    """
    if given is None:
        return None
    bare = given.strip()
    key = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
    if not _KEY.fullmatch(key):
        raise KeyUnusable
    return key
