"""What of each request is measured and traced: its route's template and its outcome, never what was asked."""

import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.telemetry import metrics, traces

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_STREAM = "text/event-stream"


class Told:
    """ASGI middleware that counts and traces requests. It stands next to the routes: what stands before it may copy the
    scope, and the route that was found is told in the scope that the routes were given."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status, live = 500, ""

        def answered() -> None:
            route = _template(scope)
            metrics.HTTP_REQUESTS.labels(method, route, str(status)).inc()
            metrics.HTTP_SECONDS.labels(method, route).observe(time.perf_counter() - began)

        async def send_told(message: Message) -> None:
            nonlocal status, live
            if message["type"] == "http.response.start":
                status = message["status"]
                answered()
                if Headers(raw=message["headers"]).get("content-type", "").startswith(_STREAM):
                    live = _template(scope)
                    metrics.LIVE_CONNECTIONS.labels(live).inc()
            await send(message)

        traceparent = Headers(scope=scope).get("traceparent")
        with traces.request(method, scope["state"]["request_id"], traceparent) as span:
            try:
                await self._app(scope, receive, send_told)
            except BaseException:
                if status == 500:
                    answered()
                raise
            finally:
                if live:
                    metrics.LIVE_CONNECTIONS.labels(live).dec()
                if span is not None:
                    span.name = f"{method} {_template(scope)}"
                    span.attributes |= {
                        "http.request.method": method,
                        "http.route": _template(scope),
                        "http.response.status_code": status,
                    }


def _template(scope: Scope) -> str:
    """The route's path with the names of its parts; of what no route answers, none."""
    return getattr(scope.get("route"), "path", None) or "none"
