"""Which scripts words are written in, and which way, as Word sorts them (ECMA-376 §17.3.2.26).

Word has three settings for a run's face, weight and language: one for Latin and its like, one for
East Asian scripts, one for complex ones, of which some are written from right to left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, TypeAlias

Script: TypeAlias = Literal["", "rtl", "cs", "eastAsia"]
"""Latin and its like; complex from right to left; complex from left to right; East Asian."""


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """The letters of a script, its likeliest language, and all that are known to be written so."""

    script: Script
    letters: re.Pattern[str]
    guess: str
    languages: frozenset[str]


def _make_alphabet(script: Script, letters: str, guess: str, languages: str) -> _Alphabet:
    return _Alphabet(script, re.compile(f"[{letters}]"), guess, frozenset(languages.split()))


_ALPHABETS: Final = (
    _make_alphabet("rtl", "\u0590-\u05ff\ufb1d-\ufb4f", "he-IL", "he yi"),
    _make_alphabet("rtl", "\u0600-\u08ff\u200f\ufb50-\ufdff\ufe70-\ufeff\U00010800-\U00010fff"
              "\U0001e800-\U0001efff", "ar-SA", "ar ckb dv fa ku ps sd ug ur"),
    _make_alphabet("cs", "\u0900-\u097f", "hi-IN", "hi mr ne sa"),
    _make_alphabet("cs", "\u0980-\u09ff", "bn-IN", "as bn"),
    _make_alphabet("cs", "\u0a00-\u0a7f", "pa-IN", "pa"),
    _make_alphabet("cs", "\u0a80-\u0aff", "gu-IN", "gu"),
    _make_alphabet("cs", "\u0b00-\u0b7f", "or-IN", "or"),
    _make_alphabet("cs", "\u0b80-\u0bff", "ta-IN", "ta"),
    _make_alphabet("cs", "\u0c00-\u0c7f", "te-IN", "te"),
    _make_alphabet("cs", "\u0c80-\u0cff", "kn-IN", "kn"),
    _make_alphabet("cs", "\u0d00-\u0d7f", "ml-IN", "ml"),
    _make_alphabet("cs", "\u0d80-\u0dff", "si-LK", "si"),
    _make_alphabet("cs", "\u0e00-\u0e7f", "th-TH", "th"),
    _make_alphabet("cs", "\u0e80-\u0eff", "lo-LA", "lo"),
    _make_alphabet("cs", "\u0f00-\u0fff", "bo-CN", "bo dz"),
    _make_alphabet("cs", "\u1000-\u109f", "my-MM", "my"),
    _make_alphabet("cs", "\u1780-\u17ff", "km-KH", "km"),
    _make_alphabet("eastAsia", "\u3040-\u30ff", "ja-JP", "ja"),
    _make_alphabet("eastAsia", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", "ko-KR", "ko"),
    _make_alphabet("eastAsia", "\u2e80-\u303f\u3100-\u312f\u31a0-\ua4cf\uf900-\ufaff\uff00-\uffef"
              "\U00020000-\U0003ffff", "zh-CN", "ja ko zh"),
)  # fmt: skip
"""Those of one language stand before those that it shares."""


def _compile_letters(*scripts: Script) -> re.Pattern[str]:
    ranges = (each.letters.pattern[1:-1] for each in _ALPHABETS if each.script in scripts)
    return re.compile(f"[{''.join(ranges)}]")


_OTHER: Final = _compile_letters("rtl", "cs", "eastAsia")
_COMPLEX: Final = _compile_letters("cs")
_EAST_ASIAN: Final = _compile_letters("eastAsia")
_SETTINGS: Final[Mapping[Script, str]] = {"rtl": "bidi", "cs": "bidi", "eastAsia": "eastAsia"}
"""What Word calls the language of a script (§17.3.2.20)."""


def is_right_to_left(words: str) -> bool:
    """Whether words begin in a script written from right to left (UAX #9, rule P2)."""
    if not _OTHER.search(words):
        return False
    return next(
        (script == "rtl" for script in _iterate_scripts(words) if script is not None), False
    )


def split_scripts(words: str, leftwards: bool) -> Iterator[tuple[Script, str]]:
    """Split words where their script changes.

    Spaces, signs and digits go with the letters on both sides of them, and between two scripts
    as their paragraph goes: ``leftwards`` or not (UAX #9, rules N1 and N2).
    """
    base: Script = "rtl" if leftwards else ""
    if words and not leftwards and not _OTHER.search(words):
        yield base, words
        return
    found = [*_iterate_scripts(words)]
    before, after = _fill_unknown(found, base), reversed([*_fill_unknown(reversed(found), base)])
    resolved = (b if a == b else base for b, a in zip(before, after, strict=True))
    for script, group in groupby(zip(resolved, words, strict=True), key=itemgetter(0)):
        yield script, "".join(character for _, character in group)


def find_language(words: str, own: str) -> dict[str, str]:
    """Return the language of words in another script, for Word to check and hyphenate them in.

    Nothing where it is ``own``, the Document's, which ``list_languages`` sets for all. Where a
    script is not that one's, its likeliest language is better than none.
    """
    for alphabet in _ALPHABETS:
        if alphabet.letters.search(words):
            is_own = _extract_primary(own) in alphabet.languages
            return {} if is_own else {_SETTINGS[alphabet.script]: alphabet.guess}
    return {}


def list_languages(own: str) -> dict[str, str]:
    """Return the languages of a text, one for each kind of script (§17.3.2.20)."""
    languages = {"val": own}
    for alphabet in _ALPHABETS:
        if _extract_primary(own) in alphabet.languages:
            languages[_SETTINGS[alphabet.script]] = own
    return languages


def _extract_primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _iterate_scripts(words: str) -> Iterator[Script | None]:
    """Return each character's script; None for what has none of its own."""
    last: Script | None = None
    for character in words:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            last = "rtl"
        elif _COMPLEX.match(character):
            last = "cs"
        elif _EAST_ASIAN.match(character):
            last = "eastAsia"
        elif kind == "L":
            last = ""
        elif kind not in ("NSM", "BN"):  # a mark stays with its letter (rule W1)
            last = None
        yield last


def _fill_unknown(found: Iterable[Script | None], base: Script) -> Iterator[Script]:
    """Return for each character the last script before it that is known."""
    known = base
    for script in found:
        known = known if script is None else script
        yield known
