"""Which line is the title."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.importers import bylines, names
from pipeline.importers.blocks import Block, Kind
from pipeline.importers.dates import date_in
from pipeline.importers.furniture import furniture
from pipeline.importers.lines import EDITORIAL, SERIES


def find(
    blocks: Sequence[Block], numbers: Sequence[int], told: str, cast: Collection[int]
) -> int | None:
    """Find the title: a heading above, the line above the byline, or the first that is no prose.

    It is one of ``numbers``. ``told`` is the title that the source gives outside its text, and
    ``cast`` holds the blocks that list a speaker.
    """
    for number in numbers:
        if told and _is_told(blocks[number].text, told):
            return number
    for number in numbers:
        block = blocks[number]
        if block.kind is Kind.HEADING and block.level == 1 and not furniture(block):
            return number
    if told:
        return None
    lines = [n for n in numbers if n not in cast and _could_be(blocks[n])]
    byline = next((n for n in numbers if bylines.named(blocks[n].text)), None)
    if byline is not None:
        return max((n for n in lines if n < byline), default=None)
    prose = next((n for n in numbers if _is_prose(blocks[n].text)), None)
    above = [n for n in lines if prose is None or n < prose]
    return max(above, key=lambda n: len(blocks[n].text.split()), default=None)


def is_topics(text: str) -> bool:
    """Tell whether a line is a row of topics: words in capitals, with nothing between them."""
    words = text.split()
    return (
        len(words) > 7
        and not names.in_capitals(text)
        and not re.search(r"[.,:;?!—–“”\"]", text)
        and all(names.is_capital(word) or word in ("&", "and", "of") for word in words)
    )


def _is_told(text: str, told: str) -> bool:
    """Tell whether a line is the title that is told, or that before the name of the site."""
    site = rf"{re.escape(text)}\s[|–—-]\s"
    return text.casefold() == told.casefold() or bool(re.match(site, told, re.IGNORECASE))


def _is_prose(text: str) -> bool:
    """Tell whether a block is running text, above which alone a title stands."""
    words = len(text.split())
    return words > 30 or (words > 4 and bool(re.search(r"[.!…][\"”’»)]*$", text)))


def _could_be(block: Block) -> bool:
    text = block.text
    if block.kind not in (Kind.PARAGRAPH, Kind.HEADING) or len(text.split()) > 25:
        return False
    if (
        text[:1].islower()
        or furniture(block)
        or date_in(text)[0]
        or is_topics(text)
        or bylines.named(text)
        or EDITORIAL.match(text)
        or SERIES.fullmatch(text)
        or re.search(r"\s{3,}|\d\s*-\s*\d+$", text)
    ):
        return False
    return not re.search(r"[.:;,][\"”)]?$", text) or block.kind is Kind.HEADING or block.strong
