"""Turns a source that came as letters of an old encoding into the Vietnamese that they stand for."""

from dataclasses import replace

from services.intake.reading.documents.legacy import Encoding, decoded, encoding_of
from services.intake.reading.source import Source, SourceDoubt, Span, Table

_TRUST: dict[Encoding, float] = {"tcvn3": 0.8, "vni": 0.9, "windows-1258": 0.95}


def doubt_of(encoding: Encoding) -> SourceDoubt:
    """What an old encoding may have lost: TCVN3 has no capital vowels with tones, so those came as small letters."""
    return SourceDoubt("legacy-encoding", encoding, _TRUST[encoding])


def recoded(source: Source) -> Source:
    """The source in Unicode; as it is where it is so already."""
    encoding = encoding_of(source.text)
    if encoding is None:
        return source
    bounds = sorted({at for table in source.tables for row in table.rows for span in row for at in span})
    places, parts, length, last = {}, [], 0, 0
    for at in (*bounds, len(source.text)):
        part = decoded(source.text[last:at], encoding)
        parts.append(part)
        length, last = length + len(part), at
        places[at] = length

    def moved(span: Span) -> Span:
        return places[span[0]], places[span[1]]

    tables = tuple(Table(tuple(tuple(map(moved, row)) for row in table.rows)) for table in source.tables)
    return replace(source, text="".join(parts), tables=tables, doubts=(*source.doubts, doubt_of(encoding)))
