"""What to do about a notification that did not arrive, by what the channel said of it. Pure."""

from services.notify.delivery.dead_letters import DeliveryView
from shared.language import Words

_BOUNCED = Words(
    "Hộp thư của người nhận trả lại. Sửa địa chỉ thư của người này, rồi gửi lại.",
    "The mailbox sent it back. Mend this person's mail address, then send it again.",
)
_NO_BROWSER = Words(
    "Không còn trình duyệt nào của người này nhận tin đẩy. Người đó bật lại ở trang Cách nhận tin.",
    "No browser of this person takes pushed messages any more. They can switch it on again in their preferences.",
)
_MAIL = Words(
    "Máy chủ thư không nhận. Xem lại địa chỉ thư của người này và máy chủ thư, rồi gửi lại.",
    "The mail server did not take it. Look at this person's mail address and at the mail server, then send it again.",
)
_CHAT = Words(
    "Dịch vụ tin nhắn không nhận. Xem lại mã của người này ở dịch vụ đó, rồi gửi lại.",
    "The chat service did not take it. Look at this person's id there, then send it again.",
)
_PENDING = Words("Hệ thống tự gửi lại; chưa phải làm gì.", "It is tried again by itself; there is nothing to do.")
_DELIVERED = Words("Đã tới, không phải làm gì.", "It arrived; there is nothing to do.")


def advice(delivery: DeliveryView) -> Words:
    """What somebody of the office can do. The inbox holds the notification in any case."""
    match delivery.state, delivery.channel:
        case "pending", _:
            return _PENDING
        case "delivered", _:
            return _DELIVERED
        case "bounced", _:
            return _BOUNCED
        case _, "push":
            return _NO_BROWSER
        case _, "chat":
            return _CHAT
        case _:
            return _MAIL
