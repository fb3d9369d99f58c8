"""What is said to whoever could not be signed in."""

from collections.abc import Mapping

from shared.language import Words

SAID: Mapping[str, Words] = {
    "used": Words(
        "Liên kết này đã được dùng một lần rồi. Xin liên kết mới ở dưới.",
        "This link has been used before. Ask for a new one below.",
    ),
    "expired": Words(
        "Liên kết này đã hết hạn. Xin liên kết mới ở dưới.", "The time of this link is over. Ask for a new one below."
    ),
    "unusable": Words(
        "Liên kết này không dùng được. Mở lại đúng liên kết trong thư, hoặc xin liên kết mới.",
        "This link cannot be used. Open it once more as it stands in the mail, or ask for a new one.",
    ),
    "unknown-person": Words(
        "Danh bạ không có người này, hoặc người này đã rời cơ quan. Đề nghị quản trị hệ thống kiểm tra danh bạ.",
        "The directory does not know this person, or they left. Ask an administrator to look at the directory.",
    ),
    "provider-away": Words(
        "Hệ thống tài khoản của cơ quan chưa trả lời. Thử lại sau ít phút.",
        "The organisation's accounts do not answer. Try again in some minutes.",
    ),
    "provider-refused": Words(
        "Hệ thống tài khoản của cơ quan không xác nhận được người đăng nhập. Đăng nhập lại từ đầu.",
        "The organisation's accounts did not confirm who signs in. Begin anew.",
    ),
}
"""By the word in the page's address."""
