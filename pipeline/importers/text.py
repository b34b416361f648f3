"""Plain text, as it was copied from a page: lines to blocks.

A line is a paragraph, unless the text is wrapped by hand: then the lines of a paragraph are joined.
A short line is never joined to the next, as it may be a name over what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.importers import names
from pipeline.importers.blocks import Block, Kind, Reading, Spaces, Span, tidy

_BULLET: Final = re.compile(r"(?P<indent>\s*)(?:[•◦▪‣*+]|[-–](?=\s))\s+(?=\S)")
_NUMBER: Final = re.compile(r"(?P<indent>\s*)(?P<number>\d{1,2})[.)]\s+(?=\S)")
_NOTE: Final = re.compile(r"\s*\[(?P<label>\d{1,3})\]:?\s+(?=\S)")
_REFERENCE: Final = re.compile(r"\[(?P<label>\d{1,3})\]")
_MARKED: Final = re.compile(r"\s*(?:[•◦▪‣*+#]|[-–—]\s|\d{1,2}[.)]\s|\[\d|Q\d)")
WIDEST_WRAP: Final = 100
"""The characters of a line of text that may still be wrapped by hand."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    first: int
    last: int


def read(text: str) -> Reading:
    """Read a text. Nothing in one can be wrong."""
    raw = text.split("\n")
    spaces = Spaces()
    lines = list(_joined(raw) if _is_wrapped(raw) else _single(raw))
    notes = _notes(lines)
    blocks = tuple(_block(line, notes, spaces) for line in lines)
    return Reading(blocks=blocks, format="text", spaces=spaces, raw=tuple(raw))


def _single(raw: Sequence[str]) -> Iterator[_Line]:
    for number, line in enumerate(raw, 1):
        if line.strip():
            yield _Line(line, number, number)


def _is_wrapped(raw: Sequence[str]) -> bool:
    """Tell whether lines end where the paper did: inside paragraphs most are nearly as long."""
    if _is_indented(raw):
        return True
    filled = [len(line.rstrip()) for line in raw if line.strip()]
    if not filled or max(filled) > WIDEST_WRAP:
        return False
    widest = max(filled)
    within = [
        len(line.rstrip())
        for line, following in zip(raw, [*raw[1:], ""], strict=True)
        if line.strip() and following.strip() and not _MARKED.match(following)
    ]
    return len(within) > 3 and sum(length > widest * 0.75 for length in within) > len(within) * 0.6


def _joined(raw: Sequence[str]) -> Iterator[_Line]:
    widest = max(len(line.rstrip()) for line in raw)
    held: _Line | None = None
    before = 0
    for number, line in enumerate(raw, 1):
        if not line.strip():
            if held:
                yield held
            held = None
            continue
        # A first word that had fitted on the line before was not wrapped away from it.
        fits = before + 1 + len(line.split()[0]) <= widest - 1
        listed = held is not None and _is_named(held.text) and _is_named(line)
        indented = bool(held) and _indent(line) >= 2 and not _indent(raw[number - 2])
        if held and (
            _MARKED.match(line) or listed or indented or (fits and before < widest * 0.75)
        ):
            yield held
            held = None
        held = (
            _Line(f"{held.text.rstrip()} {line.strip()}", held.first, number)
            if held
            else _Line(line, number, number)
        )
        before = len(line.rstrip())
    if held:
        yield held


def _is_indented(raw: Sequence[str]) -> bool:
    """Tell whether paragraphs begin with an indent, and their other lines at the margin."""
    filled = [line for line in raw if line.strip()]
    begins = sum(2 <= _indent(line) <= 8 for line in filled)
    within = sum(
        not _indent(line) and bool(before.strip()) for before, line in pairwise(raw) if line.strip()
    )
    return begins > 3 and within > 3 and begins + within > len(filled) * 0.8


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_named(line: str) -> bool:
    """Tell whether a line begins with a name and a comma, as the lines of a cast do."""
    head, comma, _ = line.partition(",")
    return bool(comma) and names.is_name(head.strip())


def _notes(lines: Sequence[_Line]) -> frozenset[str]:
    """Give the numbers of footnotes: written at the beginning of a line, and referred to above."""
    seen: set[str] = set()
    found: set[str] = set()
    for line in lines:
        match = _NOTE.match(line.text)
        if match and match["label"] in seen:
            found.add(match["label"])
        seen.update(_REFERENCE.findall(line.text[match.end() if match else 0 :]))
    return frozenset(found)


def _block(line: _Line, notes: frozenset[str], spaces: Spaces) -> Block:
    text = line.text
    kind, number, label, level = Kind.PARAGRAPH, None, "", 0
    if (match := _NOTE.match(text)) and match["label"] in notes:
        kind, label = Kind.NOTE, match["label"]
    elif match := _BULLET.match(text):
        kind, level = Kind.ITEM, 1 + len(match["indent"].expandtabs(4)) // 6
    elif (match := _NUMBER.match(text)) and not re.fullmatch(
        r"\d{1,2}\. \w+ \d{4}\s*", text.strip()
    ):
        kind, number, level = Kind.ITEM, int(match["number"]), 1
    elif text.rstrip().endswith("|") or (text.count("|") > 1 and not text.strip("-|: ")):
        kind = Kind.ROW
    if match and kind is not Kind.PARAGRAPH:
        text = text[match.end() :]
    spans = tidy(
        _spans(text, notes if kind is not Kind.NOTE else frozenset()), spaces, count_runs=True
    )
    return Block(
        kind=kind,
        spans=spans,
        line=line.first,
        last_line=line.last,
        number=number,
        label=label,
        level=level,
    )


def _spans(text: str, notes: frozenset[str]) -> Iterator[Span]:
    at = 0
    for match in _REFERENCE.finditer(text):
        if match["label"] in notes:
            yield Span(text[at : match.start()])
            yield Span(match.group(), note=match["label"])
            at = match.end()
    yield Span(text[at:])
