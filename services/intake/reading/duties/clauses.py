"""An item of a notice in clauses, each of which may have an owner of its own."""

import re
from dataclasses import dataclass

from services.intake.reading.duties import english
from services.intake.reading.duties.grammar import VIETNAMESE, Grammar
from services.intake.reading.duties.kinds import decides
from services.intake.reading.duties.orders import behind_topic
from services.intake.reading.duties.verbs import ASSISTS, DUTIES, REACTIONS
from services.intake.reading.owners.addressees import addressees_at
from services.intake.reading.owners.listing import lists_units
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.text import Passage
from services.intake.reading.words import key, longest

_CLAUSE_ENDS = re.compile(
    r";|(?<![\s(.][A-ZĐ])(?<!\bTS)(?<!\bThS)(?<!\bGS)(?<!\bPGS)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bProf)(?<!\bNo)(?<!\bBS)(?<!\bKS)"
    r"(?<!\bCN)(?<!\bLS)(?<!\bDS)(?<!\bTP)(?<!CKI)(?<!CKII)(?<!CK1)(?<!CK2)[.!?](?=\s|$)|\.(?=\s+(?:Giao"
    r"|Phân công|Đề nghị|Yêu cầu)\b)"
)
_COMMA = re.compile(r",(?=\s|$)")
_ORDERS = re.compile(r"(?:và\s+|đồng thời,?\s+)?(?:giao|yêu cầu|đề nghị|phân công)\s+", re.IGNORECASE)
_LOOK_AHEAD = 500
_MOST_PIECES = 60


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, and whether it ends a sentence."""

    passage: Passage
    ends_sentence: bool

    @property
    def words(self) -> str:
        """The clause's words, for matching."""
        return self.passage.words


def clauses_of(passage: Passage, grammar: Grammar, known: KnownNames) -> list[Clause]:
    """The clauses of an item: its sentences, their parts between semicolons, and parts behind a comma whose owner has a
    verb of its own."""
    found: list[Clause] = []
    for clause in passage.cut_after(_CLAUSE_ENDS):
        ends = not clause.words.endswith(";")
        if grammar is VIETNAMESE:
            parts = _parted_by_owner(clause, known)
        else:
            parts = clause.cut_after(english.SECOND_OWNER) if english.second_owners(clause.words) else [clause]
        found.extend(Clause(part, ends and part is parts[-1]) for part in parts)
    return found


def _parted_by_owner(clause: Passage, known: KnownNames) -> list[Passage]:
    pieces = clause.cut_after(_COMMA)
    if len(pieces) < 2 or len(pieces) > _MOST_PIECES:
        return [clause]
    parts: list[list[Passage]] = [[pieces[0]]]
    for at in range(1, len(pieces)):
        if _begins_part(parts[-1], pieces, at, known):
            parts.append([pieces[at]])
        else:
            parts[-1].append(pieces[at])
    return [clause.joined(part) for part in parts]


def _begins_part(before: list[Passage], pieces: list[Passage], at: int, known: KnownNames) -> bool:
    """Whether a piece begins an order of its own, behind one that is whole."""
    first = pieces[at].words
    ordered = _ORDERS.match(first)
    if ordered is None and not first[:1].isupper():
        return False
    ahead = first
    for piece in pieces[at + 1 :]:
        if len(ahead) > _LOOK_AHEAD:
            break
        ahead = f"{ahead} {piece.words}"
    left = " ".join(piece.words for piece in before)
    if ordered is not None:
        addressees = addressees_at(ahead, ordered.end(), known)
        named = ahead[ordered.end() :][:1].isupper() or ahead[ordered.end() :].startswith(("các ", "đồng chí "))
        return (
            addressees is not None
            and named
            and (addressees.does or decides(left))
            and (decides(left) or _is_whole(left, known))
        )
    addressees = addressees_at(ahead, 0, known)
    if addressees is None or not addressees.does or addressees.persons:
        return False
    return _is_whole(left, known) and not lists_units(left, known) and not _follows(ahead, addressees.end)


def _is_whole(left: str, known: KnownNames) -> bool:
    """Whether words lay a whole duty on a unit: not only an office upon somebody, and not only a condition."""
    begins = behind_topic(left)
    order = _ORDERS.match(left, begins)
    owner = addressees_at(left, order.end() if order else begins, known)
    if owner is None or owner.persons or not (owner.does or order):
        return False
    behind = [key(word.strip(",;:.")) for word in left[owner.end :].split()]
    return len(behind) >= 4 and not (longest(ASSISTS, behind) and len(behind) < 7)


def _follows(ahead: str, end: int) -> bool:
    """Whether what a unit does here belongs to the order before: it helps, gives advice, or takes a report in."""
    keys = [key(word.strip(",;:.")) for word in ahead[end : end + 80].split(maxsplit=6)[:6]]
    if longest(ASSISTS, keys) or keys[:2] == [key("tham"), key("mưu")]:
        return True
    reaction = longest(REACTIONS, keys)
    return reaction > 0 and (len(keys) <= reaction or not longest(DUTIES, keys))
