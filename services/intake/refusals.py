"""What intake says when it refuses: what is wrong, that nothing was recorded, and how to mend it."""

from http import HTTPStatus

from shared.language import Words
from shared.problems import Problem

LOG_AWAY = Words("Không nối được tới sổ ghi sự kiện (NATS).", "The event log (NATS) does not answer.")
LOG_REFUSES = Words(
    "Sổ ghi sự kiện (NATS) từ chối ghi; quản trị cần xem nhật ký của intake.",
    "The event log (NATS) refuses to write; the administrator has to look at the log of intake.",
)


class UnsupportedMediaType(Problem):
    """The body is of a kind that intake does not read."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "unsupported-media-type"
    title = Words("Chưa đọc được loại nội dung này", "This kind of content is not read")
    detail = Words(
        "Gửi application/json hoặc text/plain mã UTF-8, không phải {given}. Chưa có gì được ghi nhận.",
        "Send application/json, or text/plain in UTF-8, not {given}. Nothing was recorded.",
    )


class NotUtf8(Problem):
    """The body is not UTF-8."""

    code = "not-utf-8"
    title = Words("Nội dung không phải UTF-8", "The body is not UTF-8")
    detail = Words(
        "Byte thứ {position} không đúng mã UTF-8. Lưu lại văn bản theo UTF-8 rồi gửi lại; chưa có gì được ghi nhận.",
        "Byte {position} is not UTF-8. Save the text as UTF-8 and send it again; nothing was recorded.",
    )


class KeyUnusable(Problem):
    """The Idempotency-Key has no usable form."""

    code = "idempotency-key-unusable"
    title = Words("Idempotency-Key không dùng được", "The Idempotency-Key cannot be used")
    detail = Words(
        "Khóa gồm 1 đến 255 ký tự ASCII nhìn thấy được, có hoặc không có dấu nháy kép. Chưa có gì được ghi nhận.",
        "A key is 1 to 255 visible ASCII characters, quoted or not. Nothing was recorded.",
    )


class NoDirectives(Problem):
    """The text is not a notice that can be read."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unreadable-notice"
    title = Words("Không đọc được kết luận nào", "No conclusion could be read")
    detail = Words("{reason}", "{reason}")


class TooLarge(Problem):
    """The body is larger than intake takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"
    title = Words("Nội dung gửi lên quá lớn", "What was sent is too large")
    detail = Words(
        "Nhiều nhất {most} MiB. Chưa có gì được ghi nhận. Tách thông báo thành nhiều phần rồi gửi từng phần.",
        "At most {most} MiB are taken. Nothing was recorded. Split the notice and send it in parts.",
    )


class MoreTasks(Problem):
    """The notice would become more tasks than one notice may."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "too-many-tasks"
    title = Words("Thông báo tạo ra quá nhiều nhiệm vụ", "The notice would become too many tasks")
    detail = Words(
        "Một thông báo thành nhiều nhất {most} nhiệm vụ. Chưa có gì được ghi nhận. "
        "Tách thông báo, hoặc giao cho ít đơn vị hơn.",
        "One notice may become {most} tasks at most. Nothing was recorded. Split it, or name fewer units.",
    )


class MoreBytes(Problem):
    """The notice would become more bytes of events than the log takes of one notice."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "events-too-large"
    title = Words("Thông báo quá lớn để ghi vào sổ", "The notice is too large for the log")
    detail = Words(
        "Thông báo này thành hơn 8 MiB cho một sự kiện hoặc 64 MiB tất cả. Chưa có gì được ghi nhận. "
        "Tách thông báo thành nhiều phần rồi gửi từng phần.",
        "This notice becomes more than 8 MiB in one event or 64 MiB in all. Nothing was recorded. "
        "Split it and send it in parts.",
    )


class AnotherNotice(Problem):
    """A notice of this issuer, number and year is in force, and says something else."""

    status = HTTPStatus.CONFLICT
    code = "number-taken"
    title = Words("Số thông báo này đã có", "There is a notice of this number")
    detail = Words(
        "Cơ quan, số và năm này đã có một thông báo với nội dung khác: /v1/meetings/{meeting_id}. "
        "Thông báo đó giữ nguyên và chưa có gì mới được ghi nhận. Kiểm tra lại số, hoặc mở thông báo đã có.",
        "A notice of this issuer, number and year says something else: /v1/meetings/{meeting_id}. "
        "It stays as it is and nothing new was recorded. Check the number, or open the notice that is there.",
    )


class AnotherBody(Problem):
    """The Idempotency-Key was used for another notice."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "idempotency-key-reused"
    title = Words("Idempotency-Key đã dùng cho thông báo khác", "The Idempotency-Key was used for another notice")
    detail = Words(
        "Khóa này thuộc về /v1/meetings/{meeting_id}. Chưa có gì mới được ghi nhận. Dùng khóa khác cho thông báo này.",
        "This key belongs to /v1/meetings/{meeting_id}. Nothing new was recorded. Use another key for this notice.",
    )
