"""From where in the log the rules hold by which people are told (`policy.notify`), and up to when they were reminded of
deadlines (`policy.reminders`)."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from shared.events.fields import Count, Fields


class RulesAdopted(Fields):
    """An upgrade brought rules by which people are told. Of what stands in the log up to `after` nobody is told by
    them: it was decided without them."""

    type: ClassVar[str] = "ketluan.RulesAdopted.v1"

    version: Annotated[Count, Field(ge=1)]
    after: Annotated[int, Field(ge=0, le=2**63 - 1, description="a sequence of the log")]


class RemindersSettled(Fields):
    """Whoever had to be reminded of a deadline up to this moment was: nobody is reminded of what is due before it
    again, whatever is made anew."""

    type: ClassVar[str] = "ketluan.RemindersSettled.v1"

    until: AwareDatetime
