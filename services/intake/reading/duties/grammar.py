"""What the reading of a notice's body asks of the grammar of its language."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from services.intake.reading.duties import duty, english, kinds
from services.intake.reading.duties.cooperation import cooperators_in
from services.intake.reading.duties.duty import Duty
from services.intake.reading.duties.kinds import Tone
from services.intake.reading.duties.orders import begins_with_duty
from services.intake.reading.duties.reports import report_to_in
from services.intake.reading.owners.addressees import Addressees, addressees_at
from services.intake.reading.owners.unit_heads import KnownNames
from shared.events.meeting import Kind

_VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
_SHARE = 40
_LONGEST_LOOK = 20_000


@dataclass(frozen=True, slots=True)
class Grammar:
    """The questions that are answered differently in each language."""

    name: str
    duty_in: Callable[..., Duty | None]
    begins_with_duty: Callable[[str], bool]
    cooperators_in: Callable[[str, KnownNames], list[str]]
    report_to_in: Callable[[str, KnownNames], list[str]]
    kind_of: Callable[[str, Tone], Kind | None]
    only_helps: Callable[[str, KnownNames], bool]
    addressees_at: Callable[..., Addressees | None]


VIETNAMESE = Grammar(
    "vi",
    duty.duty_in,
    begins_with_duty,
    cooperators_in,
    report_to_in,
    kinds.kind_of,
    duty.only_helps,
    addressees_at,
)
ENGLISH = Grammar(
    "en",
    english.duty_in,
    english.begins_with_duty,
    english.cooperators_in,
    english.report_to_in,
    english.kind_of,
    english.only_helps,
    english.addressees_at,
)


def is_vietnamese(words: str) -> bool:
    """Whether words are Vietnamese, by its letters; names among English words are not enough."""
    look = words[:_LONGEST_LOOK]
    return _SHARE * len(_VIETNAMESE.findall(look)) > len(look)
