"""Somebody of a kind that is not known, who is told to do something."""

from services.intake.reading.duties.duty import Duty
from services.intake.reading.duties.orders import VISITS
from services.intake.reading.duties.verbs import ADVERBS, DUTIES
from services.intake.reading.owners.lexicon import (
    CLASS_OPENERS,
    DOCUMENTS,
    ENDS_NAMES,
    NAMING_DUTIES,
    NO_UNITS,
    NOT_IN_NAMES,
    THINGS,
)
from services.intake.reading.words import key, longest

_LONGEST_ADDRESS = 120
_LONGEST_UNKNOWN = 5
_NO_OWNERS = THINGS | DOCUMENTS | NO_UNITS | CLASS_OPENERS | DUTIES | ADVERBS | NOT_IN_NAMES


def unknown_owner(clause: str) -> Duty | None:
    """Somebody of an unknown kind whom a clause begins with, directly before a verb that surely orders."""
    words = clause[:_LONGEST_ADDRESS].split()[: _LONGEST_UNKNOWN + 2]
    keys = [key(word.strip(",;:.")) for word in words]
    if not words or not words[0][:1].isupper() or longest(_NO_OWNERS, keys) or VISITS.match(clause):
        return None
    for at in range(2, min(_LONGEST_UNKNOWN + 1, len(words))):
        if words[at - 1][-1] in ",;:.()" or longest(NOT_IN_NAMES, keys, at - 1) or words[at - 1][:1].isdigit():
            return None
        if words[at].islower() and longest(ENDS_NAMES - NAMING_DUTIES, keys, at) > 1:
            return Duty((" ".join(words[:at]),), sure=False)
    return None
