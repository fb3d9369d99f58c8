"""Keyset pagination: an opaque cursor, and the next page's address in a Link header."""

import base64
import binascii

from fastapi import Request, Response

from shared.language import Words
from shared.problems import FieldProblem, Invalid

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1_000

_CURSOR_WORDS = Words(
    "không phải vị trí trang do hệ thống cấp; dùng nguyên địa chỉ trong tiêu đề Link",
    "is not a page's place as the system gives it; use the address in the Link header as it is",
)


def cursor(sequence: int) -> str:
    """The cursor that stands for a sequence."""
    return base64.urlsafe_b64encode(sequence.to_bytes(8, "big")).decode().rstrip("=")


def sequence_of(given: str | None) -> int | None:
    """The sequence that a cursor stands for; None without one.

    Raises:
        Invalid: it is no cursor.
    """
    if given is None:
        return None
    try:
        content = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError):
        content = b""
    sequence = int.from_bytes(content, "big", signed=True)
    if len(content) != 8 or sequence < 0:
        raise Invalid(errors=[FieldProblem("cursor", "cursor", _CURSOR_WORDS, {})])
    return sequence


def link_next(request: Request, response: Response, sequence: int) -> None:
    """Names the page behind a sequence in the answer's Link header. Source: RFC 8288."""
    address = request.url.include_query_params(cursor=cursor(sequence))
    response.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
