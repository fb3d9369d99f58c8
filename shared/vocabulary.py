"""What the values of events and registers are called wherever people read them: pages, mail, tables."""

from collections.abc import Mapping

from shared.events.client import Scope
from shared.events.fields import Channel
from shared.events.inbox import Reason
from shared.events.preferences import Category
from shared.identity.caller import CallerRole
from shared.identity.permissions import Permission
from shared.language import Words

ROLES: Mapping[CallerRole, Words] = {
    "staff": Words("chuyên viên của đơn vị", "staff of the unit"),
    "unit_lead": Words("người phụ trách đơn vị", "who leads the unit"),
    "office": Words("văn phòng", "the office"),
    "leader": Words("lãnh đạo", "a leader"),
    "auditor": Words("người kiểm tra", "an auditor"),
    "administrator": Words("quản trị hệ thống", "an administrator"),
    "integration": Words("hệ thống kết nối", "a connected system"),
}
"""What whoever asks may be."""

COMMANDS: Mapping[Permission, Words] = {
    "acknowledge": Words("tiếp nhận", "take note of"),
    "report-progress": Words("báo cáo tiến độ", "report on"),
    "submit-completion": Words("trình kết quả", "hand in the result of"),
    "accept-completion": Words("duyệt kết quả", "accept the result of"),
    "return-completion": Words("trả lại kết quả", "return the result of"),
    "request-extension": Words("xin gia hạn", "ask for more time for"),
    "grant-extension": Words("cho gia hạn", "grant more time for"),
    "refuse-extension": Words("không cho gia hạn", "refuse more time for"),
    "set-deadline": Words("đặt hạn", "set the deadline of"),
    "reassign": Words("giao lại", "reassign"),
    "change-cooperators": Words("đổi đơn vị phối hợp", "change who co-operates in"),
    "remind": Words("đôn đốc", "urge on"),
    "cancel": Words("huỷ", "cancel"),
    "reopen": Words("mở lại", "reopen"),
    "comment": Words("ghi ý kiến", "comment on"),
}
"""What may be done with a task, as a verb before "a task"."""

PERMISSIONS: Mapping[Permission, Words] = {
    **{name: Words(f"{words.vi} nhiệm vụ", f"{words.en} a task") for name, words in COMMANDS.items()},
    "publish-conclusions": Words("gửi kết luận", "publish conclusions"),
    "correct-conclusions": Words("đính chính kết luận", "correct conclusions"),
    "review-conclusions": Words("rà soát kết quả đọc", "review how a notice was read"),
    "revoke-conclusions": Words("thu hồi kết luận", "revoke conclusions"),
    "read-meetings": Words("xem cuộc họp", "see meetings"),
    "read-conclusions": Words(
        "xem kết luận như đã đọc và các chỗ chưa rõ", "see conclusions as they were read, and their doubts"
    ),
    "read-documents": Words("xem văn bản gốc", "see the documents"),
    "read-tasks": Words("xem nhiệm vụ", "see tasks"),
    "attach": Words("nộp tệp", "hand in files"),
    "read-log": Words("xem sổ ghi sự kiện", "read the log"),
    "read-parked": Words("xem sự kiện chưa áp dụng được", "see the events that could not be applied"),
    "read-inbox": Words("xem hộp tin này", "read this inbox"),
    "mark-notifications": Words("đánh dấu tin của người này", "mark what this person has read"),
    "read-notifications": Words("xem ai đã được báo tin", "see who was told"),
    "change-contacts": Words("đổi địa chỉ liên hệ này", "change where this person is reached"),
    "read-deliveries": Words("xem việc gửi tin", "see what became of notifications"),
    "resend-notifications": Words("gửi lại tin", "have notifications sent again"),
    "change-preferences": Words("đổi cách nhận tin này", "change how this person is told"),
    "change-floors": Words("đặt kênh bắt buộc của đơn vị này", "set the channels that reach all of this unit"),
    "read-reminders": Words("xem trước việc nhắc", "preview reminders"),
    "manage-webhooks": Words("quản lý điểm nhận sự kiện", "manage webhooks"),
    "issue-checkpoints": Words("lập điểm kiểm chứng", "have a checkpoint issued"),
    "verify-record": Words("kiểm chứng sổ ghi", "have the record verified"),
    "read-evidence": Words("lấy hồ sơ chứng cứ", "get evidence bundles"),
    "read-directory": Words("xem danh bạ", "read the directory"),
    "change-units": Words("sửa đơn vị trong danh bạ", "change units of the directory"),
    "change-people": Words("sửa người và vai trò trong danh bạ", "change people and roles of the directory"),
    "manage-clients": Words("quản lý khoá API", "manage API keys"),
    "read-health": Words("xem tình trạng hệ thống", "see how the system does"),
    "read-children": Words("xem số liệu của cơ quan trực thuộc", "see the figures of the organisations below"),
    "read-descriptions": Words("xem mô tả giao tiếp", "read the descriptions of the interface"),
}
"""What a permission allows, as a verb with its object."""

SCOPES: Mapping[Scope, Words] = {
    "conclusions:write": Words("gửi và đính chính thông báo", "post and correct notices"),
    "tasks:read": Words("xem cuộc họp và nhiệm vụ", "see meetings and tasks"),
    "tasks:write": Words("báo cáo thay đơn vị", "report on tasks"),
    "events:read": Words("xem sổ ghi sự kiện", "read the log"),
    "notifications:read": Words("xem ai đã được báo tin", "see who was told"),
    "directory:write": Words("đổi địa chỉ liên hệ", "change where people are reached"),
    "webhooks:write": Words("quản lý điểm nhận sự kiện", "manage webhooks"),
}
"""What a program may do, by its scopes."""

STATUS: Mapping[str, Words] = {
    "not_started": Words("Chưa thực hiện", "Not started"),
    "in_progress": Words("Đang thực hiện", "In progress"),
    "submitted": Words("Chờ duyệt", "Awaiting acceptance"),
    "done": Words("Hoàn thành", "Done"),
    "cancelled": Words("Đã huỷ", "Cancelled"),
}
"""How far a task is."""

TIMELINESS: Mapping[str, Words] = {
    "done_on_time": Words("hoàn thành đúng hạn", "done on time"),
    "done_late": Words("hoàn thành quá hạn", "done late"),
    "no_deadline": Words("không có hạn", "no deadline"),
    "in_time": Words("trong hạn", "in time"),
    "due_soon": Words("sắp đến hạn", "due soon"),
    "overdue": Words("quá hạn", "overdue"),
}
"""How work stands to its deadline."""

REASONS: Mapping[Reason, Words] = {
    "responsible": Words("đơn vị chủ trì", "the responsible unit"),
    "lead": Words("được giao chủ trì", "named as the lead"),
    "unresolved": Words("cần xác định đơn vị", "the unit has to be resolved"),
    "cooperator": Words("đơn vị phối hợp", "a co-operating unit"),
    "overseer": Words("theo dõi chung", "follows up every notice"),
    "author": Words("người đã gửi hoặc đề nghị", "who published or asked for it"),
    "watcher": Words("đang theo dõi nhiệm vụ", "watches the task"),
    "escalated": Words("phụ trách nơi đang chậm", "answers for those who are late"),
    "auditor": Words("người kiểm tra", "audits the record"),
}
"""Why somebody is told."""

CHANNELS: Mapping[Channel, Words] = {
    "inbox": Words("hộp tin", "the inbox"),
    "mail": Words("thư điện tử", "mail"),
    "chat": Words("tin nhắn", "chat"),
    "push": Words("tin đẩy", "push"),
}
"""How somebody is told."""

CATEGORIES: Mapping[Category, Words] = {
    "assignment": Words("giao nhiệm vụ", "assignments"),
    "change": Words("thay đổi", "changes"),
    "decision": Words("quyết định", "decisions"),
    "progress": Words("tiến độ", "progress"),
    "reminder": Words("nhắc hạn", "reminders"),
    "escalation": Words("việc chậm", "late work"),
    "record": Words("sổ ghi", "the record"),
}
"""What notifications are about."""

DELIVERY: Mapping[str, Words] = {
    "pending": Words("đang gửi", "being sent"),
    "delivered": Words("đã tới", "delivered"),
    "failed": Words("không gửi được", "not delivered"),
    "bounced": Words("bị trả lại", "came back"),
}
"""What became of telling somebody."""

DOUBTS: Mapping[str, Words] = {
    "no-unit-named": Words("chưa nêu đơn vị chủ trì", "no responsible unit is named"),
    "unit-from-row-above": Words("lấy đơn vị ở dòng trên của bảng", "the unit stands in the table's row above"),
    "unit-from-distant-heading": Words("lấy đơn vị ở đề mục cách xa", "the unit stands in a heading far above"),
    "unit-not-recognised": Words("chưa chắc đây là tên đơn vị", "it is not certain that this names a unit"),
    "duty-not-recognised": Words("chưa rõ phải làm gì", "it is not clear what is to be done"),
    "unit-unknown": Words("danh bạ chưa có đơn vị này", "the directory does not know this unit"),
    "unit-ambiguous": Words("tên này có thể là nhiều đơn vị", "this may be one of several units"),
    "unit-similar": Words("đoán theo tên gần giống", "taken for a unit whose name is nearly the same"),
    "unit-kind": Words("hiểu là mọi đơn vị cùng loại", "taken for all units of this kind"),
    "unit-head": Words("hiểu là đơn vị mà người này đứng đầu", "taken for the unit of which somebody is the head"),
    "unit-person": Words("hiểu là đơn vị của người này", "taken for the unit of the person who is named"),
    "unit-abbreviation": Words("hiểu theo chữ viết tắt", "taken for a unit by its initials"),
    "directive-uncertain": Words("chưa chắc là nhiệm vụ", "it is not certain that this is a directive"),
    "deadline-uncertain": Words("chưa chắc về thời hạn", "the deadline is not certain"),
    "legacy-encoding": Words("văn bản ở bảng mã cũ, chữ hoa có thể sai", "the text came in an old encoding"),
    "scan": Words("đọc từ ảnh quét, có thể sai chữ", "read from a scan, words may be wrong"),
}
"""What is doubtful in a reading, by the doubt's code."""

OTHER_DOUBT = Words("cần xem lại", "to be looked at")
"""What is said of a doubt whose code is younger than this table."""

CONCLUSION_STATES: Mapping[str, Words] = {
    "held": Words("chờ xác nhận", "waiting for confirmation"),
    "doubtful": Words("có hiệu lực, cần rà soát", "in force, to be reviewed"),
    "published": Words("có hiệu lực", "in force"),
    "revoked": Words("đã thu hồi", "revoked"),
}
"""How a notice stands."""

EVENTS: Mapping[str, Words] = {
    "MeetingConcluded": Words("Kết luận có hiệu lực", "The conclusion came into force"),
    "ConclusionHeld": Words("Kết luận chờ xác nhận", "The conclusion waits for confirmation"),
    "ConclusionReviewed": Words("Đã rà soát kết quả đọc", "The reading was reviewed"),
    "ConclusionCorrected": Words("Đính chính kết luận", "The conclusion was corrected"),
    "ConclusionRevoked": Words("Thu hồi kết luận", "The conclusion was revoked"),
    "ConclusionIdentified": Words("Gắn số thông báo", "The notice got its number"),
    "TaskAssigned": Words("Giao nhiệm vụ", "A task was assigned"),
    "TaskAcknowledged": Words("Tiếp nhận", "The unit took note"),
    "ProgressReported": Words("Báo cáo tiến độ", "Progress was reported"),
    "CompletionSubmitted": Words("Trình kết quả", "The result was handed in"),
    "CompletionAccepted": Words("Duyệt kết quả", "The result was accepted"),
    "CompletionReturned": Words("Trả lại kết quả", "The result was returned"),
    "ExtensionRequested": Words("Xin gia hạn", "More time was asked for"),
    "ExtensionGranted": Words("Cho gia hạn", "More time was granted"),
    "ExtensionRefused": Words("Không cho gia hạn", "More time was refused"),
    "DueDateSet": Words("Đặt hạn", "The deadline was set"),
    "TaskReassigned": Words("Giao lại", "The task was reassigned"),
    "CooperatorsChanged": Words("Đổi đơn vị phối hợp", "The co-operating units changed"),
    "ReminderIssued": Words("Đôn đốc", "A reminder was issued"),
    "TaskCancelled": Words("Huỷ nhiệm vụ", "The task was cancelled"),
    "TaskReopened": Words("Mở lại nhiệm vụ", "The task was reopened"),
    "CommentAdded": Words("Ý kiến", "A comment"),
    "SubmissionAccepted": Words("Nhận thông báo", "A notice was taken in"),
    "NotificationRequested": Words("Yêu cầu báo tin", "A notification was asked for"),
    "NotificationDelivered": Words("Đã báo tin", "A notification arrived"),
    "NotificationAttempted": Words("Chưa gửi được, sẽ gửi lại", "A channel did not take a notification yet"),
    "NotificationFailed": Words("Không báo tin được", "A notification failed"),
    "NotificationBounced": Words("Tin bị trả lại", "A notification came back"),
    "NotificationResent": Words("Gửi lại tin", "A notification was sent again"),
    "NotificationRead": Words("Đã đọc tin", "A notification was read"),
    "NotificationAcknowledged": Words("Đã ghi nhận tin", "A notification was acknowledged"),
    "PreferencesChanged": Words("Đổi cách nhận tin", "A person changed how they are told"),
    "WatchBegun": Words("Bắt đầu theo dõi nhiệm vụ", "A person began to watch a task"),
    "WatchEnded": Words("Thôi theo dõi nhiệm vụ", "A person ended watching a task"),
    "UnitFloorSet": Words("Đặt kênh bắt buộc của đơn vị", "A unit set the channels that reach all its members"),
    "RulesAdopted": Words("Áp dụng quy tắc báo tin mới", "New rules of who is told were adopted"),
    "RemindersSettled": Words("Đã nhắc hạn đến thời điểm này", "People were reminded of deadlines up to this moment"),
    "WebhookRegistered": Words("Ghi nhận điểm nhận sự kiện", "A webhook was registered"),
    "WebhookSecretRotated": Words("Đổi khoá ký của điểm nhận", "A webhook's secret was rotated"),
    "WebhookDisabled": Words("Tắt điểm nhận sự kiện", "A webhook was disabled"),
    "WebhookEnabled": Words("Bật điểm nhận sự kiện", "A webhook was enabled"),
    "WebhookDelivered": Words("Điểm nhận đã nhận sự kiện", "A webhook took an event"),
    "WebhookFailed": Words("Điểm nhận không nhận được sự kiện", "A webhook did not take an event"),
    "WebhookReplayRequested": Words("Gửi lại sự kiện tới điểm nhận", "An event was sent to a webhook once more"),
    "CheckpointKeyCreated": Words("Tạo khoá ký điểm kiểm chứng", "A key for checkpoints was created"),
    "CheckpointKeyRetired": Words("Thôi dùng khoá ký điểm kiểm chứng", "A key for checkpoints was retired"),
    "CheckpointIssued": Words("Lập điểm kiểm chứng", "A checkpoint was issued"),
    "RecordRepaired": Words("Khôi phục sổ ghi", "The record was repaired"),
    "EventsRetired": Words("Chuyển sự kiện của năm đã khép vào kho", "Events of closed years left the log"),
    "UnitRegistered": Words("Thêm đơn vị", "A unit was registered"),
    "UnitRenamed": Words("Đổi tên đơn vị", "A unit was renamed"),
    "UnitAliasAdded": Words("Thêm cách gọi đơn vị", "A unit got another spelling"),
    "UnitClassAdded": Words("Thêm nhóm đơn vị", "A unit joined a class"),
    "UnitAliasRemoved": Words("Bỏ cách gọi đơn vị", "A unit lost a spelling"),
    "UnitClassRemoved": Words("Bỏ nhóm đơn vị", "A unit left a class"),
    "UnitMoved": Words("Đổi đơn vị cấp trên", "A unit was placed below another"),
    "UnitClosed": Words("Đóng đơn vị", "A unit was closed"),
    "PersonRegistered": Words("Thêm người", "A person was registered"),
    "PersonPlaced": Words("Xếp người vào đơn vị", "A person was placed in a unit"),
    "RoleGranted": Words("Giao vai trò", "A role was granted"),
    "RoleRevoked": Words("Thu hồi vai trò", "A role was revoked"),
    "PersonLeft": Words("Người rời cơ quan", "A person left"),
    "PersonalDataErased": Words("Xoá dữ liệu cá nhân", "Personal data were erased"),
    "SignedIn": Words("Đăng nhập", "Somebody signed in"),
    "SignedOut": Words("Đăng xuất", "Somebody signed out"),
    "SessionsEnded": Words("Kết thúc các phiên", "A person's sessions were ended"),
    "SigninLinkIssued": Words("Cấp liên kết đăng nhập", "A link to sign in was given out"),
    "ClientRegistered": Words("Thêm hệ thống kết nối", "An API client was registered"),
    "ClientKeyIssued": Words("Cấp khoá API", "A key was issued"),
    "ClientKeyRevoked": Words("Thu hồi khoá API", "A key was revoked"),
    "ClientClosed": Words("Đóng hệ thống kết nối", "An API client was closed"),
}
"""What happened, by the name of the event in its type: `ketluan.<name>.v1`."""
