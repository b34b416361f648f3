"""Persons, as the labels of a source name them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who speaks."""

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
