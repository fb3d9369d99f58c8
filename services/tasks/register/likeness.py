"""When two directives order nearly the same. Pure."""

import re
import zlib
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Indel

from services.tasks.register.words import bare, words

ALIKE = 0.75
"""From which share of common words on, in their order, two directives order the same; measured in
tests/unit/tasks/test_likeness.py on orders that were repeated and on others of the same unit."""

KEYS = 4
_NUMBER = re.compile(r"\b\d\w*")
_SHORTEST = 4
_SIGNED_64 = 2**63

_DATES = re.compile(
    r"\b(?:ngay )?\d{1,2} \d{1,2} (?:19|20)\d\d\b"
    r"|\bngay \d{1,2}(?: thang \d{1,2}(?: nam (?:19|20)\d\d)?| \d{1,2})?\b"
    r"|\bthang \d{1,2}(?: (?:nam )?(?:19|20)\d\d)?\b"
    r"|\bquy (?:i{1,3}|iv|[1-4])(?: (?:nam )?(?:19|20)\d\d)?\b"
)
_WHO = (
    r"(?:(?:cac )?(?:pho )?(?:giam doc|lanh dao|chu tich|truong|thu truong|bo truong)(?: (?:so|ubnd|tinh|huyen|bo))*)"
)
_FORMULAS = re.compile(
    r"\b(?:khan truong|tiep tuc|tap trung|nghiem tuc|chu dong|quyet liet|day nhanh|som|ngay|gap|yeu cau|de nghi|giao"
    r"|truoc|cham nhat|trong|hoan thanh|xong|thoi han|da duoc giao|tai thong bao|nhac lai|mot lan nua"
    rf"|trinh {_WHO}(?: (?:ky|xem xet|quyet dinh|ban hanh|phe duyet))*"
    rf"|bao cao (?:ket qua(?: thuc hien)?|tien do)?(?: ?{_WHO})?"
    r"|lay y kien(?: cua)? cac phong(?: va)?(?: cac)? don vi|thuc hien|hoan thien|chu tri|phoi hop voi|cac|cua|va)\b"
)


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """What a directive orders, without its dates, without what nearly every directive says, and without marks."""
    said = " ".join(map(bare, words(text)))
    return " ".join(_FORMULAS.sub(" ", _DATES.sub(" ", said)).split())


def keys(plain_text: str, unit_id: str) -> list[int]:
    """Up to four numbers, at least one of which near-same directives to a unit nearly always share; see `plain`.

    Of all pairs of neighbouring words, those with the smallest hashes. Source: Broder, On the resemblance and
    containment of documents (1997).
    """
    found = plain_text.split()
    if len(found) < _SHORTEST:
        return []
    pairs = {zlib.crc32(f"{one} {other}".encode()) for one, other in pairwise(found)}
    # Those of a unit stand together in the index.
    of_unit = (zlib.crc32(unit_id.encode()) << 32) - _SIGNED_64
    return [of_unit + pair for pair in sorted(pairs)[:KEYS]]


def likeness(one: str, other: str) -> float:
    """How much alike two plain texts are, from 0 to 1; 0 where each names a number that the other does not."""
    if one == other:
        return 1.0
    (words_of_one, numbers), (words_of_other, others) = _parsed(one), _parsed(other)
    if not (numbers <= others or others <= numbers):
        return 0.0
    return Indel.normalized_similarity(words_of_one, words_of_other)


@lru_cache(maxsize=1024)
def _parsed(plain_text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words of a plain text, and the numbers among them."""
    return tuple(plain_text.split()), frozenset(_NUMBER.findall(plain_text))
