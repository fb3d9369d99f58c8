"""What a page says of what was just done, by the code in its address."""

from collections.abc import Mapping

from shared.language import Words

SAID: Mapping[str, Words] = {
    "read": Words("Đã đánh dấu là đã đọc.", "Marked as read."),
    "noted": Words("Đã ghi nhận: văn phòng thấy anh/chị đã nắm được.", "Noted: the office sees that you know of it."),
    "watched": Words(
        "Anh/chị bắt đầu theo dõi nhiệm vụ này và sẽ được báo mọi thay đổi.",
        "You watch this task now and will hear of everything that happens to it.",
    ),
    "unwatched": Words(
        "Anh/chị thôi theo dõi nhiệm vụ này.",
        "You watch this task no more.",
    ),
    "preferences-saved": Words(
        "Đã lưu. Áp dụng cho mọi tin từ lúc này.", "Saved. It holds for everything of which you are told from now on."
    ),
    "address-saved": Words("Đã lưu địa chỉ.", "The address is saved."),
    "address-forgotten": Words("Đã xoá địa chỉ.", "The address is forgotten."),
    "browsers-forgotten": Words("Không còn đẩy tin tới trình duyệt nào.", "Nothing is pushed to any browser any more."),
    "feed-revoked": Words(
        "Địa chỉ lịch cũ không còn dùng được.", "The former calendar address shows nothing any more."
    ),
    "floor-saved": Words("Đã lưu mức tối thiểu của đơn vị.", "What the unit's members cannot switch off is saved."),
    "resent": Words("Đang gửi lại.", "It is being sent again."),
    "nothing-to-resend": Words("Không có tin nào cần gửi lại.", "There was nothing to be sent again."),
    "disabled": Words("Đã tắt. Tin đang chờ được giữ lại.", "It is disabled. What waits for it is kept."),
    "enabled": Words("Đã bật lại.", "It is enabled again."),
    "replayed": Words("Sự kiện đang được gửi lại.", "The event is being posted once more."),
}
