"""What the directory's pages say of what was just done, by the code in their address."""

from collections.abc import Mapping

from shared.language import Words

SAID: Mapping[str, Words] = {
    "unit-registered": Words("Đã ghi nhận đơn vị.", "The unit was registered."),
    "unit-rename": Words(
        "Đã đổi tên đơn vị; tên cũ vẫn tìm ra đơn vị này.", "The unit was renamed; its former name still finds it."
    ),
    "unit-move": Words("Đã đổi đơn vị cấp trên.", "The unit stands below another now."),
    "unit-add-alias": Words("Đã thêm cách gọi.", "The spelling was added."),
    "unit-remove-alias": Words("Đã bỏ cách gọi.", "The spelling was removed."),
    "unit-add-class": Words("Đã thêm nhóm.", "The class was added."),
    "unit-remove-class": Words("Đã bỏ nhóm.", "The class was removed."),
    "unit-close": Words("Đã đóng đơn vị; đơn vị không nhận nhiệm vụ nữa.", "The unit was closed and takes no tasks."),
    "unit-reopen": Words("Đơn vị hoạt động trở lại.", "The unit takes tasks again."),
    "person-registered": Words("Đã ghi nhận người vào danh bạ.", "The person was registered."),
    "person-rename": Words("Đã sửa họ tên.", "The name was changed."),
    "person-place": Words("Đã xếp đơn vị và chức vụ.", "Unit and position were set."),
    "person-grant-role": Words("Đã giao vai trò; có hiệu lực ngay.", "The role was granted, and holds at once."),
    "person-revoke-role": Words("Đã thu hồi vai trò; có hiệu lực ngay.", "The role was revoked, which holds at once."),
    "person-leave": Words(
        "Đã ghi nhận rời cơ quan; mọi vai trò và phiên đăng nhập đã kết thúc.",
        "They left; every role and session of theirs is over.",
    ),
    "person-return": Words("Đã ghi nhận trở lại, chưa có vai trò nào.", "They are back, as yet without a role."),
    "person-end-sessions": Words("Đã kết thúc mọi phiên đăng nhập.", "Every session was ended."),
    "person-erase-personal-data": Words(
        "Đã xoá dữ liệu cá nhân không thuộc sổ ghi; việc xoá được ghi lại cùng lý do.",
        "Personal data that are no part of the record are erased; that and why is on record.",
    ),
    "nothing-to-change": Words(
        "Danh bạ đã đúng như vậy, không ghi gì thêm.", "It is so already; nothing was recorded."
    ),
    "client-registered": Words(
        "Đã ghi nhận hệ thống kết nối. Cấp khoá để hệ thống dùng được.",
        "The program was registered. Issue a key for it to use.",
    ),
    "key-revoked": Words(
        "Đã thu hồi khoá; có hiệu lực ngay, ở mọi dịch vụ.", "The key was revoked, everywhere at once."
    ),
    "client-closed": Words(
        "Đã đóng hệ thống kết nối; mọi khoá hết hiệu lực ngay.", "The program was closed; none of its keys holds."
    ),
    "directory-imported": Words("Đã nhập tệp vào danh bạ.", "The file was imported."),
}
"""The code is that of what was asked for: `unit-` or `person-`, and the command."""
