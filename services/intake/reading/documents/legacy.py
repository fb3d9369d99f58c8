"""Vietnamese from before Unicode: TCVN3 (ABC), VNI and Windows-1258, told apart by which of them gives Vietnamese."""

import re
import unicodedata
from functools import cache
from typing import Literal

Encoding = Literal["tcvn3", "vni", "windows-1258"]

_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_VNI_ALONE = str.maketrans("ñÑôÔöÖíÍìÌæÆóÓòÒîÎ", "đĐơƠưƯíÍìÌỉỈĩĨịỊỵỴ")
_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT, _CIRCUMFLEX, _BREVE = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTER = re.compile("[aeouyôöAEOUYÔÖ][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]|[ñÑôÔöÖíÍìÌæÆóÓòÒîÎ]")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    "(?:ngh?|nh|ph|th|tr|ch|kh|gh|gi|qu|[bcdđghklmnprstvx])?"
    "(?:i|y|e|ê|a|ă|â|o|ô|ơ|u|ư|ia|ya|iê|yê|ua|uô|ưa|ươ|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|oa|oe|oo|uy|uê|uơ"
    "|oă|uâ|oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|uya|uyê|uyu)"
    "(?:ng|nh|ch|[cmnpt])?"
)
_TONES = {_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT}
_WRITTEN_IN_VIETNAMESE_ONLY = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9\u0300-\u0309\u0323]")
_LATIN = re.compile("[\u00a1-\u00ff]")
_ENOUGH_WORDS = 8
_PLAUSIBLE = 0.75
_SAMPLE = 20_000


def encoding_of_font(name: str) -> Encoding | None:
    """The encoding of a font that shows Vietnamese letters in the places of others; None of any other font."""
    lowered = name.lower()
    if lowered.startswith(".vn"):
        return "tcvn3"
    return "vni" if lowered.startswith("vni") else None


def encoding_of(text: str) -> Encoding | None:
    """The old encoding that a text is in, where it was read as Latin letters; None where it is none, or not surely."""
    sample = text[:_SAMPLE]
    foreign = len(_LATIN.findall(sample))
    if foreign < _ENOUGH_WORDS or len(_WRITTEN_IN_VIETNAMESE_ONLY.findall(sample)) * 4 > foreign:
        return None
    encodings: tuple[Encoding, ...] = ("tcvn3", "vni")
    plausible, best = max((vietnamese_share(decoded(sample, each)), each) for each in encodings)
    return best if plausible > max(_PLAUSIBLE, vietnamese_share(sample)) else None


def decoded(text: str, encoding: Encoding) -> str:
    """The Vietnamese that Latin letters stand for in an old encoding, composed (NFC).

    Source: TCVN 5712:1993, table VN3; the VNI character set for Windows.
    """
    if encoding == "tcvn3":
        return text.translate(_TCVN3)
    if encoding == "vni":
        return _VNI_LETTER.sub(_vni_letter, text)
    return unicodedata.normalize("NFC", text)


def vietnamese_share(text: str) -> float:
    """How many of the words with marks could be Vietnamese syllables, from 0 to 1; 0 where hardly any has a mark."""
    marked = [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]
    if len(marked) < _ENOUGH_WORDS:
        return 0.0
    return sum(map(_is_syllable, marked)) / len(marked)


@cache
def _is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.lower())
    tones = sum(letter in _TONES for letter in letters)
    base = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
    return tones <= 1 and _SYLLABLE.fullmatch(base) is not None


def _vni_letter(match: re.Match[str]) -> str:
    letter, mark = match[0][0].translate(_VNI_ALONE), match[0][1:].lower()
    return unicodedata.normalize("NFC", letter + _VNI_MARKS[mark]) if mark else letter
