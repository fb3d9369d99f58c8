"""Who signed a notice, for whom, and to whom it was sent."""

import re
from dataclasses import dataclass

from services.intake.reading.people import names_in
from services.intake.reading.text import Line, columns, folded
from shared.events.fields import NamedPerson

_SENT_TO = re.compile(r"[\s*_]*(?:Nơi nhận|Nơi gửi)[^:]{0,30}:?[\s*_]*(?P<rest>.*)$")
_ONE_RECIPIENT = re.compile(r"\s*;\s*|\s+-\s+(?=[A-ZĐ])")
_FILED = re.compile(r"^Lưu\b", re.IGNORECASE)
_MOST_LINES = 300
_MOST_RECIPIENTS = 1_000
_LONGEST_NAME = 500


@dataclass(frozen=True, slots=True)
class Closing:
    """What stands under the conclusions. What the text does not say is None or empty."""

    signed_by: NamedPerson | None
    recipients: tuple[str, ...]


def closing_of(text: str, lines: list[Line]) -> Closing:
    """The fields of the lines after the conclusions."""
    sent_from = next((at for at, line in enumerate(lines) if _SENT_TO.match(line.words.lstrip("| "))), len(lines))
    recipients: list[str] = []
    signature: list[str] = []
    for line in lines[sent_from : sent_from + _MOST_LINES]:
        listed, others = _sides(text, line, still_listing=not signature)
        recipients.extend(name.strip(" -–+*_.;|") for name in _ONE_RECIPIENT.split(listed))
        signature.extend(others)
    if not signature:
        signature = [
            cell for line in lines[max(0, sent_from - 12) : sent_from] for cell in columns(text[line.start : line.end])
        ]
    kept = [name[:_LONGEST_NAME] for name in recipients if name and not _FILED.match(name)]
    return Closing(_signer(signature), tuple(dict.fromkeys(kept))[:_MOST_RECIPIENTS])


def _sides(text: str, line: Line, *, still_listing: bool) -> tuple[str, list[str]]:
    """What a line lists as recipients, and what stands beside it or alone: words of the signature."""
    written = text[line.start : line.end]
    if line.in_table:
        cells = written.split("|")
        listed = [match["rest"] for cell in cells if (match := _SENT_TO.match(folded(cell.replace("<br>", "; "))))]
        others = [part for cell in cells if not _SENT_TO.match(folded(cell)) for part in columns(cell)]
        return " ".join(listed), others
    first, *others = columns(written) or [""]
    if match := _SENT_TO.match(first):
        return match["rest"], others
    if still_listing and written[0] in "-–+•":
        return first, others
    return "", [first, *others]


def _signer(cells: list[str]) -> NamedPerson | None:
    for at in range(len(cells) - 1, -1, -1):
        if len(cells[at]) < 80 and (names := names_in(cells[at])):
            titles = [cell.split(" / ")[0].strip() for cell in cells[:at] if cell.isupper() and len(cell) < 200]
            return NamedPerson(name=names[-1], position=" ".join(titles)[:_LONGEST_NAME] or None)
    return None
