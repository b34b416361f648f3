"""Rows of the content's tables that an editor put in, took out or moved; cells that were filled.

What stands in a cell is a value by itself. Here is what no cell says: which rows there are, and in
which order. Of that, a table is a value of its own, with a word for each row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline.document import markdown_writer
from pipeline.document.markdown_tables import name_cell, write_cell, write_row
from pipeline.review.match.paragraph_match import (
    MatchedBrief,
    MatchRelation,
    ParagraphGroup,
    regroup_brief,
)
from pipeline.review.match.sent_brief import Owner, SentParagraph
from pipeline.review.pull.edited_tables import (
    EditedRow,
    SentTable,
    find_edited_rows,
    find_sent_tables,
    place_cells,
    refuse_tables,
)
from pipeline.review.pull.value_edits import AssignedEdits, Refusal, TokenPlace
from pipeline.review.words.diff3 import find_changes
from pipeline.review.words.tokens import (
    COMMENT_SIGN,
    BlockStart,
    Token,
    Word,
    format_tokens,
    make_inlines,
)

_CALL: Final = re.compile(r"\[\^\d+\]")


def write_row_word(cells: Sequence[Sequence[Token]]) -> Word:
    """Return the word that a row is: its Markdown without numbers of notes, then its comments.

    A brief says no comments: by them a row differs, and by its Markdown it is known.
    """
    comments = (t.text for own in cells for t in own if isinstance(t, Word) and _is_comment(t))
    written = _CALL.sub("[^]", write_row([_write_words(cell) for cell in cells]))
    return Word(written + "".join(comments))


def list_sent_rows(table: SentTable, blocks: Sequence[SentParagraph]) -> list[Word]:
    """Return the words that a table's rows were in the brief, without empty columns at its end."""
    rows = [table.rows.get(number, {}) for number in range(1, max(table.rows) + 1)]
    columns = range(1, table.width + 1)
    return [
        write_row_word([_list_cell_words(blocks, row.get(column)) for column in columns])
        for row in rows
    ]


def _list_cell_words(blocks: Sequence[SentParagraph], block: int | None) -> list[Token]:
    pairs = (
        zip(blocks[block].tokens, blocks[block].owners, strict=True) if block is not None else ()
    )
    return [token for token, owner in pairs if owner.kind == "cell"]


def _is_comment(word: Word) -> bool:
    return word.text.startswith(COMMENT_SIGN)


def _write_words(tokens: Sequence[Token]) -> str:
    words = [t for t in tokens if isinstance(t, Word) and not _is_comment(t)]
    plain = [replace(word, is_line_end=False) for word in words]
    return write_cell(markdown_writer.write_inlines(make_inlines(plain)).strip())


class TableRows:
    """The tables of one brief, compared with those of an editor's file."""

    def __init__(self, found: MatchedBrief) -> None:
        self._tables = find_sent_tables(found.blocks)
        self._cells = place_cells(self._tables)
        self._edited = find_edited_rows(found, self._cells)
        self._refusals = refuse_tables(found, self._tables, self._edited)
        self._refused = {at for at, refusal in self._refusals.items() if refusal.of == "table"}
        self._found = {at: list(self._pair_as_found(found, at)) for at in sorted(self._refused)}
        self.own_lines = frozenset(
            line
            for at, rows in self._edited.items()
            for row in rows
            for column, lines in row.lines.items()
            if at in self._refused or column not in self._tables[at].rows.get(row.number, {})
            for line in lines
        )
        """The lines that are put into a table here, or refused, and go nowhere else."""
        self.brief = regroup_brief(found, list(self._regroup(found)))
        """The brief with its cells matched by where they stand in their rows."""

    def _pair_as_found(self, found: MatchedBrief, at: int) -> Iterator[ParagraphGroup]:
        """Return the cells of a table with what became of them, wherever it stands in the table."""
        cells = frozenset(self._tables[at].blocks)
        in_table = frozenset(n for row in self._edited.get(at, ()) for n in row.all_lines)
        for group in found.groups:
            blocks = tuple(n for n in group.blocks if n in cells)
            lines = tuple(n for n in group.lines if n in in_table)
            if blocks and lines:
                yield ParagraphGroup(blocks, lines, "same" if len(lines) == 1 else "split")
            else:
                yield from (ParagraphGroup((block,), (), "deleted") for block in blocks)
                yield from (ParagraphGroup((), (line,), "new") for line in lines)

    def _regroup(self, found: MatchedBrief) -> Iterator[ParagraphGroup]:
        """Return the groups, each of a cell with the lines in its place."""
        in_tables = {n for rows in self._edited.values() for row in rows for n in row.all_lines}
        for group in found.groups:
            blocks = tuple(n for n in group.blocks if n not in self._cells)
            lines = tuple(n for n in group.lines if n not in in_tables)
            if blocks and not lines:
                yield from (ParagraphGroup((block,), (), "deleted") for block in blocks)
            elif lines and not blocks and group.blocks:
                yield from (ParagraphGroup((), (line,), "new") for line in lines)
            elif lines:
                yield replace(group, blocks=blocks, lines=lines)
        for at, table in enumerate(self._tables):
            if at in self._refused:
                yield from self._found[at]
            else:
                yield from _group_by_place(table, self._edited.get(at, ()))

    def is_cell(self, block: int) -> bool:
        """Return whether a block is a cell of the content's tables."""
        return block in self._cells

    def is_refused(self, block: int) -> bool:
        """Return whether a block is a cell of a table of which nothing is taken."""
        return block in self._cells and self._cells[block][0] in self._refused

    # --- what changed -----------------------------------------------------------------------

    def assign_rows(self, result: AssignedEdits) -> None:
        """Assign the rows that came, went or moved, and the cells that were filled or emptied."""
        for at, table in enumerate(self._tables):
            rows, refusal = self._edited.get(at, []), self._refusals.get(at)
            if refusal is None:
                self._assign_table(result, table, rows)
                continue
            result.keep_tokens(*_own(table, list_sent_rows(table, self.brief.blocks)))
            if refusal.of == "table":
                told = self._refuse_table(result, at, refusal.reason)
            else:
                told = self._refuse_rows(result, table, rows, refusal.reason)
            if not told:
                head = [self.brief.blocks[n] for n in table.rows[min(table.rows)].values()]
                words = format_tokens(token for block in head for token in block.tokens)
                result.add_refusal(Refusal(refusal.reason, words), ())

    def _refuse_table(self, result: AssignedEdits, at: int, reason: str) -> bool:
        """Refuse all that became of a table; return whether anything was told."""
        gone = [block for group in self._found[at] if not group.lines for block in group.blocks]
        came = [line for group in self._found[at] if not group.blocks for line in group.lines]
        told = self._refuse_deleted(result, gone, reason) | self._refuse_new(result, came, reason)
        for group in self._found[at]:
            old = [t for n in group.blocks for t in self.brief.blocks[n].tokens]
            new = self._list_words(group.lines)
            if old and new and old != new:
                words = f"{format_tokens(old)} → {format_tokens(new)}"
                refusal = Refusal(reason, words, group.lines, tuple(_list_revisions(new)))
                result.add_refusal(refusal, self._list_places(group.blocks))
                told = True
        return told

    def _refuse_rows(
        self, result: AssignedEdits, table: SentTable, rows: Sequence[EditedRow], reason: str
    ) -> bool:
        """Keep a table's rows, and take their cells; return whether a row came or went."""
        kept = {row.number for row in rows}
        gone = [n for number, row in table.rows.items() if number not in kept for n in row.values()]
        came = [line for row in rows if not row.number for line in row.all_lines]
        for row in rows:
            if row.number:
                self._assign_cells(result, table, row)
        return self._refuse_deleted(result, gone, reason) | self._refuse_new(result, came, reason)

    def _refuse_deleted(self, result: AssignedEdits, blocks: Sequence[int], reason: str) -> bool:
        tokens = [token for block in blocks for token in self.brief.blocks[block].tokens]
        if tokens:
            refusal = Refusal(reason, f"deleted: {format_tokens(tokens)}")
            result.add_refusal(refusal, self._list_places(blocks))
        return bool(tokens)

    def _refuse_new(self, result: AssignedEdits, lines: Sequence[int], reason: str) -> bool:
        if lines:
            words = f"new: {format_tokens(self._list_words(lines))}"
            revisions = dict.fromkeys(r for n in lines for r in self.brief.lines[n].revisions)
            result.add_refusal(Refusal(reason, words, tuple(lines), tuple(revisions)), ())
        return bool(lines)

    def _list_words(self, lines: Iterable[int]) -> list[Token]:
        tokens: list[Token] = []
        for line in lines:
            tokens += [BlockStart(), *self.brief.lines[line].words]
        return tokens

    def _assign_table(
        self, result: AssignedEdits, table: SentTable, rows: Sequence[EditedRow]
    ) -> None:
        base = list_sent_rows(table, self.brief.blocks)
        last = len(base)
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

    def _assign_cells(self, result: AssignedEdits, table: SentTable, row: EditedRow) -> None:
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

    def _write_new_row(self, table: SentTable, row: EditedRow) -> Word:
        lines = self.brief.lines
        cells = [
            [word for n in row.lines.get(column, ()) for word in (Word(" "), *lines[n].words)]
            for column in range(1, table.width + 1)
        ]
        revisions = dict.fromkeys(r for n in row.all_lines for r in _list_revisions(lines[n].words))
        return replace(write_row_word(cells), revisions=tuple(revisions))

    def _list_places(self, blocks: Sequence[int]) -> list[TokenPlace]:
        return [(b, n) for b in blocks for n in range(len(self.brief.blocks[b].tokens))]


def _group_by_place(table: SentTable, rows: Iterable[EditedRow]) -> Iterator[ParagraphGroup]:
    """Return the cells of a table, each with the lines that stand in its place."""
    shown: set[int] = set()
    for row in rows:
        known = table.rows.get(row.number, {})
        for column, own in row.lines.items():
            if column in known:
                shown.add(known[column])
                relation: MatchRelation = "same" if len(own) == 1 else "split"
                yield ParagraphGroup((known[column],), tuple(own), relation)
            else:
                yield from (ParagraphGroup((), (line,), "new") for line in own)
    yield from (ParagraphGroup((n,), (), "deleted") for n in table.blocks if n not in shown)


def _own(table: SentTable, rows: Sequence[Word]) -> tuple[Sequence[Token], Sequence[Owner]]:
    return rows, [table.owner] * len(rows)


def _add_empty_rows(rows: Sequence[EditedRow], numbers: Sequence[int]) -> list[EditedRow]:
    """Return rows with those that never had words, which no line shows: they stay."""
    every = list(rows)
    for number in numbers:
        shown = [row.number for row in every]
        if number not in shown:
            above = max((n for n in shown if 0 < n < number), default=0)
            at = shown.index(above) + 1 if above else 0
            every.insert(at, EditedRow(number=number))
    return every


def _list_revisions(tokens: Iterable[Token]) -> Iterator[int]:
    yield from dict.fromkeys(number for token in tokens for number in token.revisions)
