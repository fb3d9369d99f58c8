"""What a column of a table holds, by the words at its head."""

import re
from enum import Enum, auto

from services.intake.reading.text import composed


class Column(Enum):
    """What a column holds."""

    ORDINAL = auto()
    TASK = auto()
    OWNER = auto()
    LEAD = auto()
    COOPERATOR = auto()
    DEADLINE = auto()
    RESULT = auto()
    PRODUCT = auto()
    OTHER = auto()


COLUMNS_OF_HEADS = frozenset({Column.TASK, Column.OWNER})
"""Without one of them no table lays duties."""

_HEADS: tuple[tuple[Column, str], ...] = (
    (Column.ORDINAL, r"(?:stt|tt|số tt|số thứ tự|no\.?|#|item|ref\.?|mã số)$"),
    (
        Column.TASK,
        r"^(?:các |tên |danh mục )?(?:nội dung|nhiệm vụ|công việc|ý kiến|kết luận)\b(?!.*(?:chủ trì|đơn vị))",
    ),
    (Column.PRODUCT, r"sản phẩm|kết quả (?:đầu ra|dự kiến|cần đạt|đạt được|phải đạt)|output|deliverable"),
    (
        Column.RESULT,
        r"(?:kết quả|tình hình|tình trạng|trạng thái|mức độ|đánh giá)(?: (?:thực hiện|triển khai|hoàn thành))?$"
        r"|(?:kết quả|tình hình|tình trạng) (?:thực hiện|xử lý|triển khai)|đã thực hiện|status|progress|result",
    ),
    (
        Column.LEAD,
        r"(?:lãnh đạo|người|đồng chí|lđ)\b[^/]{0,40}(?:chỉ đạo|theo dõi|đôn đốc)|^chỉ đạo|lãnh đạo phụ trách"
        r"|supervis|oversight",
    ),
    (
        Column.DEADLINE,
        r"thời hạn|thời gian|^hạn|^ngày hoàn thành|hoàn thành$|thời điểm|tiến độ|deadline|due|timeline|timing"
        r"|by when|^when|date",
    ),
    (Column.OWNER, r"chủ trì|đầu mối|chịu trách nhiệm|phụ trách|responsib|^lead|owner|^who|in charge|action by|assign"),
    (Column.COOPERATOR, r"phối hợp|hỗ trợ|tham gia|support|cooperat|co-operat|partner|with$|in cooperation"),
    (
        Column.OWNER,
        r"(?:đơn vị|cơ quan|bộ phận|người|phòng|tổ chức|cá nhân|ban)[^/]{0,30}(?:thực hiện|được giao|triển khai"
        r"|phân công|xử lý)"
        r"|^(?:đơn vị|cơ quan|bộ phận|người phụ trách|cá nhân|phân công|địa phương|thực hiện)\b|^unit|^body|^office",
    ),
    (
        Column.TASK,
        r"nhiệm vụ|công việc|nội dung|việc (?:cần|phải)|^việc$|ý kiến chỉ đạo|kết luận|chỉ đạo|hoạt động"
        r"|hạng mục|vấn đề"
        r"|action|task|activit|decision|conclusion|recommendation|description|measure",
    ),
)
_PATTERNS = tuple((column, re.compile(pattern)) for column, pattern in _HEADS)
_LONGEST_HEAD = 80


def column_of(head: str) -> Column:
    """What the column under these words holds."""
    words = " ".join(composed(head[: 2 * _LONGEST_HEAD]).lower().split()).strip(" *_:.()")
    if not words or len(words) > _LONGEST_HEAD:
        return Column.OTHER
    return next((column for column, pattern in _PATTERNS if pattern.search(words)), Column.OTHER)
