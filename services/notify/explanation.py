"""What is said to whoever asks why somebody was told, or was not."""

import datetime as dt
from collections.abc import Sequence

from pydantic import BaseModel

from services.notify.policy.case import Case
from services.notify.policy.rules import RULES
from services.notify.policy.why import GROUNDS, NO_RULE, Verdict
from services.notify.preferences.timing import GROUNDS as TIMING_GROUNDS
from services.notify.preferences.timing import Answer
from shared.events.envelope import Envelope
from shared.events.fields import Channel
from shared.events.inbox import Reason
from shared.events.preferences import Category, Urgency
from shared.language import Words
from shared.vocabulary import CHANNELS, DELIVERY, EVENTS, REASONS

OBSTACLES = {
    "not-installed": Words("hệ thống chưa bật kênh này", "this installation has no such channel"),
    "no-address": Words("chưa biết địa chỉ của người nhận", "no address of the person is known"),
}
"""What keeps a channel from bringing anything, whatever was chosen."""

TOLD = Words("Đã báo tin cho người này: {rule}.", "The person was told: {rule}.")
OWED = Words("Phải báo tin cho người này: {rule}.", "The person has to be told: {rule}.")
NOT_TOLD = Words("Không báo tin cho người này: {why}.", "The person was not told: {why}.")


class BothWords(BaseModel):
    """The same words in Vietnamese and English."""

    vi: str
    en: str


class Said(BaseModel):
    """Something by its code and in words."""

    code: str
    words: BothWords


class ExplainedEvent(BaseModel):
    """The event that was asked about, or the one that tells of it: a correction tells of all that it did to tasks."""

    id: str
    sequence: int
    type: str
    subject: str
    actor: str
    happened_at: dt.datetime
    words: BothWords


class RuleView(BaseModel):
    """What one rule says of the person. `reasons` are those that applied, `considered` all that the rule knows."""

    rule: str
    words: BothWords
    told: bool
    ground: Said
    reasons: list[Said]
    considered: list[Said]
    task_ids: list[str]
    category: Category
    urgency: Urgency | None = None


class ReasonRow(BaseModel):
    """A reason of a rule, and how urgently it tells."""

    reason: Said
    urgency: Urgency


class RuleRow(BaseModel):
    """A row of the table of rules: of which event who is told, by which reasons, the strongest first."""

    rule: str
    words: BothWords
    event: Said
    category: Category
    told: list[ReasonRow]


class Outcome(BaseModel):
    """What became of the notification on a channel, as it stands now."""

    state: str
    words: BothWords
    not_before: dt.datetime
    digest: bool
    attempts: int
    at: dt.datetime | None = None
    error: str | None = None


class ChannelView(BaseModel):
    """Whether a channel brings it, when at the earliest, and what decided so as things stood at the event.

    `obstacle` is what keeps the channel from it now: addresses stand in no event, so their past is not known.
    """

    channel: Channel
    words: BothWords
    brings: bool
    grounds: list[Said]
    floor_of: str | None = None
    not_before: dt.datetime | None = None
    digest: bool = False
    obstacle: Said | None = None
    outcome: Outcome | None = None


class ToldOf(BaseModel):
    """A notification to the person that this event led to; reminders of the deadline that it set are among them."""

    notification_id: str
    sequence: int
    rule: str
    requested_at: dt.datetime
    due: dt.date | None = None
    offset: int | None = None
    read_at: dt.datetime | None = None
    acknowledged_at: dt.datetime | None = None


class Explanation(BaseModel):
    """Why a person was told of an event, or was not: recomputed from the log as it stood then."""

    event: ExplainedEvent
    person_id: str
    person_name: str | None
    told: bool
    summary: BothWords
    rules: list[RuleView]
    channels: list[ChannelView]
    notifications: list[ToldOf]


def both(words: Words, **values: str) -> BothWords:
    """Words in both languages, with the values filled in."""
    return BothWords(vi=words.vi.format(**values), en=words.en.format(**values))


def said(code: str, words: Words) -> Said:
    """Something by its code and in words."""
    return Said(code=code, words=both(words))


def explained_event(envelope: Envelope, sequence: int) -> ExplainedEvent:
    """An event as whoever asks sees it."""
    name = envelope.type.split(".")[1] if envelope.type.count(".") > 1 else envelope.type
    return ExplainedEvent(
        id=envelope.id,
        sequence=sequence,
        type=envelope.type,
        subject=envelope.subject,
        actor=envelope.actor,
        happened_at=envelope.at(),
        words=both(EVENTS.get(name, Words(name, name))),
    )


def rule_rows() -> list[RuleRow]:
    """The whole table of rules, in words."""
    return [
        RuleRow(
            rule=rule.name,
            words=both(rule.words),
            event=said(rule.event.type, EVENTS[rule.event.type.split(".")[1]]),
            category=rule.category,
            told=[ReasonRow(reason=said(reason, REASONS[reason]), urgency=urgency) for reason, urgency, _ in rule.told],
        )
        for rule in RULES
    ]


def rule_view(verdict: Verdict) -> RuleView:
    """What a rule says, in words."""
    told = verdict.notification
    return RuleView(
        rule=verdict.rule.name,
        words=both(verdict.rule.words),
        told=verdict.told,
        ground=said(verdict.ground, GROUNDS[verdict.ground]),
        reasons=_reasons(told.reasons if told else ()),
        considered=_reasons(tuple(reason for reason, _, _ in verdict.rule.told)),
        task_ids=[mention.task_id for mention in told.mentions] if told else [],
        category=verdict.rule.category,
        urgency=told.urgency if told else None,
    )


def channel_view(channel: Channel, answer: Answer, obstacle: str | None, outcome: Outcome | None) -> ChannelView:
    """What was decided of a channel, in words. What was asked of it stands in the log, and counts for more."""
    return ChannelView(
        channel=channel,
        words=both(CHANNELS[channel]),
        brings=outcome is not None or (answer.timing is not None and obstacle is None),
        grounds=[said(ground, TIMING_GROUNDS[ground]) for ground in answer.grounds],
        floor_of=answer.unit_id,
        not_before=answer.timing.not_before if answer.timing else None,
        digest=answer.timing.digest if answer.timing else False,
        obstacle=said(obstacle, OBSTACLES[obstacle]) if obstacle and outcome is None else None,
        outcome=outcome,
    )


def outcome_words(state: str) -> BothWords:
    """What became of telling somebody, in words."""
    return both(DELIVERY.get("pending" if state == "settled" else state, Words(state, state)))


def summary(case: Case, verdicts: Sequence[Verdict], requested: bool) -> BothWords:
    """The whole in one sentence: the rule that tells, or what stood in the way of the one that came closest."""
    for verdict in verdicts:
        if verdict.told:
            rule = verdict.rule.words
            head = TOLD if requested else OWED
            return BothWords(vi=head.vi.format(rule=rule.vi), en=head.en.format(rule=rule.en))
    closest = next((each for each in verdicts if each.ground != "not-concerned"), next(iter(verdicts), None))
    why = GROUNDS[closest.ground] if closest else NO_RULE
    return BothWords(vi=NOT_TOLD.vi.format(why=why.vi), en=NOT_TOLD.en.format(why=why.en))


def _reasons(reasons: Sequence[Reason]) -> list[Said]:
    return [said(reason, REASONS[reason]) for reason in reasons]
