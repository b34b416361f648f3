"""What every reader gives: the source's paragraphs in order, with emphasis, links and lines.

White space is normalised here and nothing else is changed: a run of it is one space, and what that
took away is counted, because a no-break space can hide a speaker's label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Final


class Kind(StrEnum):
    """What a block is in its source."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    """A list item's paragraph. Its mark is not part of its text."""
    QUOTATION = "quotation"
    NOTE = "note"
    """A footnote's text; its number is ``label``."""
    IMAGE = "image"
    """An image: its address is ``address``, what it shows the text."""
    ROW = "row"
    """A row of a table, its cells with `` | `` between them."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one look."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""
    """Where it leads: an http, https or mailto address."""
    note: str = ""
    """The number of the footnote that is referred to here; the text is the mark as printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph of the source, or what is set like one."""

    kind: Kind = Kind.PARAGRAPH
    spans: tuple[Span, ...]
    line: int
    """The first line of the source that it stands on, from 1. Of a Word file: its paragraph."""
    last_line: int
    level: int = 0
    """A heading's level, from 1, or a list item's depth, from 1."""
    number: int | None = None
    """The number of an ordered list's item."""
    goes_on: bool = False
    """Whether it is a further paragraph of the list item before it."""
    label: str = ""
    address: str = ""
    outside: str = ""
    """Why it is no part of the article, such as ``navigation``; empty for what is."""

    @property
    def text(self) -> str:
        """Its words, without any look."""
        return "".join(span.text for span in self.spans)

    @property
    def strong(self) -> bool:
        """Whether all of its words are set strong."""
        return all(span.strong for span in self.spans if span.text.strip()) and bool(self.text)

    @property
    def italic(self) -> bool:
        """Whether all of its words are set in italics."""
        return all(span.emphasis for span in self.spans if span.text.strip()) and bool(self.text)

    def part(self, start: int, end: int | None = None) -> Block:
        """Give the block with a part of its text, without white space at its ends."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        return replace(self, spans=tuple(_cut(self.spans, start, start + len(text.strip()))))


@dataclass(slots=True)
class Spaces:
    """What was taken away when white space was normalised."""

    no_break: int = 0
    double: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A source as its reader gives it."""

    blocks: tuple[Block, ...]
    format: str
    """``text``, ``markdown``, ``html`` or ``docx``."""
    spaces: Spaces = field(default_factory=Spaces)
    meta: tuple[tuple[str, str], ...] = ()
    """What the source says of itself outside its text: keys are ``title``, ``date`` (ISO),
    ``author``, ``language``, ``address``, ``topic``, ``series``; a key may come again."""
    raw: tuple[str, ...] = ()
    """The lines of a text as they were written, white space and all."""


def joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Join strong lines that a line break divides in the middle of a sentence: one heading."""
    held: Block | None = None
    for block in blocks:
        if (
            held
            and held.strong
            and block.strong
            and (held.kind, held.line) == (block.kind, block.line)
            and block.text[:1].islower()
            and not held.text.endswith((".", "?", "!", ":"))
        ):
            held = replace(
                held,
                spans=tidy(
                    [*held.spans, Span(" ", strong=True), *block.spans], Spaces(), count_runs=False
                ),
            )
            continue
        if held:
            yield held
        held = block
    if held:
        yield held


_NO_BREAK: Final = re.compile("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}]")
_RUN: Final = re.compile(r"\s+")
_DOUBLE: Final = re.compile(r"(?<=\S)\s{2,}(?=\S)")
_INVISIBLE: Final = re.compile("[\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{SOFT HYPHEN}]")


def tidy(spans: Iterable[Span], spaces: Spaces, *, count_runs: bool) -> tuple[Span, ...]:
    """Make every run of white space one plain space, and take it off both ends.

    ``count_runs`` says whether a run means anything in the source: in HTML it does not.
    Zero-width spaces and byte order marks go as well.
    """
    joined: list[Span] = []
    # What looks alike is joined at once: a page can divide a paragraph into any number of pieces.
    for look, run in groupby(spans, _look):
        text = "".join(span.text for span in run)
        spaces.no_break += len(_NO_BREAK.findall(text))
        text = _INVISIBLE.sub("", text)
        if count_runs:
            spaces.double += len(_DOUBLE.findall(text))
        text = _RUN.sub(" ", text)
        if joined and joined[-1].text.endswith(" ") and text.startswith(" "):
            text = text[1:]
        if text:
            joined.append(Span(text, *look))
    whole = "".join(span.text for span in joined)
    start = len(whole) - len(whole.lstrip())
    return tuple(_cut(joined, start, start + len(whole.strip())))


def _look(span: Span) -> tuple[bool, bool, str, str]:
    return span.strong, span.emphasis, span.link, span.note


def _cut(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, end - at)]
        if text:
            yield Span(text, *_look(span))
        at += len(span.text)
