"""Persons: who speaks or wrote, and whom a paragraph tells of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.importers import names
from pipeline.importers.blocks import Block


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who speaks, or who wrote the article."""

    name: str
    descriptor: str = ""
    organisation: bool = False
    """Whether the descriptor stood in brackets, as an organisation does."""
    roles: tuple[str, ...] = ()
    affiliation: str = ""
    labels: Counter[str] = field(default_factory=Counter)
    """The labels under which the person speaks, with how often."""
    proposed: dict[str, str] = field(default_factory=dict)
    """What was read out of the words rather than read: what → how."""
    speaks: bool = False


def subject(block: Block, people: Iterable[Person]) -> Person | None:
    """Give whom a paragraph tells of in the third person, if it begins with a name and does."""
    text = block.text
    if len(text) <= 25:
        return None
    for person in people:
        for name in dict.fromkeys((person.name, names.bare(person.name))):
            start = re.match(rf"(?:[A-Z][a-z]+\.?\s)?{re.escape(name)}", text)
            if start and names.THIRD_PERSON.match(text[start.end() :]):
                return person
    return None
