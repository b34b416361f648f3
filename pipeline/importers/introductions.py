"""Who is introduced before the first speech, in a sentence or in a line that lists the cast."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.importers import dividing, names
from pipeline.importers.blocks import Block
from pipeline.importers.candidates import CAST
from pipeline.importers.people import Person
from pipeline.importers.register import Register

_HOW: Final = "named before the first speaker"
_WITH_ORGANISATION: Final = re.compile(
    r"(?P<name>(?:[^\W\d_][\w.'’\-]*\s){1,4}[^\W\d_][\w'’\-]*)\s\((?P<what>[^()]{2,80})\)"
)
_OUTSIDE_BRACKETS: Final = re.compile(r",\s(?:and\s)?(?![^()]*\))|\sand\s(?![^()]*\))")


def read(blocks: Sequence[Block], register: Register) -> tuple[bool, dict[int, Person]]:
    """Read who is introduced in some blocks: “with A (Org), B (Org) and C (Org)”.

    Tells whether anybody is, and gives the first person of each line that lists the cast.
    """
    lines: dict[int, Person] = {}
    is_any = False
    for number, block in enumerate(blocks):
        if cast := _cast(block.text, register):
            lines[number] = cast[0]
            is_any = True
            continue
        found = [
            (name, match["what"])
            for match in _WITH_ORGANISATION.finditer(block.text)
            if (name := names.last_in(match["name"]))
        ]
        if len(found) > 1:
            is_any = True
            for name, what in found:
                register.person(name, what, organisation=True).proposed["introduced"] = _HOW
    return is_any, lines


def _cast(text: str, register: Register) -> list[Person]:
    """Read a line that lists who speaks: “Panel: Ana Ruiz, warden; Bo Li, mason”."""
    head = re.match(r"([^\W\d_]+(?: [^\W\d_]+)?)\s?:\s", text)
    headed = bool(head and CAST.fullmatch(head[1]))
    listed = text[head.end() :] if head and headed else text
    parts = [part.strip(" .") for part in listed.split(";") if part.strip(" .")]
    if len(parts) < 2:
        outside = _OUTSIDE_BRACKETS.split(listed.strip(" ."))
        parts = [part.strip() for part in outside if part.strip()]
        if not headed and (len(parts) < 3 or any("(" in part for part in parts)):
            return []
    parts = [re.split(r"(?<=[a-z]{3})\.\s", part)[0] for part in parts]
    splits = [dividing.split(part) for part in parts]
    if len(splits) < 2 or not all(names.is_name(split.head) for split in splits):
        return []
    found = [register.person(s.head, s.descriptor, s.organisation) for s in splits]
    for person in found:
        person.proposed["introduced"] = _HOW
    return found
