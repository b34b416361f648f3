"""Lines that say themselves what they are, before the article or behind it."""

from __future__ import annotations

import re
from typing import Final

from pipeline.importers.words import any_of

_TOPICS: Final = re.compile(
    any_of(
        any_of(
            r"tags?|topics?|filed under|categor(?:y|ies)|keywords",
            r"themen|schlagwörter",
            r"thèmes",
            r"temas",
        )
        + r"\s?:",
        r"tagged(?: as| with)?:?\s",
    )
    + r"\s*(.+)",
    re.IGNORECASE,
)
SERIES: Final = re.compile(
    any_of(
        r"(?:series|serie|reihe|série)\s?:\s*(?P<name>.+)",
        r"(?:part of|from) (?:the|our) series:?\s(?P<part>.{2,60}?)\.?",
    ),
    re.IGNORECASE,
)
"""A line that names the series."""
PART_OF: Final = re.compile(
    r"this (?:article|piece|roundtable|interview|post|discussion|feature|installment|edition)"
    r" is (?:part|one) of (?P<name>[^,.]+)",
    re.IGNORECASE,
)
"""The beginning of a note on the series."""
EDITORIAL: Final = re.compile(
    r"[\[(]?"
    + any_of(
        r"editors?['’]?s?['’]? note|correction|clarification|update|note|disclaimer",
        r"this (?:article|interview|conversation|transcript|discussion|text|roundtable)\b",
        r"this is an? \w+ transcript|the views|views expressed|opinions expressed",
        r"(?:diese|dieser|dieses) (?:artikel|text|gespräch|interview)",
        r"cet (?:article|entretien)",
    )
    + r"\b",
    re.IGNORECASE,
)
"""The beginning of a note of the editors."""
EDITED: Final = re.compile(
    r"\b(?:has been|was|were|is an?) (?:\w+ )?(?:edited|condensed|shortened|translated)"
)
"""What such a note says was done to the text."""
STATEMENT: Final = re.compile(
    any_of(
        "disclosures?|correspondence|conflicts? of interest|funding|acknowledge?ments?",
        "contact|sources?",
    )
    + r"\s?:\s",
    re.IGNORECASE,
)
"""The beginning of a statement that journals ask for."""
INSTITUTE: Final = re.compile(
    r"(?:The\s)?[A-Z].{0,160}?\b"
    + any_of(
        r"is (?:a|an|the)|works? (?:at|to|on)|aims? to|brings together|was founded",
        r"promotes|publishes|seeks to|convenes",
    )
    + r"\b"
)
"""The beginning of a paragraph on an institute."""


def topics(text: str) -> list[str] | None:
    """Give the topics of a line of topics; None where a line is none."""
    match = _TOPICS.fullmatch(text)
    if not match:
        return None
    return [topic.strip() for topic in re.split(r"[,;|·]", match[1]) if topic.strip()]
