"""Who was told of an event, and how far that went. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.tasks.ledger.search import Found
from services.tasks.pages.record.sentences import Sentence, sentence
from services.tasks.register.names import Names
from shared.events.inbox import OUTCOMES, NotificationRequested
from shared.language import Words
from shared.vocabulary import CHANNELS, REASONS


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody was to be told, for `reasons`, by `channels`; `outcomes` are what became of it, in order."""

    request: Sentence
    person: str
    reasons: tuple[Words, ...]
    channels: tuple[Words, ...]
    outcomes: tuple[Sentence, ...]


def tellings(effects: Sequence[Found], outcomes: Sequence[Found], names: Names) -> list[Telling]:
    """The notifications among the effects of an event, each with what became of it."""
    became: dict[str, list[Sentence]] = {}
    for each in outcomes:
        if each.event and isinstance(each.event.data, OUTCOMES):
            became.setdefault(each.event.data.notification_id, []).append(sentence(each, names))
    return [
        Telling(
            request=sentence(each, names),
            person=names.people.get(data.person_id, data.person_id),
            reasons=tuple(REASONS[reason] for reason in data.reasons),
            channels=tuple(CHANNELS[channel] for channel in data.channels),
            outcomes=tuple(became.get(data.notification_id, ())),
        )
        for each in effects
        if each.event and isinstance(data := each.event.data, NotificationRequested)
    ]
