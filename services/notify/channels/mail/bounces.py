"""Mail that came back: which of our messages it was, and why. Pure.

A mail server that cannot deliver sends a report (delivery status notification) whose parts are the words for people,
the status for programs, and the message or its headers. Our message is known by the envelope id that we gave it, or by
the Message-ID among the headers that come back. Anybody on earth can write such a mail: it is read part by part, and
never by a parser that descends into parts of parts, for which one mail of 1 MB can take minutes. Sources: RFC 3462,
RFC 3464, RFC 3461 (ENVID), RFC 6533 (their forms with addresses in Unicode), RFC 2046 (boundaries).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message as Headers
from email.parser import BytesHeaderParser

_FAILED = "failed"
_REPORT = "multipart/report"
_STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED_PARTS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
_MOST_PARTS = 8
_MOST_GROUPS = 1_000
_LONGEST_HEADERS = 65_536
_LONGEST_TYPE = 1_000
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_ENVELOPE_ID = re.compile(r"^\s*([A-Za-z0-9-]{1,64})\s*$")
_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^<>@\s]{1,64})@([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message of ours that did not arrive. `error` names codes alone: the words of a report hold the address."""

    message_id: str
    error: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A mail, or one of its parts: its kind, in lower case, the boundary between its own parts, and what it holds."""

    kind: str
    boundary: str | None
    content: bytes


def bounce_of(content: bytes, domain: str) -> Bounce | None:
    """The bounce that a mail reports; None where it is no report of a failure, or of no message of this domain."""
    report = _part(content)
    if report.kind != _REPORT or not report.boundary:
        return None
    parts = _parts(report.content, report.boundary)
    status = next((part for part in parts if part.kind in _STATUS_PARTS), None)
    if status is None:
        return None
    groups = _groups(status.content)
    failed = [each for each in groups if _field(each, "Action").strip().lower() == _FAILED]
    message_id = _by_envelope(groups) or _by_headers(parts, domain)
    if not failed or message_id is None:
        return None
    code = _STATUS.match(_field(failed[0], "Status"))
    return Bounce(message_id, f"the mail came back: {code.group(1) if code else 'without a code'}")


def _part(content: bytes) -> _Part:
    content = content.removeprefix(b"\r").removeprefix(b"\n")
    if found := _EMPTY_LINE.search(content):
        head, rest = content[: found.start()], content[found.end() :]
    else:
        head, rest = content, b""
    headers = _headers(head)
    if len(_field(headers, "Content-Type")) > _LONGEST_TYPE:
        return _Part("", None, b"")
    coding = _field(headers, "Content-Transfer-Encoding").strip().lower()
    if coding in {"base64", "quoted-printable"}:
        headers.set_payload(rest.decode("ascii", "replace"))
        decoded = headers.get_payload(decode=True)
        rest = decoded if isinstance(decoded, bytes) else b""
    return _Part(headers.get_content_type(), headers.get_boundary(), rest)


def _parts(content: bytes, boundary: str) -> list[_Part]:
    """The parts themselves, without what stands before the first of them."""
    between = re.compile(rb"(?:^|\n)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(?:--)?[ \t]*(?=\r?\n|$)")
    return [_part(each.removeprefix(b"\r").removeprefix(b"\n")) for each in between.split(content, _MOST_PARTS)[1:]]


def _groups(content: bytes) -> list[Headers]:
    """The groups of fields: one of the message, and one of each address."""
    return [_headers(each) for each in _EMPTY_LINE.split(content, _MOST_GROUPS)[:_MOST_GROUPS]]


def _headers(content: bytes) -> Headers:
    return BytesHeaderParser().parsebytes(content.lstrip(b"\r\n")[:_LONGEST_HEADERS])


def _field(headers: Headers, name: str) -> str:
    return str(headers.get(name, ""))


def _by_envelope(groups: Sequence[Headers]) -> str | None:
    for each in groups:
        if found := _ENVELOPE_ID.match(_field(each, "Original-Envelope-Id")):
            return found.group(1)
    return None


def _by_headers(parts: Sequence[_Part], domain: str) -> str | None:
    for part in parts:
        if part.kind in _RETURNED_PARTS:
            head = _EMPTY_LINE.split(part.content.lstrip(b"\r\n"), 1)[0]
            for found in _MESSAGE_ID.finditer(head[:_LONGEST_HEADERS]):
                if found.group(2).decode(errors="replace").lower() == domain.lower():
                    return found.group(1).decode(errors="replace")
    return None
