"""Who signed a notice, for whom, and to whom it was sent."""

import datetime as dt
import re
from dataclasses import dataclass

from services.intake.reading.fields.letterhead import day_of_issue
from services.intake.reading.people.people import full_name
from services.intake.reading.text import Line, columns, composed, folded
from shared.events.fields import NamedPerson

_SENT_TO = re.compile(
    r"[\s*_|]*(?:Nơi\s(?:nhận|gửi)|NƠI\s(?:NHẬN|GỬI)|Recipients|Distribution|Circulation|Copies?\sto|Cc)\b[^:|]{0,30}:?[\s*_]*(?P<rest>.*)$",
    re.DOTALL,
)
_ONE_RECIPIENT = re.compile(r"\s*;\s*|\s+-\s+(?=[A-ZĐ])|<br\s?/?>")
_FILED = re.compile(r"^(?:Lưu\b|File\b|Archive\b)", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[-–+•*]\s*")
_ANNEX = re.compile(r"^(?:PHỤ\sLỤC|Phụ\slục|DANH\sMỤC|BIỂU|ANNEX|Annex|APPENDIX|Appendix)\b")
_AUTHORITY = re.compile(
    r"^(?:(?:T/?L|K/?T|T/?M|TU/?Q|Q)\s?\.|(?:T/L|K/T|T/M)\b|THỪA\s(?:LỆNH|ỦY\sQUYỀN)|THAY\sMẶT|FOR\s|BY\sORDER|On\sbehalf|For\sthe|for\sthe)",
)
_POSITION = re.compile(
    r"^(?:PHÓ|QUYỀN|Q\.|GIÁM|CHỦ|BÍ|TRƯỞNG|CHÁNH|TỔNG|THỨ|BỘ|CỤC|VỤ|VIỆN|HIỆU|CHI\sCỤC|KẾ|THƯ\sKÝ|ỦY|UỶ|ĐẠI|Phó|Giám|Chủ|Bí|Trưởng"
    r"|Chánh|Tổng|Hiệu|Viện|Cục)\b"
)
_MOST_LINES = 300
_MOST_RECIPIENTS = 1_000
_LONGEST_NAME = 500
_LONGEST_CELL = 200
_LINES_ABOVE = 14


@dataclass(frozen=True, slots=True)
class Closing:
    """What stands under the conclusions. What the text does not say is None or empty."""

    signed_by: NamedPerson | None
    issued_on: dt.date | None
    recipients: tuple[str, ...]


def closing_of(text: str, lines: list[Line], above: list[Line] | None = None) -> Closing:
    """The fields of the lines after the conclusions; `above` are the lines before them, where a signature may stand."""
    lines = _without_annex(lines)[:_MOST_LINES]
    sent_from = next((at for at, line in enumerate(lines) if _SENT_TO.match(line.words)), len(lines))
    recipients, signature = _listed(text, lines[sent_from:])
    signer = _signer(signature)
    if signer is None:
        before = [*(above or []), *lines[:sent_from]][-_LINES_ABOVE:]
        signer = _signer([_cells(text[line.start : line.end]) for line in before])
    kept = [name[:_LONGEST_NAME] for name in recipients if name and not _FILED.match(name)]
    issued_on = day_of_issue(text, [*(above or [])[-_LINES_ABOVE:], *lines])
    return Closing(signer, issued_on, tuple(dict.fromkeys(kept))[:_MOST_RECIPIENTS])


def _without_annex(lines: list[Line]) -> list[Line]:
    annex = next((at for at, line in enumerate(lines) if at and _ANNEX.match(line.words)), len(lines))
    return lines[:annex]


def _listed(text: str, lines: list[Line]) -> tuple[list[str], list[list[str]]]:
    """Who is listed as a recipient, and what stands beside the list and behind it, line by line: the signature."""
    recipients: list[str] = []
    signature: list[list[str]] = []
    still_listing = True
    for at, line in enumerate(lines):
        written = composed(text[line.start : line.end])
        if line.in_table:
            for cell in written.split("|"):
                match = _SENT_TO.match(cell)
                if match:
                    recipients.extend(_each(match["rest"]))
                else:
                    signature.append(_cells(cell.replace("<br>", "\n")))
            continue
        first, *others = _cells(written) or [""]
        match = _SENT_TO.match(first)
        if match:
            recipients.extend(_each(match["rest"]))
        elif _BULLET.match(written) and still_listing:
            recipients.extend(_each(first))
        elif at and still_listing and not signature and first[:1].islower():
            recipients[-1:] = [f"{recipients[-1]} {first}"] if recipients else [first]
        else:
            others = [first, *others]
            still_listing = still_listing and not others[1:] and not signature[1:]
        if others:
            signature.append(others)
    return recipients, signature


def _each(listed: str) -> list[str]:
    return [name for part in _ONE_RECIPIENT.split(listed) if (name := folded(part).strip(" -–+*_.;,|"))]


def _cells(written: str) -> list[str]:
    return [part.strip() for cell in columns(written) for part in re.split(r"\*\*|__", cell) if part.strip()]


def _signer(lines: list[list[str]]) -> NamedPerson | None:
    """The last name behind a position or an authority, of several side by side the last; else the first name."""
    found: NamedPerson | None = None
    position: list[str] = []
    for cells in lines:
        named_here = False
        for cell in cells:
            vietnamese = cell.split(" / ")[0].strip()
            name = _name_in(vietnamese) if len(vietnamese) <= _LONGEST_CELL else None
            if name is not None and (position or found is None or named_here):
                said = " ".join(position)[:_LONGEST_NAME]
                found = NamedPerson(name=name, position=said or (found.position if found and named_here else None))
                named_here, position = True, []
            elif _AUTHORITY.match(vietnamese) or _POSITION.match(vietnamese):
                position.append(vietnamese)
    return found


def _name_in(cell: str) -> str | None:
    """The name that a cell is, or that ends what a table's row joined: "KT. BỘ TRƯỞNG THỨ TRƯỞNG Nguyễn Văn A"."""
    name = full_name(cell)
    if name is not None or not (_AUTHORITY.match(cell) or _POSITION.match(cell)):
        return name
    words = cell.split()
    behind = next((at for at in range(len(words), 0, -1) if words[at - 1].isupper() and len(words[at - 1]) > 1), 0)
    return full_name(" ".join(words[behind:])) if 0 < behind < len(words) else None
