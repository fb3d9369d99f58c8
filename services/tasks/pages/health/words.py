"""What each part of the system is for, and what to do when it does not work."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.language import Words


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a service needs, or that somebody should look at: what it is called, what it is for, what to do
    where it is not well, and the page on which that is done."""

    name: Words
    meaning: Words
    remedy: Words
    page: str | None = None


_LOG = Thing(
    Words("Sổ ghi sự kiện (NATS)", "The event log (NATS)"),
    Words("Mọi thay đổi được ghi vào đây trước tiên.", "Every change is written here first."),
    Words(
        "Xem tiến trình nats-server và đĩa của nó. Không có gì mất; mọi dịch vụ chạy tiếp khi sổ ghi trả lời.",
        "Look at nats-server and its disk. Nothing is lost; every service goes on once the log answers.",
    ),
)
_DATABASE = Thing(
    Words("Cơ sở dữ liệu (PostgreSQL)", "The database (PostgreSQL)"),
    Words("Giữ sổ cái và tình trạng hiện tại.", "It holds the log's witness and the present state."),
    Words(
        "Xem tiến trình PostgreSQL, đĩa và số kết nối. Những gì đã ghi vào sổ không mất.",
        "Look at PostgreSQL, its disk and its connections. What is in the log is not lost.",
    ),
)
_IDENTITY = Thing(
    Words("Người dùng và quyền", "Who may come in"),
    Words(
        "Người, vai trò, phiên đăng nhập và khoá, theo sổ ghi.",
        "People, roles, sessions and keys as the log tells them.",
    ),
    Words(
        "Thường chỉ là hệ quả của sổ ghi không trả lời. Quá nửa phút thì không ai được vào.",
        "Most often the log does not answer. After half a minute nobody is let in.",
    ),
)
_DIRECTORY = Thing(
    Words("Danh bạ", "The directory"),
    Words("Đơn vị và người để nhận ra trong thông báo.", "The units and people that notices are read by."),
    Words("Thông báo gửi lên sẽ chờ; gửi lại là an toàn.", "Notices have to wait; posting one again is safe."),
)
_NOTICES = Thing(
    Words("Các thông báo đã có", "The notices that are known"),
    Words("Để một thông báo không thành hai bộ nhiệm vụ.", "So that one notice never becomes two sets of tasks."),
    Words("Thông báo gửi lên sẽ chờ; gửi lại là an toàn.", "Notices have to wait; posting one again is safe."),
)
_REGISTER = Thing(
    Words("Cập nhật tình trạng từ sổ ghi", "From the log to the register"),
    Words("Theo sổ ghi, từng sự kiện một, theo thứ tự.", "It follows the log, event by event, in order."),
    Words(
        "Trang hiện dữ liệu cũ cho tới khi theo kịp. Nếu đứng yên, xem nhật ký của dịch vụ nhiệm vụ.",
        "Pages show the past until it has caught up. If it stands still, look at the log file of tasks.",
    ),
)
_TELLING = Thing(
    Words("Quyết định báo tin", "Deciding who is told"),
    Words("Theo sổ ghi và quyết định ai được báo việc gì.", "It follows the log and decides who is told of what."),
    Words(
        "Tin đến muộn cho tới khi theo kịp; không ai bị báo hai lần.",
        "People hear late until it has caught up; nobody hears twice.",
    ),
)
_PARKED = Thing(
    Words("Sự kiện chưa áp dụng", "Parked events"),
    Words("Sự kiện đã vào sổ ghi mà hệ thống chưa áp dụng được.", "Events of the log that could not be applied."),
    Words(
        "Xem lý do của từng sự kiện; thường cần bản mới của hệ thống.", "See why; most often it needs a new version."
    ),
    "/queue/parked",
)
_WORDS = Thing(
    Words("Tìm kiếm", "Search"),
    Words("Từ ngữ để tìm nhiệm vụ và chỉ đạo lặp lại.", "The words by which tasks and repeated orders are found."),
    Words(
        "Tìm kiếm có thể thiếu nhiệm vụ mới nhất; tự theo kịp khi dịch vụ rảnh.",
        "Search may lack what is newest; it catches up by itself.",
    ),
)
_CHECKPOINTS = Thing(
    Words("Điểm kiểm chứng", "Signed checkpoints"),
    Words(
        "Để người ngoài kiểm tra được rằng sổ ghi không bị sửa.", "By which outsiders see that the log was not changed."
    ),
    Words("Xem khoá ký: lệnh ketluan key list.", "Look at the signing key: the command ketluan key list."),
    "/record/checkpoints",
)
_RECORD = Thing(
    Words("Sổ ghi nguyên vẹn", "The record is whole"),
    Words("Sổ ghi và sổ cái được đối chiếu liên tục.", "Log and witness are compared without end."),
    Words(
        "Đừng xoá gì. Xem chỗ hư hỏng, rồi lệnh ketluan repair khôi phục từ bản còn tốt.",
        "Delete nothing. See what is damaged; then the command ketluan repair restores it from the good side.",
    ),
    "/record/verification",
)
_TELLING_PARKED = Thing(
    _PARKED.name,
    Words("Sự kiện mà chưa quyết định được báo cho ai.", "Events of which nobody could be told."),
    _PARKED.remedy,
    "/v1/notifications/parked",
)
_UNDELIVERED = Thing(
    Words("Tin chưa gửi được", "Undelivered messages"),
    Words("Thư, tin nhắn mà nơi nhận không nhận.", "Mails and messages that were not taken."),
    Words("Sửa địa chỉ hoặc máy chủ thư, rồi gửi lại.", "Mend the address or the mail server, then send them again."),
    "/deliveries",
)
_WEBHOOKS = Thing(
    Words("Điểm nhận sự kiện", "Webhooks"),
    Words("Hệ thống khác được gửi sự kiện tới.", "Other systems to which events are posted."),
    Words("Hỏi người giữ điểm nhận; rồi bật lại, gửi lại.", "Ask whoever keeps it; then enable it and replay."),
    "/webhooks",
)
_REMINDERS = Thing(
    Words("Nhắc hạn", "Reminders"),
    Words("Lịch nhắc giữ trong máy chủ NATS.", "The schedule of reminders, which NATS keeps."),
    Words("Nhắc muộn cho tới khi lịch theo kịp.", "Reminders come late until it has caught up."),
    "/reminders",
)

_WRITING = Thing(
    Words("Ghi vào sổ", "Writing to the log"),
    Words("Sổ ghi nhận được sự kiện mới.", "Whether the log takes new events."),
    Words(
        "Thường là đĩa của NATS đã đầy: giải phóng chỗ. Những gì đã ghi không mất; gửi lại là an toàn.",
        "Most often NATS's disk is full: make room. What was recorded is safe, and so is sending again.",
    ),
)
_FOLLOWERS = Thing(
    Words("Đọc lại sổ ghi", "Reading the log anew"),
    Words("Việc đọc sổ ghi vừa đứt và đã nối lại.", "Reading the log broke off a moment ago, and began anew."),
    Words("Không cần làm gì, trừ khi lặp lại mãi.", "Nothing, unless it happens again and again."),
)
_STANDBY = Thing(
    Words("Bản dự phòng", "Standing by"),
    Words("Một bản khác đang làm việc này.", "Another copy does this work."),
    Words(
        "Không cần làm gì: bản này thay ngay khi bản kia dừng.", "Nothing: this one takes over where that one stops."
    ),
)
_COPIES = Thing(
    Words("Chia việc giữa các bản", "Work that one copy does"),
    Words("Việc mà mỗi lúc chỉ một bản được làm.", "Work that only one copy may do at a time."),
    Words("Thường là cơ sở dữ liệu chưa nhận ghi.", "Most often the database does not take writes."),
)

SERVICES: Mapping[str, Words] = {
    "tasks": Words("Nhiệm vụ", "Tasks"),
    "intake": Words("Tiếp nhận thông báo", "Taking notices in"),
    "notify": Words("Báo tin", "Telling people"),
}
"""What each service does."""

CHECKS: Mapping[str, Mapping[str, Thing]] = {
    "tasks": {
        "log": _LOG,
        "writing": _WRITING,
        "database": _DATABASE,
        "projector": _REGISTER,
        "identity": _IDENTITY,
    },
    "intake": {
        "log": _LOG,
        "writing": _WRITING,
        "directory": _DIRECTORY,
        "identity": _IDENTITY,
        "notices": _NOTICES,
    },
    "notify": {
        "log": _LOG,
        "writing": _WRITING,
        "database": _DATABASE,
        "projector": _TELLING,
        "identity": _IDENTITY,
    },
}
"""What each service cannot work without."""

NOTES: Mapping[str, Mapping[str, Thing]] = {
    "tasks": {
        "followers": _FOLLOWERS,
        "projector": _STANDBY,
        "copies": _COPIES,
        "parked": _PARKED,
        "words": _WORDS,
        "checkpoints": _CHECKPOINTS,
        "record": _RECORD,
    },
    "intake": {"followers": _FOLLOWERS},
    "notify": {
        "followers": _FOLLOWERS,
        "projector": _STANDBY,
        "copies": _COPIES,
        "parked": _TELLING_PARKED,
        "undelivered": _UNDELIVERED,
        "webhooks": _WEBHOOKS,
        "reminders": _REMINDERS,
    },
}
"""What somebody should look at though the service works."""


def unnamed(name: str) -> Thing:
    """Something that a service tells of and this table does not know yet."""
    nothing = Words("", "")
    return Thing(Words(name, name), nothing, nothing)
