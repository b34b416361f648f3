"""How a label is divided: the name, what stands behind it, several names, a name that runs on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.importers.names import is_capital, is_name
from pipeline.importers.words import PARTICLES, ROLES

_JOINTS: Final = re.compile(
    r"\s*(?:,\s*(?:and|und|et|y|e)\s+|\s(?:and|und|et|y|e|&|/|\+)\s|,\s|/)\s*"
)
_AND: Final = r"\s(?:and|&|und|et)\s"
_ASIDE: Final = re.compile(r"([^()]+?)\s*\(([^()\s]{1,20})\)(?:\s?(?:,|:|\s[–—-])\s*(\S.*))?")
_NO_ORGANISATION: Final = re.compile(r"[A-Z.]{1,6}|@\w+|\w+/\w+")
"""What stands in brackets and is none: initials, a handle, pronouns."""
_BRACKET: Final = re.compile(r"([^()]+?)\s*\(([^()]+(?:\([^()]*\)[^()]*)*)\)[,.]?")
_SIGN: Final = re.compile(r"([^,;|–—(]+?)\s*(?:,|;|\||\s[–—-]\s)\s*(\S.*)")
_PREPOSITION: Final = re.compile(r"(.+?)\s+((?:of|at|from)\s+\S.*)")


@dataclass(frozen=True, slots=True)
class Split:
    """A label divided: the words for the person, and what stands behind them, as printed."""

    head: str
    descriptor: str = ""
    organisation: bool = False
    """Whether the descriptor stands in brackets, where an organisation stands."""


def split(text: str) -> Split:
    """Divide a label at the sign that stands behind the name: a bracket, a comma, a dash, a bar."""
    text = text.strip()
    if (match := _ASIDE.fullmatch(text)) and _NO_ORGANISATION.fullmatch(match[2]):
        return Split(match[1], match[3] or "")
    if match := _BRACKET.fullmatch(text):
        return Split(match[1], match[2], organisation=True)
    if match := _SIGN.match(text):
        return Split(match[1].rstrip(), match[2])
    if match := _PREPOSITION.match(text):
        return Split(match[1], match[2])
    return Split(text)


def joint(text: str) -> list[str]:
    """Divide a label that names several: “Han and Hashman”, “A, B, and C”."""
    return [part for part in _JOINTS.split(text.strip()) if part]


def several(text: str) -> list[str]:
    """Divide a label with several full names; one name with its position stays whole."""
    parts = joint(text)
    joined = bool(re.search(r"\s(?:and|und|et|y|e|&|/|\+)\s", text))
    if len(parts) > 1 and joined and all(is_name(split(part).head) for part in parts):
        return parts
    # A comma alone stands between a name and an institute.
    if not joined or _is_in_organisation(text):
        return [text]
    halves = re.split(_AND, text, maxsplit=1)
    if len(halves) > 1 and all(is_name(split(half).head) for half in halves):
        return halves
    return [text]


def _is_in_organisation(text: str) -> bool:
    """Tell whether the only “and” stands behind a position: in “miller, Tin & Copper Works”."""
    first, *rest = re.split(_AND, text)
    return len(rest) == 1 and bool(split(first).descriptor) and not split(rest[0]).descriptor


@dataclass(frozen=True, slots=True)
class Fused:
    """A name that runs into its position, divided."""

    name: str
    position: str
    """What was fused to it, and what stands behind that."""
    how: str
    """What tells where one ends: ``label``, ``case`` or ``role``."""


def fused(head: str, known: Sequence[str]) -> Fused | None:
    """Divide a name that runs into its position: “Kaja Ciglicsenior” at the label “Ciglic”.

    ``known`` are the short labels of the source. Gives None when the words give no evidence.
    """
    words = head.split()
    within = [i for i in range(1, len(words)) if all(map(_is_in_name, words[:i]))]
    for index in within:
        if cut := _end_by_label(words[index], known):
            return _fused(words, index, cut, "label")
    for index in within:
        if cut := _end_by_case(words[index]):
            return _fused(words, index, cut, "case")
        if cut := _end_by_role(words[index]):
            return _fused(words, index, cut, "role")
    return None


def _fused(words: Sequence[str], index: int, cut: int, how: str) -> Fused:
    word = words[index]
    name = " ".join([*words[:index], word[:cut]])
    return Fused(name, " ".join([word[cut:], *words[index + 1 :]]), how)


def _is_in_name(word: str) -> bool:
    return is_capital(word) or word.lower() in PARTICLES


def _end_by_label(word: str, known: Sequence[str]) -> int:
    """Give where the surname of a label ends in a word that goes on behind it; 0 if none does."""
    for label in sorted(known, key=len, reverse=True):
        last = label.split()[-1]
        if word.startswith(last) and word != last and is_capital(last):
            return len(last)
    return 0


def _end_by_case(word: str) -> int:
    """Give where a word goes on with a capital, which it does not do in “McNair”; 0 if nowhere."""
    cuts = [match.end() for match in re.finditer(r"[^\W\d_A-Z]{2,}(?=[^\W\d_a-z])", word)]
    cuts = [c for c in cuts if word[c].isupper() and word[:c].lower() not in ("mc", "mac")]
    return cuts[-1] if cuts else 0


def _end_by_role(word: str) -> int:
    """Give where a position begins at the end of a word; 0 if none does."""
    role = next((r for r in ROLES if word.lower().endswith(r) and len(word) - len(r) >= 2), "")
    cut = len(word) - len(role)
    return cut if role and is_capital(word) and word[cut].islower() else 0
