"""What pages alone have to call by a name; the rest of the names stand in `shared/vocabulary.py`."""

from collections.abc import Mapping

from shared.language import Words

RULES: Mapping[str, Words] = {
    "no-later-than-day": Words("chậm nhất là hết ngày được nêu", "by the end of the day named"),
    "before-day": Words("“trước ngày” được hiểu là đến hết ngày được nêu", "“before” a day means by its end"),
    "through-day": Words("“đến hết ngày” là hết ngày được nêu", "through the day named"),
    "in-month": Words("“trong tháng” là đến hết ngày cuối tháng", "in a month means by its last day"),
    "in-quarter": Words("“trong quý” là đến hết ngày cuối quý", "in a quarter means by its last day"),
    "period-end": Words("ngày cuối của kỳ", "the last day of the period"),
    "in-year": Words("“trong năm” là đến hết ngày 31/12", "in a year means by 31/12"),
}
"""How a deadline was read from the notice's words, by the rule that read it."""

ACTORS: Mapping[str, Words] = {
    "service.notify": Words("dịch vụ báo tin", "the notification service"),
    "service.tasks": Words("dịch vụ nhiệm vụ", "the tasks service"),
    "service.directory": Words("người nhập danh bạ", "whoever imported the directory"),
    "service.administration": Words("quản trị hệ thống", "an administrator"),
}
"""Who acted, where it was a part of ketluan."""
