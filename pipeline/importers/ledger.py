"""Every word of a source accounted for: content, metadata, mark or skipped; the totals add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.diagnostics import Findings, Location
from pipeline.importers.blocks import Block, Reading
from pipeline.importers.draft import Draft, Piece, Use


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a source's lines and words."""

    lines: Mapping[str, int]
    """How many lines are content, metadata or skipped."""
    words: Mapping[str, int]
    """How many words are, and how many are marks."""
    all_lines: int
    all_words: int
    no_break: int
    double: int


def account(reading: Reading, draft: Draft, findings: Findings, file: str) -> Account:
    """Hold what became of each piece against the source, block by block and in order.

    A gap or an overlap is an error (``unaccounted``): then nothing may be written.
    """
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for piece in draft.pieces:
        pieces[id(piece.block)].append(piece)
    lines: dict[str, int] = {"content": 0, "metadata": 0, "skipped": 0}
    words: dict[str, int] = {"content": 0, "metadata": 0, "mark": 0, "skipped": 0}
    seen: set[int] = set()
    for block in reading.blocks:
        found = sorted(pieces[id(block)], key=lambda piece: (piece.start, piece.end))
        check(block, found, findings, file)
        uses = {piece.use for piece in found}
        for piece in found:
            words[piece.use] += len(block.text[piece.start : piece.end].split())
        for line in range(block.line, block.last_line + 1):
            if line not in seen:
                seen.add(line)
                lines[line_use(uses)] += 1
    return Account(
        lines,
        words,
        len({n for b in reading.blocks for n in range(b.line, b.last_line + 1)}),
        sum(len(block.text.split()) for block in reading.blocks),
        reading.spaces.no_break,
        reading.spaces.double,
    )


def line_use(uses: set[Use]) -> str:
    """Tell what a line counts as when parts of it went to several places."""
    for use in (Use.CONTENT, Use.METADATA, Use.SKIPPED):
        if use in uses:
            return use.value
    return Use.METADATA.value  # a label alone on its line


def check(block: Block, pieces: Sequence[Piece], findings: Findings, file: str) -> None:
    """Report words of a block that went nowhere, or to two places."""
    at = 0
    for piece in pieces:
        between = block.text[at : piece.start]
        if between.strip() or piece.start < at:
            lost = between.strip() or block.text[piece.start : at]
            findings.add_error(
                "unaccounted",
                f"“{lost[:60]}” is in no part of the article, or in two",
                Location(file, block.line),
                "please report it with the source: nothing was written",
            )
        at = max(at, piece.end)
    if block.text[at:].strip():
        findings.add_error(
            "unaccounted",
            f"“{block.text[at:].strip()[:60]}” is in no part of the article",
            Location(file, block.line),
            "please report it with the source: nothing was written",
        )
