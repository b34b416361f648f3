"""Cells of a brief's matrix that show a sign, since the position that they are for is lacking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

POSITION_ADDRESS: Final = re.compile(r"summary\.yaml#positions\.[^.]+\.[^.]+\.text")
"""The address of what an expert holds on a question, which may be lacking."""
_CELL: Final = re.compile(r"row (\d+) cell (\d+)")
_EXPERT: Final = re.compile(r"article\.md#experts\.([^.]+)\.name")
_QUESTION: Final = re.compile(r"(?:summary\.yaml#question_labels\.|article\.md#)([^.#]+)")


@dataclass(slots=True)
class _Matrix:
    """What is known of a table: whose each column is, what each row is about."""

    experts: dict[int, str] = field(default_factory=dict)
    questions: dict[int, str] = field(default_factory=dict)
    signs: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of each cell that shows a sign alone its row and its column, by its anchor."""
    has_positions: bool = False

    def add_cell(self, block: Mapping[str, Any], row: int, column: int) -> None:
        addresses = [str(piece["address"]) for piece in block["pieces"] if "address" in piece]
        for address in addresses:
            if row == 1 and (match := _EXPERT.fullmatch(address)):
                self.experts[column] = match[1]
            elif column == 1 and (match := _QUESTION.fullmatch(address)):
                self.questions[row] = match[1]
            self.has_positions |= bool(POSITION_ADDRESS.fullmatch(address))
        text = next((piece["text"] for piece in block["pieces"] if piece["text"].strip()), "")
        if not addresses and text and not any(map(str.isalnum, text)):
            self.signs[str(block["anchor"])] = row, column

    def list_lacking(self) -> Iterator[tuple[str, str]]:
        for anchor, (row, column) in self.signs.items():
            question, expert = self.questions.get(row), self.experts.get(column)
            if self.has_positions and question and expert:
                yield anchor, f"summary.yaml#positions.{question}.{expert}.text"


def find_lacking_positions(blocks: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """Return of each cell that shows no position, by its anchor, the address that one would have.

    ``blocks`` are those of a brief's manifest.
    """
    found: dict[str, str] = {}
    matrix, last = _Matrix(), 0
    for block in blocks:
        match = _CELL.fullmatch(next(iter([*block.get("in", ())][-1:]), ""))
        row = int(match[1]) if match else 0
        if row < last:
            found |= matrix.list_lacking()
            matrix = _Matrix()
        if match:
            matrix.add_cell(block, row, int(match[2]))
        last = row
    return {**found, **dict(matrix.list_lacking())}
