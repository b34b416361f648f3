"""Names of persons: what looks like one, the forms a label takes of it, and what stands behind it.

Nothing here knows a single name. Names are told by their shape, and two names are one person only
where a form follows exactly from the other: nothing is merged by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

PARTICLES: Final = frozenset(
    "van von der den de del della di da dos du la le al el bin ibn ben ter ten af av zu zur y".split()
)
HONORIFICS: Final = frozenset(
    "mr mrs ms mx miss dr drs prof professor sir dame lord lady ambassador amb sen senator rep "
    "gen general col colonel capt captain adm admiral lt maj major hon judge justice minister "
    "rev reverend chairman chairwoman councillor commissioner mayor herr herrn frau don doña dra sra sr. señor señora mme monsieur madame mlle".split()
)
SUFFIXES: Final = frozenset(
    "jr sr ii iii iv phd md mse msc ma mba jd esq obe cbe mp mep frs".split()
)
ROLES: Final = (
    "president vice professor postdoc postdoctoral director deputy senior junior fellow affiliate "
    "researcher research chair chairman chairwoman chief head founder co-founder cofounder editor "
    "partner minister ambassador secretary analyst associate assistant scholar lecturer engineer "
    "warden manager adviser advisor counsel coordinator executive visiting former retired "
    "non-resident nonresident managing member policy lead author journalist correspondent "
    "ceo cto coo principal program programme distinguished adjunct emeritus general curator "
    "architect economist historian lawyer scientist specialist strategist consultant"
).split()
"""Words that a position begins with; of use only where something else says that one stands there."""

_NO_NAME: Final = frozenset(
    "the a an this that these those my our your his her their its what who why how when where which "
    "if in on at of to for from by with about into as and or but not no yes is are was were do does "
    "did can could should would will may might must i we you he she it they there here now then "
    "first second third finally also however moreover question answer note editor image photo "
    "picture source sources related more read see update correction tags topics published date "
    "panel interview discussion roundtable expert experts transcript introduction conclusion summary abstract background contents overview part chapter section "
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday today "
    "der die das ein eine und oder wer was wie warum frage antwort le la les un une des et qui que "
    "el los las una quién qué cómo por pregunta respuesta all one two three four five six seven "
    "eight nine ten north south east west new".split()
)
"""Words that no name begins with."""

THIRD_PERSON: Final = re.compile(
    r"\s*(?:,|\(|(?:is|was|are|were|has|serves?|served|works?|leads?|directs?|teaches|heads?|writes|joined"
    r"|founded|holds?|chairs?|runs?|studies|covers|edits|advises|specialises|specializes|currently|now|ist|war"
    r"|lehrt|arbeitet|leitet|forscht|schreibt|est|dirige|enseigne|travaille|es|trabaja|enseña)\b)"
)
"""What follows a name where somebody is told of."""
INITIALS: Final = re.compile(r"(?:[^\W\d_]\.[\s-]?){2,5}")
"""A name as its initials: “J.-L. A.”"""
_BETWEEN: Final = frozenset("the of and for with by in on at to or from is are".split())
"""Words that stand in no name, in capitals either."""
_INITIAL: Final = re.compile(r"[^\W\d_]\.?(?:-[^\W\d_]\.)?")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’‘ʼ\-‐‑·][^\W\d_]+)*['’]?")
_JOINTS: Final = re.compile(
    r"\s*(?:,\s*(?:and|und|et|y|e)\s+|\s(?:and|und|et|y|e|&|/|\+)\s|,\s|/)\s*"
)


@dataclass(frozen=True, slots=True)
class Split:
    """A label divided: the words for the person, and what stands behind them, as printed."""

    head: str
    descriptor: str = ""
    organisation: bool = False
    """Whether the descriptor stands in brackets, where an organisation stands."""


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
    if not least <= len(found) <= 7 or first in _NO_NAME or first in ROLES:
        return False
    if not is_capital(found[0]) or not is_capital(found[-1]) or _is_initial(found[-1]):
        return False
    if any(word.lower() in _BETWEEN for word in found):
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


def split_label(text: str) -> Split:
    """Divide a label at the sign that stands behind the name: a bracket, a comma, a dash, a bar."""
    text = text.strip()
    if (match := re.fullmatch(
        r"([^()]+?)\s*\(([^()\s]{1,20})\)(?:\s?(?:,|:|\s[–—-])\s*(\S.*))?", text
    )) and re.fullmatch(r"[A-Z.]{1,6}|@\w+|\w+/\w+", match[2]):  # initials, a handle, pronouns
        return Split(match[1], match[3] or "")
    if match := re.fullmatch(r"([^()]+?)\s*\(([^()]+(?:\([^()]*\)[^()]*)*)\)[,.]?", text):
        return Split(match[1], match[2], organisation=True)
    match = re.match(r"([^,;|–—(]+?)\s*(?:,|;|\||\s[–—-]\s)\s*(\S.*)", text)
    if match:
        return Split(match[1].rstrip(), match[2])
    if match := re.match(r"(.+?)\s+((?:of|at|from)\s+\S.*)", text):
        return Split(match[1], match[2])
    return Split(text)


def joint(text: str) -> list[str]:
    """Divide a label that names several: “Han and Hashman”, “A, B, and C”."""
    return [part for part in _JOINTS.split(text.strip()) if part]


def fused(head: str, known: Sequence[str]) -> tuple[str, str, str] | None:
    """Divide a name that runs into its position: “Kaja Ciglicsenior” at the label “Ciglic”.

    ``known`` are the short labels of the source. Gives the name, what was fused to it and how it
    was told: ``label``, ``case`` or ``role``; None when the words give no evidence.
    """
    found = head.split()
    for index, word in enumerate(found[1:], 1):
        before = found[:index]
        if not all(is_capital(w) or w.lower() in PARTICLES for w in before):
            break
        rest = found[index + 1 :]
        for label in sorted(known, key=len, reverse=True):
            last = label.split()[-1]
            if word.startswith(last) and word != last and is_capital(last):
                return _fused(before, word, len(last), rest, "label")
    for index, word in enumerate(found[1:], 1):
        if not all(is_capital(w) or w.lower() in PARTICLES for w in found[:index]):
            break
        rest = found[index + 1 :]
        cuts = [m.end() for m in re.finditer(r"[^\W\d_A-Z]{2,}(?=[^\W\d_a-z])", word)]
        cuts = [c for c in cuts if word[c].isupper() and word[:c].lower() not in ("mc", "mac")]
        if cuts:
            return _fused(found[:index], word, cuts[-1], rest, "case")
        role = next((r for r in ROLES if word.lower().endswith(r) and len(word) - len(r) >= 2), "")
        if role and is_capital(word) and word[len(word) - len(role)].islower():
            return _fused(found[:index], word, len(word) - len(role), rest, "role")
    return None


def _fused(
    before: Sequence[str], word: str, cut: int, rest: Sequence[str], how: str
) -> tuple[str, str, str]:
    return " ".join([*before, word[:cut]]), " ".join([word[cut:], *rest]), how


def aliases(name: str) -> Iterator[str]:
    """Give the forms in which a label may name a person again, each following exactly from the name."""
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
    """Give what two forms of a name must share to be the same: letters, in composed form, in one case."""
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


def divided(descriptor: str) -> tuple[tuple[str, ...], str]:
    """Propose roles and affiliation of a descriptor; nothing where it gives no evidence.

    Evidence for an affiliation is a last part in capitals behind a part that names a position.
    """
    positions = [part.strip() for part in descriptor.rstrip(".").split(";") if part.strip()]
    roles: list[str] = []
    affiliation = ""
    for position in positions:
        parts = [part.strip() for part in re.split(r",\s+(?!Inc\b|Ltd\b|LLC\b)", position)]
        is_former = position.lower().startswith(("former", "ex-", "previously"))
        at = re.fullmatch(r"(.+?)\s+(?:at|for|with)\s+(?:the\s+)?([^\Wa-z\d_].*)", position)
        if len(parts) > 1 and _is_role(parts[0]) and _is_organisation(parts[-1]):
            role, organisation = ", ".join(parts[:-1]), parts[-1]
        elif len(parts) == 1 and at and _is_role(at[1]):
            role, organisation = at[1], at[2]
        elif _is_role(position):
            role, organisation = position, ""
        else:
            return (), ""
        if organisation and not affiliation and not is_former:
            affiliation = organisation
            roles.append(role)
        else:
            roles.append(position)
    return tuple(roles), affiliation


def _is_role(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)
    if not words:
        return False
    if all(word.lower() in SUFFIXES for word in words):
        return True
    return words[0][0].islower() or any(word.lower() in ROLES for word in words[:2])


def _is_organisation(text: str) -> bool:
    words = text.split()
    return (
        bool(words)
        and is_capital(words[0])
        and words[0].lower() not in ROLES
        and not all(word.lower().replace(".", "") in SUFFIXES for word in words)
    )


def names_in(texts: Iterable[str]) -> list[str]:
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
