"""Which way words are written (Unicode Standard Annex #9, without its deeper levels)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate, groupby
from typing import Final

_LEFTWARDS: Final = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks that hold every letter written from right to left."""
_HEBREW: Final = re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")


def runs_leftwards(words: str) -> bool:
    """Tell whether words begin in a script written from right to left (rule P2)."""
    if not _LEFTWARDS.search(words):
        return False
    return next((way for way in map(_way, words) if way is not None), False)


def directions(words: str, leftwards: bool) -> Iterator[tuple[bool, str]]:
    """Split words where their direction changes; True is from right to left.

    Spaces, signs and digits go with the letters on both sides of them, and between two
    directions as their paragraph goes: ``leftwards`` or not (rules N1 and N2).
    """
    if words and not leftwards and not _LEFTWARDS.search(words):
        yield False, words
        return
    ways = [_way(character) for character in words]
    before = [*accumulate(ways, _known, initial=leftwards)][1:]
    after = [*accumulate(reversed(ways), _known, initial=leftwards)][:0:-1]
    pairs = zip(words, before, after, strict=True)
    resolved = ((word, b if a == b else leftwards) for word, b, a in pairs)
    for way, group in groupby(resolved, key=lambda pair: pair[1]):
        yield way, "".join(character for character, _ in group)


def language_of(words: str) -> str:
    """Give a language for Word to check and hyphenate words from right to left in.

    The Document does not say which it is: a script's first one is likelier than the text's own.
    """
    return "he-IL" if _HEBREW.search(words) else "ar-SA"


def _way(character: str) -> bool | None:
    """Tell a letter's direction; None for what has none of its own."""
    match unicodedata.bidirectional(character):
        case "R" | "AL":
            return True
        case "L":
            return False
        case _:
            return None


def _known(known: bool, way: bool | None) -> bool:
    return known if way is None else way
