"""Writes that name the version they were made for: nobody overwrites what they have not seen."""

import re
from http import HTTPStatus

from shared.language import Words
from shared.problems import Problem

_TAG = re.compile(r'\s*(?:W/)?"(\d{1,9})"\s*')


class PreconditionRequired(Problem):
    """The request does not say which version it was made for."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "if-match-required"
    title = Words("Cần nêu phiên bản", "The version has to be named")
    detail = Words(
        "Gửi tiêu đề If-Match với giá trị ETag của lần đọc gần nhất. Không có gì thay đổi.",
        "Send the header If-Match with the ETag of what you read last. Nothing was changed.",
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


def entity_tag(version: int) -> str:
    """The ETag of a version. Source: RFC 9110, section 8.8.3."""
    return f'"{version}"'


def version_in(if_match: str | None) -> int:
    """The version that an If-Match header names. A gateway that compresses makes tags weak; they name it all the same.

    Raises:
        PreconditionRequired: there is no such header, or it names no single version.

    Source: RFC 6585, section 3.
    """
    named = _TAG.fullmatch(if_match or "")
    if named is None:
        raise PreconditionRequired
    return int(named[1])
