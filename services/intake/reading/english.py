"""Who is told to do something in an English clause, and what a clause is that lays no duty on anybody."""

import re
from itertools import islice

from services.intake.reading.addressees import Addressees
from services.intake.reading.duty import Duty
from services.intake.reading.kinds import Tone
from services.intake.reading.units import KnownNames
from shared.events.fields import NamedPerson
from shared.events.meeting import Kind

_NAME = r"[A-Z][\w'’.&/\-]*"
_PERSON = re.compile(
    rf"(?:(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Amb|Ambassador|Hon|H\.E)\.?\s+)+(?P<name>{_NAME}(?:\s+(?:{_NAME}"
    rf"|de|van|von|der|bin|al|da|di|la)){{0,5}})"
    r"(?:\s*\((?P<role>[^()]{2,100})\)|,\s(?P<position>[A-Z][^,;:.]{2,80}),)?"
)
_SUBJECT = re.compile(
    rf"(?:(?:[Tt]he|[Aa]ll|[Ee]ach|[Ee]very|[Bb]oth|its|our|those|any|relevant|participating"
    rf"|interested)\s+)*(?P<unit>{_NAME}"
    rf"(?:(?:\s+|\s?[-–/]\s?)(?:{_NAME}|\d{{1,3}}|of|for|and|the|on|in|to(?=\s(?:the\s)?[A-Z])"
    rf"|[a-z]+(?=\s+(?:shall|should|will|must|is|are|to|need)\b)))*?)"
    r"(?:['’]s)?(?=\s*(?:,|\(|\s(?:shall|should|will|must|is|are|to|was|were|needs?|has|have|agreed?|undertook"
    r"|undertakes|would|may|can|who|together|jointly|with|in|as|by|and\sthe)\b|\s[-–—:]\s|:|$))"
)
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
_AGENTS = (
    "contractor|director|coordinator|co-ordinator|supervisor|auditor|donor|operator|investor|editor|rapporteur"
    "|member|manager|officer"
    "|engineer|lawyer|adviser|advisor|partner|stakeholder|holder|supplier|provider|employer|owner|leader"
    "|minister|commissioner"
    "|treasurer|researcher|teacher|trainer|organi[sz]er|user|consultant|participant|accountant|president|agent"
    "|team|unit|office"
    "|secretariat|committee|state|group|bank|board|delegation|staff|institution|organi[sz]ation|mission"
    "|focal point|service|institute"
    "|consortium|department|division|section|branch|panel|expert|specialist|chair|head|centre|center|school"
    "|hospital|laborator(?=ies|y)"
    "|subcommittee|task force|bureau|council|host|applicant|bidder|farmer|factor(?=ies|y)"
)
_COMMON = re.compile(
    rf"(?:(?:[Tt]he|[Aa]ll|[Ee]ach|[Ee]very|[Bb]oth|[Ii]ts)\s+)*(?P<unit>(?:[A-Za-z][\w-]*\s+){{0,4}}?"
    rf"(?:(?:{_AGENTS})(?:s|ies|y)?|countries|companies|agencies|authorities|ministries|universities|parties"
    rf"|bodies|country|company"
    rf"|agency|authority|ministry|university|party|body)(?:\s(?:of|for|in)\s(?:the\s)?{_NAME}(?:\s(?:{_NAME}"
    rf"|\d+)){{0,4}})?)\b"
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
_LISTED = re.compile(
    rf"(?:(?:[Tt]he|[Aa]ll|its|their|relevant)\s+)*(?P<unit>(?:Mr|Ms|Mrs|Dr"
    rf"|Prof)\.\s)?(?P<name>{_NAME}(?:(?:\s+|\s?[-–/]\s?)(?:{_NAME}|of|for"
    rf"|and(?=\s[A-Z][\w]+(?:\s[A-Z]\w+)*\s(?:Unit|Department|Committee|Office|Division|Section|Group"
    rf"|Team|Services?|Commission|Ministry|Agency|Bureau|Centre|Center|Branch|Board|Council)\b)))*)"
)
_LOWER = re.compile(
    r"(?:(?:the|all|its|their|relevant|other|local|national)\s+)*(?P<name>(?!(?:a|an|the|which|that|this"
    r"|other)\b)[a-z][\w-]*"
    r"(?:\s(?!(?:to|by|before|in|on|for|with|and|shall|should|will|must|as|at|during|within|no|is|are|from"
    r"|of)\b)[\w-]+){0,4})"
)
_BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*;\s*")
_REPORTS = re.compile(
    r"\b(?:submit(?:ted)?|report(?:ed)?|brief|present(?:ed)?|inform|provide[ds]?|send|sent"
    r"|circulate[ds]?)\b[^.;]{0,120}?"
    r"\b(?:to|brief|inform)\s+(?=(?:the\s+)?[A-Z])|\b(?:brief|inform)\s+(?=(?:the\s+)?[A-Z])"
)
_BODY = (
    r"(?:[Tt]he\s|[Ii]t was\s|[Aa]ll\s)?(?:(?:[A-Z][\w-]*|of|and|the|for)\s){0,9}"
    r"(?:(?:also|further|then|unanimously|formally|in principle|has|have|had|again|strongly|warmly)\s){0,2}"
)
_DECIDES = re.compile(
    rf"^{_BODY}(?:endorsed?|approved?|adopted|agreed|decided|confirmed|accepted|resolved"
    r"|re-?elected|elected|authori[sz]ed|concurred"
    r"|extended|rejected|established|postponed)\b",
)
_TELLS = re.compile(
    r"^(?:It was (?:also |further )?(?:noted|recalled|observed|reported|recognised|recognized|stressed"
    r"|emphasi[sz]ed|highlighted)"
    rf"|{_BODY}(?:noted|recalled|welcomed|took note|observed|recognised|recognized|commended"
    r"|expressed|acknowledged|heard"
    r"|considered|reviewed|discussed|emphasi[sz]ed|stressed|underlined|highlighted|was informed|were informed"
    r"|regretted|praised|congratulated))\b",
)
_THANKS = re.compile(
    r"^(?:[^,;:.]{0,100}\s)?(?:thanked|thanks|appealed to all|encouraged (?:everyone|all)|wished"
    r"|urged (?:everyone|all)|expressed (?:his|her|its|their|the) (?:gratitude|appreciation|thanks|confidence))\b"
)
_CLOSES = re.compile(
    r"^(?:These conclusions|This notice|The meeting (?:closed|was closed|adjourned)|Done (?:at|in)\b|There being no)",
    re.IGNORECASE,
)
_VERBS = frozenset(
    [
        "accelerate",
        "adopt",
        "advise",
        "agree",
        "align",
        "allocate",
        "analyse",
        "analyze",
        "appoint",
        "apply",
        "approve",
        "arrange",
        "assess",
        "assign",
        "assist",
        "audit",
        "award",
        "begin",
        "brief",
        "build",
        "carry",
        "chair",
        "check",
        "circulate",
        "clarify",
        "clear",
        "close",
        "collect",
        "commission",
        "communicate",
        "compile",
        "complete",
        "conduct",
        "confirm",
        "consider",
        "consolidate",
        "consult",
        "continue",
        "convene",
        "convey",
        "coordinate",
        "co-ordinate",
        "correct",
        "create",
        "deliver",
        "deploy",
        "design",
        "develop",
        "disseminate",
        "distribute",
        "document",
        "draft",
        "draw",
        "engage",
        "enhance",
        "ensure",
        "establish",
        "evaluate",
        "examine",
        "expand",
        "expedite",
        "explore",
        "facilitate",
        "fill",
        "finalise",
        "finalize",
        "follow",
        "formulate",
        "forward",
        "give",
        "hold",
        "host",
        "identify",
        "implement",
        "improve",
        "include",
        "incorporate",
        "increase",
        "inform",
        "initiate",
        "inspect",
        "install",
        "integrate",
        "introduce",
        "investigate",
        "invite",
        "issue",
        "keep",
        "launch",
        "lead",
        "liaise",
        "list",
        "maintain",
        "make",
        "map",
        "mobilise",
        "mobilize",
        "monitor",
        "negotiate",
        "nominate",
        "notify",
        "obtain",
        "open",
        "organise",
        "organize",
        "oversee",
        "pay",
        "plan",
        "post",
        "prepare",
        "present",
        "procure",
        "produce",
        "promote",
        "propose",
        "provide",
        "publish",
        "raise",
        "recruit",
        "reduce",
        "refer",
        "register",
        "remind",
        "remove",
        "renew",
        "repair",
        "replace",
        "report",
        "request",
        "resolve",
        "respond",
        "review",
        "revise",
        "schedule",
        "seek",
        "send",
        "set",
        "share",
        "sign",
        "start",
        "strengthen",
        "streamline",
        "submit",
        "supply",
        "support",
        "survey",
        "take",
        "test",
        "track",
        "train",
        "translate",
        "undertake",
        "update",
        "upgrade",
        "upload",
        "use",
        "validate",
        "verify",
        "work",
        "write",
    ]
)
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
        subjects = _subjects(look[: topic.start() + look.index(":") + 1], 0)
        if subjects and look[subjects.end :].strip() == ":":
            return _of(look, subjects)
    for start in starts:
        if (duty := _duty_at(look, start)) is not None:
            return duty
    if opens:
        for comma in islice(re.finditer(r",\s+", look), _MOST_PLACES):
            if (duty := _duty_at(look, comma.end())) is not None and not _TELLS.match(look) and not _WAS.search(look):
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
    return bool(words) and (words[0] in _VERBS or (words[0] == "to" and len(words) > 1 and words[1] in _VERBS))


def cooperators_in(words: str, known: KnownNames = frozenset()) -> list[str]:
    """The units that the words tell somebody to work with, each once."""
    found: dict[str, None] = {}
    for match in islice(_COOPERATES.finditer(words), _MOST_PLACES):
        found.update(dict.fromkeys(_names_at(words, match.end())))
    return list(found)


def report_to_in(words: str, known: KnownNames = frozenset()) -> list[str]:
    """To whom the words tell somebody to report, each once."""
    found: dict[str, None] = {}
    for match in islice(_REPORTS.finditer(words), _MOST_PLACES):
        found.update(dict.fromkeys(_names_at(words, match.end())[:1]))
    return list(found)[:20]


def kind_of(clause: str, tone: Tone) -> Kind | None:
    """What a clause is that lays no duty on anybody; none where it may lay one."""
    if _CLOSES.match(clause):
        return "formality"
    if _THANKS.match(clause):
        return "exhortation"
    if _TELLS.match(clause):
        return "assessment"
    if _DECIDES.match(clause) and _duty_at(clause, 0) is None:
        return "decision"
    return "exhortation" if tone is Tone.CLOSING and _duty_at(clause, 0) is None else None


def addressees_at(
    words: str, start: int, known: KnownNames = frozenset(), *, any_name: bool = False
) -> Addressees | None:
    """The people and units that are named from `start` on."""
    return _subjects(words, start)


def _duty_at(clause: str, start: int) -> Duty | None:
    ordered = _ORDERS.match(clause, start)
    if ordered is not None:
        subjects = _subjects(clause, ordered.end())
        if subjects is not None and (
            _LAYS.match(clause, subjects.end) or _behind_aside(clause, subjects.end) is not None
        ):
            return _of(clause, subjects, ordered=True)
    passive = _PASSIVE.search(clause, start)
    if passive is not None and (done_by := _names_at(clause, passive.end())):
        return Duty(tuple(done_by))
    subjects = _subjects(clause, start)
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


def _subjects(words: str, start: int) -> Addressees | None:
    """The subjects of a clause: "The A Unit and the B Team", "Mr. X (Head of Y)"."""
    persons: list[NamedPerson] = []
    units: list[str] = []
    at = end = start
    for _ in range(20):
        person = _PERSON.match(words, at)
        if person is not None:
            persons.append(NamedPerson(name=person["name"].strip(" ."), position=person["role"] or person["position"]))
            end = person.end()
        elif (unit := _SUBJECT.match(words, at)) is not None and not _plain_word(unit["unit"], words[at : unit.end()]):
            units.extend(_parted(unit["unit"]))
            end = unit.end()
        elif (common := _COMMON.match(words, at)) is not None and not _plain_word(common["unit"], ""):
            units.append(common["unit"])
            end = common.end()
        else:
            break
        more = re.compile(r"(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?=(?:the\s|all\s)?[A-Z])").match(words, end)
        if more is None:
            break
        at = more.end()
    return Addressees(tuple(persons), tuple(dict.fromkeys(units)), end, True) if persons or units else None


_PLAIN = frozenset(
    [
        "The",
        "It",
        "This",
        "That",
        "These",
        "Those",
        "There",
        "In",
        "On",
        "At",
        "By",
        "For",
        "With",
        "As",
        "If",
        "When",
        "While",
        "Where",
        "Following",
        "After",
        "Before",
        "During",
        "Under",
        "Pending",
        "However",
        "Therefore",
        "Moreover",
        "Furthermore",
        "No",
        "Not",
        "Any",
        "Such",
        "His",
        "Her",
        "Its",
        "Their",
        "Our",
        "To",
        "From",
        "Up",
        "An",
        "A",
    ]
)


def _plain_word(unit: str, whole: str) -> bool:
    return unit.split(maxsplit=1)[0] in _PLAIN


def second_owners(clause: str) -> bool:
    """Whether "and" parts two owners, each told something."""
    parts = SECOND_OWNER.split(clause)
    return len(parts) > 1 and all(_duty_at(re.sub(r"^\s*and\s+", "", part), 0) is not None for part in parts)


def _parted(unit: str) -> list[str]:
    """A subject as its units: "A Unit and the B Team" are two, "Finance and Administration Unit" is one."""
    first = re.escape(unit.split(maxsplit=1)[0])
    pieces = re.split(rf"\s+and\s+the\s+|,\s+(?:the\s+)?|\s+and\s+(?={first}\b)", unit)
    return [piece.strip() for piece in pieces if piece.strip()]


def _names_at(words: str, at: int) -> list[str]:
    names: list[str] = []
    for _ in range(20):
        listed = _LISTED.match(words, at) or _LOWER.match(words, at)
        if listed is None:
            break
        names.append(listed["name"].strip(" .,"))
        more = _BETWEEN.match(words, listed.end())
        if more is None or not _LISTED.match(words, more.end()) or _SUBJECT_FOLLOWS.match(words, more.end()):
            break
        at = more.end()
    return [name for name in names if name]


_SUBJECT_FOLLOWS = re.compile(rf"(?:the\s+)?{_NAME}(?:\s+{_NAME}){{0,6}}\s+(?:shall|should|will|must)\b")
