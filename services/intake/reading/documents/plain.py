"""Plain text: which encoding it is in, and what it says."""

import codecs
import re
from contextlib import suppress

from services.intake.reading.documents.legacy import Encoding, decoded, vietnamese_share
from services.intake.reading.documents.recoding import doubt_of
from services.intake.reading.documents.refusals import CONTROL_CHARACTER, ENCODING_UNKNOWN
from services.intake.reading.source import Source
from services.intake.reading.unreadable import UnreadableNotice

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UNUSED_IN_TCVN3_AND_VNI = re.compile("[\x80-\x9f]")
_PLAUSIBLE = 0.75
_SAMPLE = 20_000


def text_source(content: bytes) -> Source:
    """The source of a plain text: UTF-8, UTF-16 with its mark, or an old Vietnamese encoding.

    Raises:
        UnreadableNotice: its encoding is not known, or it holds control characters.
    """
    text, encoding = _decoded(content)
    if found := _CONTROL.search(text):
        raise UnreadableNotice("control-character", CONTROL_CHARACTER, position=found.start() + 1)
    return Source(text, doubts=() if encoding is None else (doubt_of(encoding),))


def _decoded(content: bytes) -> tuple[str, Encoding | None]:
    for mark, codec in _UTF16.items():
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(codec), None
            except UnicodeDecodeError as error:
                raise _unknown(error) from error
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        if (found := _legacy(content)) is None:
            raise _unknown(error) from error
        return found


def _legacy(content: bytes) -> tuple[str, Encoding | None] | None:
    candidates: dict[Encoding, str] = {}
    latin = content.decode("latin-1")
    if not _UNUSED_IN_TCVN3_AND_VNI.search(latin):
        candidates = {"tcvn3": decoded(latin, "tcvn3"), "vni": decoded(latin, "vni")}
    with suppress(UnicodeDecodeError):
        candidates["windows-1258"] = decoded(content.decode("cp1258"), "windows-1258")
    shares = {encoding: vietnamese_share(text[:_SAMPLE]) for encoding, text in candidates.items()}
    best = max(shares, key=lambda encoding: shares[encoding], default=None)
    return None if best is None or shares[best] < _PLAUSIBLE else (candidates[best], best)


def _unknown(error: UnicodeDecodeError) -> UnreadableNotice:
    return UnreadableNotice("encoding-unknown", ENCODING_UNKNOWN, position=error.start + 1)
