"""Who is told to do something in an English clause, and what a clause is that lays no duty on anybody."""

import re
from itertools import islice

from services.intake.reading.duties.duty import Duty
from services.intake.reading.duties.english_kinds import closes, decides, tells, thanks
from services.intake.reading.duties.kinds import Tone
from services.intake.reading.owners.addressees import Addressees
from services.intake.reading.owners.english_names import names_at, subjects_at
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.words import phrases
from shared.events.meeting import Kind

_ASIDE = re.compile(r"\s*(?:,\s[^,;]{1,200},|\([^()]{1,200}\))")

_LAYS = re.compile(
    r"\s*(?:,\s*)?(?:(?:shall|should|must|will|would|is to|are to|needs? to|has to|have to|ha(?:s|ve) agreed to"
    r"|agreed to"
    r"|undertook to|undertakes to|undertake to|agrees? to)\b"
    r"(?!\s+(?:be\s|meet\b|convene\b|take place|enter into|not\s+apply|remain\b|expire|commence|apply\b|reconvene))"
    r"|(?:is|are|was|were|has been|have been)\s+(?:also\s+|further\s+|hereby\s+|kindly\s+|therefore\s+|strongly\s+)*"
    r"(?:requested|invited|urged|asked|tasked|encouraged|instructed|directed|required|expected|designated"
    r"|mandated|called upon"
    r"|assigned|appointed|entrusted|authorised|authorized|reminded|advised|responsible)\b"
    r"|to\s+(?=[a-z]+))",
    re.IGNORECASE,
)

_BODIES = re.compile(
    r"(?:the\s+)?(?:[A-Z][\w-]*\s){0,4}(?:Committee|Meeting|Assembly|Board|Council|Conference|Commission|Chair"
    r"|Session|Parties|Forum)$",
    re.IGNORECASE,
)

_RESOLVES = re.compile(r"\s*(?:agreed|agrees?|undertook|undertakes?|decided|resolved)\b")

_PASSIVE = re.compile(
    r"\b(?:shall|should|must|will|is to|are to"
    r"|needs? to)\s+be\s+(?:[a-z]+ly\s+)?[a-z-]+\b[^.;]{0,200}?\bby\s+(?=(?:the\s)?[A-Z])"
)

_NARRATED = re.compile(
    r"\b(?:had|recalled|noted|welcomed|took note|thanked|commended|acknowledged|was informed|observed)\b"
)

_ORDERS = re.compile(
    r"(?:(?:it was|was|has been)\s+(?:also\s+)?(?:agreed|decided)\s+that\s+"
    r"|(?:the\s+)?[A-Z][\w ]{0,60}?\s(?:requests?|requested|asks?|asked|instructs?|instructed|invites?|invited"
    r"|urges?|urged|tasks?|tasked"
    r"|directs?|directed|calls? upon|called upon|mandates?|mandated|agreed that|decided that|assigned|entrusted)\s+"
    r"|(?:requests?|asks?|instructs?|invites?|urges?|tasks?|directs?|calls? (?:up)?on)\s+(?=the\s|[A-Z]))",
)

_TOPIC = re.compile(r"^[^:;.]{1,160}:\s+")

_LEADS = re.compile(
    r"\b(?:(?:to|will|shall|should|must)\s+(?:take the lead|lead|chair|coordinate|co-ordinate|oversee|head)"
    r"|takes? the lead"
    r"|designated (?:as|to lead)|to lead|lead by|responsible for leading|taking the lead)\b"
)

_COOPERATES = re.compile(
    r"\b(?:in (?:close |full )?(?:co-?operation|co-?ordination|consultation|collaboration|partnership"
    r"|conjunction|liaison) with"
    r"|together with|jointly with|along with|supported by|assisted by|with the (?:support|assistance|help"
    r"|participation|co-?operation|"
    r"collaboration|involvement|input) of|with (?:support|assistance|inputs?) from|working (?:closely )?with"
    r"|work(?:s)? (?:closely )?with|"
    r"co-?operate with|co-?ordinate with|collaborate with|liaise with|alongside)\s+"
)

_REPORTS = re.compile(
    r"\b(?:submit(?:ted)?|report(?:ed)?|brief|present(?:ed)?|inform|provide[ds]?|send|sent"
    r"|circulate[ds]?)\b[^.;]{0,120}?"
    r"\b(?:to|brief|inform)\s+(?=(?:the\s+)?[A-Z])|\b(?:brief|inform)\s+(?=(?:the\s+)?[A-Z])"
)

_VERBS = phrases("""
accelerate, adopt, advise, agree, align, allocate, analyse, analyze, appoint, apply, approve, arrange, assess, assign,
assist, audit, award, begin, brief, build, carry, chair, check, circulate, clarify, clear, close, collect, commission,
communicate, compile, complete, conduct, confirm, consider, consolidate, consult, continue, convene, convey,
coordinate, co-ordinate, correct, create, deliver, deploy, design, develop, disseminate, distribute, document, draft,
draw, engage, enhance, ensure, establish, evaluate, examine, expand, expedite, explore, facilitate, fill, finalise,
finalize, follow, formulate, forward, give, hold, host, identify, implement, improve, include, incorporate, increase,
inform, initiate, inspect, install, integrate, introduce, investigate, invite, issue, keep, launch, lead, liaise,
list, maintain, make, map, mobilise, mobilize, monitor, negotiate, nominate, notify, obtain, open, organise, organize,
oversee, pay, plan, post, prepare, present, procure, produce, promote, propose, provide, publish, raise, recruit,
reduce, refer, register, remind, remove, renew, repair, replace, report, request, resolve, respond, review, revise,
schedule, seek, send, set, share, sign, start, strengthen, streamline, submit, supply, support, survey, take, test,
track, train, translate, undertake, update, upgrade, upload, use, validate, verify, work, write
""")

SECOND_OWNER = re.compile(
    r",?(?=\s+and\s+(?:the\s+)?[A-Z][^,;.]{1,80}?\s(?:shall|should|will|must|is requested to|are requested to"
    r"|is to|are to)\s)"
)
"""Where "and" may part two owners."""

_JOINS = re.compile(r"(?:and|in addition,?|furthermore,?|moreover,?|meanwhile,?|also,?)\s+", re.IGNORECASE)

_WAS = re.compile(
    r"\b(?:was|were|had been)\s+(?:also\s+)?(?:requested|asked|instructed|tasked|urged|invited|directed|required)\b"
)

_LONGEST_LOOK = 1_000

_MOST_PLACES = 40


def duty_in(clause: str, known: KnownNames = frozenset(), *, opens: bool = True) -> Duty | None:
    """The owner that a clause names for itself, "The Secretariat shall …", "X to …"; none where it names none."""
    look = clause[:_LONGEST_LOOK]
    if joined := _JOINS.match(look):
        look = look[joined.end() :]
    topic = _TOPIC.match(look)
    starts = [0] + ([topic.end()] if topic else [])
    if topic is not None and begins_with_duty(look[topic.end() :]):
        subjects = subjects_at(look[: topic.start() + look.index(":") + 1], 0)
        if subjects and look[subjects.end :].strip() == ":":
            return _of(look, subjects)
    for start in starts:
        if (duty := _duty_at(look, start)) is not None:
            return duty
    if opens:
        for comma in islice(re.finditer(r",\s+", look), _MOST_PLACES):
            if (duty := _duty_at(look, comma.end())) is not None and not tells(look) and not _WAS.search(look):
                return duty
    return None


def only_helps(clause: str, known: KnownNames = frozenset()) -> bool:
    """Whether a clause says of a unit only that it helps with what was ordered before."""
    return (
        re.fullmatch(r"(?:with\s)?(?:the\s)?[A-Z][\w ]{2,80}\s(?:to|will|shall)\s(?:support|assist)\W*", clause)
        is not None
    )


def begins_with_duty(clause: str) -> bool:
    """Whether a clause begins with a verb of duty, in the imperative."""
    first = clause.lstrip("•- ").split(maxsplit=2)[:2]
    words = [word.strip(",.;:").lower() for word in first]
    return bool(words) and ((words[0],) in _VERBS or (words[0] == "to" and len(words) > 1 and (words[1],) in _VERBS))


def cooperators_in(words: str, known: KnownNames = frozenset()) -> list[str]:
    """The units that the words tell somebody to work with, each once."""
    found: dict[str, None] = {}
    for match in islice(_COOPERATES.finditer(words), _MOST_PLACES):
        found.update(dict.fromkeys(names_at(words, match.end())))
    return list(found)


def report_to_in(words: str, known: KnownNames = frozenset()) -> list[str]:
    """To whom the words tell somebody to report, each once."""
    found: dict[str, None] = {}
    for match in islice(_REPORTS.finditer(words), _MOST_PLACES):
        found.update(dict.fromkeys(names_at(words, match.end())[:1]))
    return list(found)[:20]


def kind_of(clause: str, tone: Tone) -> Kind | None:
    """What a clause is that lays no duty on anybody; none where it may lay one."""
    if closes(clause):
        return "formality"
    if thanks(clause):
        return "exhortation"
    if tells(clause):
        return "assessment"
    if decides(clause) and _duty_at(clause, 0) is None:
        return "decision"
    return "exhortation" if tone is Tone.CLOSING and _duty_at(clause, 0) is None else None


def addressees_at(
    words: str, start: int, known: KnownNames = frozenset(), *, any_name: bool = False
) -> Addressees | None:
    """The people and units that are named from `start` on."""
    return subjects_at(words, start)


def _duty_at(clause: str, start: int) -> Duty | None:
    ordered = _ORDERS.match(clause, start)
    if ordered is not None:
        subjects = subjects_at(clause, ordered.end())
        if subjects is not None and (
            _LAYS.match(clause, subjects.end) or _behind_aside(clause, subjects.end) is not None
        ):
            return _of(clause, subjects, ordered=True)
    passive = _PASSIVE.search(clause, start)
    if passive is not None and (done_by := names_at(clause, passive.end())):
        return Duty(tuple(done_by))
    subjects = subjects_at(clause, start)
    if subjects is None:
        return None
    if any(_BODIES.match(unit) for unit in subjects.units) and _RESOLVES.match(clause, subjects.end):
        return None
    lays = _behind_aside(clause, subjects.end)
    if lays is None or _NARRATED.search(clause[subjects.end : lays]):
        return None
    return _of(clause, subjects)


def _behind_aside(clause: str, end: int) -> int | None:
    """Where what lays a duty ends, directly behind an owner or behind words in commas; none where none does."""
    for _ in range(3):
        lays = _LAYS.match(clause, end)
        if lays is not None:
            return lays.end()
        with_whom = re.compile(
            r"\s+(?=(?:together|jointly|along|in|with|supported|assisted|as)\b)[^,;.]{1,160}?(?=\s(?:shall"
            r"|should|must|will|is|are|to)\b)"
        ).match(clause, end)
        aside = _ASIDE.match(clause, end) or with_whom
        if aside is None:
            return None
        end = aside.end()
    return None


def _of(clause: str, subjects: Addressees, *, ordered: bool = False) -> Duty:
    names = (*subjects.units, *(person.name for person in subjects.persons))
    lead = (
        subjects.persons[0] if subjects.persons and _LEADS.search(clause[subjects.end : subjects.end + 200]) else None
    )
    return Duty(names, lead, sure=subjects.sure, ordered=ordered)


def second_owners(clause: str) -> bool:
    """Whether "and" parts two owners, each told something."""
    parts = SECOND_OWNER.split(clause)
    return len(parts) > 1 and all(_duty_at(re.sub(r"^\s*and\s+", "", part), 0) is not None for part in parts)
