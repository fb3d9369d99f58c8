"""Where in a text the words stand by which it was found. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from services.tasks.register.words import bare, words

_WORD = re.compile(r"\w+")


class Piece(NamedTuple):
    """A part of a text, and whether it was asked for."""

    text: str
    asked: bool


def marked(text: str, asked: str, *, as_written: bool) -> list[Piece]:
    """A text in pieces, in order: words that were asked for, with what stands between two of them, and the rest.

    `as_written` says that the text was found by the words as they were written: one with marks then means only itself.
    """
    wanted = words(asked)
    exact = {word for word in wanted if as_written and word != bare(word)}
    any_marks = {bare(word) for word in wanted if word not in exact}
    found: list[Piece] = []
    end = 0
    for match in _WORD.finditer(text):
        if not all(word in exact or bare(word) in any_marks for word in words(match[0]) or ("",)):
            continue
        between = text[end : match.start()]
        if found and found[-1].asked and not _WORD.search(between):
            found[-1] = Piece(found[-1].text + between + match[0], True)
        else:
            found += [Piece(between, False), Piece(match[0], True)]
        end = match.end()
    return _filled([*found, Piece(text[end:], False)])


def _filled(pieces: Iterable[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.text]
