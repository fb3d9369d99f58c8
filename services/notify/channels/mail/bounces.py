"""Mail that came back: which of our messages it was, and why. Pure.

A mail server that cannot deliver sends a report (delivery status notification) whose parts are the words for people,
the status for programs, and the message or its headers. Our message is known by the envelope id that we gave it, or by
the Message-ID among the headers that come back. Sources: RFC 3462, RFC 3464, RFC 3461 (ENVID).
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Part
from email.policy import default

_FAILED = "failed"
_STATUS = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_ENVELOPE_ID = re.compile(r"^\s*([A-Za-z0-9-]{1,64})\s*$")
_MESSAGE_ID = re.compile(rb"^message-id:\s*<([^<>@\s]{1,64})@([^<>\s]+)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A message of ours that did not arrive. `error` names codes alone: the words of a report hold the address."""

    message_id: str
    error: str


def bounce_of(content: bytes, domain: str) -> Bounce | None:
    """The bounce that a mail reports; None where it is no report of a failure, or of no message of this domain."""
    report = message_from_bytes(content, policy=default)
    if report.get_content_type() != "multipart/report":
        return None
    status = next((part for part in report.walk() if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    groups = _groups(status)
    failed = [each for each in groups if each.get("Action", "").strip().lower() == _FAILED]
    message_id = _by_envelope(groups) or _by_headers(report, domain)
    if not failed or message_id is None:
        return None
    code = _STATUS.match(failed[0].get("Status", ""))
    return Bounce(message_id, f"the mail came back: {code.group(1) if code else 'without a code'}")


def _groups(status: Part) -> list[Part]:
    """The groups of fields: one of the message, and one of each address."""
    content = status.get_payload()
    return [each for each in content if isinstance(each, Part)] if isinstance(content, list) else []


def _by_envelope(groups: list[Part]) -> str | None:
    for each in groups:
        if found := _ENVELOPE_ID.match(str(each.get("Original-Envelope-Id", ""))):
            return found.group(1)
    return None


def _by_headers(report: Part, domain: str) -> str | None:
    for part in report.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            for found in _MESSAGE_ID.finditer(_bytes_of(part)):
                if found.group(2).decode(errors="replace").lower() == domain.lower():
                    return found.group(1).decode(errors="replace")
    return None


def _bytes_of(part: Part) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(each.as_bytes() for each in payload if isinstance(each, Part))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""
