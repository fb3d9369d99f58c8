"""A letter as it goes over the wire.

The standard library's own letters parse each of their headers and fold it anew: two thirds of all that it takes to send
one. What is written here needs neither: headers of one line each, and parts of which it is known how they are written.

Sources: RFC 5322; RFC 2045, sections 6.7 and 6.8; RFC 2046, section 5.1; RFC 2047.
"""

import base64
import hashlib
from binascii import b2a_qp
from collections.abc import Iterable
from dataclasses import dataclass
from email.header import Header
from functools import lru_cache

_NEWLINE = "\r\n"
_LINE = 76
_LONGEST_LINE = 900


class UnwritableHeader(ValueError):
    """A header would have several lines of its own: somebody could add headers of theirs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a letter: its headers and its content, each line of which ends as mail wants it."""

    headers: tuple[tuple[str, str], ...]
    content: str

    def __str__(self) -> str:
        return f"{headers_of(self.headers)}{_NEWLINE}{self.content}"


def text_part(content: str, subtype: str) -> Part:
    """A text that people read, most of it legible as it stands."""
    quoted = b2a_qp(content.replace("\r\n", "\n").encode(), istext=True).decode()
    return Part(
        (("Content-Type", f'text/{subtype}; charset="utf-8"'), ("Content-Transfer-Encoding", "quoted-printable")),
        quoted.replace("\n", _NEWLINE),
    )


def file_part(content: str, kind: str, name: str) -> Part:
    """A text file that comes with the letter. `kind` is its media type, `name` is in ASCII."""
    encoded = base64.b64encode(content.encode()).decode()
    lines = [encoded[begin : begin + _LINE] for begin in range(0, len(encoded), _LINE)]
    return Part(
        (
            ("Content-Type", f'{kind}; charset="utf-8"'),
            ("Content-Transfer-Encoding", "base64"),
            ("Content-Disposition", f'attachment; filename="{name}"'),
        ),
        _NEWLINE.join(lines),
    )


def several(subtype: str, parts: Iterable[Part]) -> Part:
    """Parts that belong together: `alternative` ones, of which the last is the best, or `mixed` ones."""
    written = [str(part) for part in parts]
    # No line that was encoded begins like this: RFC 2045 names "=_" as what neither way of encoding can write.
    boundary = f"=_{hashlib.sha256(''.join(written).encode()).hexdigest()[:32]}"
    between = "".join(f"--{boundary}{_NEWLINE}{part}{_NEWLINE}" for part in written)
    return Part(
        (("Content-Type", f'multipart/{subtype}; boundary="{boundary}"'),), f"{between}--{boundary}--{_NEWLINE}"
    )


def written(headers: Iterable[tuple[str, str]], body: Part) -> bytes:
    """The letter with these headers and this body.

    Raises:
        UnwritableHeader: a value of a header has several lines.
    """
    return f"{headers_of(headers)}{body}".encode("ascii")


def headers_of(headers: Iterable[tuple[str, str]]) -> str:
    """The lines of these headers. Printable ASCII stays as it is, on one line; all else is encoded.

    Raises:
        UnwritableHeader: a value has several lines.
    """
    return "".join(f"{name}: {_value(name, value)}{_NEWLINE}" for name, value in headers)


def _value(name: str, value: str) -> str:
    if "\r" in value or "\n" in value:
        raise UnwritableHeader(f"{name} has several lines")
    if value.isascii() and value.isprintable() and len(value) < _LONGEST_LINE:
        return value
    return _encoded(name, value)


@lru_cache(256)
def _encoded(name: str, value: str) -> str:
    return Header(value, "utf-8", header_name=name).encode(linesep=_NEWLINE)
