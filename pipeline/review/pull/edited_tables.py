"""The content's tables as a brief shows them, and what became of each in an editor's file.

A cell is known by the row and the column that it stands in. Where its columns, its head or the
table itself are others by now, that says nothing any more, and the table is refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from pipeline.review.match.paragraph_match import MatchedBrief
from pipeline.review.match.sent_brief import Owner, SentParagraph
from pipeline.review.pull.row_order import find_table, name_place

_GONE: Final = "a table and its head are taken out in article.md: take them out there, at {address}"
_HEAD_STAYS: Final = (
    "the head stays the first row of its table: change which rows {address} has in article.md"
)
_NO_NOTES: Final = (
    "a new row with a footnote is written in article.md: write it into {address} there"
)
_COLUMNS: Final = (
    "a table's columns are changed in article.md, and none of its cells are merged: nothing of "
    "{address} is taken from this file; change it there"
)
_PARTED: Final = (
    "a table is divided or joined with another in article.md: nothing of {address} is taken "
    "from this file; change it there"
)


@dataclass(slots=True)
class SentTable:
    """A table of the content as the brief shows it."""

    owner: Owner
    rows: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """Of each row and column the block that says it."""

    @property
    def width(self) -> int:
        """How many columns it has, but for empty ones at its end."""
        return max(column for row in self.rows.values() for column in row)

    @property
    def blocks(self) -> list[int]:
        """The blocks of its cells, in order."""
        return [block for row in self.rows.values() for block in row.values()]


@dataclass(slots=True)
class EditedRow:
    """A row of an editor's table."""

    table: int = 0
    """The table that it stands in, by number."""
    number: int = 0
    """Which row of the content's table it was; 0 is none."""
    origins: set[int] = field(default_factory=set)
    """The content's tables that cells of it are from, by their places among all."""
    width: int = 0
    """How many cells it has."""
    is_merged: bool = False
    """Whether one of its cells is one with others."""
    lines: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The lines of each column."""

    @property
    def all_lines(self) -> tuple[int, ...]:
        """Its lines, in order."""
        return tuple(line for column in sorted(self.lines) for line in self.lines[column])


@dataclass(frozen=True, slots=True)
class TableRefusal:
    """Why rows of a table cannot be taken, or nothing of it at all."""

    reason: str
    of: Literal["rows", "table"]


CellPlaces: TypeAlias = Mapping[int, tuple[int, int, int]]
"""Of each block that is a cell its table, by its place among all, its row and its column."""


def find_sent_tables(blocks: Sequence[SentParagraph]) -> list[SentTable]:
    """Return the tables of the content that a brief shows."""
    tables: dict[tuple[str, int], SentTable] = {}
    for index, block in enumerate(blocks):
        owner = block.content_cell
        if owner and (found := find_table(owner)):
            address, row, column = found
            key = (address, owner.instance)
            table = tables.setdefault(key, SentTable(Owner("table", *key)))
            table.rows[row + 1][column] = index
    return list(tables.values())


def place_cells(tables: Sequence[SentTable]) -> CellPlaces:
    """Return where each block stands that is a cell."""
    return {
        block: (at, number, column)
        for at, table in enumerate(tables)
        for number, row in table.rows.items()
        for column, block in row.items()
    }


def find_edited_rows(found: MatchedBrief, cells: CellPlaces) -> Mapping[int, list[EditedRow]]:
    """Return of each table, by its place, the rows of an editor's file.

    A row is the one that most of its lines are from.
    """
    rows: dict[int, dict[int, EditedRow]] = defaultdict(lambda: defaultdict(EditedRow))
    votes: Counter[tuple[int, int, int, int]] = Counter()
    for index, line in enumerate(found.lines):
        if not line.place:
            continue
        row = rows[line.place.table][line.place.row]
        row.table, row.width = line.place.table, line.place.width
        row.is_merged |= line.place.is_merged
        row.lines[line.place.column].append(index)
        for block in _list_blocks(found, index):
            if block in cells:
                at, number, _ = cells[block]
                row.origins.add(at)
                votes[line.place.table, line.place.row, at, number] += 1
    tables: dict[int, int] = {}
    taken: set[tuple[int, int]] = set()
    for (place, row_place, at, number), _ in votes.most_common():
        row = rows[place][row_place]
        is_free = not row.number and (at, number) not in taken
        if tables.setdefault(place, at) == at and is_free:
            row.number = number
            taken.add((at, number))
    edited: dict[int, list[EditedRow]] = defaultdict(list)
    for place, at in sorted(tables.items()):
        edited[at] += rows[place].values()
    return edited


def refuse_tables(
    found: MatchedBrief, tables: Sequence[SentTable], edited: Mapping[int, Sequence[EditedRow]]
) -> Mapping[int, TableRefusal]:
    """Return why tables, by their places, cannot be taken as an editor has them."""
    cells = place_cells(tables)
    refusals: dict[int, TableRefusal] = {}
    for at, table in enumerate(tables):
        if refusal := _find_refusal(found, table, edited.get(at, ()), cells):
            refusals[at] = refusal
    while True:
        # Rows that stay in one table cannot come into another: they would stand in both.
        parted = [
            at
            for at, rows in edited.items()
            if at not in refusals
            and any(not row.number and not row.origins.isdisjoint(refusals) for row in rows)
        ]
        if not parted:
            return {at: _fill_in(refusal, tables[at]) for at, refusal in refusals.items()}
        refusals |= dict.fromkeys(parted, TableRefusal(_PARTED, "table"))


def _fill_in(refusal: TableRefusal, table: SentTable) -> TableRefusal:
    address = name_place(table.owner.address)
    return TableRefusal(refusal.reason.format(address=address), refusal.of)


def _find_refusal(
    found: MatchedBrief, table: SentTable, rows: Sequence[EditedRow], cells: CellPlaces
) -> TableRefusal | None:
    if len({row.table for row in rows}) > 1:
        return TableRefusal(_PARTED, "table")
    if _has_other_columns(found, table, rows, cells):
        return TableRefusal(_COLUMNS, "table")
    # A head without words is in no line: it is there.
    if not rows or (1 in table.rows and rows[0].number != 1):
        has_head = any(row.number == 1 for row in rows)
        return TableRefusal(_HEAD_STAYS if has_head else _GONE, "rows")
    new = (n for row in rows if not row.number for n in row.all_lines)
    is_noted = any(word.note is not None for n in new for word in found.lines[n].words)
    return TableRefusal(_NO_NOTES, "rows") if is_noted else None


def _has_other_columns(
    found: MatchedBrief, table: SentTable, rows: Sequence[EditedRow], cells: CellPlaces
) -> bool:
    """Return whether a table has more columns, or fewer, or cells of most rows in another one."""
    widths = {row.width for row in rows}
    widest = max((column for row in rows for column in row.lines), default=0)
    if len(widths) > 1 or widest > table.width or any(row.is_merged for row in rows):
        return True
    if widths and min(widths) < table.width:
        return True
    own = set(table.blocks)
    stand: Counter[tuple[int, int]] = Counter(
        (column, cells[block][2])
        for row in rows
        for column, lines in row.lines.items()
        for line in lines
        for block in _list_blocks(found, line)
        if block in own
    )
    return any(count > stand[now, now] for (now, was), count in stand.items() if now != was)


def _list_blocks(found: MatchedBrief, line: int) -> Iterator[int]:
    yield from found.groups[found.group_by_line[line]].blocks
