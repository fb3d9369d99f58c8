"""Which people a passage names."""

import re
from dataclasses import dataclass

from services.intake.reading.surnames import COMMON_SURNAMES, SURNAMES
from shared.events.fields import NamedPerson

_WORD = re.compile(r"[^\s,;:()\[\]|<>\"“”*/]+")
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_DEGREE = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|Ths|THS|TSKH|BS|BsCK\w{0,3}|BSCK\w{0,3}|BSNT|CK[I1]{1,2}|KS|KTS|CN|LS|DS|DSCK\w{0,3}|ĐD|NGND|NGƯT"
    r"|TTND|TTƯT|NSND|NSƯT|AHLĐ|CVC|CVCC|Dr|Mr|Ms|Mrs|Mme|Prof|Assoc|H\.E|Amb|Eng|Col|Gen|Lt|Maj|Capt|Hon|Rev)\.?){1,4}"
)
_HONOURED = re.compile(
    r"(?:^|[\s(,;:])(?:ông|bà|đồng\schí|đ/c|đ\.c|anh|chị|cô|thầy|bác\ssĩ|tiến\ssĩ|thạc\ssĩ|giáo\ssư|kỹ\ssư|luật\ssư|linh\smục"
    r"|(?:đại|thượng|trung|thiếu)\s(?:tá|tướng|úy|uý))\s?:?\s$",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\((?:đã\ský|signed|ký\stên)[^()]{0,20}\)", re.IGNORECASE)
_RANK = re.compile(
    r"^(?:(?:đại|thượng|trung|thiếu)\s(?:tá|tướng|úy|uý)|đồng\schí|(?:bác|tiến|thạc)\ssĩ|giáo\ssư|luật\ssư)\s",
    re.IGNORECASE,
)
_SPOKEN_TO = frozenset({"Ông", "Bà", "Cô", "Thầy", "Anh", "Chị", "Mr", "Ms", "Mrs", "Dr", "Prof"})
_MIDDLE = frozenset({"Thị", "Văn"})
_GIVEN = frozenset(
    {"Thị", "Văn", "Thành", "Trung", "Đại", "Hội", "Nguyên", "Viện", "Quyền", "Thứ", "Trường", "Khoa", "Công"}
)
_TITLES_VIETNAMESE = """
Phó Giám Chủ Bí Trưởng Chánh Thứ Bộ Tổng Quyền Nguyên Ủy Uỷ Hiệu Viện Cục Vụ Thủ Phòng Ban Sở Thường Lãnh
Trung Văn Hội Đảng Khoa Trường Cơ Các Tỉnh Huyện Xã Phường Thành Quận Sau Ngày Tại Theo Trên Dự Cùng Tham Đại
Đồng Thực Kết
"""
_TITLES_ENGLISH = """
Deputy Executive Secretary Director Chair Chairperson Chairman Head Officer General Manager President Vice
Committee Commission Unit Council Secretariat Board The For Minister Representative Adviser Advisor Member
Programme Project International National Regional Technical Meeting Conclusions Treasurer Coordinator
Rapporteur Office Bank Minutes Acting Senior Chief Assistant Department Division Ministry Group Team
"""
_ENGLISH_TITLES = frozenset(_TITLES_ENGLISH.split())
_NO_NAMES = frozenset(_TITLES_VIETNAMESE.split()) | _ENGLISH_TITLES
"""Words that begin with a capital in titles and in names of bodies."""
_PLACE = re.compile(
    r"\b(?:tỉnh|thành\sphố|tp\.?|huyện|xã|phường|quận|thị\sxã|thị\strấn|khu\svực|vùng|đặc\skhu)\s$", re.IGNORECASE
)
_CITY_OF_A_NAME = ("Hồ", "Chí", "Minh")
_PARTICLES = frozenset({"van", "von", "de", "der", "den", "da", "dos", "del", "la", "bin", "binti", "al", "ter"})
_POSITION_WORDS = (
    r"(?:nguyên\s|quyền\s|Q\.\s?)?(?:(?:Phó|Giám|Chủ|Bí|Trưởng|Chánh|Thứ|Bộ|Tổng|Ủy|Uỷ|Hiệu|Viện|Cục|Vụ|Thủ|Thường|Chi|Kế|Quyền"
    r"|Cán|Chuyên|Tư|Phụ|Đội|Tổ|Điều|Thư|Thẩm|Kiểm|Công|Giáo|Giảng|Đại)(?!\stá\b|\stướng\b|\súy\b)\b|\w+\s(?:\w+\s)?trưởng\b"
    r"|đại\sdiện\b|thành\sviên\b"
    r"|(?:Head|Director|Chair|Vice|Deputy|President|Secretary|Executive|Member|Treasurer|Coordinator|Officer|Minister)\b)"
)
_POSITION_FOLLOWS = re.compile(rf"\s?[-–—,(]\s?{_POSITION_WORDS}")
_IS_POSITION = re.compile(rf"{_POSITION_WORDS}|[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?:,|\s(?:of|and|for|[A-Z])|$)")
_POSITION_AFTER = re.compile(r"\s?[-–—(,]\s?(?P<position>[^;:()\n]{2,200})")
_POSITION_ENDS = re.compile(
    r"\s(?:đã\s)?(?:chủ\strì|chủ\stọa|chủ\stoạ|kết\sluận|điều\shành|chaired|presided)\b"
    r"|[,;]?\s(?:và\s)?(?:đồng\schí|ông|bà|đ/c|các)\s|,\s(?:Mr|Ms|Mrs|Dr|Prof)\.|[.]\s|,\s(?:tham\sdự|cùng\sdự)",
    re.IGNORECASE,
)
_POSITION_BEFORE = re.compile(
    r"(?P<position>(?:phó\s|quyền\s|nguyên\s)?(?:tổng\sgiám\sđốc|giám\sđốc|chủ\stịch|bí\sthư|thủ\stướng|bộ\strưởng|thứ\strưởng"
    r"|chủ\snhiệm|chánh\s\w+|trưởng\s\w+|\w+\strưởng|tổng\sbiên\stập|chánh\sán)(?:(?!\svà\s(?:phó|giám|chủ|ông|bà|đồng)\b)[^,;:.]){0,80})\s$",
    re.IGNORECASE,
)
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
    words = _RANK.sub("", _SIGNED.sub("", words).strip(" .,-–*_"))
    capitals = words.isupper()
    named = words.title() if capitals else words
    runs = _runs(named)
    if len(runs) != 1 or named[runs[0].words[-1].end() :].strip(". "):
        return None
    run = [word[0].rstrip(".") for word in runs[0].words]
    before = named[: runs[0].words[0].start()].strip()
    if before and not (runs[0].honoured or _HONOURED.search(f" {before} ")):
        return None
    named_words = runs[0].words
    if run[0] in _SPOKEN_TO and len(run) > 2 and run[1] not in _MIDDLE:
        named_words, run = named_words[1:], run[1:]
    if not 2 <= len(run) <= 6 or (run[0] not in SURNAMES and (capitals or run[0] in _NO_NAMES)):
        return None
    titles = _ENGLISH_TITLES if run[0] in SURNAMES and run[0] not in _MIDDLE else _NO_NAMES - SURNAMES - _GIVEN
    if any(word in titles for word in run[1:]):
        return None
    start, end = named_words[0].start(), named_words[-1].end()
    return (words if len(words) == len(named) else named)[start:end].rstrip(".")


def with_position(words: str, mention: Mention) -> NamedPerson:
    """The person with the position that stands behind the name, or else before it."""
    position: str | None = None
    if match := _POSITION_AFTER.match(words, mention.end):
        said = _POSITION_ENDS.split(match["position"], maxsplit=1)[0].strip(" ,.-–")
        position = said if _IS_POSITION.match(said) else None
    if position is None and (match := _POSITION_BEFORE.search(words[max(0, mention.start - 120) : mention.start])):
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
        if _DEGREE.fullmatch(word[0]):
            if run:
                runs.append(_Run(tuple(run), honoured))
                run = []
            after_degree = True
        elif _is_name_word(word[0]) or (run and honoured and word[0] in _PARTICLES):
            if not run:
                honoured = after_degree or _HONOURED.search(words[max(0, word.start() - 30) : word.start()]) is not None
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
    if len(named) > 2 and _bare(named[0]) in _SPOKEN_TO and _bare(named[1]) not in _MIDDLE:
        named, honoured = named[1:], True
    texts = tuple(_bare(word) for word in named)
    if honoured and texts[0] not in _NO_NAMES:
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
        named = named[0 if begins[0] == 0 and not after_place else (common or begins)[0] :]
        sure = len(named) > 2 or _POSITION_FOLLOWS.match(words, named[-1].end()) or _leads_here(words, named[0].start())
        return named if sure else ()
    followed = _POSITION_FOLLOWS.match(words, named[-1].end()) if named else None
    return named if followed and texts[0] not in _NO_NAMES and 2 <= len(named) <= 5 else ()


def _begins_name(texts: tuple[str, ...], at: int) -> bool:
    """Whether a name can begin here: with a family name, or with any word before "Thị" or "Văn"."""
    if texts[at] in _MIDDLE:
        return at == 0 and len(texts) > 2 and texts[at] in SURNAMES
    before_middle = at + 2 < len(texts) and texts[at + 1] in _MIDDLE and texts[at] not in _NO_NAMES
    return texts[at] in SURNAMES or before_middle


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
    return len(run.words) <= 5 and not any(_bare(word) in _NO_NAMES for word in run.words[:2])


def _leads_here(words: str, at: int) -> bool:
    return _POSITION_BEFORE.search(words[max(0, at - 60) : at]) is not None and not _PLACE.search(
        words[max(0, at - 20) : at]
    )


def _bare(word: re.Match[str]) -> str:
    return word[0].rstrip(".")
