"""What a page says of what was just done, by the code in its address."""

from collections.abc import Mapping

from services.tasks.pages.directory import said as directory
from shared.language import Words

RECORDED = "recorded"
"""It is in the log, and the register does not show it yet."""

SAID: Mapping[str, Words] = {
    **directory.SAID,
    RECORDED: Words(
        "Đã ghi vào sổ. Trang hiện thay đổi trong giây lát.", "It is recorded. This page shows it in a moment."
    ),
    "acknowledge": Words("Đã tiếp nhận nhiệm vụ.", "The unit has taken note of the task."),
    "report-progress": Words("Đã ghi nhận báo cáo tiến độ.", "Your report is recorded."),
    "submit-completion": Words("Đã trình kết quả; chờ duyệt.", "The result is handed in and waits for acceptance."),
    "request-extension": Words(
        "Đã gửi đề nghị gia hạn; chờ trả lời.", "More time was asked for; an answer is to come."
    ),
    "accept-completion": Words("Đã duyệt kết quả; nhiệm vụ hoàn thành.", "The result is accepted; the task is done."),
    "return-completion": Words("Đã trả lại kết quả để đơn vị làm tiếp.", "The result went back to the unit."),
    "grant-extension": Words("Đã cho gia hạn.", "More time is granted."),
    "refuse-extension": Words("Không cho gia hạn; hạn giữ nguyên.", "More time is refused; the deadline stays."),
    "set-deadline": Words("Đã ghi nhận thời hạn.", "The deadline is recorded."),
    "reassign": Words("Đã giao lại nhiệm vụ.", "The task is reassigned."),
    "change-cooperators": Words("Đã đổi đơn vị phối hợp.", "The co-operating units are changed."),
    "remind": Words("Đã đôn đốc đơn vị.", "The unit is urged on."),
    "cancel": Words("Đã huỷ nhiệm vụ.", "The task is cancelled."),
    "reopen": Words("Đã mở lại nhiệm vụ.", "The task is open again."),
    "comment": Words("Đã ghi ý kiến.", "The comment is recorded."),
    "watched": Words(
        "Anh/chị bắt đầu theo dõi nhiệm vụ này và sẽ được báo mọi thay đổi.",
        "You watch this task now and will hear of everything that happens to it.",
    ),
    "unwatched": Words("Anh/chị thôi theo dõi nhiệm vụ này.", "You watch this task no more."),
    "notice-confirmed": Words(
        "Thông báo đã có hiệu lực; các đơn vị đang được báo về nhiệm vụ của mình.",
        "The notice is in force, and the units are being told of their tasks.",
    ),
    "checkpoint-issued": Words("Đã ký điểm kiểm chứng mới.", "A new checkpoint is signed."),
    "checkpoint-stands": Words(
        "Từ điểm kiểm chứng này chưa có gì mới để ký.", "Nothing has happened since this checkpoint."
    ),
}
