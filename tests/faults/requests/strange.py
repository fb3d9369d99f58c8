"""Requests as no client of ours would send them, to routes of every service: a strategy of hypothesis."""

import json
import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from hypothesis import strategies as st
from pydantic import SecretStr

from services.intake.main import intake
from services.intake.settings import IntakeSettings
from services.notify.main import notify
from services.notify.settings import NotifySettings
from services.tasks.main import TasksSettings, tasks
from tests.examples import conclusion
from tests.faults.requests.exchange import Asked
from tests.faults.requests.town import Asker, Town
from tests.identity import SESSION_KEY

_PLACEHOLDER = re.compile(r"\{(\w+)(?::\w+)?\}")
_NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:9/nothing"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "X" * 40)
_LONGEST_METHOD = 32
"""Caddy refuses longer ones before any of its routes."""

_TRAVERSALS = (
    "/static/../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/0/..%2f..%2f..%2fetc%2fpasswd",
    "/v1/documents/../../etc/passwd",
    "//etc/passwd",
    "/v1/tasks/%2e%2e%5c%2e%2e%5cetc%5cpasswd",
    "/v1/attachments/....//....//etc/passwd",
    "/metrics",
    "/tasks/metrics",
    "/intake/docs",
    "/.env",
    "/.git/config",
)
_NAMES = (
    *("after", "as_of", "by", "category", "cursor", "dry_run", "event", "from", "lang", "limit", "meeting", "on"),
    *("page", "person", "q", "reason", "sense", "sequence", "size", "sort", "state", "status", "task", "to", "token"),
    *("timeliness", "unit", "unread", "up_to", "min_sequence", "note", "version", "name", "id", "mail", "role", "url"),
    *(
        "next",
        "text",
        "file",
        "fields",
        "directives",
        "number",
        "issued_on",
        "title",
        "units",
        "people",
        "due",
        "scope",
    ),
)
_STRANGE = (
    *("", "\x00", "a\x00b", "‮gnol", "\ud7ff\U0010ffff", "é" * 50, "-1", "0", "9" * 30, "1e999", "NaN", "null", "true"),
    *(
        "2026-11-20",
        "2026-02-30",
        "9999-12-31T23:59:59+14:00",
        "0001-01-01",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
    ),
    *("../" * 20, "{{7*7}}", "${jndi:ldap://a}", "a" * 5000, "%00", "%zz", "\r\nSet-Cookie: a=b", "\U0001f4a3" * 9),
)
_MEDIA_TYPES = (
    *("application/json", "application/json; charset=utf-7", "text/plain; charset=utf-16", "text/plain; charset=idna"),
    *("multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary=b; charset=utf-7"),
    *("application/x-www-form-urlencoded", "application/pdf", "message/rfc822", "application/octet-stream", "a/b; =;;"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_HEADERS = {
    "Accept": ("*/*", "text/html", "application/json", "text/event-stream", "application/pdf;q=0", "x" * 3000, ",;,="),
    "Accept-Language": ("en", "vi", "xx-YY;q=9", ";;", "en" * 900),
    "If-Match": ('"1"', '"2"', "*", 'W/"1"', '"', "1", '"9999999999999999999999"', '"1", "2"', '"\x80"'),
    "If-None-Match": ("*", '"1"', 'W/"x"', '"', "x" * 3000),
    "Range": ("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-0,0-0,0-0,0-0", "bytes=99999999999999999999-", "rows=1"),
    "Idempotency-Key": ("k", "", "k" * 5000, "a b", "\x01", "é"),
    "Last-Event-ID": ("1", "-1", "x", "9" * 40),
    "Origin": ("null", "https://khac.example", "http://127.0.0.1", "://"),
    "Sec-Fetch-Site": ("cross-site", "same-origin", "none", "x"),
    "Host": ("khac.example", "", "127.0.0.1", "[::1", "a b"),
    "X-Forwarded-For": ("1.2.3.4", "x, y", "127.0.0.1"),
    "X-Forwarded-Host": ("khac.example",),
    "Referer": ("https://khac.example/\x7f", "x"),
    "Content-Encoding": ("gzip", "br", "x"),
    "If-Modified-Since": ("Mon, 99 Foo 2026", "Mon, 23 Nov 2026 00:00:00 GMT"),
}
_MALFORMED = (
    (b"X-A", b"b\r\nX-Injected: yes"),
    (b"X-A", b"b\r\n\r\nGET /v1/tasks HTTP/1.1"),
    (b"X-\x00", b"a"),
    (b"X-A", b"\x00"),
    (b" X", b"folded"),
    (b"Transfer-Encoding", b"chunked"),
    (b"Transfer-Encoding", b"x"),
    (b"Content-Length", b"-1"),
    (b"Content-Length", b"99999999"),
    (b"X-Long", b"a" * 70_000),
)


def routes() -> list[tuple[str, str]]:
    """Method and path of every route, as the applications themselves know them."""
    key, nowhere = SecretStr(SESSION_KEY), SecretStr(_NOWHERE)
    apps: Sequence[FastAPI] = (
        intake(IntakeSettings(session_key=key)),
        tasks(TasksSettings(session_key=key, database_url=nowhere)),
        notify(NotifySettings(session_key=key, database_url=nowhere)),
    )
    return sorted(
        {
            (method, route.path or "/")
            for app in apps
            for route in iter_route_contexts(app.routes)
            for method in route.methods or ("GET",)
        }
    )


def requests(town: Town) -> st.SearchStrategy[Asked]:
    """Any of them. Each has a place of its own in the log by its request id, which the sender gives it."""
    known = [each for every in town.ids.values() for each in every]
    texts = st.sampled_from(_STRANGE) | st.sampled_from(known) | st.text(max_size=60)
    every_route = st.sampled_from(routes())

    @st.composite
    def request(draw: st.DrawFn) -> Asked:
        method, path = draw(every_route)
        asker = draw(st.sampled_from(town.askers))
        if draw(st.integers(0, 19)) == 0:
            method = draw(st.sampled_from(_METHODS))
        if draw(st.integers(0, 29)) == 0:
            target = draw(st.sampled_from(_TRAVERSALS))
        else:
            target = _PLACEHOLDER.sub(lambda found: quote(draw(_place(town, found[1], texts)), safe=""), path)
        if asked := draw(st.lists(st.tuples(st.sampled_from(_NAMES), texts), max_size=3)):
            target += "?" + urlencode(asked * draw(st.integers(1, 2)), errors="replace")
        headers = [
            (name.encode(), draw(st.sampled_from(_HEADERS[name])).encode())
            for name in draw(st.lists(st.sampled_from(sorted(_HEADERS)), max_size=3))
        ]
        malformed = draw(st.integers(0, 39)) == 0
        if malformed:
            headers.append(draw(st.sampled_from(_MALFORMED)))
        body = b""
        if method not in {"GET", "HEAD"} or draw(st.integers(0, 19)) == 0:
            kind, body = draw(_body(asker, texts))
            headers.append((b"Content-Type", kind.encode()))
        malformed |= len(method) > _LONGEST_METHOD or any(_is_no_header(*each) for each in headers)
        malformed |= [name for name, _ in headers].count(b"Host") > 1
        return Asked(asker, "", method, target.encode(), headers, body, malformed)

    return request()


def _is_no_header(name: bytes, value: bytes) -> bool:
    """Whether the server refuses it before it asks whom it is for."""
    is_no_host = name == b"Host" and (not value or b" " in value or b"[" in value)
    return is_no_host or re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", value) is not None


def _place(town: Town, name: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """What stands in an address: mostly what is there, since all else is soon refused."""
    found = next((ids for kind, ids in town.ids.items() if kind in name), None)
    mostly = st.sampled_from(found or [each for every in town.ids.values() for each in every])
    commands = st.sampled_from(["report-progress", "acknowledge", "cancel", "comment", "accept-completion", "rename"])
    return commands | texts if name in {"command", "name", "verb"} else mostly | mostly | mostly | texts


def _body(asker: Asker, texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, bytes]]:
    named = st.dictionaries(st.sampled_from(_NAMES), texts, max_size=5)
    values: st.SearchStrategy[object] = st.recursive(
        texts | st.none() | st.booleans() | st.integers() | st.floats(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=3),
        max_leaves=6,
    )
    objects = st.dictionaries(st.sampled_from(_NAMES), values, max_size=5)
    notices = st.dictionaries(st.sampled_from(["number", "title", "issued_on", "directives", "held_on"]), values)
    deep = st.sampled_from([b"[" * 50_000, b'{"a":' * 20_000, b"[" * 5000 + b"]" * 5000, b'"' + b"a" * 300_000 + b'"'])
    raw = st.binary(max_size=200) | deep | st.just(b'{"note": "a", "note": "b"}') | st.just(b"\xff\xfe{}")
    return st.one_of(
        named.map(lambda fields: ("application/x-www-form-urlencoded", _form({**fields, **asker.form}))),
        named.map(lambda fields: ("multipart/form-data; boundary=b", _parts({**fields, **asker.form}))),
        objects.map(lambda found: ("application/json", _json(found))),
        notices.map(lambda changes: ("application/json", _json({**conclusion(1), **changes}))),
        texts.map(lambda note: ("application/json", _json({"note": note, "reason": note}))),
        st.tuples(st.sampled_from(_MEDIA_TYPES), raw | texts.map(lambda text: text.encode("utf-8", "replace"))),
    )


def _form(fields: dict[str, str]) -> bytes:
    return urlencode(fields, errors="replace").encode()


def _parts(fields: dict[str, str]) -> bytes:
    named = (
        f'--b\r\nContent-Disposition: form-data; name="{name}"'
        f"{'; filename=x' if name == 'file' else ''}\r\n\r\n{value}\r\n"
        for name, value in fields.items()
    )
    return ("".join(named) + "--b--\r\n").encode("utf-8", "replace")


def _json(value: object) -> bytes:
    return json.dumps(value).encode("utf-8", "replace")
