"""From the bytes of a request to what was posted, or to a refusal that says what to mend."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from services.intake import metrics
from services.intake.conclusion import Conclusion
from services.intake.posted import JSON_TYPE, TEXT_TYPE, Posted, posted_document, posted_json
from services.intake.reading.documents.conversion import LARGEST_DOCUMENT, MOST_TEXT
from services.intake.reading.documents.form import MEDIA_TYPES
from services.intake.reading.isolated import DocumentReader
from services.intake.reading.policy import ReadingPolicy
from services.intake.reading.unreadable import UnreadableNotice
from services.intake.refusals import (
    FormUnusable,
    NotUtf8,
    TooLarge,
    UnreadableDocument,
    UnsupportedMediaType,
)
from shared.events.fields import ONE_LINE
from shared.events.meeting import CorrectedFields
from shared.language import Words
from shared.problems import JSON_INVALID, FieldProblem, Invalid, field_problems

FORM_TYPE = "multipart/form-data"
ANY_TYPE = "application/octet-stream"

LARGEST_JSON = 4 * 1024 * 1024
"""Bytes. MeetingConcluded carries a text twice, as document and as directives, and must stay below NATS's 8 MiB."""

DOCUMENT_TYPES = (frozenset(MEDIA_TYPES.values()) - {TEXT_TYPE}) | {
    ANY_TYPE,
    "application/msword",
    "application/rtf",
    "text/rtf",
}
"""What is handed to the reader, which looks at the bytes and refuses old Word and RTF with what to do."""

files_room = asyncio.Semaphore(4)
"""Files may be 32 MiB each, and wait in memory for their turn to be read."""

_FORM_OVERHEAD = 64 * 1024
_FORM_FIELDS = ("issuer", "number", "issued_on", "held_on", "title")
_UTF_8 = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
_FOUND_IN_BYTES = re.compile(r"utf-?16|(windows|cp|iso|x-|vi|tcvn|vni|vps|viscii|abc|latin)[\w.:-]*")
_LONGEST_NAME = 255

_MANY_MEMBERS = 100_000
_MOST_MEMBERS = 64
_TOO_MANY_MEMBERS = Words("có đối tượng JSON với hơn {most} trường", "holds a JSON object of more than {most} members")


@dataclass(frozen=True, slots=True)
class ContentType:
    """A Content-Type header: the media type and the charset in lower case, "" where not given."""

    media_type: str
    charset: str

    @classmethod
    def of(cls, header: str) -> "ContentType":
        """The header's contents. Source: RFC 9110, section 8.3."""
        media_type, *parameters = (part.strip().lower() for part in header.split(";"))
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "charset":
                return cls(media_type, value.strip().strip('"'))
        return cls(media_type, "")

    @property
    def most_bytes(self) -> int:
        """The largest body of this type that is taken.

        Raises:
            UnsupportedMediaType: none is.
        """
        if self.media_type == JSON_TYPE and self.charset in _UTF_8:
            return LARGEST_JSON
        if self.media_type == TEXT_TYPE and (self.charset in _UTF_8 or _FOUND_IN_BYTES.fullmatch(self.charset)):
            return MOST_TEXT
        if self.media_type in DOCUMENT_TYPES:
            return LARGEST_DOCUMENT
        if self.media_type == FORM_TYPE:
            return LARGEST_DOCUMENT + _FORM_OVERHEAD
        given = f"{self.media_type or '(không nêu)'}{f' charset={self.charset}' if self.charset else ''}"
        raise UnsupportedMediaType(given=given)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file with its name and what its sender says of it; `fields` are the notice's own, where the sender knows
    better than the file."""

    content: bytes
    media_type: str
    name: str | None = None
    fields: CorrectedFields | None = None


async def limited(stream: AsyncGenerator[bytes, None], most: int) -> AsyncGenerator[bytes, None]:
    """The chunks of a body, as long as they are not more than `most` bytes.

    Raises:
        TooLarge: they are.
    """
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > most:
            raise TooLarge(most=most // 1024 // 1024)
        yield chunk


async def form_upload(headers: Headers, stream: AsyncGenerator[bytes, None]) -> Upload:
    """The one file of a form, and the fields beside it.

    Raises:
        FormUnusable: the form is damaged, or holds no file or several.
        Invalid: a field of it cannot be used.
    """
    parser = MultiPartParser(headers, stream, max_files=1, max_fields=len(_FORM_FIELDS), max_part_size=_FORM_OVERHEAD)
    parser.spool_max_size = LARGEST_DOCUMENT
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeDecodeError, LookupError) as error:
        raise FormUnusable(reason=str(getattr(error, "message", error))) from error
    try:
        given = {name: part for name, part in form.multi_items() if isinstance(part, str) and part.strip()}
        files = [part for part in form.values() if isinstance(part, UploadFile)]
        if not files:
            raise FormUnusable(reason="no file")
        content = await files[0].read()
        name, declared = files[0].filename, files[0].content_type
    finally:
        await form.close()
    try:
        fields = CorrectedFields.model_validate(given)
    except ValidationError as error:
        raise Invalid(errors=field_problems(error.errors(include_url=False, include_input=False))) from error
    return Upload(content, ContentType.of(declared or ANY_TYPE).media_type, file_name(name), fields)


async def read_posted(upload: Upload, reader: DocumentReader, policy: ReadingPolicy, key: str | None) -> Posted:
    """What a document says that was posted.

    Raises:
        UnreadableDocument: it cannot be read; the problem says why.
    """
    try:
        with metrics.document() as read:
            reading = await reader.read_document(upload.content, upload.media_type, upload.name, policy)
            read.media_type = reading.media_type
    except UnreadableNotice as error:
        words = Words(error.detail.to("vi", **error.values), error.detail.to("en", **error.values))
        raise UnreadableDocument(extra={"reason": error.code}, reason=words) from error
    return posted_document(reading, upload.content, upload.name, key, upload.fields)


def read_json(body: bytes, key: str | None) -> Posted:
    """The conclusion that a body in JSON holds.

    Raises:
        NotUtf8, Invalid: see there.
    """
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise NotUtf8(position=error.start + 1) from error
    try:
        if body.count(b":") > _MANY_MEMBERS:
            _check_width(from_json(body))
        conclusion = Conclusion.model_validate_json(body)
    except ValidationError as error:
        raise Invalid(errors=field_problems(error.errors(include_url=False, include_input=False))) from error
    except ValueError as error:
        raise Invalid(errors=[FieldProblem("", "json_invalid", JSON_INVALID, {"error": str(error)})]) from error
    return posted_json(conclusion, body, key)


def file_name(given: str | None) -> str | None:
    """A file's name as a record keeps it: without folders, on one line, None where nothing is left of it."""
    name = re.split(r"[\\/]", given or "")[-1]
    kept = "".join(letter for letter in name if re.fullmatch(ONE_LINE, letter)).strip()
    return kept[-_LONGEST_NAME:] or None


def _check_width(value: object) -> None:
    """Refuses an object of very many members before each of them becomes an error of its own."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if len(each) > _MOST_MEMBERS:
                values = {"most": _MOST_MEMBERS}
                raise Invalid(errors=[FieldProblem("", "too-many-members", _TOO_MANY_MEMBERS, values)])
            waiting.extend(member for member in each.values() if isinstance(member, dict | list))
        elif isinstance(each, list):
            waiting.extend(item for item in each if isinstance(item, dict | list))
