"""What the values of events and registers are called wherever people read them: pages, mail, tables."""

from collections.abc import Mapping

from shared.events.fields import Channel
from shared.events.inbox import Reason
from shared.language import Words

STATUS: Mapping[str, Words] = {
    "not_started": Words("Chưa thực hiện", "Not started"),
    "in_progress": Words("Đang thực hiện", "In progress"),
    "submitted": Words("Chờ duyệt", "Awaiting acceptance"),
    "done": Words("Hoàn thành", "Done"),
    "cancelled": Words("Đã huỷ", "Cancelled"),
}
"""How far a task is."""

TIMELINESS: Mapping[str, Words] = {
    "no_deadline": Words("không có hạn", "no deadline"),
    "in_time": Words("trong hạn", "in time"),
    "due_soon": Words("sắp đến hạn", "due soon"),
    "overdue": Words("quá hạn", "overdue"),
}
"""How open work stands to its deadline."""

REASONS: Mapping[Reason, Words] = {
    "responsible": Words("đơn vị chủ trì", "the responsible unit"),
    "lead": Words("được giao chủ trì", "named as the lead"),
    "unresolved": Words("cần xác định đơn vị", "the unit has to be resolved"),
    "cooperator": Words("đơn vị phối hợp", "a co-operating unit"),
    "overseer": Words("theo dõi chung", "follows up every notice"),
}
"""Why somebody is told."""

CHANNELS: Mapping[Channel, Words] = {
    "inbox": Words("hộp thông báo", "the inbox"),
    "mail": Words("thư điện tử", "mail"),
}
"""How somebody is told."""

DELIVERY: Mapping[str, Words] = {
    "pending": Words("đang gửi", "being sent"),
    "delivered": Words("đã tới", "delivered"),
    "failed": Words("không gửi được", "not delivered"),
}
"""What became of telling somebody."""

EVENTS: Mapping[str, Words] = {
    "MeetingConcluded": Words("Kết luận có hiệu lực", "The conclusion came into force"),
    "TaskAssigned": Words("Giao nhiệm vụ", "A task was assigned"),
    "SubmissionAccepted": Words("Nhận thông báo", "A notice was taken in"),
    "NotificationRequested": Words("Yêu cầu báo tin", "A notification was asked for"),
    "NotificationDelivered": Words("Đã báo tin", "A notification arrived"),
    "NotificationFailed": Words("Không báo tin được", "A notification failed"),
    "UnitRegistered": Words("Ghi nhận đơn vị", "A unit was registered"),
    "UnitRenamed": Words("Đổi tên đơn vị", "A unit was renamed"),
    "UnitAliasAdded": Words("Thêm cách gọi đơn vị", "A unit got another spelling"),
    "UnitClassAdded": Words("Thêm nhóm đơn vị", "A unit joined a class"),
    "UnitClosed": Words("Đóng đơn vị", "A unit was closed"),
    "PersonRegistered": Words("Ghi nhận người", "A person was registered"),
    "PersonPlaced": Words("Xếp người vào đơn vị", "A person was placed in a unit"),
    "RoleGranted": Words("Giao vai trò", "A role was granted"),
    "RoleRevoked": Words("Thu hồi vai trò", "A role was revoked"),
}
"""What happened, by the name of the event in its type: `ketluan.<name>.v1`."""
