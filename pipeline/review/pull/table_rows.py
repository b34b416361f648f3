"""Rows of the content's tables that an editor put in, took out or moved; cells that were filled.

What stands in a cell is a value by itself. Here is what no cell says: which rows there are, and in
which order. Of that, a table is a value of its own, with a word for each row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.document import markdown_writer
from pipeline.document.markdown_tables import name_cell, write_cell, write_row
from pipeline.review.edited_docx.revisions import Line
from pipeline.review.match.paragraph_match import (
    MatchedBrief,
    MatchRelation,
    ParagraphGroup,
    regroup_brief,
)
from pipeline.review.match.sent_brief import TABLE_CELL, Owner, SentParagraph
from pipeline.review.pull.value_edits import AssignedEdits, Refusal, TokenPlace
from pipeline.review.words.diff3 import find_changes
from pipeline.review.words.tokens import COMMENT_SIGN, Token, Word, format_tokens, make_inlines

_CALL: Final = re.compile(r"\[\^\d+\]")
_HEAD_STAYS: Final = "a table and its head are taken out in article.md"
_NO_NOTES: Final = "a new row with a footnote is written in article.md"
_TOO_WIDE: Final = "a table's columns are changed in article.md"


def write_row_word(cells: Sequence[Sequence[Token]]) -> Word:
    """Return the word that a row is: its Markdown, without comments and numbers of notes."""
    return Word(_CALL.sub("[^]", write_row([_write_words(cell) for cell in cells])))


def _write_words(tokens: Sequence[Token]) -> str:
    words = [t for t in tokens if isinstance(t, Word) and not t.text.startswith(COMMENT_SIGN)]
    plain = [replace(word, is_line_end=False) for word in words]
    return write_cell(markdown_writer.write_inlines(make_inlines(plain)).strip())


@dataclass(slots=True)
class _SentTable:
    """A table of the content as the brief shows it."""

    owner: Owner
    rows: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """Of each row and column the block that says it."""

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(column for row in self.rows.values() for column in row)


@dataclass(slots=True)
class _EditedRow:
    """A row of an editor's table."""

    number: int = 0
    """Which row of the content's table it was; 0 is none."""
    lines: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The lines of each column."""

    @property
    def all_lines(self) -> tuple[int, ...]:
        """Its lines, in order."""
        return tuple(line for column in sorted(self.lines) for line in self.lines[column])


class TableRows:
    """The tables of one brief, compared with those of an editor's file."""

    def __init__(self, found: MatchedBrief) -> None:
        self._places: dict[int, tuple[_SentTable, int, int]] = {}
        self._tables = self._find_sent(found.blocks)
        self._edited = self._find_edited(found)
        self.own_lines = frozenset(
            line
            for at, rows in self._edited.items()
            for row in rows
            for column, lines in row.lines.items()
            if column not in self._tables[at].rows.get(row.number, {})
            for line in lines
        )
        """The lines that are put into a table here, and nowhere else."""
        self.brief = regroup_brief(found, list(self._regroup(found)))
        """The brief with its cells matched by where they stand in their rows."""

    def _find_sent(self, blocks: Sequence[SentParagraph]) -> list[_SentTable]:
        tables: dict[tuple[str, int], _SentTable] = {}
        for index, block in enumerate(blocks):
            owner = next((owner for owner in block.owners if owner.kind == "cell"), None)
            match = TABLE_CELL.fullmatch(owner.address) if owner else None
            if owner and match:
                key = (owner.address[: match.start(2) - 2], owner.instance)
                table = tables.setdefault(key, _SentTable(Owner("table", *key)))
                row, column = int(match[2]), int(match[3])
                table.rows[row][column] = index
                self._places[index] = table, row, column
        return list(tables.values())

    def _find_edited(self, found: MatchedBrief) -> Mapping[int, list[_EditedRow]]:
        """Return of each table, by its place, the rows of an editor's file.

        A row is the one that most of its lines are from.
        """
        rows: dict[int, dict[int, _EditedRow]] = defaultdict(lambda: defaultdict(_EditedRow))
        votes: Counter[tuple[int, int, int, int]] = Counter()
        for index, line in enumerate(found.lines):
            if not line.place:
                continue
            rows[line.place.table][line.place.row].lines[line.place.column].append(index)
            for block in found.groups[found.group_by_line[index]].blocks:
                if block in self._places:
                    table, number, _ = self._places[block]
                    votes[line.place.table, line.place.row, self._tables.index(table), number] += 1
        tables: dict[int, int] = {}
        taken: set[tuple[int, int]] = set()
        for (place, row_place, at, number), _ in votes.most_common():
            row = rows[place][row_place]
            is_free = not row.number and (at, number) not in taken
            if tables.setdefault(place, at) == at and is_free:
                row.number = number
                taken.add((at, number))
        edited: dict[int, list[_EditedRow]] = defaultdict(list)
        for place, at in sorted(tables.items()):
            edited[at] += rows[place].values()
        return edited

    def _regroup(self, found: MatchedBrief) -> Iterator[ParagraphGroup]:
        """Return the groups, each of a cell with the lines in its place."""
        in_tables = {n for rows in self._edited.values() for row in rows for n in row.all_lines}
        for group in found.groups:
            blocks = tuple(n for n in group.blocks if n not in self._places)
            lines = tuple(n for n in group.lines if n not in in_tables)
            if blocks and not lines:
                yield from (ParagraphGroup((block,), (), "deleted") for block in blocks)
            elif lines and not blocks and group.blocks:
                yield from (ParagraphGroup((), (line,), "new") for line in lines)
            elif lines:
                yield replace(group, blocks=blocks, lines=lines)
        shown: set[int] = set()
        for at, rows in self._edited.items():
            for row in rows:
                known = self._tables[at].rows.get(row.number, {})
                for column, own in row.lines.items():
                    if column in known:
                        shown.add(known[column])
                        relation: MatchRelation = "same" if len(own) == 1 else "split"
                        yield ParagraphGroup((known[column],), tuple(own), relation)
                    else:
                        yield from (ParagraphGroup((), (line,), "new") for line in own)
        yield from (ParagraphGroup((n,), (), "deleted") for n in self._places if n not in shown)

    def is_cell(self, block: int) -> bool:
        """Return whether a block is a cell of the content's tables."""
        return block in self._places

    # --- what changed -----------------------------------------------------------------------

    def assign_rows(self, result: AssignedEdits) -> None:
        """Assign the rows that came, went or moved, and the cells that were filled or emptied."""
        for at, table in enumerate(self._tables):
            rows = self._edited.get(at, [])
            if [row.number for row in rows[:1]] != [1]:
                self._refuse(result, table, rows, _HEAD_STAYS)
            elif reason := self._find_refusal(table, rows):
                self._refuse(result, table, rows, reason)
            else:
                self._assign_table(result, table, rows)

    def _find_refusal(self, table: _SentTable, rows: Sequence[_EditedRow]) -> str:
        new = [row for row in rows if not row.number]
        if any(max(row.lines, default=0) > table.width for row in rows):
            return _TOO_WIDE
        words = (w for row in new for n in row.all_lines for w in self.brief.lines[n].words)
        return _NO_NOTES if any(word.note is not None for word in words) else ""

    def _refuse(
        self, result: AssignedEdits, table: _SentTable, rows: Sequence[_EditedRow], reason: str
    ) -> None:
        """Keep a table's rows; refuse what came into it and what went."""
        kept = {row.number for row in rows}
        gone = [n for number, row in table.rows.items() if number not in kept for n in row.values()]
        came = [index for row in rows for index in row.all_lines if index in self.own_lines]
        tokens = [token for block in gone for token in self.brief.blocks[block].tokens]
        if tokens:
            refusal = Refusal(reason, f"deleted: {format_tokens(tokens)}")
            result.add_refusal(refusal, self._list_places(gone))
        for index in came:
            line = self.brief.lines[index]
            words = f"new: {format_tokens(line.words)}"
            result.add_refusal(Refusal(reason, words, (index,), line.revisions), ())

    def _assign_table(
        self, result: AssignedEdits, table: _SentTable, rows: Sequence[_EditedRow]
    ) -> None:
        last = max(*table.rows, *(row.number for row in rows))
        base = [self._write_sent_row(table, number) for number in range(1, last + 1)]
        rows = _add_empty_rows(rows, [n for n in range(1, last + 1) if n not in table.rows])
        shown = {row.number for row in rows}
        old = list(range(1, last + 1))
        new = [row.number or -n for n, row in enumerate(rows, 1)]
        at = 0
        for change in find_changes(old, new):
            result.keep_tokens(*_own(table, [base[n - 1] for n in old[at : change.old_from]]))
            gone = old[change.old_from : change.old_to]
            came = rows[change.new_from : change.new_to]
            blocks = [block for number in gone for block in table.rows[number].values()]
            result.add_change(
                table.owner,
                [base[number - 1] for number in gone],
                [base[r.number - 1] if r.number else self._write_new_row(table, r) for r in came],
                tuple(line for row in came for line in row.all_lines),
                self._list_places(blocks) if not shown.intersection(gone) else (),
            )
            at = change.old_to
        result.keep_tokens(*_own(table, [base[n - 1] for n in old[at:]]))
        for row in rows:
            if row.number:
                self._assign_cells(result, table, row)

    def _assign_cells(self, result: AssignedEdits, table: _SentTable, row: _EditedRow) -> None:
        """Assign the cells of a row that were filled or emptied."""
        for column in range(1, table.width + 1):
            address = name_cell(table.owner.address, row.number, column)
            owner = Owner("cell", address, table.owner.instance)
            block = table.rows.get(row.number, {}).get(column)
            lines = row.lines.get(column, [])
            if block is None and lines:
                words = [word for n in lines for word in (Word(" "), *self.brief.lines[n].words)]
                result.add_change(owner, (), words[1:], tuple(lines))
            elif block is not None and not lines:
                sent = self.brief.blocks[block]
                own = [n for n, of in enumerate(sent.owners) if of == owner]
                places = [(block, n) for n in own]
                result.add_change(owner, [sent.tokens[n] for n in own], (), (), places)

    def _write_sent_row(self, table: _SentTable, number: int) -> Word:
        row = table.rows.get(number, {})
        cells: list[Sequence[Token]] = []
        for column in range(1, table.width + 1):
            block = self.brief.blocks[row[column]] if column in row else None
            pairs = zip(block.tokens, block.owners, strict=True) if block else ()
            cells.append([token for token, owner in pairs if owner.kind == "cell"])
        return write_row_word(cells)

    def _write_new_row(self, table: _SentTable, row: _EditedRow) -> Word:
        lines = self.brief.lines
        cells = [
            [word for n in row.lines.get(column, ()) for word in (Word(" "), *lines[n].words)]
            for column in range(1, table.width + 1)
        ]
        revisions = dict.fromkeys(r for n in row.all_lines for r in _list_revisions(lines[n]))
        return replace(write_row_word(cells), revisions=tuple(revisions))

    def _list_places(self, blocks: Sequence[int]) -> list[TokenPlace]:
        return [(b, n) for b in blocks for n in range(len(self.brief.blocks[b].tokens))]


def _own(table: _SentTable, rows: Sequence[Word]) -> tuple[Sequence[Token], Sequence[Owner]]:
    return rows, [table.owner] * len(rows)


def _add_empty_rows(rows: Sequence[_EditedRow], numbers: Sequence[int]) -> list[_EditedRow]:
    """Return rows with those that never had words, which no line shows: they stay."""
    every = list(rows)
    for number in numbers:
        shown = [row.number for row in every]
        if number not in shown:
            above = max(n for n in shown if n < number)
            every.insert(shown.index(above) + 1, _EditedRow(number))
    return every


def _list_revisions(line: Line) -> Iterator[int]:
    for word in line.words:
        yield from word.revisions
