"""Which row of a table is which by now, and in which order they are to stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pipeline.document.markdown_tables import name_cell
from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.match.sent_brief import TABLE_CELL, Owner
from pipeline.review.words.diff3 import find_changes, pair_unchanged
from pipeline.review.words.explanation import EditedText
from pipeline.review.words.merge import TextMerge
from pipeline.review.words.tokens import COMMENT_SIGN, Token, Word

_WORD: Final = re.compile(r"\w+")
_NO_TABLE: Final = re.compile(r"\.0+(?:\.r\d+\.c\d+)?\Z")
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


def pair_rows(base: Sequence[Token], now: Sequence[Token]) -> dict[int, int]:
    """Return of each row of ``base`` which row of ``now`` it is; a row that went has none.

    Rows with other words are the same where they stand between the same ones, and are alike or
    as many as before.
    """
    old, new = ([_read_row(token) for token in rows] for rows in (base, now))
    changes = find_changes(old, new)
    pairs = dict(pair_unchanged(changes, len(old)))
    for change in changes:
        at = change.new_from
        for row in range(change.old_from, change.old_to):
            words = _WORD.findall(old[row])
            others = range(at, change.new_to)
            found = next(
                (n for n in others if measure_likeness(words, _WORD.findall(new[n])) >= LIKE), None
            )
            if found is not None:
                pairs[row] = found
                at = found + 1
        if change.old_to - change.old_from == change.new_to - change.new_from:
            free = [n for n in range(change.new_from, change.new_to) if n not in pairs.values()]
            rows = [n for n in range(change.old_from, change.old_to) if n not in pairs]
            pairs |= dict(zip(rows, free, strict=True))
    return pairs


def merge_rows(
    edit: EditedText[Token],
    now: Sequence[Token],
    merge: Callable[[Sequence[Token], bool], TextMerge[Token]],
) -> TextMerge[Token]:
    """Merge which rows there are: one with other words by now is the one that it was.

    Where the editor took it out, that is a conflict: what was written in it is not lost, nor is
    a comment.
    """
    kept = set(map(_read_row, edit.edited))
    pairs = pair_rows(edit.base, now)
    same = {new: edit.base[old] for old, new in pairs.items()}
    is_torn = any(_read_row(old) not in kept and old != now[new] for new, old in same.items())
    merged = merge([same.get(place, token) for place, token in enumerate(now)], is_torn)

    def restore_rows(sides: Iterable[tuple[Token, ...]]) -> Iterator[tuple[Token, ...]]:
        waiting: dict[str, list[Token]] = defaultdict(list)
        for place, token in same.items():
            waiting[_read_row(token)].append(now[place])
        for side in sides:
            yield tuple(
                waiting[_read_row(token)].pop(0) if waiting[_read_row(token)] else token
                for token in side
            )

    ours = restore_rows(hunk.ours for hunk in merged.hunks)
    theirs = restore_rows(hunk.theirs for hunk in merged.hunks)
    hunks = [
        replace(hunk, ours=own, theirs=others)
        for hunk, own, others in zip(merged.hunks, ours, theirs, strict=True)
    ]
    return replace(merged, hunks=hunks)


def find_table(owner: Owner) -> tuple[str, int, int] | None:
    """Return the address of a cell's table, its row from 0, its column from 1."""
    match = TABLE_CELL.fullmatch(owner.address) if owner.kind == "cell" else None
    return (
        (owner.address[: match.start(2) - 2], int(match[2]) - 1, int(match[3])) if match else None
    )


def name_no_table(answer: str, number: int) -> str:
    """Return an address that no table of an answer has, one for each number from 1."""
    return f"{answer}.{'0' * number}"  # blocks are numbered from 1


def is_no_table(address: str) -> bool:
    """Return whether an address, of a table or a cell, is one that no table has."""
    return _NO_TABLE.search(address) is not None


def name_place(address: str) -> str:
    """Return a table's address, or its answer's where it is one that no table has."""
    return _NO_TABLE.sub("", address)


def rename_table(owner: Owner, names: Mapping[str, str]) -> Owner:
    """Return a table, or a cell of one, where tables have other addresses."""
    if owner.kind == "table":
        return replace(owner, address=names.get(owner.address, owner.address))
    found = find_table(owner)
    if found is None:
        return owner
    table, row, column = found
    return replace(owner, address=name_cell(names.get(table, table), row + 1, column))


def relocate_cell(owner: Owner, orders: Mapping[str, RowOrder]) -> Owner | None:
    """Return where a cell stands when rows have their new order; None where its row went."""
    found = find_table(owner)
    if found is None or found[0] not in orders:
        return owner
    table, row, column = found
    if row not in orders[table]:
        return None
    return replace(owner, address=name_cell(table, orders[table].index(row) + 1, column))


def is_in_order(
    rows: Sequence[Token], order: RowOrder, before: Sequence[Token], changed: Iterable[Owner]
) -> bool:
    """Return whether rows stand in an order; of those with a changed cell, the words may differ."""
    others = {found[1] for found in map(find_table, changed) if found}
    expected = [_read_row(before[row]) if isinstance(row, int) else row for row in order]
    return len(rows) == len(order) and all(
        _read_row(token) == words or row in others
        for token, words, row in zip(rows, expected, order, strict=True)
    )


def _read_row(token: Token) -> str:
    """Return the Markdown of a row without its comments, which no brief says."""
    return token.text.partition(COMMENT_SIGN)[0] if isinstance(token, Word) else ""
