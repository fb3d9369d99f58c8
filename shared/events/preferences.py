"""How people are told: of what, how soon, when and by which channel. Addresses are no part of it."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from shared.events.fields import Channel, Fields, Hour
from shared.zone import known_zone

Category = Literal["assignment", "change", "decision", "progress", "reminder", "escalation", "record"]
"""What a notification is about.

assignment: a notice or a reassignment gave somebody tasks
change:     a deadline, unit, co-operation or notice was changed, revoked, cancelled or opened again
decision:   something waits for a decision, or what was asked for has been decided
progress:   reports and comments
reminder:   a deadline comes near, has come or has passed; somebody urges on
escalation: work of those one answers for is late
record:     the record itself: checkpoints, damage, repairs
"""

Urgency = Literal["routine", "important", "urgent"]
"""How soon somebody has to hear: routine may wait for the digest, important waits for quiet hours alone, urgent for
nothing."""

Timing = Literal["at_once", "digest"]
"""Whether a channel brings each notification when it comes, or all of them together once a day."""

Language = Literal["vi", "en"]

Zone = Annotated[str, AfterValidator(known_zone)]
"""A time zone (IANA)."""


class ChannelChoice(Fields):
    """How notifications of a category come by a channel; where there is no choice, the default holds."""

    category: Category
    channel: Channel
    timing: Timing | None = "at_once"
    """None: not at all."""


class QuietHours(Fields):
    """Local hours in which only what is urgent is brought by other channels than the inbox; they may pass midnight."""

    begin: Hour
    end: Hour
    days_off: bool = False
    """Whether days on which nobody works are quiet as a whole."""
