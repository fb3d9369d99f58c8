"""What the register's values are called on a page."""

from collections.abc import Mapping

from services.tasks.task import Status
from shared.events.fields import Channel
from shared.events.inbox import Reason
from shared.language import Words

STATUS: Mapping[Status, Words] = {
    "not_started": Words("Chưa bắt đầu", "Not started"),
    "in_progress": Words("Đang làm", "In progress"),
    "submitted": Words("Chờ duyệt", "Awaiting acceptance"),
    "done": Words("Hoàn thành", "Done"),
    "cancelled": Words("Đã huỷ", "Cancelled"),
}

REASONS: Mapping[Reason, Words] = {
    "responsible": Words("đơn vị của người này chịu trách nhiệm", "their unit is responsible"),
    "lead": Words("thông báo nêu tên người này chủ trì", "the notice names them as the lead"),
    "cooperator": Words("đơn vị của người này phối hợp thực hiện", "their unit co-operates"),
    "overseer": Words("người này theo dõi mọi thông báo", "they follow up every notice"),
    "unresolved": Words("cần xác định đơn vị nào được giao", "somebody must say which unit is meant"),
}

CHANNELS: Mapping[Channel, Words] = {
    "inbox": Words("hộp thông báo", "the inbox"),
    "mail": Words("thư điện tử", "mail"),
}

RULES: Mapping[str, Words] = {
    "no-later-than-day": Words("chậm nhất là hết ngày được nêu", "by the end of the day named"),
    "before-day": Words("“trước ngày” được hiểu là đến hết ngày được nêu", "“before” a day means by its end"),
    "through-day": Words("“đến hết ngày” là hết ngày được nêu", "through the day named"),
    "in-month": Words("“trong tháng” là đến hết ngày cuối tháng", "in a month means by its last day"),
    "in-quarter": Words("“trong quý” là đến hết ngày cuối quý", "in a quarter means by its last day"),
    "in-year": Words("“trong năm” là đến hết ngày 31/12", "in a year means by 31/12"),
}
"""How a deadline was read from the notice's words, by the rule that read it."""

ACTORS: Mapping[str, Words] = {
    "integration": Words("hệ thống gửi thông báo", "the system that sent the notice"),
    "system:notify": Words("dịch vụ báo tin", "the notification service"),
}
"""Who acted, where it was no person."""
