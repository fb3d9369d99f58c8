"""Nothing is changed on behalf of another site's page, also where a browser finds a service's own port."""

from http import HTTPStatus
from urllib.parse import urlsplit

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


def _host(origin: str) -> str:
    """The host and port of an origin; "" where it tells none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class OwnPagesOnly:
    """ASGI middleware that refuses what a browser says to come from another site. Programs say nothing of the kind.

    A browser says it in Sec-Fetch-Site, and an older one in Origin, which must name the host that was asked or the
    public address. Sources: Fetch Metadata Request Headers, W3C; RFC 6454, section 7.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public = urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] == "http" and scope["method"] not in _READING:
            request = Request(scope)
            origin = request.headers.get("origin")
            own = origin is None or _host(origin) in {request.headers.get("host"), self._public}
            if not own or request.headers.get("sec-fetch-site") in _OTHERS:
                await ForeignPage().answer(request)(scope, receive, send)
                return
        await self._app(scope, receive, send)
