"""What an office decides about its notices, and how much of the machine their reading may use."""

from typing import Annotated, Literal

from pydantic import Field

from services.intake.publication import Review
from services.intake.reading.limits import ReadingLimits
from services.intake.reading.policy import ReadingPolicy
from shared.events.fields import Confidence
from shared.settings import CalendarSettings, IdentitySettings, NatsSettings
from shared.working_days import WorkingDays

_LIMITS = ReadingLimits()


class IntakeSettings(NatsSettings, IdentitySettings, CalendarSettings):
    """How to reach the log, how notices are read, and what becomes of doubtful readings."""

    review_below: Confidence = 0.6
    """A reading with a doubt below this is doubtful: a person is asked to look at it."""
    doubtful: Literal["publish", "hold"] = "publish"
    """Whether doubtful readings are published and marked, or held until a person confirms them."""
    before_is_inclusive: bool = True
    """Whether who finishes on the very day of "trước ngày D" is in time."""
    rolls_forward: bool = False
    """Whether a term of days, weeks or months that ends on a day off ends on the next working day."""
    reading_seconds: Annotated[float, Field(gt=0, le=60)] = _LIMITS.seconds
    scan_seconds: Annotated[float, Field(gt=0, le=3600)] = _LIMITS.scan_seconds
    readings_at_once: Annotated[int, Field(ge=1, le=64)] = _LIMITS.at_once

    def review(self) -> Review:
        """What becomes of doubtful readings."""
        return Review(self.review_below, self.doubtful)

    def policy(self) -> ReadingPolicy:
        """How notices are read."""
        calendar = WorkingDays(self.extra_holidays, self.extra_workdays)
        return ReadingPolicy(self.before_is_inclusive, calendar, self.rolls_forward)

    def limits(self) -> ReadingLimits:
        """What reading a document may cost."""
        return ReadingLimits(
            seconds=self.reading_seconds, scan_seconds=self.scan_seconds, at_once=self.readings_at_once
        )
