"""Lines that name the authors, or who put the questions."""

from __future__ import annotations

import re
from typing import Final

from pipeline.importers import dividing, names
from pipeline.importers.dates import date_in
from pipeline.importers.words import any_of

_DONE: Final = any_of(
    "text|words|story|interview|questions|compiled|edited|moderated|conducted|interviewed|hosted",
    "reported|written|curated|introduced",
    "propos recueillis",
)
_BY: Final = any_of("by", "von", "par", "por", "di", "door")
_WHOSE: Final = any_of(
    "words|text|story|interview|author|moderator|host|interviewer|editor",
    "autor|autorin",
    "auteur",
)
_BYLINE: Final = re.compile(
    any_of(
        rf"(?:{_DONE}(?:\sand\s\w+)?\s)?{_BY}\s(?P<names>\S.*)",
        r".{2,40}\b(?:conducted|moderated|compiled|edited|hosted|collected) by\s(?P<told>\S.*)",
        rf"{_WHOSE}s?\s?:\s(?P<named>\S.*)",
    ),
    re.IGNORECASE,
)
_BAR: Final = r"\s[|·•]\s"


def named(text: str) -> str:
    """Give what a byline names, a date and all; empty where a line is no byline."""
    if len(text.split()) > 25 or text.endswith("?"):
        return ""
    match = _BYLINE.match(text)
    if not match:
        return ""
    found: str = match["names"] or match["named"] or match["told"]
    _, printed = date_in(found)
    undated = found.replace(printed, " ") if printed else found
    first = dividing.split(dividing.joint(re.split(_BAR, undated)[0])[0]).head
    return found if names.is_name(first) or names.in_capitals(first) else ""


def people(found: str) -> list[str]:
    """Give the names of what a byline names, its date taken out."""
    heads = [
        dividing.split(name).head
        for part in re.split(rf"{_BAR}|;", found)
        for name in dividing.joint(part.strip(" ,.|·•"))
    ]
    return [
        names.recased(head) if names.in_capitals(head) else head
        for head in heads
        if names.is_name(head)
    ]
