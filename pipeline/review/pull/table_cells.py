"""The cells of the tables in article.md: their words, and where in its lines they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.review.words.tokens import Word

_PIPE: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class CurrentCell:
    """A cell as article.md has it."""

    words: tuple[Word, ...]
    line: int
    """The line of its row in the text, from 0."""
    column: int
    """Its column, from 1."""
    end: int
    """The line behind its table."""


def replace_cell(row: str, column: int, written: str) -> str:
    """Return the line of a row with other words in a column; the other cells stay as they are.

    A cell keeps its width where the words fit in. A row that ends before the column goes on to it.
    """
    ends = [match.start() for match in _PIPE.finditer(row)]
    is_open = bool(row[: ends[0]].strip(" >\t")) if ends else True
    starts = [0, *(end + 1 for end in ends)] if is_open else [end + 1 for end in ends]
    if not row[starts[-1] :].strip():
        starts.pop()
    if column > len(starts):
        missing = [""] * (column - len(starts) - 1)
        return f"{row.rstrip().removesuffix('|').rstrip()} | {' | '.join([*missing, written])} |"
    start = starts[column - 1]
    end = next((end for end in ends if end >= start), len(row))
    return row[:start] + _pad(row[start:end], written) + row[end:]


def _pad(was: str, written: str) -> str:
    """Return words with the space that stood round others, in the same width if they fit."""
    before = re.match(r"[\s>]*", was) if was.strip() else re.match(r" ?", was)
    opening = before.group() if before else ""
    closing = " " if was.endswith((" ", "\t")) or not was.strip() else ""
    return (opening + written + closing).ljust(len(was))
