"""Dates as they are printed, in several languages."""

from __future__ import annotations

import datetime
import re
from typing import Final

_MONTHS: Final = {
    name: number
    for number, forms in enumerate(
        (
            "january jan januar janvier enero gennaio",
            "february feb februar février febrero febbraio",
            "march mar märz mars marzo",
            "april apr avril abril aprile",
            "may mai mayo maggio",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug août agosto",
            "september sep sept septembre septiembre settembre",
            "october oct oktober okt octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre diciembre dicembre",
        ),
        1,
    )
    for name in forms.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES: Final = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"),
    re.compile(
        rf"\b(?P<m>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s(?:of\s|de\s)?(?P<m>{_MONTH})\.?,?\s(?:de\s|del\s)?"
        r"(?P<y>\d{4})\b",
        re.IGNORECASE,
    ),
)
WEEKDAY: Final = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b",
    re.IGNORECASE,
)


def date_in(text: str) -> tuple[str, str]:
    """Give the first date in some words, ISO 8601, and as it is printed; empty if there is none."""
    for pattern in _DATES:
        if match := pattern.search(text):
            month = match["m"].lower()
            try:
                day = datetime.date(
                    int(match["y"]),
                    int(month) if month.isdigit() else _MONTHS[month],
                    int(match["d"]),
                )
            except ValueError:
                continue
            return day.isoformat(), match.group()
    return "", ""
