"""How a letterhead or a signature is known, whose halves stand side by side without being a table."""

import re
from collections.abc import Sequence

from services.intake.reading.documents.composition import Cell

MOTTO = re.compile(r"CỘNG H(?:ÒA|OÀ)|ĐẢNG CỘNG SẢN|Độc lập\s*[-–]|Nơi nhận|\bSố:", re.IGNORECASE)
"""What stands in a letterhead, or over the recipients."""

_HEADS_DATA = re.compile(
    r"nhiệm vụ|nội dung|công việc|đơn vị|thời hạn|\bS?TT\b|\btasks?\b|\bactions?\b|\bdeadline\b", re.IGNORECASE
)
_MOST_ROWS = 4
_MOST_COLUMNS = 3


def stands_side_by_side(rows: Sequence[Sequence[Cell]], *, lined: bool) -> bool:
    """Whether a table only sets words side by side. `lined` says whether lines are drawn around its cells."""
    columns = max(map(len, rows), default=0)
    if columns > _MOST_COLUMNS or (columns > 2 and len(rows) > _MOST_ROWS):
        return False
    if len(rows) > 2 and any(_HEADS_DATA.search(line) for cell in rows[0] for line in cell.lines):
        return False
    if not lined:
        return True
    return len(rows) <= _MOST_ROWS and any(MOTTO.search(line) for row in rows for cell in row for line in cell.lines)
