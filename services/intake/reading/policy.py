"""What an office decides about how its notices are read."""

from dataclasses import dataclass, field

from shared.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class ReadingPolicy:
    """`before_is_inclusive` says whether who finishes on the very day of "trước ngày D" is in time; `working_days` is
    the office's calendar; `rolls_forward` says whether a term of days, weeks or months that ends on a day off ends on
    the next working day (Bộ luật Dân sự 2015, điều 148)."""

    before_is_inclusive: bool = True
    working_days: WorkingDays = field(default_factory=WorkingDays)
    rolls_forward: bool = False
