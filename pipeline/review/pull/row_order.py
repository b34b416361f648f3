"""In which order a table's rows are to stand: those that are there, and new ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from pipeline.document.markdown_tables import name_cell
from pipeline.review.match.sent_brief import TABLE_CELL, Owner
from pipeline.review.words.tokens import Token, Word

RowOrder: TypeAlias = Sequence[int | str]
"""Of each row its place among those that are there, from 0, or the Markdown of a new one."""


def find_row_order(now: Sequence[Token], chosen: Sequence[Token]) -> RowOrder:
    """Return in which order the rows ``chosen`` stand, where those of ``now`` are there."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for index, token in enumerate(now):
        waiting[_read_row(token)].append(index)
    order: list[int | str] = []
    for row in map(_read_row, chosen):
        order.append(waiting[row].pop(0) if waiting[row] else row)
    return order


def relocate_cell(owner: Owner, orders: Mapping[str, RowOrder]) -> Owner | None:
    """Return where a cell stands when rows have their new order; None where its row went."""
    match = TABLE_CELL.fullmatch(owner.address)
    if owner.kind != "cell" or not match:
        return owner
    table = owner.address[: match.start(2) - 2]
    if table not in orders:
        return owner
    row = int(match[2]) - 1
    if row not in orders[table]:
        return None
    address = name_cell(table, orders[table].index(row) + 1, int(match[3]))
    return replace(owner, address=address)


def is_in_order(
    rows: Sequence[Token], order: RowOrder, before: Sequence[Token], changed: Iterable[Owner]
) -> bool:
    """Return whether rows stand in an order; of those with a changed cell, the words may differ."""
    matches = (TABLE_CELL.fullmatch(owner.address) for owner in changed)
    others = {int(match[2]) - 1 for match in matches if match}
    expected = [_read_row(before[row]) if isinstance(row, int) else row for row in order]
    return len(rows) == len(order) and all(
        _read_row(token) == words or row in others
        for token, words, row in zip(rows, expected, order, strict=True)
    )


def _read_row(token: Token) -> str:
    return token.text if isinstance(token, Word) else ""
