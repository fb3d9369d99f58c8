"""Text that any office program can open. Pure."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text without the characters that no XML may hold. Source: XML 1.0, section 2.2."""
    return _FORBIDDEN.sub(" ", text)
