"""Fields (ECMA-376-1 §17.16): those that are links, those of a brief, and those of an editor's."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Final

OUTSIDE: Final = re.compile(r"(?:https?://|mailto:)\S+")
"""Where a link may lead."""
_HYPERLINK: Final = re.compile(r'\s*HYPERLINK\s+"([^"]*)"')
_OURS: Final = re.compile(r"\s*(?:PAGE)?REF\s+_ref_")
"""A number that a brief refers by (§17.16.5.51); it names its places so."""
_WORDED: Final = frozenset(("SEQ", "QUOTE", "FORMTEXT"))
"""The fields whose words are somebody's: a caption's number is the caption's."""


@dataclass(frozen=True, slots=True)
class FieldCode:
    """What a field is by its instruction."""

    instruction: str

    @property
    def link(self) -> str | None:
        """Where a field that is a link leads; None for one that computes its words."""
        match = _HYPERLINK.match(self.instruction)
        if match is None:
            return "" if self.name == "HYPERLINK" else None  # one that leads within the file
        return match[1] if OUTSIDE.fullmatch(match[1]) else ""

    @property
    def name(self) -> str:
        """What kind of field it is: ``PAGEREF``."""
        return next(iter(self.instruction.split()), "").upper()

    @property
    def is_computed(self) -> bool:
        """Whether its words are nobody's: those of the brief's own fields, and no others."""
        return self.name == "TOC" or _OURS.match(self.instruction) is not None

    @property
    def others(self) -> tuple[str, ...]:
        """What the content cannot hold: that its words would change by themselves."""
        is_known = self.is_computed or self.link is not None or self.name in _WORDED
        return () if is_known else (f"written by a field ({self.name})",)


@dataclass(eq=False, slots=True)
class Field:
    """A field that is open (§17.16.18), with the changes that its characters stand in."""

    inside: tuple[int, ...] = ()
    """The insertions and deletions around its first character: without it there is no field."""
    parts: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    """Its instruction, part by part, each with the insertions and deletions around it."""
    is_result: bool = False

    @property
    def revisions(self) -> tuple[int, ...]:
        """The tracked changes of the field itself."""
        every = (*self.inside, *(number for _, inside in self.parts for number in inside))
        return tuple(dict.fromkeys(every))

    def find_code(self, absent: Container[int] = ()) -> FieldCode | None:
        """Return what it is where some changes' words are absent; None if it is not there."""
        if any(number in absent for number in self.inside):
            return None
        shown = (
            text for text, inside in self.parts if not any(number in absent for number in inside)
        )
        return FieldCode("".join(shown))
