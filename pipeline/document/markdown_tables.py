"""Tables of Markdown (GFM §4.10): their rows, the addresses of their cells, what they would lose.

A table's first row, ``r1``, is its head. The row of hyphens below it is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.tree import SyntaxTreeNode

from pipeline.document.tree import Address

CELL_ADDRESS: Final = r"\.r(\d+)\.c(\d+)"
"""What follows a table's address in that of a cell: its row and its column, from 1."""


def name_cell(table: str, row: int, column: int) -> Address:
    """Return the address of a cell of a table, its row and column counted from 1."""
    return Address(f"{table}.r{row}.c{column}")


def iterate_rows(table: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """Yield a table's rows, the head first."""
    for part in table.children:
        yield from part.children


def split_row(line: str) -> list[str]:
    """Return what stands in the cells of a row; a pipe with a backslash divides none."""
    cells = escapedSplit(line.strip())
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return [cell.strip() for cell in cells]


def parse_table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Read a table, and note on each row the words that stand in more cells than the head has."""
    before = len(state.tokens)
    if not table(state, first, end, silent):
        return False
    rows = [token for token in state.tokens[before:] if token.type == "tr_open"]
    lines = [split_row(getLine(state, row.map[0])) for row in rows if row.map]
    for row, cells in zip(rows, lines, strict=True):
        row.meta = {"lost": " | ".join(filter(None, cells[len(lines[0]) :]))}
    return True


def write_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """Write rows of Markdown as a table's lines; the first is the head."""
    head, *others = map(write_row, rows)
    return [head, write_row(["---"] * len(rows[0])), *others]


def write_row(cells: Sequence[str]) -> str:
    """Write the cells of a row as its line; ``write_cell`` made them fit."""
    return f"| {' | '.join(cells)} |"


def write_cell(words: str) -> str:
    """Write words of Markdown so that they stay in their cell: a line, no pipe of its own."""
    return " ".join(words.split("\n")).replace("|", "\\|")
