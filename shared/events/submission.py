"""What became of a request that carried an Idempotency-Key."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.fields import Fields, Token


class SubmissionAccepted(Fields):
    """A request with an Idempotency-Key was answered with this meeting.

    The subject is derived from the key, so the log itself lets a key be used once. The key itself is not recorded.
    """

    type: ClassVar[str] = "ketluan.SubmissionAccepted.v1"

    submission_id: Token
    meeting_id: Token
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of what was posted")]
