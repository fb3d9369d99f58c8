"""What a page says of what was just done, by the code in its address."""

from collections.abc import Mapping

from shared.language import Words

SAID: Mapping[str, Words] = {
    "read": Words(
        "Đã đọc xong thông báo. Chưa giao việc cho ai: xem lại kết quả đọc rồi xác nhận ở cuối trang.",
        "The notice was read. Nobody was given anything yet: go through the reading, then confirm it below.",
    ),
    "already": Words(
        "Chính thông báo này đã được nhận trước đây. Không ghi thêm gì.",
        "This very notice was taken in before. Nothing was added.",
    ),
    "corrected": Words(
        "Đã ghi đính chính; các nhiệm vụ liên quan đã đổi theo.",
        "The correction is recorded, and the tasks concerned changed with it.",
    ),
    "reviewed": Words("Đã ghi nhận là đã rà soát.", "It is recorded as reviewed."),
    "revoked": Words(
        "Đã thu hồi thông báo; các nhiệm vụ còn lại của thông báo đã huỷ.",
        "The notice was revoked, and its tasks were cancelled.",
    ),
    "discarded": Words(
        "Đã loại bỏ thông báo; chưa có nhiệm vụ nào được giao.", "The notice was discarded; no task had been given."
    ),
}
