"""When two spellings are the same name. For matching alone: stored text is never changed."""

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_NOT_WORD = re.compile(r"[\W_]+")
_CLASS_FILLER = frozenset({"các", "và", "những", "toàn", "thể", "tất", "cả"})


def visible(text: str) -> str:
    """What is seen of a text, each character in its plain form (NFKC)."""
    plain = unicodedata.normalize("NFKC", text)
    # What can be printed holds no invisible character, and to ask that of a whole text is fast.
    return plain if plain.isprintable() else "".join(c for c in plain if unicodedata.category(c) != "Cf")


def matching_key(text: str) -> str:
    """What all spellings of a name share.

    Case, composition (NFC or NFD), width, invisible characters, the place of a tone mark within its syllable ("Uỷ",
    "Ủy"), punctuation and spacing make no difference.
    """
    return " ".join(map(_MOVED.__getitem__, _NOT_WORD.sub(" ", visible(text).casefold()).split()))


def without_marks(text: str) -> str:
    """The letters of a text without their diacritics, in small letters: "Đường Uỷ" is "duong uy"."""
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def class_key(text: str) -> str:
    """What all spellings of a class of units share: "Các phòng và đơn vị" is "các phòng, đơn vị"."""
    filler = {_MOVED[word] for word in _CLASS_FILLER}
    return " ".join(word for word in matching_key(text).split() if word not in filler)


_LONGEST_KEPT = 32
_MOST_KEPT = 16_384


class _Moved(dict[str, str]):
    """Words with their tone marks behind their letters. Vietnamese has some seven thousand syllables, and a notice's
    text is looked through whole: those that were met are kept."""

    def __missing__(self, word: str) -> str:
        letters = unicodedata.normalize("NFD", word)
        tones = "".join(sorted(mark for mark in letters if mark in _TONES))
        bare = "".join(mark for mark in letters if mark not in _TONES)
        moved = unicodedata.normalize("NFC", bare) + tones
        if len(word) <= _LONGEST_KEPT and len(self) < _MOST_KEPT:
            self[word] = moved
        return moved


_MOVED = _Moved()
