"""Plain text: which encoding it is in, and what it says."""

import re

from services.intake.reading.documents.refusals import CONTROL_CHARACTER, ENCODING_UNKNOWN
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def text_source(content: bytes) -> Source:
    """The source of a plain text.

    Raises:
        UnreadableNotice: its encoding is not known, or it holds control characters.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableNotice("encoding-unknown", ENCODING_UNKNOWN, position=error.start + 1) from error
    text = text.removeprefix("\ufeff")
    if found := _CONTROL.search(text):
        raise UnreadableNotice("control-character", CONTROL_CHARACTER, position=found.start() + 1)
    return Source(text)
