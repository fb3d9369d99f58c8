"""Whether words press for haste without naming a day."""

import re

_URGENT = re.compile(
    r"\b(?:khẩn\strương|hỏa\stốc|hoả\stốc|thượng\skhẩn|cấp\sbách|ngay\slập\stức|ngay\sứng|tức\sthì|càng\ssớm\scàng\stốt"
    r"|nhanh\schóng|sớm\s(?:hoàn|triển|trình|báo|ban|có|đưa|xử|giải|tham|khắc|tổ|thực|bố|phê|ký|khởi)\w*"
    r"|(?:thực\shiện|triển\skhai|xử\slý|giải\squyết|khắc\sphục|báo\scáo|rà\ssoát|tổ\schức)\sngay|ngay\s(?:trong|khi|sau|từ)"
    r"|as\ssoon\sas\spossible|urgent(?:ly)?|immediate(?:ly)?|without\s(?:further\s)?delay|promptly|asap)\b"
    r"|^(?:ngay|gấp|khẩn)[.!]?$",
    re.IGNORECASE,
)
_LONGEST = 20_000


def is_urgent(words: str) -> bool:
    """Whether a directive's words (NFC, white space folded), or the cell of its deadline, press for haste."""
    return _URGENT.search(words[:_LONGEST]) is not None
