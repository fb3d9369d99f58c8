"""What is wrong with an answer: nothing of ours may break, tell what is nobody's business, or refuse without reason."""

import http
import json
import sys
import tempfile
from pathlib import Path

from tests.faults.requests.exchange import Answer, Asked
from tests.faults.requests.town import Town

_ROOT = Path(__file__).parents[3]
_TRACES = (b"Traceback (most recent", b'File "/', b"site-packages", b"sqlalchemy.", b"asyncpg.", b"root:x:0:")
_MEMBERS = {"type", "title", "status", "code"}
_NOT_HTTP = {
    http.HTTPStatus.BAD_REQUEST,
    http.HTTPStatus.METHOD_NOT_ALLOWED,
    http.HTTPStatus.NOT_IMPLEMENTED,
}


def wrong(town: Town, asked: Asked, answer: Answer) -> list[str]:
    """What must not be in the answer to a request; none where all is well."""
    found = []
    own = b"\n".join(value.encode() for value in asked.asker.shows.values())
    given = own + asked.target + asked.body + b"".join(value for _, value in asked.headers)
    shown = answer.content + "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
    if answer.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR and not _is_refusal_of_no_http(asked, answer):
        found.append(f"{answer.status} {answer.content[:200]!r}")
    if answer.status == 0 and not asked.malformed:
        found.append("the connection was closed without an answer")
    for what, secret in town.secrets.items():
        if secret.encode() in shown and secret.encode() not in given:
            found.append(f"it tells {what}")
    if asked.asker.mail is not None:
        seen = [mail for mail in town.mail if mail.encode() in shown and mail.encode() not in given]
        if strangers := set(seen) - asked.asker.mail:
            found.append(f"it tells the mail address of others: {sorted(strangers)}")
    paths = (str(_ROOT), sys.prefix, tempfile.gettempdir() + "/ketluan")
    for trace in (*_TRACES, *(path.encode() for path in paths)):
        if trace in shown and trace not in given:
            found.append(f"it tells of the machine: {trace.decode()}")
    if "x-injected" in answer.headers or ("set-cookie" in answer.headers and b"a=b" in shown and b"a=b" not in own):
        found.append("a header of it was written by the request")
    is_refusal = http.HTTPStatus.BAD_REQUEST <= answer.status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    if is_refusal and not _is_refusal_of_no_http(asked, answer):
        found += _unclear(asked, answer)
    return found


def _is_refusal_of_no_http(asked: Asked, answer: Answer) -> bool:
    """Whether the server refused the bytes before they were a request, which no handler sees."""
    is_bare = not answer.content or answer.headers.get("content-type", "").startswith("text/plain")
    is_too_long = answer.status == http.HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    is_no_http = is_too_long or (asked.malformed and answer.status in _NOT_HTTP)
    return is_no_http and is_bare and "x-request-id" not in answer.headers


def _unclear(asked: Asked, answer: Answer) -> list[str]:
    kind = answer.headers.get("content-type", "").split(";")[0]
    if answer.method == "HEAD":
        return []
    if kind == "text/html":
        return [] if b"<h1" in answer.content else [f"{answer.status}: a page without a heading"]
    try:
        body = json.loads(answer.content)
    except ValueError:
        return [f"{answer.status}: no problem detail but {kind} {answer.content[:100]!r}"]
    if b"/oauth/token" in asked.target and isinstance(body, dict) and "error" in body:
        return []  # RFC 6749, section 5.2, has a form of its own
    if kind != "application/problem+json" or not isinstance(body, dict) or body.keys() < _MEMBERS:
        return [f"{answer.status}: a problem detail lacks something: {kind} {answer.content[:200]!r}"]
    return [] if body["status"] == answer.status else [f"{answer.status}: it says {body['status']} of itself"]
