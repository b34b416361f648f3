"""Outer quotation marks: taken off only where the pair goes round the whole answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.importers.blocks import Block
from pipeline.importers.draft import Marks

PAIRS: Final = {"“": "”", "„": "“", "«": "»", "»": "«", "‹": "›", "‘": "’", '"': '"', "”": "”"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """An answer's text without its outer marks, and how it was marked."""

    blocks: list[Block]
    quotes: Marks
    opening: int = 0
    """How many characters were taken off the beginning of the first block."""
    closing: int = 0
    """How many off the end of the last."""
    broken: str = ""
    """What is wrong with the marks that were left in place."""


def unquoted(blocks: Sequence[Block]) -> Quoted:
    """Take an answer's outer quotation marks off, if they are one pair round all of it.

    A mark that is opened and never closed is taken off as well and told; marks that close before
    the end are the speaker's own and stay.
    """
    kept = list(blocks)
    if not kept:
        return Quoted(kept, "none")
    first, last = kept[0].text, kept[-1].text
    opener = first[:1]
    if opener not in PAIRS:
        return Quoted(kept, "none")
    closer = PAIRS[opener]
    left = 1 + (len(first[1:]) - len(first[1:].lstrip()))
    if opener == '"':
        ends = _straight(kept)
    elif opener == "‘":
        ends = _single(kept)
    else:
        ends = _curly(kept, opener, closer)
    if ends == "whole":
        right = 1 + (len(last[:-1]) - len(last[:-1].rstrip()))
        kept[0] = kept[0].part(left)
        kept[-1] = kept[-1].part(0, len(kept[-1].text) - right)
        return Quoted(kept, "both", left, right)
    if ends == "open":
        kept[0] = kept[0].part(left)
        return Quoted(kept, "unclosed", left)
    return Quoted(kept, "none", broken="" if ends == "inner" else ends)


def _curly(blocks: Sequence[Block], opener: str, closer: str) -> str:
    """Tell how far the first mark reaches: ``whole``, ``open`` to the end, or ``inner``."""
    depth = 0
    for number, block in enumerate(blocks):
        text = block.text
        for index, character in enumerate(text):
            if character == opener and not (opener == closer and depth):
                # Each paragraph of a long quotation opens anew; only the last one closes.
                if number and index == 0 and depth:
                    continue
                depth += 1
            elif character == closer:
                depth -= 1
                is_end = number == len(blocks) - 1 and not text[index + 1 :].strip()
                if depth == 0 and not is_end:
                    return "inner"
                if depth == 0:
                    return "whole"
    return "open"


def _straight(blocks: Sequence[Block]) -> str:
    """Tell how far a straight mark reaches, by the side of the word that each mark stands on."""
    depth = 0
    for number, block in enumerate(blocks):
        text = block.text
        for index, character in enumerate(text):
            if character != '"':
                continue
            before, after = text[index - 1 : index], text[index + 1 : index + 2]
            opens = (not before or before in " ([—–-“‘\"'") and bool(after) and not after.isspace()
            if before == '"' and (not after or after in ' "'):
                opens = False
            if opens:
                if number and index == 0 and depth:
                    continue
                depth += 1
                continue
            depth -= 1
            is_end = number == len(blocks) - 1 and not text[index + 1 :].strip()
            if depth == 0:
                return "whole" if is_end else "inner"
    return "open"


def _single(blocks: Sequence[Block]) -> str:
    """Tell how far a British single mark reaches; ’ at a word may be an apostrophe."""
    last = blocks[-1].text
    if not last.endswith(("’", "'")):
        return "inner"
    for number, block in enumerate(blocks):
        text = block.text
        for index, character in enumerate(text):
            if character != "’":
                continue
            is_end = number == len(blocks) - 1 and index == len(text) - 1
            before, after = text[index - 1 : index], text[index + 1 : index + 2]
            closes = before in ".,!?…" and (not after or after.isspace())
            if closes and not is_end:
                return "inner"
    return "whole"
