"""What the pages of a reading alone have to call by a name; the rest of the names stand in `shared/vocabulary.py`."""

import re
from collections.abc import Mapping

from shared.events.meeting import Kind
from shared.language import Words

ADVICE: Mapping[str, Words] = {
    "no-unit-named": Words(
        "Ghi đơn vị phải làm. Để trống thì nhiệm vụ chờ ở mục Đơn vị chưa rõ.",
        "Name the unit that has to do it. Left empty, the task waits among the unresolved units.",
    ),
    "unit-from-row-above": Words(
        "Xem đơn vị ở dòng trên có phụ trách cả dòng này không.", "See whether the unit of the row above has this too."
    ),
    "unit-from-distant-heading": Words(
        "Xem đề mục ở trên có giao cả việc này không.", "See whether the heading far above gives this too."
    ),
    "unit-not-recognised": Words(
        "Nếu không phải tên đơn vị, ghi đơn vị phải làm.", "If it names no unit, write which one has to do it."
    ),
    "duty-not-recognised": Words(
        "Đọc lại câu; nếu không giao việc cho ai, đánh dấu “Không phải chỉ đạo”.",
        "Read the sentence; if it orders nothing, tick “No directive”.",
    ),
    "unit-unknown": Words(
        "Chọn đơn vị trong danh bạ. Để trống thì nhiệm vụ vẫn được giữ ở mục Đơn vị chưa rõ.",
        "Choose a unit of the directory. Left empty, the task is kept among the unresolved units.",
    ),
    "unit-ambiguous": Words(
        "Chọn một trong các đơn vị mang tên gần như vậy.", "Choose one of the units that go by such a name."
    ),
    "unit-similar": Words("Xem có đúng đơn vị này không.", "See whether it is this unit."),
    "unit-kind": Words("Bỏ những đơn vị không được giao.", "Take out the units that are not meant."),
    "unit-head": Words("Xem có đúng đơn vị của người này không.", "See whether it is the unit that they head."),
    "unit-person": Words("Xem có đúng đơn vị của người này không.", "See whether it is the unit that they belong to."),
    "unit-abbreviation": Words(
        "Xem chữ viết tắt có đúng đơn vị này không.", "See whether the initials mean this unit."
    ),
    "directive-uncertain": Words(
        "Nếu câu này không giao việc, đánh dấu “Không phải chỉ đạo”.", "If it orders nothing, tick “No directive”."
    ),
    "deadline-uncertain": Words(
        "So với câu trong thông báo rồi sửa ngày, hoặc xoá ngày nếu không có hạn.",
        "Compare it with the notice and mend the day, or take it out where there is no deadline.",
    ),
    "legacy-encoding": Words(
        "So tên riêng và chữ hoa với bản giấy.", "Compare names and capital letters with the paper."
    ),
    "scan": Words("So số, ngày và tên với bản giấy.", "Compare numbers, days and names with the paper."),
}
"""What to do about a doubt, by its code."""

OTHER_ADVICE = Words("So với nguyên văn thông báo.", "Compare it with the notice itself.")
"""What to do about a doubt whose code is younger than this table."""

KINDS: Mapping[Kind, Words] = {
    "decision": Words("quyết định, thống nhất", "a decision"),
    "assessment": Words("đánh giá, nhận xét", "an assessment"),
    "exhortation": Words("động viên, nhắc chung", "an exhortation"),
    "formality": Words("câu thủ tục", "a formality"),
}
"""What a passage is that lays no duty on anybody."""

RECURRENCES: Mapping[str, Words] = {
    "FREQ=DAILY": Words("hằng ngày", "daily"),
    "FREQ=WEEKLY": Words("hằng tuần", "weekly"),
    "FREQ=WEEKLY;INTERVAL=2": Words("2 tuần một lần", "every 2 weeks"),
    "FREQ=MONTHLY": Words("hằng tháng", "monthly"),
    "FREQ=MONTHLY;INTERVAL=2": Words("2 tháng một lần", "every 2 months"),
    "FREQ=MONTHLY;INTERVAL=3": Words("hằng quý", "quarterly"),
    "FREQ=MONTHLY;INTERVAL=6": Words("6 tháng một lần", "every 6 months"),
    "FREQ=YEARLY": Words("hằng năm", "yearly"),
}
"""How often a directive may come back, by its rule (RFC 5545)."""

_PARTS: Mapping[str, Words] = {
    "issuer": Words("cơ quan", "issued by"),
    "number": Words("số thông báo", "the notice's number"),
    "issued_on": Words("ngày ban hành", "issued on"),
    "held_on": Words("ngày họp", "held on"),
    "title": Words("tên thông báo", "the title"),
    "by": Words("người kết luận", "concluded by"),
    "position": Words("chức vụ", "position"),
    "units": Words("giao cho", "given to"),
    "add": Words("giao thêm", "given to besides"),
    "due": Words("thời hạn", "deadline"),
    "recurs": Words("định kỳ", "recurs"),
    "lead": Words("người chủ trì", "lead"),
    "with": Words("phối hợp", "co-operating"),
    "text": Words("câu chữ", "words"),
    "none": Words("không phải chỉ đạo", "no directive"),
    "is": Words("là chỉ đạo", "is a directive"),
    "reason": Words("lý do", "the reason"),
    "revoked": Words("lý do", "the reason"),
    "file": Words("tệp thông báo", "the notice's file"),
    "words": Words("nội dung dán vào", "the text"),
}
_FIELD = re.compile(r"(?:(?P<sort>[dam])(?P<number>\d+)-|n-)?(?P<part>[a-z_]+)(?:-.+)?")
_SORTS: Mapping[str, Words] = {
    "d": Words("Chỉ đạo {number}", "Directive {number}"),
    "a": Words("Đoạn {number}", "Passage {number}"),
    "m": Words("Chỉ đạo bổ sung {number}", "Added directive {number}"),
}


def label(field: str) -> Words:
    """What a field of the forms is called, by its name such as `d3-due`."""
    match = _FIELD.fullmatch(field)
    part = _PARTS.get(match["part"]) if match else None
    if match is None or part is None:
        return Words("Thông báo", "The notice")
    if match["sort"] is None:
        return Words(part.vi[0].upper() + part.vi[1:], part.en[0].upper() + part.en[1:])
    number = int(match["number"]) + (0 if match["sort"] == "d" else 1)
    whose = _SORTS[match["sort"]]
    return Words(f"{whose.to('vi', number=number)}, {part.vi}", f"{whose.to('en', number=number)}, {part.en}")
