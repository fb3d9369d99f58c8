"""Which people and units an English phrase names."""

import re

from services.intake.reading.owners.addressees import Addressees
from services.intake.reading.words import phrases
from shared.events.fields import NamedPerson

_NAME = r"[A-Z][\w'’.&/\-]*"

_PERSON = re.compile(
    rf"(?:(?:Mr|Ms|Mrs|Miss|Dr|Prof|Professor|Amb|Ambassador|Hon|H\.E)\.?\s+)+(?P<name>{_NAME}(?:\s+(?:{_NAME}"
    rf"|de|van|von|der|bin|al|da|di|la)){{0,5}})"
    r"(?:\s*\((?P<role>[^()]{2,100})\)|,\s(?P<position>[A-Z][^,;:.]{2,80}),)?"
)

_SUBJECT = re.compile(
    rf"(?:(?:[Tt]he|[Aa]ll|[Ee]ach|[Ee]very|[Bb]oth|its|our|those|any|relevant|participating"
    rf"|interested)\s+){{0,3}}(?P<unit>{_NAME}"
    rf"(?:(?:\s+|\s?–\s?|\s[-/]\s?)(?:{_NAME}|\d{{1,3}}|of|for|and|the|on|in|to(?=\s(?:the\s)?[A-Z])"
    rf"|[a-z]+(?=\s+(?:shall|should|will|must|is|are|to|need)\b)))*?)"
    r"(?:['’]s)?(?=\s*(?:,|\(|\s(?:shall|should|will|must|is|are|to|was|were|needs?|has|have|agreed?|undertook"
    r"|undertakes|would|may|can|who|together|jointly|with|in|as|by|and\sthe)\b|\s[-–—:]\s|:|$))"
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
    "|subcommittee|union|task force|bureau|council|host|applicant|bidder|farmer|factor(?=ies|y)"
)

_COMMON = re.compile(
    rf"(?:(?:[Tt]he|[Aa]ll|[Ee]ach|[Ee]very|[Bb]oth|[Ii]ts)\s+){{0,3}}(?P<unit>(?:[A-Za-z][\w-]*\s+){{0,4}}?"
    rf"(?:(?:{_AGENTS})(?:s|ies|y)?|countries|companies|agencies|authorities|ministries|universities|parties"
    rf"|bodies|country|company"
    rf"|agency|authority|ministry|university|party|body)(?:\s(?:of|for|in)\s(?:the\s)?{_NAME}(?:\s(?:{_NAME}"
    rf"|\d+)){{0,4}})?)\b"
)

_LISTED = re.compile(
    rf"(?:(?:[Tt]he|[Aa]ll|its|their|relevant)\s+){{0,3}}(?P<unit>(?:Mr|Ms|Mrs|Dr"
    rf"|Prof)\.\s)?(?P<name>{_NAME}(?:(?:\s+|\s?–\s?|\s[-/]\s?)(?:{_NAME}|of|for"
    rf"|and(?=\s[A-Z][\w]+(?:\s[A-Z]\w+)*\s(?:Unit|Department|Committee|Office|Division|Section|Group"
    rf"|Team|Services?|Commission|Ministry|Agency|Bureau|Centre|Center|Branch|Board|Council)\b)))*)"
)

_LOWER = re.compile(
    r"(?:(?:the|all|its|their|relevant|other|local|national)\s+){0,3}(?P<name>(?!(?:a|an|the|which|that|this"
    r"|other)\b)[a-z][\w-]*"
    r"(?:\s(?!(?:to|by|before|in|on|for|with|and|shall|should|will|must|as|at|during|within|no|is|are|from"
    r"|of)\b)[\w-]+){0,4})"
)

_PLURAL = re.compile(
    rf"(?:the|all|its|their|relevant)\s+(?P<unit>(?:[a-z][\w-]*\s){{0,3}}(?:{_AGENTS})s)(?=\s*[.,;]|$)"
)

_AGENT = re.compile(rf"\b(?:{_AGENTS})s?\b", re.IGNORECASE)

_BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*;\s*")


def has_head(name: str) -> bool:
    """Whether a noun for a body or a person stands in a name: "Data Unit"."""
    return _AGENT.search(name) is not None


def subjects_at(words: str, start: int) -> Addressees | None:
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


_PLAIN = phrases("""
The, It, This, That, These, Those, There, In, On, At, By, For, With, As, If, When, While, Where, Following, After,
Before, During, Under, Pending, However, Therefore, Moreover, Furthermore, No, Not, Any, Such, His, Her, Its, Their,
Our, To, From, Up, An, A
""")


def _plain_word(unit: str, whole: str) -> bool:
    first = unit.split(maxsplit=1)[0]
    return not (len(first) > 1 and first.isupper()) and (first.lower(),) in _PLAIN


def _parted(unit: str) -> list[str]:
    """A subject as its units: "A Unit and the B Team" are two, "Finance and Administration Unit" is one."""
    first = re.escape(unit.split(maxsplit=1)[0])
    pieces = re.split(rf"\s+and\s+the\s+|,\s+(?:the\s+)?|\s+and\s+(?={first}\b)", unit)
    return [piece.strip() for piece in pieces if piece.strip()]


def names_at(words: str, at: int) -> list[str]:
    names: list[str] = []
    for _ in range(20):
        listed = _LISTED.match(words, at) or _LOWER.match(words, at)
        if listed is None:
            break
        names.append(listed["name"].strip(" .,"))
        more = _BETWEEN.match(words, listed.end())
        common = _PLURAL.match(words, more.end()) if more is not None else None
        if common is not None:
            names.append(common["unit"])
            break
        if more is None or not _LISTED.match(words, more.end()) or _SUBJECT_FOLLOWS.match(words, more.end()):
            break
        at = more.end()
    return [name for name in names if name]


_SUBJECT_FOLLOWS = re.compile(rf"(?:the\s+)?{_NAME}(?:\s+{_NAME}){{0,6}}\s+(?:shall|should|will|must)\b")
