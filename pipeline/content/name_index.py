"""Names of people and institutions, as they may be spelled in running words.

Names are found as words that begin with a capital.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pipeline.content.model import Expert

REDACTED_NAME: Final = "[name withheld]"
REDACTED_INSTITUTION: Final = "[institution withheld]"
LEAST_LETTERS: Final = 4
"""Of a name that is looked for inside addresses, such as https://example.org/aciglic, and with an
s at its end, as in German: Ciglics."""
LEAST_INSIDE: Final = 6
"""Of one that is looked for inside ids, names of files and words: shorter ones stand in others."""

_TITLES: Final = frozenset(
    {"amb", "ambassador", "dame", "dr", "jr", "lord", "mr", "mrs", "ms", "prof", "professor"}
    | {"sir", "sr"}
)
_ROLES: Final = frozenset(
    {"adviser", "advisor", "affiliate", "ambassador", "analyst", "associate", "chair", "counsel"}
    | {"coordinator", "dean", "deputy", "director", "editor", "executive", "expert", "fellow"}
    | {"former", "founder", "head", "lecturer", "manager", "member", "minister", "officer"}
    | {"partner", "president", "principal", "professor", "researcher", "scholar", "secretary"}
    | {"senior", "senator", "the", "vice", "visiting"}
)
"""Words that a position begins with, and that name no institution by themselves."""
_KINDS: Final = frozenset(
    {"corporation", "foundation", "gmbh", "inc", "institute", "llc", "ltd", "university"}
)
"""Words that end an institution's name, and are left out when it is spoken of."""
_CAPITALISED: Final = r"[A-ZÀ-ÖØ-Þ][\w’'.&-]*"
_RUN: Final = re.compile(
    rf"{_CAPITALISED}(?: (?:(?:of|the|for|and|on|in|de|la|du|des|&) )*(?:{_CAPITALISED}|\d+))*"
)
"""A name in a position: words with capitals, and small words between them."""


class NameIndex:
    """Words to withhold, each with what stands in its place."""

    def __init__(self, instead: Mapping[str, str]) -> None:
        """Prepare to look for the keys of a mapping, in any of their spellings."""
        self.replacements = {normalise_name(name): word for name, word in instead.items()}
        longest_first = sorted(instead, key=len, reverse=True)
        either = "|".join(map(_write_name_pattern, longest_first)) or "(?!)"
        self.pattern = re.compile(rf"(?<![\w\u0300-\u036f])(?:{either})(?![\w\u0300-\u036f])")
        self.bare_names = frozenset(filter(None, (_squeeze_name(name) for name in instead)))

    def find_names(self, text: str) -> list[str]:
        """Return the names that stand in a text, as they are written there."""
        return [match.group() for match in self.pattern.finditer(text)]

    def find_replacement(self, found: str) -> str:
        """Return what stands instead of a name that was found."""
        name = normalise_name(found)
        return self.replacements[name if name in self.replacements else name.removesuffix("s")]

    def find_compounds(self, text: str) -> list[str]:
        """Return the words that hold a name and more, such as a hashtag."""
        long = [each for each in self.bare_names if len(each) >= LEAST_INSIDE]
        return [
            word
            for word in re.findall(r"[\w\u0300-\u036f]{6,}", text)
            if any(each in _squeeze_name(word) != each for each in long)
        ]

    def is_name_inside(self, name: str, least: int) -> bool:
        """Return whether an id, an address or a file's name holds one, in any case.

        One of ``least`` letters is found inside other words as well.
        """
        parts = {_squeeze_name(part) for part in re.split(r"[\W_]+", name)}
        whole = _squeeze_name(name)
        return any(
            each in parts or (len(each) >= least and each in whole) for each in self.bare_names
        )


def _write_name_pattern(name: str) -> str:
    """Write a pattern for a name: in capitals or not, with its accents or without."""
    spelled = r"[\s‐‑-]+".join(
        "(?:"
        + "|".join(sorted(map(_escape_spelling, _list_name_spellings(word)), reverse=True))
        + ")"
        for word in re.split(r"[\s‐‑-]+", name)
    )
    return f"{spelled}[sS]?" if len(name) >= LEAST_LETTERS else spelled


def _escape_spelling(spelling: str) -> str:
    return re.escape(spelling).replace("'", "['’ʼ]").replace("’", "['’ʼ]")


def _list_name_spellings(word: str) -> set[str]:
    forms = {unicodedata.normalize(form, word) for form in ("NFC", "NFD")} | {_remove_accents(word)}
    return {*forms, *(form.upper() for form in forms)}


def _remove_accents(text: str) -> str:
    """Write letters without their accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def normalise_name(name: str) -> str:
    """Write a name as it is looked up: whatever its case, accents, spaces and hyphens."""
    return re.sub(
        r"[\s‐‑-]+", " ", _remove_accents(name).replace("’", "'").replace("ʼ", "'")
    ).casefold()


def _squeeze_name(name: str) -> str:
    return "".join(filter(str.isalnum, _remove_accents(name).casefold()))


def map_expert_names(experts: Iterable[tuple[Expert, str]]) -> dict[str, str]:
    """Return what experts are called, with what stands instead.

    A full name and a surname become the expert's letter; a given name by itself, or what two
    share, is withheld.
    """
    instead: dict[str, str] = {}
    for expert, called in experts:
        name = expert.name.split(",")[0].split()
        tokens = [token for token in name if not _is_title(token)] or name
        ends = {tokens[0], tokens[-1]}
        proper = [token for token in tokens if token in ends or not token.islower()]
        parts = [part for token in proper for part in re.split("[‐‑-]", token)]
        family = " ".join(tokens[1:])  # with what stands before a surname, such as van der
        own = {
            " ".join(tokens),
            f"{tokens[0]} {tokens[-1]}",
            f"{tokens[0][0]}. {tokens[-1]}",
            family,
            family[:1].upper() + family[1:],
        }
        own.add(tokens[-1])
        found = dict.fromkeys(parts, REDACTED_NAME) | dict.fromkeys(own, called)
        for each, word in found.items():
            if _is_usable_name(each):
                instead[each] = word if instead.get(each, word) == word else REDACTED_NAME
    return instead


def _is_title(token: str) -> bool:
    return token.rstrip(".").lower() in _TITLES


def _is_usable_name(part: str) -> bool:
    return len(part) > 1 and not part.endswith(".")


def find_institutions(expert: Expert) -> Iterator[str]:
    """Yield the institutions that an expert's position names, as they may be spoken of."""
    for written in (expert.affiliation, expert.descriptor, *expert.roles):
        for segment in re.split(r"[;,()/|]", written):
            for run in _RUN.findall(segment.strip()):
                yield from _list_short_names(run)


def _list_short_names(institution: str) -> Iterator[str]:
    """Yield an institution's name without its article, and without its kind."""
    parts = institution.removeprefix("The ").split()
    if len(parts) > 1 or _is_distinctive(parts[0]):
        yield " ".join(parts)
    *rest, kind = parts
    is_known_by_it = len(rest) > 1 or kind == "University" or "".join(rest).isupper()
    if rest and kind.lower().rstrip(".") in _KINDS and is_known_by_it:
        yield " ".join(rest)


def _is_distinctive(word: str) -> bool:
    return len(word) > 2 and word.lower() not in _ROLES
