"""What an English clause is that decides, tells, thanks or closes."""

import re

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


def decides(clause: str) -> bool:
    """Whether a clause tells of a decision."""
    return _DECIDES.match(clause) is not None


def tells(clause: str) -> bool:
    """Whether a clause tells what was noted, or is."""
    return _TELLS.match(clause) is not None


def thanks(clause: str) -> bool:
    """Whether a clause thanks, or encourages everybody."""
    return _THANKS.match(clause) is not None


def closes(clause: str) -> bool:
    """Whether a clause ends the notice."""
    return _CLOSES.match(clause) is not None
