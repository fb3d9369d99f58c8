"""Nothing is changed on behalf of another site's page, also where a browser finds a service's own port."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.language import Words
from shared.problems import Problem

_READING = {"GET", "HEAD", "OPTIONS"}
_OTHERS = {"cross-site", "same-site"}


class ForeignPage(Problem):
    """A browser sent this for a page of another address."""

    status = HTTPStatus.FORBIDDEN
    code = "foreign-page"
    title = Words("Trang của nơi khác không được gửi vào đây", "Pages of other sites may send nothing here")
    detail = Words(
        "Trình duyệt gửi yêu cầu này thay cho trang của một địa chỉ khác nên không được nhận; chưa có gì được ghi "
        "nhận. Gửi từ trang của chính hệ thống, ở địa chỉ công bố (KETLUAN_PUBLIC_URL).",
        "A browser sent this request for a page of another address, so it was not taken and nothing was recorded. Send "
        "it from the system's own pages, at its public address (KETLUAN_PUBLIC_URL).",
    )


class OwnPagesOnly:
    """ASGI middleware that refuses what a browser says to come from another site. Programs say nothing of the kind.

    The gateway, which knows the names by which it is reached, looks at Origin and Host as well.
    Source: Fetch Metadata Request Headers, W3C.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            request = Request(scope)
            if request.headers.get("sec-fetch-site") in _OTHERS:
                await ForeignPage().answer(request)(scope, receive, send)
                return
        await self._app(scope, receive, send)
