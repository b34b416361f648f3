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
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTE: Final = re.compile(
    r"\s*(?:\[(?P<label>\d{1,3})\]:?\s+|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*)(?=\S)"
)
_REFERENCE: Final = re.compile(
    r"\[(?P<label>\d{1,3})\]"
    # Square metres are no footnote.
    r"|(?<!\b[km])(?<!\b[ckm]m)(?P<raised>(?<![⁰¹²³⁴⁵⁶⁷⁸⁹])[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"
)
_BREAKS: Final = re.compile("[\v\f\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
"""What programs write for the end of a line or page, within a line of the file."""
_HYPHEN: Final = re.compile(r"[^\W\d_]-$")
_SUSPENDED: Final = re.compile(r"(?:and|or|to|und|oder|bis)\b")
"""What follows a hyphen that stands for a word: “pre- and post-war”."""
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
    lines = [
        _Line(part, number, number)
        for number, line in enumerate(raw, 1)
        for part in _BREAKS.split(line)
    ]
    texts = [line.text for line in lines]
    joined = _joined(lines) if _is_wrapped(texts) else lines
    filled = [line for line in joined if line.text.strip()]
    notes = _notes(filled)
    blocks = tuple(_block(line, notes, spaces) for line in filled)
    return Reading(blocks=blocks, format="text", spaces=spaces, raw=tuple(raw))


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


def _joined(lines: Sequence[_Line]) -> Iterator[_Line]:
    widest = max(len(line.text.rstrip()) for line in lines)
    held: list[_Line] = []
    for line in lines:
        if held and not (line.text.strip() and _is_continued(held, line, widest)):
            yield _paragraph(held)
            held = []
        if line.text.strip():
            held.append(line)
    if held:
        yield _paragraph(held)


def _is_continued(held: Sequence[_Line], line: _Line, widest: int) -> bool:
    """Tell whether a line goes on with the paragraph of the lines before it."""
    before = held[-1].text
    if _MARKED.match(line.text) or (_is_named(held[0].text) and _is_named(line.text)):
        return False
    item = _BULLET.match(held[0].text) or _NUMBER.match(held[0].text)
    if item and _indent(line.text) == item.end():
        return True  # its first line hangs out
    if _indent(line.text) >= 2 and not _indent(before):
        return False
    # A first word that had fitted on the line before was not wrapped away from it.
    length = len(before.rstrip())
    fits = length + 1 + len(line.text.split()[0]) <= widest - 1
    return not fits or length >= widest * 0.75


def _is_divided(line: str, following: str) -> bool:
    """Tell whether a word begins on a line and ends on the next."""
    following = following.lstrip()
    return (
        bool(_HYPHEN.search(line.rstrip()))
        and following[:1].islower()
        and not _SUSPENDED.match(following)
    )


def _paragraph(lines: Sequence[_Line]) -> _Line:
    parts = [lines[0].text.rstrip()]
    for before, line in pairwise(lines):
        # A hyphen stays: whether the word has one of its own cannot be seen.
        parts.append("" if _is_divided(before.text, line.text) else " ")
        parts.append(line.text.strip())
    return _Line("".join(parts), lines[0].first, lines[-1].last)


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
        if match and _label(match) in seen:
            found.add(_label(match))
        seen.update(map(_label, _REFERENCE.finditer(line.text, match.end() if match else 0)))
    return frozenset(found)


def _label(match: re.Match[str]) -> str:
    """Give a footnote's number; a raised one is told from one in brackets by a sign before it."""
    return match["label"] or "^" + match["raised"].translate(_RAISED)


def _block(line: _Line, notes: frozenset[str], spaces: Spaces) -> Block:
    text = line.text
    kind, number, label, level = Kind.PARAGRAPH, None, "", 0
    if (match := _NOTE.match(text)) and _label(match) in notes:
        kind, label = Kind.NOTE, _label(match).lstrip("^")
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
        if _label(match) in notes:
            yield Span(text[at : match.start()])
            yield Span(match.group(), note=_label(match).lstrip("^"))
            at = match.end()
    yield Span(text[at:])
