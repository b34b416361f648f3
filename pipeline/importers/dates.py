"""Dates as they are printed, in the languages whose months are known."""

from __future__ import annotations

import datetime
import re
from typing import Final

from pipeline.importers.words import MONTHS, any_of

_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATES: Final = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
    re.compile(
        rf"\b(?P<m>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th|\.|er)?\s(?:of\s|de\s)?"
        rf"(?P<m>{_MONTH})\.?,?\s(?:de\s|del\s)?(?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
)
WEEKDAY: Final = re.compile(
    r"\b"
    + any_of(
        "(?:mon|tues|wednes|thurs|fri|satur|sun)day",
        "(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch",
        "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    )
    + r"\b",
    re.IGNORECASE,
)
"""A day of the week, as it stands beside a date."""
DATELINE: Final = re.compile(
    any_of(
        "published|posted|updated|recorded|first published|date",
        "veröffentlicht",
        "publié",
        "publicado",
    )
    + r"\b.*",
    re.IGNORECASE,
)
"""A line that says when the article was published."""


def date_in(text: str) -> tuple[str, str]:
    """Give the first date in some words, ISO 8601, and as it is printed; empty if there is none."""
    for pattern in _DATES:
        if match := pattern.search(text):
            month = match["m"].lower()
            number = int(month) if month.isdigit() else MONTHS[month]
            try:
                day = datetime.date(int(match["y"]), number, int(match["d"]))
            except ValueError:
                continue
            return day.isoformat(), match.group()
    return "", ""
