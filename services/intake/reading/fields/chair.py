"""Who chaired a meeting and concluded it."""

import re

from services.intake.reading.people.people import Mention, full_name, people_in, with_position
from shared.events.fields import NamedPerson

_CHAIRS = r"(?:chủ\strì|chủ\stọa|chủ\stoạ|điều\shành)"
_BEHIND = re.compile(
    rf"\b(?:(?:dưới\s)?sự\s{_CHAIRS}(?:\s(?:và|,)\s?[^.;:]{{1,30}})?\scủa|(?:người\s)?{_CHAIRS}[^.;:]{{0,60}}:"
    r"|chairmanship\sof|(?:co-)?chaired\sby|presided\s(?:over\s)?by|chair(?:person|man|woman)?\s?(?:\([^()]{1,30}\)\s?)?[:,])\s",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(r"\s(?:kết\sluận|concluded)\b", re.IGNORECASE)
_CHAIRING = re.compile(rf"[\s(](?:{_CHAIRS}|chaired|presided)\b", re.IGNORECASE)
_LEADS_TO_VERB = re.compile(
    r"(?:\s?[,:–—(-]\s?(?!(?:đồng\schí|ông|bà|các|Mr|Ms)\b)[^.;]{1,200}?)?\)?,?(?:\s(?:đã|có|ý\skiến|phát\sbiểu|trực\stiếp|và|cùng|đồng))*",
)
_ADJACENT = re.compile(
    r"(?:\s(?:đã|có|ý\skiến|phát\sbiểu))*|\s?[,–—-]\s?[A-ZĐ][^.,;:]{1,80}(?:\s(?:đã|có|ý\skiến|phát\sbiểu))*"
)
_OF_TITLE = re.compile(r"\bcủa\s(?P<whom>.{2,150}?)(?=\s(?:tại|trong|về|ngày|sau|sáng|chiều|tháng)\s|$)", re.IGNORECASE)
_JOINTLY = re.compile(r"(?:đồng|cùng)$", re.IGNORECASE)
_AND = re.compile(r"(?:\s?[,–—-]\s?[^.;:]{1,120})?\s(?:và|cùng)\s[^.;:,]{0,40}")
_MARK = re.compile(r"[,–—-]")
_DEGREE = re.compile(r"\b[A-Z]\w{0,7}\.\s?")
_ENDS_SENTENCE = re.compile(r"[.;]\s")
_LONGEST_CLAUSE = 300


def chair_in(told: str, title: str) -> NamedPerson | None:
    """The person whom what is told (NFC, white space folded), or else the notice's title, names as concluding."""
    people = people_in(told)
    for verb, link in ((_CONCLUDES, _ADJACENT), (_CHAIRING, _LEADS_TO_VERB)):
        if (found := _before(told, people, verb, link)) is not None:
            return with_position(told, found)
        if verb is _CONCLUDES and (found := _behind(told, people)) is not None:
            return with_position(told, found)
    return _in_title(title)


def _before(told: str, people: list[Mention], verb: re.Pattern[str], link: re.Pattern[str]) -> Mention | None:
    """The first person whom nothing but a position parts from the verb."""
    for match in verb.finditer(told):
        near = [each for each in people if each.end <= match.start() <= each.end + _LONGEST_CLAUSE]
        for at in range(len(near) - 1, -1, -1):
            if link.fullmatch(told, near[at].end, match.start()):
                jointly = at > 0 and _JOINTLY.search(told[: match.start()][-10:])
                first = jointly and _AND.fullmatch(told, near[at - 1].end, near[at].start)
                return near[at - 1] if first else near[at]
    return None


def _behind(told: str, people: list[Mention]) -> Mention | None:
    for match in _BEHIND.finditer(told):
        near = [each for each in people if match.end() <= each.start <= match.end() + 150]
        if near and not _ENDS_SENTENCE.search(_DEGREE.sub("", told[match.end() : near[0].start])):
            return near[0]
    return None


def _in_title(title: str) -> NamedPerson | None:
    if people := people_in(title):
        return with_position(title, people[0])
    for match in _OF_TITLE.finditer(title):
        if match["whom"].isupper():
            words = _MARK.split(match["whom"])[0].split()
            for size in (4, 3, 2):
                if len(words) > size and (name := full_name(" ".join(words[-size:]))) is not None:
                    return NamedPerson(name=name, position=" ".join(words[:-size]))
    return None
