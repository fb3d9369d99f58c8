"""The units of a class that is named one by one: "các xã A, B" is "xã A" and "xã B"."""

import re

from services.intake.reading.owners.lexicon import CLASS_NOUNS, TIES
from services.intake.reading.words import key, longest

_EACH = re.compile(
    r"^(?P<before>.{0,200}?)\b[Cc]ác (?P<nouns>[^:]{1,40}?)(?P<colon>:)? (?P<names>(?:[A-ZĐƯ]|\d+(?:, | và |$)).*)$"
)
_CODE = re.compile(r"[A-ZĐ]-?\d")
_LONGEST_TIE = 7


def each_of(phrase: str, *, goes_on: bool = False) -> list[str]:
    """The units that a phrase names; the phrase itself where it names no class one by one.

    Where the list goes on with "và" behind the phrase, "và" within it parts no two names.
    """
    match = _EACH.match(phrase)
    if match is None:
        return [phrase]
    nouns = match["nouns"].split(", ")
    keys = [key(word) for word in nouns[-1].split()]
    if longest(CLASS_NOUNS, keys) != len(keys) and not (match["colon"] and nouns[-1][:1].isupper()):
        return [phrase]
    parts_and = nouns[-1][:1].islower()
    names = match["names"].split(", ") if goes_on and not parts_and else _names(match["names"], parts_and=parts_and)
    if (
        len(names) == 1
        or not all(_noun(name) or name[:1].isupper() or name.isdigit() for name in names)
        or _CODE.search(match["names"])
    ):
        return [phrase]
    found, noun = [], nouns[-1]
    for name in names:
        noun = _noun(name) or noun
        found.append(f"{match['before']}{noun} {name[len(_noun(name)) :].strip()}")
    return found


def _names(listed: str, *, parts_and: bool) -> list[str]:
    """The names of a list. Names of state bodies may hold "và" themselves, names of places do not."""
    names: list[str] = []
    for part in listed.split(", "):
        pieces = part.split(" và ")
        while pieces:
            name = pieces.pop(0)
            while pieces and not (parts_and or _noun(pieces[0])) and _tied(name, pieces[0]):
                name += " và " + pieces.pop(0)
            names.append(name.strip())
    return [name for name in names if name]


def _tied(name: str, other: str) -> bool:
    """Whether "và" stands within one name. Only the common names of state bodies are known; others are parted."""
    if not other[:1].isupper():
        return not other[:1].isdigit()
    words = [*(key(word) for word in name.split()[-4:]), key("và"), *(key(word) for word in other.split())]
    return any(longest(TIES, words, at, most=_LONGEST_TIE) for at in range(len(words)))


def _noun(name: str) -> str:
    """The lower-case noun of a class that a name begins with, as in "phường Bến Ngự"; empty without one."""
    words = name.split()
    length = longest(CLASS_NOUNS, [key(word) for word in words])
    noun = " ".join(words[:length])
    return noun if noun.islower() and length < len(words) else ""
