"""Which table of an answer is which by now: a table's number says it no more once blocks came.

A table is the one that has its rows, or the likest to them. Where that is open, it is none: what
was changed in it is then told, and written into no other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.match.sent_brief import Owner, SentBrief
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.edited_tables import find_sent_tables
from pipeline.review.pull.row_order import name_no_table, rename_table
from pipeline.review.pull.table_rows import list_sent_rows
from pipeline.review.words.tokens import Token, Word

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of an answer, as it was sent or as it is by now."""

    address: str
    rows: Sequence[str]
    """The Markdown of its rows, the head first."""

    @property
    def words(self) -> list[str]:
        """The words of all of its rows."""
        return _WORD.findall(" ".join(self.rows))

    @property
    def head(self) -> list[str]:
        """The words of each cell of its head, but for empty ones at its end."""
        return self.rows[0].rstrip("| ").lstrip("| ").split(" | ")


def follow_tables(sent: SentBrief, current: CurrentContent) -> SentBrief:
    """Return a brief whose tables have the addresses of today; those that are open have none."""
    names = _find_names(sent, current)
    if all(old == new for old, new in names.items()):
        return sent
    blocks = tuple(
        replace(
            block,
            owners=tuple(rename_table(owner, names) for owner in block.owners),
            address=rename_table(Owner("cell", block.address), names).address,
        )
        for block in sent.blocks
    )
    return replace(sent, blocks=blocks)


def _find_names(sent: SentBrief, current: CurrentContent) -> Mapping[str, str]:
    """Return of each table of a brief its address by now."""
    old: dict[str, dict[str, _Table]] = defaultdict(dict)
    new: dict[str, list[_Table]] = defaultdict(list)
    for table in find_sent_tables(sent.blocks):
        address = table.owner.address
        rows = _list_texts(list_sent_rows(table, sent.blocks))
        old[_find_answer(address)].setdefault(address, _Table(address, rows))
    for address in current.table_addresses:
        rows = _list_texts(current.read_tokens(Owner("table", address)) or ())
        new[_find_answer(address)].append(_Table(address, rows))
    names: dict[str, str] = {}
    for answer, tables in old.items():
        found = _pair_tables(list(tables.values()), new[answer])
        for at, address in enumerate(tables, 1):
            names[address] = found.get(address) or name_no_table(answer, at)
    return names


def _pair_tables(old: Sequence[_Table], new: Sequence[_Table]) -> Mapping[str, str]:
    """Return which tables are which, by their addresses: the same, then the likest, then the last.

    Of tables that are the same, the first is the first only where they are as many as they were.
    """
    found: dict[str, str] = {}
    open_old, open_new = list(old), list(new)
    for rows in dict.fromkeys(tuple(table.rows) for table in old):
        same, now = ([t for t in own if (*t.rows,) == rows] for own in (old, new))
        if len(same) == len(now):
            found |= {a.address: b.address for a, b in zip(same, now, strict=True)}
        if now:  # or it is open which of them is which
            open_old = [table for table in open_old if table not in same]
            open_new = [table for table in open_new if table not in now]
    for one, other in _pair_likest(open_old, open_new):
        found[one.address] = other.address
        open_old.remove(one)
        open_new.remove(other)
    if len(open_old) == len(open_new) == 1 and open_old[0].head == open_new[0].head:
        found[open_old[0].address] = open_new[0].address
    was, is_now = ({table.address: table for table in tables} for tables in (old, new))
    return {a: b for a, b in found.items() if not _has_moved_columns(was[a], is_now[b])}


def _pair_likest(old: Sequence[_Table], new: Sequence[_Table]) -> Iterator[tuple[_Table, _Table]]:
    """Return the tables that are likest to each other, and to no others as much."""
    likeness = {
        (a, b): measure_likeness(one.words, other.words)
        for a, one in enumerate(old)
        for b, other in enumerate(new)
    }
    for (a, b), most in likeness.items():
        rivals = (value for (c, d), value in likeness.items() if ((c == a) != (d == b)))
        if most >= LIKE and all(value < most for value in rivals):
            yield old[a], new[b]


def _has_moved_columns(old: _Table, new: _Table) -> bool:
    """Return whether a column of a head stands elsewhere: its cells would be taken for others."""
    return any(
        words in new.head and words != now
        for words, now in zip(old.head, [*new.head, *[""] * len(old.head)], strict=False)
        if words
    )


def _find_answer(address: str) -> str:
    return address.rpartition(".")[0]


def _list_texts(rows: Sequence[Token]) -> list[str]:
    return [row.text for row in rows if isinstance(row, Word)]
