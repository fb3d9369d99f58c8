"""What one person is told. Each event stands on that person's own subject."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.fields import Channel, Count, Fields, Name, Token

Reason = Literal["responsible", "lead", "cooperator", "overseer", "unresolved"]
"""Why somebody is told: their unit is responsible, they lead, their unit co-operates, they oversee every notice,
or somebody must say which unit is meant."""


class TaskMention(Fields):
    """A task that a notification is about, and why it concerns this person."""

    task_id: Token
    reason: Reason


class NotificationRequested(Fields):
    """Somebody is to be told something, for reasons that can be read later."""

    type: ClassVar[str] = "ketluan.NotificationRequested.v1"

    notification_id: Token
    person_id: Token
    rule: Annotated[Token, Field(description="the line of the policy that decided it")]
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]
    meeting_id: Token
    tasks: tuple[TaskMention, ...] = ()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]


class NotificationDelivered(Fields):
    """A channel took the notification: the inbox shows it, or the mail server accepted it."""

    type: ClassVar[str] = "ketluan.NotificationDelivered.v1"

    notification_id: Token
    person_id: Token
    channel: Channel
    reference: Name | None = None
    attempts: Annotated[int, Field(ge=1, le=2**31 - 1)] = 1
    template: Name | None = None
    content_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class NotificationFailed(Fields):
    """A channel gave up on the notification; the inbox still holds it."""

    type: ClassVar[str] = "ketluan.NotificationFailed.v1"

    notification_id: Token
    person_id: Token
    channel: Channel
    error: Name
    attempts: Count
