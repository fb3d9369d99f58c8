"""Why the installation does not start, in one sentence."""

import errno

from shared.language import Words


class CannotStart(Exception):
    """The installation does not start, and nothing was harmed. `words` say why and how to mend it."""

    def __init__(self, words: Words, **values: object) -> None:
        self.words = words
        self.values = values
        super().__init__(words.to("en", **values))


ALREADY_RUNNING = Words(
    "Thư mục dữ liệu {folder} đang được một tiến trình ketluan khác dùng; hãy dừng tiến trình đó, "
    "hoặc chọn thư mục khác bằng KETLUAN_DATA.",
    "Another ketluan already runs on the data folder {folder}; stop it, or choose another folder with KETLUAN_DATA.",
)
PORT_TAKEN = Words(
    "Cổng {port} đang có chương trình khác dùng; hãy chọn cổng khác bằng KETLUAN_PORT. Chưa có gì thay đổi.",
    "Port {port} is taken by another program; choose another one with KETLUAN_PORT. Nothing was changed.",
)
DISK_FULL = Words(
    "Ổ đĩa chứa {folder} đã đầy: còn {free} MiB, cần ít nhất {needed} MiB; hãy giải phóng chỗ trống rồi chạy lại. "
    "Dữ liệu đã có vẫn nguyên vẹn.",
    "The disk that holds {folder} is full: {free} MiB are free, at least {needed} MiB are needed; make room and start "
    "again. What was stored before is untouched.",
)
NEWER_VERSION = Words(
    "Thư mục dữ liệu {folder} do phiên bản ketluan mới hơn tạo ra (định dạng {found}, bản này đọc được đến {known}); "
    "hãy chạy phiên bản mới hơn. Chưa có gì thay đổi.",
    "The data folder {folder} was made by a newer version of ketluan (format {found}, this one knows up to {known}); "
    "start the newer version. Nothing was changed.",
)
FOREIGN_FOLDER = Words(
    "Thư mục {folder} có tệp khác và không phải thư mục dữ liệu của ketluan; hãy chọn thư mục khác bằng KETLUAN_DATA. "
    "Chưa có gì thay đổi.",
    "The folder {folder} holds other files and is no data folder of ketluan; choose another one with KETLUAN_DATA. "
    "Nothing was changed.",
)
LOG_GONE = Words(
    "Thư mục {folder} không còn nhật ký sự kiện (nats/store) mà cơ sở dữ liệu của nó dựa vào; hãy khôi phục từ "
    "bản sao lưu, hoặc chọn thư mục khác bằng KETLUAN_DATA. Chưa có gì thay đổi.",
    "The folder {folder} has lost the event log (nats/store) that its database was made from; restore nats/store from "
    "a backup, or choose another folder with KETLUAN_DATA. Nothing was changed.",
)
NO_DATABASE = Words(
    "Thư mục {folder} không có cơ sở dữ liệu của ketluan; nếu nhật ký vẫn còn thì `ketluan run` dựng lại mọi thứ từ "
    "đó. Chưa có gì thay đổi.",
    "The folder {folder} holds no database of ketluan; where the log is still there, `ketluan run` builds everything "
    "from it again. Nothing was changed.",
)
MOVED = Words(
    "Cơ quan trong thư mục {folder} đang được hoặc đã được chuyển sang {to}; chạy tiếp ở đây thì có hai nơi cùng ghi. "
    "Chuyển cho xong bằng `ketluan move`, hoặc bỏ việc chuyển bằng `ketluan run --stay`. Chưa có gì thay đổi.",
    "The installation in {folder} is moving, or has moved, to {to}; going on here would make two of it. End the move "
    "with `ketluan move`, or give it up with `ketluan run --stay`. Nothing was changed.",
)
UNUSABLE_FOLDER = Words(
    "Không dùng được thư mục dữ liệu {folder}: {reason}; hãy chọn thư mục khác bằng KETLUAN_DATA. Chưa có gì thay đổi.",
    "The data folder {folder} cannot be used: {reason}; choose another one with KETLUAN_DATA. Nothing was changed.",
)
UNUSABLE_PORT = Words(
    "KETLUAN_PORT phải là số từ 1 đến 65535, không phải {port}. Chưa có gì thay đổi.",
    "KETLUAN_PORT must be a number from 1 to 65535, not {port}. Nothing was changed.",
)
CHILD_FAILED = Words(
    "{name} không khởi động được: {reason} Xem {log}. Dữ liệu đã có vẫn nguyên vẹn.",
    "{name} does not start: {reason} See {log}. What was stored before is untouched.",
)
UNKNOWN_ZONE = Words(
    "KETLUAN_ZONE nêu múi giờ không có: {zone}; hãy dùng tên của IANA, ví dụ Asia/Ho_Chi_Minh. Chưa có gì thay đổi.",
    "KETLUAN_ZONE names a time zone that does not exist: {zone}; use a name of the IANA, such as Asia/Ho_Chi_Minh. "
    "Nothing was changed.",
)
NO_NOTICE = Words(
    "Không đọc được tệp thông báo {path}: {reason}. Chưa có gì được gửi đi.",
    "The notice {path} cannot be read: {reason}. Nothing was posted.",
)
NOTICE_REFUSED = Words(
    "Thông báo không được nhận: {reason}",
    "The notice was refused: {reason}",
)
UNFINISHED = Words(
    "Đã khởi động nhưng chưa xong bước đầu: {reason}. Hãy chạy lại; phần đã ghi vẫn còn và không bị ghi hai lần.",
    "It started, but its first steps were not completed: {reason}. Start it again; what was recorded is kept, and "
    "nothing is recorded twice.",
)


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of the operating system says that the disk, or one's share of it, is full."""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
