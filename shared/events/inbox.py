"""What one person is told. Each event stands on that person's own subject."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.fields import Channel, Count, Day, Fields, Hour, Name, Token
from shared.events.preferences import Category, ChannelChoice, Language, QuietHours, Urgency, Zone

Reason = Literal[
    "responsible", "lead", "cooperator", "overseer", "unresolved", "author", "watcher", "escalated", "auditor"
]
"""Why somebody is told: their unit is responsible, they lead, their unit co-operates, they oversee every notice,
somebody must say which unit is meant, they published or asked for it themselves, they watch the task, they answer for
those who are late, or they audit the record."""


class TaskMention(Fields):
    """A task that a notification is about, and why it concerns this person."""

    task_id: Token
    reason: Reason


class NotificationRequested(Fields):
    """Somebody is to be told something, for reasons that can be read later.

    What they are told of is the event that caused this one (`causationid`). `due` and `offset` are set for reminders
    and escalations: the deadline, and how many working days behind it the notification is due (before it: negative).
    """

    type: ClassVar[str] = "ketluan.NotificationRequested.v1"

    notification_id: Token
    person_id: Token
    rule: Annotated[Token, Field(description="the line of the policy that decided it")]
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]
    meeting_id: Token | None = None
    tasks: tuple[TaskMention, ...] = ()
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    category: Category = "assignment"
    urgency: Urgency = "important"
    language: Language = "vi"
    due: Day | None = None
    offset: int | None = None


class NotificationAttempted(Fields):
    """A channel was asked to take the notification and did not take it this time; it is asked again.

    Attempts that found the whole provider away are excused: they use up none of the notification's chances.
    """

    type: ClassVar[str] = "ketluan.NotificationAttempted.v1"

    notification_id: Token
    person_id: Token
    channel: Channel
    attempt: Annotated[Count, Field(ge=1)]
    excused: Annotated[Count, Field(description="attempts so far, this one among them, that found no provider")] = 0
    error: Name


class NotificationDelivered(Fields):
    """A channel took the notification: the inbox shows it, or the mail server accepted it.

    `template` names the wording with its version; `content_sha256` is of the text as it was rendered.
    """

    type: ClassVar[str] = "ketluan.NotificationDelivered.v1"

    notification_id: Token
    person_id: Token
    channel: Channel
    reference: Name | None = None
    attempts: Annotated[int, Field(ge=1, le=2**31 - 1)] = 1
    template: Name | None = None
    content_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class NotificationFailed(Fields):
    """A channel gave up on the notification; the inbox still holds it, and the office can have it sent again."""

    type: ClassVar[str] = "ketluan.NotificationFailed.v1"

    notification_id: Token
    person_id: Token
    channel: Channel
    error: Name
    attempts: Count


class NotificationBounced(Fields):
    """What a channel had taken came back: it did not reach the person there."""

    type: ClassVar[str] = "ketluan.NotificationBounced.v1"

    notification_id: Token
    person_id: Token
    channel: Channel
    error: Name


class NotificationResent(Fields):
    """Somebody with the authority had a notification sent again by a channel that had given up."""

    type: ClassVar[str] = "ketluan.NotificationResent.v1"

    notification_id: Token
    person_id: Token
    channel: Channel


class NotificationRead(Fields):
    """The person opened the notification in the inbox."""

    type: ClassVar[str] = "ketluan.NotificationRead.v1"

    notification_id: Token
    person_id: Token


class NotificationAcknowledged(Fields):
    """The person said that they have taken note of it."""

    type: ClassVar[str] = "ketluan.NotificationAcknowledged.v1"

    notification_id: Token
    person_id: Token


OUTCOMES = (
    NotificationAttempted,
    NotificationDelivered,
    NotificationFailed,
    NotificationBounced,
    NotificationResent,
    NotificationRead,
    NotificationAcknowledged,
)
"""What becomes of a notification that was requested; each names it by its `notification_id`."""


class PreferencesChanged(Fields):
    """This is how a person wants to be told from now on. It replaces what they wanted before."""

    type: ClassVar[str] = "ketluan.PreferencesChanged.v1"

    person_id: Token
    choices: tuple[ChannelChoice, ...] = ()
    digest_at: Hour = "07:30"
    quiet: QuietHours | None = None
    zone: Zone | None = None
    language: Language = "vi"


class WatchBegun(Fields):
    """A person wants to hear of everything that happens to a task."""

    type: ClassVar[str] = "ketluan.WatchBegun.v1"

    person_id: Token
    task_id: Token


class WatchEnded(Fields):
    """A person no longer wants to hear of a task that only their watching concerns."""

    type: ClassVar[str] = "ketluan.WatchEnded.v1"

    person_id: Token
    task_id: Token


InboxEvent = (
    NotificationRequested
    | NotificationAttempted
    | NotificationDelivered
    | NotificationFailed
    | NotificationBounced
    | NotificationResent
    | NotificationRead
    | NotificationAcknowledged
    | PreferencesChanged
    | WatchBegun
    | WatchEnded
)
"""Every event of the aggregate `inbox.<person>`."""
