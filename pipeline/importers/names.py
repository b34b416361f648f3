"""Names of persons: what looks like one, and the forms a label takes of it.

Nothing here knows a single name. Names are told by their shape, and two names are one person only
where a form follows exactly from the other: nothing is merged by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.importers.words import (
    BETWEEN,
    HONORIFICS,
    NO_NAME,
    PARTICLES,
    ROLES,
    SUFFIXES,
    TELLING,
)

THIRD_PERSON: Final = re.compile(rf"\s*(?:,|\(|{TELLING}\b)")
"""What follows a name where somebody is told of."""
INITIALS: Final = re.compile(r"(?:[^\W\d_]\.[\s-]?){2,5}")
"""A name as its initials: “J.-L. A.”"""
_INITIAL: Final = re.compile(r"[^\W\d_]\.?(?:-[^\W\d_]\.)?")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’‘ʼ\-‐‑·][^\W\d_]+)*['’]?")


def is_capital(word: str) -> bool:
    """Tell whether a word begins as a name does, in scripts that have capitals or have none."""
    if match := re.match(r"[dl]['’](?=\w)|[“\"]", word):  # d’Hauteserre, “Bee”
        word = word[match.end() :]
    first = word[:1]
    return first.isalpha() and not first.islower()


def is_name(text: str, least: int = 2) -> bool:
    """Tell whether text has the shape of a full name, of ``least`` words or more."""
    found = bare(text).split()
    first = found[0].lower().strip(".")
    if not least <= len(found) <= 7 or first in NO_NAME or first in ROLES:
        return False
    if not is_capital(found[0]) or not is_capital(found[-1]) or _is_initial(found[-1]):
        return False
    if any(word.lower() in BETWEEN for word in found):
        return False
    return all(
        _is_initial(word) or word.lower() in PARTICLES or (is_capital(word) and _is_word(word))
        for word in found
    )


def _is_initial(word: str) -> bool:
    return bool(_INITIAL.fullmatch(word)) and (word.endswith(".") or len(word) == 1)


def _is_word(word: str) -> bool:
    word = word.strip('“”"')  # a nickname
    is_short = len(word) <= 5 or word.rstrip(".").lower() in SUFFIXES  # St., Jr.
    return bool(_LETTERS.fullmatch(word.rstrip(".") if is_short else word))


def bare(text: str) -> str:
    """Take honorifics off the front of a name and degrees off its end."""
    found = text.split()
    while len(found) > 1 and found[0].lower().rstrip(".") in HONORIFICS:
        del found[0]
    while len(found) > 2 and found[-1].lower().replace(".", "").strip(",") in SUFFIXES:
        del found[-1]
    return " ".join(found).rstrip(",")


def has_honorific(text: str) -> bool:
    """Tell whether a name begins with a title such as Dr. or Ms."""
    first, _, rest = text.partition(" ")
    return first.lower().rstrip(".") in HONORIFICS and is_name(rest, least=1)


def in_capitals(text: str) -> bool:
    """Tell whether a name is set in capitals."""
    letters = [c for c in text if c.isalpha()]
    small = sum(not c.isupper() for c in letters)
    return len(letters) > 2 and small <= len(letters) // 6  # McNAIR


def recased(text: str) -> str:
    """Write a name in capitals as names are written: a guess, to be marked as one."""

    def word(match: re.Match[str]) -> str:
        found = match.group()
        small = found.lower()
        if small in PARTICLES:
            return small
        if re.match("mc[^\\W\\d_]{3}", small):
            return "Mc" + small[2:].capitalize()
        return small.capitalize()

    return re.sub(r"[^\W\d_]+", word, text)


def aliases(name: str) -> Iterator[str]:
    """Give the forms in which a label may name a person again, each following from the name."""
    full = bare(name)
    found = full.split()
    yield name
    yield full
    if len(found) < 2:
        return
    plain = [word for word in found if not _is_initial(word)]
    surname = found[-1]
    yield " ".join(plain)
    yield surname
    yield found[0]
    start = len(found) - 1
    while start > 1 and found[start - 1].lower() in PARTICLES:
        start -= 1
    yield " ".join(found[start:])
    if len(plain) > 2:
        yield " ".join(plain[-2:])  # a double surname
        yield f"{plain[0]} {surname}"
    yield f"{found[0][0]}. {surname}"
    letters = [word[0] for word in found if is_capital(word)]
    parts = [part[0] for word in found for part in re.split("[-‐‑]", word) if is_capital(part)]
    for initials in (letters, [letters[0], letters[-1]], parts):
        yield "".join(initials)
    if "-" in surname:
        yield surname.split("-")[-1]


def key(text: str) -> str:
    """Give what two forms of a name must share to be the same: composed letters, in one case."""
    folded = unicodedata.normalize("NFC", " ".join(bare(text).split()))
    if INITIALS.fullmatch(folded):
        folded = re.sub(r"[\s.-]", "", folded)
    return re.sub("[‐‑]", "-", folded.replace("’", "'")).casefold()


_LETTER: Final = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Þ": "th"}
    | {"þ": "th", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i", "×": "x"}
)


def slug(text: str) -> str:
    """Write words as an id: small letters a–z, digits and hyphens; may be empty."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTER))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("’", "")).strip("-")


def last_in(text: str) -> str:
    """Give the longest end of some words that has the shape of a name."""
    words = text.split()
    for start in range(len(words)):
        if is_name(" ".join(words[start:])):
            return " ".join(words[start:])
    return ""


def all_in(texts: Iterable[str]) -> list[str]:
    """Give the full names in some texts: runs of capital words that nothing else explains."""
    found: dict[str, str] = {}
    pattern = r"(?:[^\W\d_][\w.'’‐‑\-]* ){1,4}[^\W\d_][\w'’‐‑\-]+"
    for text in texts:
        for match in re.finditer(pattern, text):
            run = match.group().split()
            for start in range(len(run) - 1):
                for end in range(min(len(run), start + 4), start + 1, -1):
                    name = " ".join(run[start:end])
                    titled = any(word.lower().rstrip(".") in HONORIFICS for word in run[start:end])
                    if is_name(name) and not in_capitals(name) and not titled:
                        found.setdefault(key(name), bare(name))
                        break
    return list(found.values())
