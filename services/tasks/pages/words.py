"""What pages alone have to call by a name; the rest of the names stand in `shared/vocabulary.py`."""

from collections.abc import Mapping

from shared.identity.permissions import Permission
from shared.language import Words

COMMANDS: Mapping[Permission, Words] = {
    "acknowledge": Words("Tiếp nhận nhiệm vụ", "Take note of the task"),
    "report-progress": Words("Báo cáo tiến độ", "Report progress"),
    "submit-completion": Words("Trình kết quả", "Hand in the result"),
    "request-extension": Words("Xin gia hạn", "Ask for more time"),
    "accept-completion": Words("Duyệt kết quả", "Accept the result"),
    "return-completion": Words("Trả lại kết quả", "Return the result"),
    "grant-extension": Words("Cho gia hạn", "Grant more time"),
    "refuse-extension": Words("Không cho gia hạn", "Refuse more time"),
    "set-deadline": Words("Đặt lại hạn", "Set the deadline"),
    "reassign": Words("Giao lại", "Reassign"),
    "change-cooperators": Words("Đổi đơn vị phối hợp", "Change who co-operates"),
    "remind": Words("Đôn đốc đơn vị", "Urge the unit on"),
    "cancel": Words("Huỷ nhiệm vụ", "Cancel the task"),
    "reopen": Words("Mở lại nhiệm vụ", "Reopen the task"),
    "comment": Words("Ghi ý kiến", "Comment"),
}
"""What a button says that does something with a task."""

FIELDS: Mapping[str, Words] = {
    "percent": Words("Đã làm được (%)", "Done so far (%)"),
    "note": Words("Nội dung", "Words"),
    "reason": Words("Lý do", "Why"),
    "until": Words("Đến ngày", "Until"),
    "due": Words("Hạn mới", "New deadline"),
    "time": Words("Giờ", "Hour"),
    "unit": Words("Đơn vị chịu trách nhiệm", "Responsible unit"),
    "units": Words("Đơn vị phối hợp", "Co-operating units"),
    "person": Words("Người chủ trì", "Lead"),
    "message": Words("Lời đôn đốc", "Message"),
    "text": Words("Ý kiến", "Comment"),
    "attachments": Words("Tệp kèm theo", "Files"),
    "evidence": Words("Tệp kèm theo", "Files"),
}
"""What the fields of those forms are called."""

ACTORS: Mapping[str, Words] = {
    "service.notify": Words("dịch vụ báo tin", "the notification service"),
    "service.tasks": Words("dịch vụ nhiệm vụ", "the tasks service"),
    "service.directory": Words("người nhập danh bạ", "whoever imported the directory"),
    "service.administration": Words("quản trị hệ thống", "an administrator"),
}
"""Who acted, where it was a part of ketluan."""
