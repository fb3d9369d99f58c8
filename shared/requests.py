"""Every request has an id: given by its sender or made here, in the answer, in every log line, in every event."""

import re
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry.correlation import bound

HEADER = "X-Request-Id"
_USABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def wants_page(request: Request) -> bool:
    """Whether somebody with a browser asks; the addresses below /v1/ are for programs."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


class RequestId:
    """ASGI middleware that puts the request's id into `scope["state"]["request_id"]` and the answer's headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _USABLE.fullmatch(given) else str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with bound(request_id):
            await self._app(scope, receive, send_with_id)


class PlainForms:
    """ASGI middleware that has every form of parts read as UTF-8.

    The media type has no `charset`; Starlette takes one all the same, and with one such as `idna` or `utf-7` a form
    would break its reading, or bring in halves of characters that no page and no record can hold.
    Source: RFC 7578, sections 5.1 and 8.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] == "http":
            headers = [
                (name, _as_form(value) if name == b"content-type" else value) for name, value in scope["headers"]
            ]
            scope = {**scope, "headers": headers}
        await self._app(scope, receive, send)


def _as_form(content_type: bytes) -> bytes:
    if b"charset" not in content_type.lower():
        return content_type
    kind, parameters = parse_options_header(content_type)
    if kind != b"multipart/form-data" or b"charset" not in parameters:
        return content_type
    return b'multipart/form-data; boundary="%b"' % parameters[b"boundary"] if b"boundary" in parameters else kind


class BodyTooLarge:
    """ASGI middleware that answers as the application's other refusals do where a body is larger than its route takes.

    Starlette refuses it in plain text, from outside of the route and so without the application's error handlers.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        replaced = False

        async def send_other(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_plain_refusal(message):
                replaced = True
                await self._answer(Request(scope))(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, send_other)


def _is_plain_refusal(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and kind.startswith("text/plain")


class Head:
    """ASGI middleware that answers HEAD as GET without its contents. Source: RFC 9110, section 9.3.2."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection. A live stream has no end, so HEAD asks for the resource's other form."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept"]

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", "headers": headers}, receive, send_head)
