"""A notice as it was posted: what it concludes, the bytes that it came in, and what makes it one and the same."""

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property

from services.intake.conclusion import Conclusion
from services.intake.reading.frames import DocumentReading
from services.intake.reading.notice import ReadingDoubt
from services.intake.sketch import sketch, words_compared
from shared.directory.spelling import matching_key, visible
from shared.events.fields import Day, derived_id
from shared.events.meeting import CorrectedFields, Document, OtherPassage

JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain"


@dataclass(frozen=True)
class Posted:
    """What was posted: the conclusion, the document that it came in, and a digest of what it says.

    `content` are the bytes as they came, `other` and `doubts` what their reading found besides. `submission_id` is
    the id under which the sender's Idempotency-Key is used up; None without a key.
    """

    conclusion: Conclusion
    document: Document
    content: bytes
    fingerprint: str
    meeting_id: str
    submission_id: str | None
    other: tuple[OtherPassage, ...] = ()
    doubts: tuple[ReadingDoubt, ...] = ()

    @cached_property
    def words(self) -> list[str]:
        """The words by which it is compared with other notices."""
        return words_compared(self.conclusion.title, (each.text for each in self.conclusion.directives))

    @cached_property
    def sketch(self) -> tuple[int, ...]:
        """The sketch of these words."""
        return sketch(self.words)

    def as_unnumbered(self) -> "Posted":
        """The same notice as its contents alone make it one: its number once made another meeting's id."""
        return replace(self, meeting_id=derived_id("meeting", self.fingerprint))


def posted_json(conclusion: Conclusion, body: bytes, idempotency_key: str | None) -> Posted:
    """A conclusion that came as JSON. Two bodies that say the same are the same, however they are laid out."""
    meaning = conclusion.model_dump_json(exclude_defaults=True).encode()
    document = Document(media_type=JSON_TYPE, sha256=hashlib.sha256(body).hexdigest(), size=len(body))
    return _posted(conclusion, document, body, b"json\n" + meaning, idempotency_key)


def posted_document(
    reading: DocumentReading,
    body: bytes,
    name: str | None,
    idempotency_key: str | None,
    fields: CorrectedFields | None = None,
) -> Posted:
    """A conclusion that was read from a document; `fields` are the notice's own where its sender knows better.

    A text's encoding, composition and line ends make no other notice of it; of any other form, the bytes are what it
    says.
    """
    notice, text = reading.notice, reading.text
    if reading.media_type == TEXT_TYPE:
        meaning = b"text\n" + unicodedata.normalize("NFC", "\n".join(text.split("\r\n"))).encode()
    else:
        meaning = b"file\n" + body
    conclusion = notice.conclusion
    if fields and (given := fields_given(fields)):
        conclusion = conclusion.model_copy(update=given)
        meaning += b"\n" + fields.model_dump_json(exclude_none=True).encode()
    digest = hashlib.sha256(body).hexdigest()
    document = Document(media_type=reading.media_type, sha256=digest, size=len(body), name=name, text=text)
    posted = _posted(conclusion, document, body, meaning, idempotency_key)
    return replace(posted, other=notice.other, doubts=notice.doubts)


def identity(issuer: str | None, number: str | None, issued_on: Day | None, held_on: Day | None) -> str | None:
    """The id of the one notice of an issuer that bears a number in a year; None where one of the three is missing."""
    day = issued_on or held_on
    if not issuer or not number or not day:
        return None
    return derived_id("meeting", matching_key(issuer), number_key(number), day.year)


def number_key(number: str) -> str:
    """What all spellings of a notice's number share."""
    return "".join(visible(number).casefold().split())


def fields_given(fields: CorrectedFields) -> dict[str, object]:
    """The fields of a notice that somebody gives, by name."""
    return {name: value for name in CorrectedFields.model_fields if (value := getattr(fields, name)) is not None}


def _posted(
    conclusion: Conclusion, document: Document, content: bytes, meaning: bytes, idempotency_key: str | None
) -> Posted:
    fingerprint = hashlib.sha256(meaning).hexdigest()
    submission_id = derived_id("submission", idempotency_key) if idempotency_key else None
    numbered = identity(conclusion.issuer, conclusion.number, conclusion.issued_on, conclusion.held_on)
    meeting_id = numbered or derived_id("meeting", fingerprint)
    return Posted(conclusion, document, content, fingerprint, meeting_id, submission_id)
