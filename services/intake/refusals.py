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
        "Gửi application/json, text/plain, .docx, PDF, ảnh quét (PNG, JPEG, TIFF), hoặc một tệp trong "
        "multipart/form-data; không phải {given}. Chưa có gì được ghi nhận.",
        "Send application/json, text/plain, .docx, PDF, a scan (PNG, JPEG, TIFF), or one file as multipart/form-data; "
        "not {given}. Nothing was recorded.",
    )


class NotUtf8(Problem):
    """The body is not UTF-8."""

    code = "not-utf-8"
    title = Words("Nội dung không phải UTF-8", "The body is not UTF-8")
    detail = Words(
        "Byte thứ {position} không đúng mã UTF-8. Lưu lại văn bản theo UTF-8 rồi gửi lại; chưa có gì được ghi nhận.",
        "Byte {position} is not UTF-8. Save the text as UTF-8 and send it again; nothing was recorded.",
    )


class UnreadableDocument(Problem):
    """The document is not a notice that can be read; the member `reason` is a stable word for why."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unreadable-notice"
    title = Words("Không đọc được kết luận nào", "No conclusion could be read")
    detail = Words("{reason}", "{reason}")


class FormUnusable(Problem):
    """The form holds no file, several, or is damaged."""

    code = "form-unusable"
    title = Words("Biểu mẫu tải tệp không dùng được", "The form with the file cannot be used")
    detail = Words(
        "Biểu mẫu cần đúng một tệp và, nếu muốn, các trường issuer, number, issued_on, held_on, title ({reason}). "
        "Chưa có gì được ghi nhận.",
        "The form takes exactly one file and, if you like, the fields issuer, number, issued_on, held_on, title "
        "({reason}). Nothing was recorded.",
    )


class NothingChosen(Problem):
    """A page's form holds no notice."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "nothing-chosen"
    title = Words("Chưa có thông báo nào để đọc", "There is no notice to read")
    detail = Words(
        "Chọn tệp thông báo, hoặc dán nội dung thông báo vào ô bên dưới. Chưa có gì được ghi nhận.",
        "Choose the notice's file, or paste its text into the box below. Nothing was recorded.",
    )


class TwoNotices(Problem):
    """A page's form holds more than one notice."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "two-notices"
    title = Words("Chưa rõ đọc thông báo nào", "It is not clear which notice to read")
    detail = Words(
        "Gửi một tệp, hoặc một nội dung dán vào, không cả hai. Xoá nội dung đã dán hoặc bỏ chọn tệp. "
        "Chưa có gì được ghi nhận.",
        "Send one file or one text, not both. Empty the box or choose no file. Nothing was recorded.",
    )


class TooSlow(Problem):
    """The body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = "too-slow"
    title = Words("Tải lên quá chậm", "The upload took too long")
    detail = Words(
        "Nội dung không tới đủ trong {seconds} giây. Chưa có gì được ghi nhận. Gửi lại khi đường truyền tốt hơn.",
        "The body did not arrive within {seconds} seconds. Nothing was recorded. Send it again over a better line.",
    )


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
    """A notice of this issuer, number and year is in force or held, and says something else."""

    status = HTTPStatus.CONFLICT
    code = "number-taken"
    title = Words("Số thông báo này đã có", "There is a notice of this number")
    detail = Words(
        "Cơ quan, số và năm này đã có một thông báo với nội dung khác: /v1/conclusions/{meeting_id}. "
        "Thông báo đó giữ nguyên và chưa có gì mới được ghi nhận. Kiểm tra lại số, hoặc mở thông báo đã có.",
        "A notice of this issuer, number and year says something else: /v1/conclusions/{meeting_id}. "
        "It stays as it is and nothing new was recorded. Check the number, or open the notice that is there.",
    )


class AnotherBody(Problem):
    """The Idempotency-Key was used for another notice."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "idempotency-key-reused"
    title = Words("Idempotency-Key đã dùng cho thông báo khác", "The Idempotency-Key was used for another notice")
    detail = Words(
        "Khóa này thuộc về /v1/conclusions/{meeting_id}. Chưa có gì mới được ghi nhận. Dùng khóa khác cho thông báo "
        "này.",
        "This key belongs to /v1/conclusions/{meeting_id}. Nothing new was recorded. Use another key for this notice.",
    )


class ProbableDuplicate(Problem):
    """A notice that says nearly the same is in force or waits for confirmation."""

    status = HTTPStatus.CONFLICT
    code = "probable-duplicate"
    title = Words("Có thể thông báo này đã được nhận", "This notice is probably here already")
    detail = Words(
        "Nội dung gần như trùng với /v1/conclusions/{meeting_id}, có lẽ là cùng thông báo ở dạng tệp khác. Thông báo "
        "đó giữ nguyên và chưa có gì mới được ghi nhận. Nếu đúng là một thông báo thì không cần gửi lại (thiếu số thì "
        "đính chính số); nếu là thông báo khác, gửi lại với ?duplicate=allow.",
        "It says nearly the same as /v1/conclusions/{meeting_id}, so it is probably that notice in another form. That "
        "one stays as it is and nothing new was recorded. If it is the same, nothing needs to be sent (enter a missing "
        "number as a correction); if it is another, send it again with ?duplicate=allow.",
    )


class Revoked(Problem):
    """This very notice was in force and was revoked."""

    status = HTTPStatus.CONFLICT
    code = "conclusion-revoked"
    title = Words("Thông báo này đã bị thu hồi", "This notice was revoked")
    detail = Words(
        "Chính thông báo này đã được nhận rồi thu hồi: /v1/conclusions/{meeting_id}. Chưa có gì mới được ghi nhận. "
        "Gửi bản thay thế; nhiệm vụ của thông báo đã thu hồi không mở lại được.",
        "This very notice was taken in and revoked: /v1/conclusions/{meeting_id}. Nothing new was recorded. Send the "
        "one that replaces it; tasks of a revoked notice cannot be reopened.",
    )


class WrongState(Problem):
    """What was asked is not done with a notice in this state."""

    status = HTTPStatus.CONFLICT
    code = "wrong-state"
    title = Words("Thông báo không ở trạng thái phù hợp", "The notice is not in a state for this")
    detail = Words(
        "Thông báo /v1/conclusions/{meeting_id} đang ở trạng thái “{state}”. Không có gì thay đổi. Chỉ xác nhận thông "
        "báo đang chờ; chỉ đính chính và rà soát thông báo đang có hiệu lực; chỉ thu hồi một lần.",
        "The notice /v1/conclusions/{meeting_id} is “{state}”. Nothing was changed. Only a held notice is confirmed; "
        "only one in force is corrected and reviewed; a notice is revoked once.",
    )


class NothingToChange(Problem):
    """The correction says nothing."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "nothing-to-change"
    title = Words("Đính chính không có nội dung", "The correction says nothing")
    detail = Words(
        "Nêu ít nhất một trường, một nhiệm vụ sửa, bỏ hoặc bổ sung. Không có gì thay đổi.",
        "Name at least one field, or a directive that changes, is withdrawn or was missed. Nothing was changed.",
    )


class TooManyChanges(Problem):
    """The correction would be more events than are stored as one."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "too-many-changes"
    title = Words("Đính chính quá lớn", "The correction is too large")
    detail = Words(
        "Đính chính này thành hơn 1.000 sự kiện. Không có gì thay đổi. Tách thành nhiều lần đính chính.",
        "This correction becomes more than 1,000 events. Nothing was changed. Make it in several corrections.",
    )


class EventUnreadable(Problem):
    """The log holds an event of this notice or its tasks that this version cannot read."""

    status = HTTPStatus.CONFLICT
    code = "event-unreadable"
    title = Words("Có sự kiện chưa đọc được", "An event cannot be read")
    detail = Words(
        "Sổ ghi có một sự kiện của thông báo này mà phiên bản đang chạy không đọc được (xem /v1/parked). Không có gì "
        "thay đổi.",
        "The log holds an event of this notice that the running version cannot read (see /v1/parked). Nothing was "
        "changed.",
    )
