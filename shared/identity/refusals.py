"""What is said to whoever is not known, or may not do what they ask."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from shared.identity.permissions import Permission, Reach, who_may
from shared.language import Words
from shared.problems import Problem
from shared.requests import wants_page
from shared.vocabulary import PERMISSIONS, ROLES

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="ketluan"'}


class Unidentified(Problem):
    """Nobody known asks: nothing was shown that proves who it is, or what was shown proves nothing any more."""

    status = HTTPStatus.UNAUTHORIZED
    code = "unidentified"
    title = Words("Chưa biết ai đang hỏi", "It is not known who asks")
    detail = Words(
        "{why} Chưa có gì được ghi nhận. Người dùng đăng nhập tại /signin; chương trình gửi khoá truy cập trong tiêu "
        "đề Authorization: Bearer.",
        "{why} Nothing was recorded. People sign in at /signin; programs send their key in the header "
        "Authorization: Bearer.",
    )

    def __init__(self, why: Words) -> None:
        super().__init__(headers=_CHALLENGE, why=why)

    def answer(self, request: Request) -> Response:
        """A browser that asks for a page is shown where to sign in."""
        if request.method == "GET" and wants_page(request):
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            asked = {"next": wanted} | ({"lang": "en"} if request.query_params.get("lang") == "en" else {})
            headers = {"Cache-Control": "no-store", "Vary": "Accept, Cookie"}
            return RedirectResponse(f"/signin?{urlencode(asked)}", HTTPStatus.SEE_OTHER, headers)
        return super().answer(request)


NOTHING_SHOWN = Words("Yêu cầu không kèm thông tin đăng nhập.", "The request says nothing of who sends it.")
UNUSABLE = Words(
    "Thông tin đăng nhập kèm theo không dùng được, đã hết hạn hoặc đã bị thu hồi.",
    "What the request shows of its sender cannot be used, is over, or was revoked.",
)


NOBODY_ELSE = Words("chỉ chính người đó", "only the person in question")


class NotAllowed(Problem):
    """Whoever asks is known, and may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "not-allowed"
    title = Words("Không có quyền làm việc này", "This is not allowed to you")
    detail = Words(
        "{name} không có quyền {permission}. Chưa có gì thay đổi. Người có quyền: {who}; nếu việc này thuộc về "
        "anh/chị, đề nghị quản trị hệ thống giao vai trò phù hợp.",
        "{name} may not {permission}. Nothing was changed. Who may: {who}; if it is yours to do, ask an "
        "administrator for the role.",
    )

    def __init__(self, name: str, permission: Permission, needed: Reach = "own") -> None:
        roles = [ROLES[role] for role in who_may(permission, needed)]
        listed = Words(", ".join(words.vi for words in roles), ", ".join(words.en for words in roles))
        who = listed if roles else NOBODY_ELSE
        self.permission, self.needed = permission, needed
        super().__init__(name=name, permission=PERMISSIONS[permission], who=who)


class ForeignForm(Problem):
    """A browser sent this with a session, and without the token of one of our own pages."""

    status = HTTPStatus.FORBIDDEN
    code = "foreign-form"
    title = Words("Không rõ trang nào gửi yêu cầu này", "It is not known which page sent this")
    detail = Words(
        "Yêu cầu đi cùng phiên đăng nhập nhưng không kèm mã của trang nên không được nhận; chưa có gì được ghi nhận. "
        "Tải lại trang rồi gửi lại. Chương trình dùng tiêu đề Authorization: Bearer thay cho phiên.",
        "The request came with a session and without its page's token, so it was not taken and nothing was recorded. "
        "Load the page again and send it once more. Programs use Authorization: Bearer rather than a session.",
    )


IDENTITY_AWAY = Words(
    "Không xác nhận được ai đang hỏi, vì sổ ghi sự kiện (NATS) chưa trả lời.",
    "It cannot be confirmed who asks, since the event log (NATS) does not answer.",
)


class TooManyAttempts(Problem):
    """The same was tried too often in a short time."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many-attempts"
    title = Words("Thử quá nhiều lần", "Tried too often")
    detail = Words(
        "Chờ {seconds} giây rồi thử lại. Chưa có gì thay đổi.",
        "Wait for {seconds} seconds and try again. Nothing was changed.",
    )

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(seconds)}, seconds=seconds)
