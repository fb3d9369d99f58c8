"""Which people a passage names."""

import re
from dataclasses import dataclass

from services.intake.reading.people.surnames import COMMON_SURNAMES, SURNAMES
from services.intake.reading.people.titles import (
    ALSO_GIVEN_NAMES,
    DEGREE,
    ENGLISH_TITLES,
    FORMS_OF_ADDRESS,
    HONOURED,
    IS_POSITION,
    MIDDLE_NAMES,
    NO_NAMES,
    POSITION_AFTER,
    POSITION_BEFORE,
    POSITION_ENDS,
    POSITION_FOLLOWS,
    RANK,
    SIGNED_MARK,
)
from shared.events.fields import NamedPerson

_WORD = re.compile(r"[^\s,;:()\[\]|<>\"“”*/]+")
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_PLACE = re.compile(
    r"\b(?:tỉnh|thành\sphố|tp\.?|huyện|xã|phường|quận|thị\sxã|thị\strấn|khu\svực|vùng|đặc\skhu)\s$", re.IGNORECASE
)
_CITY_OF_A_NAME = ("Hồ", "Chí", "Minh")
_PARTICLES = frozenset({"van", "von", "de", "der", "den", "da", "dos", "del", "la", "bin", "binti", "al", "ter"})
_MOST_WORDS = 4_000
_LONGEST_POSITION = 500


@dataclass(frozen=True, slots=True)
class Mention:
    """A person's name and its place in the words."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Run:
    words: tuple[re.Match[str], ...]
    honoured: bool


def people_in(words: str) -> list[Mention]:
    """The people whom words (NFC, white space folded) name, in their order, without titles of learning or rank."""
    found: list[Mention] = []
    for run in _runs(words):
        if named := _named(words, run) or (run.words if found and _is_next_of_list(words, found[-1], run) else ()):
            first, last = named[0], named[-1]
            name = words[first.start() : last.end()].rstrip(".")
            found.append(Mention(name, first.start(), first.start() + len(name)))
    return found


def full_name(words: str) -> str | None:
    """The name where the words are a person's name and nothing else, as under a signature; capitals may be all."""
    words = RANK.sub("", SIGNED_MARK.sub("", words).strip(" .,-–*_"))
    capitals = words.isupper()
    named = words.title() if capitals else words
    runs = _runs(named)
    if len(runs) != 1 or named[runs[0].words[-1].end() :].strip(". "):
        return None
    run = [word[0].rstrip(".") for word in runs[0].words]
    before = named[: runs[0].words[0].start()].strip()
    if before and not (runs[0].honoured or HONOURED.search(f" {before} ")):
        return None
    named_words = runs[0].words
    if run[0] in FORMS_OF_ADDRESS and len(run) > 2 and run[1] not in MIDDLE_NAMES:
        named_words, run = named_words[1:], run[1:]
    if not 2 <= len(run) <= 6 or (run[0] not in SURNAMES and (capitals or run[0] in NO_NAMES)):
        return None
    titles = (
        ENGLISH_TITLES if run[0] in SURNAMES and run[0] not in MIDDLE_NAMES else NO_NAMES - SURNAMES - ALSO_GIVEN_NAMES
    )
    if any(word in titles for word in run[1:]):
        return None
    start, end = named_words[0].start(), named_words[-1].end()
    return (words if len(words) == len(named) else named)[start:end].rstrip(".")


def with_position(words: str, mention: Mention) -> NamedPerson:
    """The person with the position that stands behind the name, or else before it."""
    position: str | None = None
    if match := POSITION_AFTER.match(words, mention.end):
        said = POSITION_ENDS.split(match["position"], maxsplit=1)[0].strip(" ,.-–")
        position = said if IS_POSITION.match(said) else None
    if position is None and (match := POSITION_BEFORE.search(words[max(0, mention.start - 120) : mention.start])):
        position = match["position"].strip()
    return NamedPerson(name=mention.name, position=position[:_LONGEST_POSITION] if position else None)


def _runs(words: str) -> list[_Run]:
    """Runs of words that could be names, unbroken by a mark or a word in small letters."""
    runs: list[_Run] = []
    run: list[re.Match[str]] = []
    honoured = after_degree = False
    previous_end = 0
    for count, word in enumerate(_WORD.finditer(words)):
        if count > _MOST_WORDS:
            break
        unbroken = words[previous_end : word.start()] == " " and not (run and _ends(run))
        if run and not unbroken:
            runs.append(_Run(tuple(run), honoured))
            run = []
        if DEGREE.fullmatch(word[0]):
            if run:
                runs.append(_Run(tuple(run), honoured))
                run = []
            after_degree = True
        elif _is_name_word(word[0]) or (run and honoured and word[0] in _PARTICLES):
            if not run:
                honoured = after_degree or HONOURED.search(words[max(0, word.start() - 30) : word.start()]) is not None
            run.append(word)
            after_degree = False
        else:
            if run:
                runs.append(_Run(tuple(run), honoured))
                run = []
            after_degree = after_degree and word[0] in ("-", ".")
        previous_end = word.end()
    if run:
        runs.append(_Run(tuple(run), honoured))
    return runs


def _ends(run: list[re.Match[str]]) -> bool:
    """Whether the last word ends its sentence: initials do not, but Vietnamese names have none."""
    last = run[-1][0]
    return last.endswith(".") and (len(last) > 2 or any(word[0] in SURNAMES for word in run))


def _is_name_word(word: str) -> bool:
    return (
        word[0].isupper() and _NAME.fullmatch(word) is not None and (len(word.rstrip(".")) == 1 or not word.isupper())
    )


def _named(words: str, run: _Run) -> tuple[re.Match[str], ...]:
    """The part of a run that is a person's name; empty where none is."""
    named = run.words
    honoured = run.honoured
    if not honoured and len(named) > 2 and _bare(named[0]) in FORMS_OF_ADDRESS and _bare(named[1]) not in MIDDLE_NAMES:
        named, honoured = named[1:], True
    texts = tuple(_bare(word) for word in named)
    if honoured and texts[0] not in NO_NAMES:
        return named[:6] if len(named) > 1 else ()
    after_place = _PLACE.search(words[max(0, named[0].start() - 20) : named[0].start()]) is not None
    if after_place and texts[:3] == _CITY_OF_A_NAME:
        named, texts, after_place = named[3:], texts[3:], False
    if after_place and len(named) < 3:
        return ()
    begins = [at for at in range(len(texts)) if _begins_name(texts, at) and 2 <= len(texts) - at <= 5]
    if after_place and len(named) > 3:
        begins = [at for at in begins if at in (2, 3)] or [at for at in begins if at == 1] or begins
    if begins:
        common = [at for at in begins if texts[at] in COMMON_SURNAMES]
        whole = begins[0] == 0 and (not after_place or len(named) == 3)
        named = named[0 if whole else (common or begins)[0] :]
        sure = len(named) > 2 or POSITION_FOLLOWS.match(words, named[-1].end()) or _leads_here(words, named[0].start())
        return named if sure else ()
    followed = POSITION_FOLLOWS.match(words, named[-1].end()) if named else None
    return named if followed and texts[0] not in NO_NAMES and 2 <= len(named) <= 5 else ()


def _begins_name(texts: tuple[str, ...], at: int) -> bool:
    """Whether a name can begin here: with a family name, or with any word before "Thị" or "Văn"."""
    if texts[at] in MIDDLE_NAMES:
        return at == 0 and len(texts) > 2 and texts[at] in SURNAMES
    if at + 2 < len(texts) and texts[at + 1] in MIDDLE_NAMES:
        return texts[at + 1] == "Thị" or texts[at] not in NO_NAMES
    return texts[at] in SURNAMES


def _is_next_of_list(words: str, before: Mention, run: _Run) -> bool:
    """Whether a run stands between commas behind a person, as names that no family name gives away do in a list."""
    first, last = run.words[0], run.words[-1]
    if words[before.end : first.start()] not in (", ", "; ") or words[last.end() : last.end() + 1] not in (
        ",",
        ";",
        "",
        ".",
    ):
        return False
    if len(run.words) == 1:
        return "'" in first[0] or "’" in first[0]
    return len(run.words) <= 5 and not any(_bare(word) in NO_NAMES for word in run.words[:2])


def _leads_here(words: str, at: int) -> bool:
    return POSITION_BEFORE.search(words[max(0, at - 60) : at]) is not None and not _PLACE.search(
        words[max(0, at - 20) : at]
    )


def _bare(word: re.Match[str]) -> str:
    return word[0].rstrip(".")
