"""Whether words end within a list of units that somebody works with, or reports to."""

import re

from services.intake.reading.owners.addressees import addressees_at
from services.intake.reading.owners.unit_heads import KnownNames

_LISTS = re.compile(
    r"\b(?:với|hợp|cùng|gửi(?: về)?|trình|báo cáo|của|tại|cho|giữa|đến|về|tham mưu|xin ý kiến|mời|giao|đề nghị"
    r"|yêu cầu|và|qua|từ"
    r"|hướng dẫn|đôn đốc|chỉ đạo|thuộc|theo|do|là|gồm|như|trong đó|vào|thông báo)\s+",
    re.IGNORECASE,
)
_WITH = frozenset({"với", "hợp", "cùng", "đề", "yêu", "mời"})
_LOOK_BACK = 300


def lists_units(words: str, known: KnownNames) -> bool:
    """Whether what follows the words may be the next of such a list, and begins nothing of its own."""
    look = words[-_LOOK_BACK:].rstrip(" ,")
    for marker in _LISTS.finditer(look):
        named = addressees_at(look, marker.end(), known, any_case=marker[0].split()[0].lower() in _WITH)
        if named is not None and named.end >= len(look) - 1:
            return True
    return False
