"""Why the directory is not changed as asked: each refusal names its rule, and the field that brought it about."""

from shared.language import Words


class Refusal(Exception):
    """A rule forbids it; nothing was recorded. `field` is the one to mend, where it is one."""

    code = ""
    words = Words("", "")
    field = ""

    def __init__(self, field: str = "", **values: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.values = values


class UnitUnknown(Refusal):
    """No unit goes by this."""

    code = "unit-unknown"
    words = Words(
        "Danh bạ không có đơn vị nào đang hoạt động mang mã hoặc tên “{named}”, hoặc tên này chỉ nhiều đơn vị.",
        "The directory knows no open unit by the id or name “{named}”, or more than one by that name.",
    )


class IdTaken(Refusal):
    """Something of this id is there already."""

    code = "id-taken"
    words = Words("Mã “{id}” đã dùng cho {name}.", "The id “{id}” is already that of {name}.")


class IdNeeded(Refusal):
    """No id can be told from the name."""

    code = "id-needed"
    words = Words("Tên này không có chữ cái nào lập được mã; nhập mã.", "No id can be told from this name; give one.")


class NameTaken(Refusal):
    """The name means another unit."""

    code = "name-taken"
    words = Words(
        "“{name}” đã là cách gọi của {other}; hai đơn vị cùng một tên thì không tìm được đơn vị nào.",
        "“{name}” already means {other}; a name that two units bear finds neither.",
    )


class BelowItself(Refusal):
    """The unit would stand below itself."""

    code = "below-itself"
    words = Words(
        "{parent} nằm dưới chính đơn vị này, nên không thể làm cấp trên của nó.",
        "{parent} stands below this very unit, and cannot stand above it.",
    )


class OwnName(Refusal):
    """The name that a unit goes by cannot be taken from it."""

    code = "own-name"
    words = Words(
        "“{name}” là tên hiện dùng của đơn vị. Muốn bỏ thì đổi tên đơn vị trước.",
        "“{name}” is what the unit is called. To drop it, rename the unit first.",
    )


class UnitInUse(Refusal):
    """Somebody or something still stands below the unit."""

    code = "unit-in-use"
    words = Words(
        "Đơn vị còn {people} người và {units} đơn vị trực thuộc đang hoạt động. Chuyển hết đi rồi hãy đóng.",
        "The unit still has {people} people and {units} open units below it. Move them first.",
    )


class UnitIsClosed(Refusal):
    """The unit is closed."""

    code = "unit-closed"
    words = Words("Đơn vị {name} đã đóng.", "The unit {name} is closed.")


class PersonIsGone(Refusal):
    """The person left."""

    code = "person-left"
    words = Words(
        "{name} đã rời cơ quan nên không giữ vai trò và không đăng nhập được. Ghi nhận trở lại trước.",
        "{name} left, and can hold no role and not sign in. Take them back first.",
    )


class PersonIsHere(Refusal):
    """The person has not left."""

    code = "person-not-left"
    words = Words(
        "{name} vẫn thuộc cơ quan. Ghi nhận rời cơ quan trước, rồi mới xoá dữ liệu cá nhân.",
        "{name} is still of the organisation. Say that they left first, then erase their personal data.",
    )


class LastAdministrator(Refusal):
    """Nobody would be left who could change roles."""

    code = "last-administrator"
    words = Words(
        "{name} là người quản trị duy nhất. Giao vai trò quản trị hệ thống cho một người khác trước.",
        "{name} is the only administrator. Grant that role to somebody else first.",
    )


class NoLinks(Refusal):
    """This installation lets nobody in by a link that a page gives."""

    code = "no-links"
    words = Words(
        "Cơ quan chỉ cho đăng nhập bằng tài khoản của cơ quan (KETLUAN_SIGNIN_LINKS=false).",
        "People sign in with their organisation's accounts alone here (KETLUAN_SIGNIN_LINKS=false).",
    )
