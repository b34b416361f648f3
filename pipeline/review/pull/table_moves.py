"""Tables that an editor moved among the words of an answer, or words across a table.

Words are merged without the tables between them. When they are written, a table whose sides
changed is put where the editor has it, and what is written is read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.diagnostics import Problems
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull import refusals
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.edited_tables import SentTable, find_sent_tables
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.outcomes import OutcomeEntry, Verdict
from pipeline.review.pull.picture_lines import (
    BlockLines,
    PicturePlace,
    find_place,
    fold_words,
    list_blocks,
    move_lines,
)
from pipeline.review.pull.row_order import is_no_table
from pipeline.review.pull.scratch_project import ArticleFiles
from pipeline.review.pull.value_edits import AssignedEdits
from pipeline.review.pull.write_pictures import list_spoken
from pipeline.review.words.tokens import format_tokens

_REASON: Final = "a table and words changed sides: put {address} in its place in article.md"


@dataclass(frozen=True, slots=True)
class TableMove:
    """A table that stands on other sides of words than it stood."""

    address: str
    head: str
    """The words of its head, for a person."""
    place: PicturePlace
    above: Collection[str]
    """The paragraphs of its answer that the editor has above it."""
    below: Collection[str]
    crossed: Collection[str]
    """Those of them that changed sides."""
    paragraph: int
    verdict: Verdict = ("already there", "")

    def refuse(self, why: str) -> TableMove:
        """Return the move as one that is left to a person."""
        reason = f"{why}; {_REASON.format(address=self.address)}"
        return replace(self, verdict=("refused", reason))


def report_table_moves(file: str, moves: Sequence[TableMove]) -> Iterator[OutcomeEntry]:
    """Return an entry for each table that was moved, or should have been."""
    for move in moves:
        outcome, reason = move.verdict
        if outcome != "already there":
            yield OutcomeEntry(
                file=file,
                kind="table",
                outcome=outcome,
                what="table moved",
                words=move.head,
                reason=reason,
                paragraph=move.paragraph,
            )


# --- what was moved -----------------------------------------------------------------------


def find_table_moves(edits: FileEdits) -> list[TableMove]:
    """Return the tables of a file that words changed sides of, or came beside."""
    found = _TableFinder(edits)
    tables = find_sent_tables(edits.sent.blocks)
    moves = [found.find_move(table, tables) for table in tables]
    kept = [move for move in moves if move and not is_no_table(move.address)]
    if edits.author and _is_anything_placed(edits.untracked):
        left: Verdict = ("left out", refusals.NOT_TRACKED)
        return [replace(move, verdict=left) for move in kept]
    return kept


def _is_anything_placed(untracked: AssignedEdits) -> bool:
    return any(group.is_placed_anew for group in untracked.groups)


class _TableFinder:
    """Finds where an editor's file has the tables of a brief."""

    def __init__(self, edits: FileEdits) -> None:
        self.edits = edits
        self.groups = edits.assigned.map_lines()

    def find_move(self, table: SentTable, tables: Iterable[SentTable]) -> TableMove | None:
        """Return where a table stands, if any words of its answer have changed sides of it."""
        lines, own = self.edits.lines, self.list_lines(table)
        if not own:
            return None
        top, bottom = min(own), max(own)
        words = self.list_words(table)
        crossed = [n for n in words if self.has_crossed(n, table, top)]
        beside = [n for n in (top - 1, bottom + 1) if 0 <= n < len(lines) and not lines[n].place]
        is_swapped = self.has_swapped(table, tables)
        if not (crossed or is_swapped or any(self.groups[n].is_placed_anew for n in beside)):
            return None
        head = table.rows[min(table.rows)].values()
        blocks = self.edits.sent.blocks
        move = TableMove(
            table.owner.address,
            format_tokens(token for block in head for token in blocks[block].tokens),
            PicturePlace(self.read_words(top - 1), self.read_words(bottom + 1)),
            [fold_words(self.read_words(n)) for n in words if n < top],
            [fold_words(self.read_words(n)) for n in words if n > bottom],
            [fold_words(self.read_words(n)) for n in crossed],
            lines[top].numbers[0],
        )
        return move.refuse("it changed places with another table") if is_swapped else move

    def list_words(self, table: SentTable) -> list[int]:
        """Return the lines of a table's answer that are no table's."""
        answer = self.find_table_answer(table)
        every = (n for n, line in enumerate(self.edits.lines) if not line.place)
        return [n for n in every if self.find_answer(n) == answer]

    def has_crossed(self, line: int, table: SentTable, top: int) -> bool:
        """Return whether a paragraph stands on another side of a table, which begins at ``top``."""
        answer, blocks = self.find_table_answer(table), self.edits.sent.blocks
        own = (block for block in self.groups[line].blocks if blocks[block].answer == answer)
        return any((block < table.blocks[0]) != (line < top) for block in own)

    def has_swapped(self, table: SentTable, tables: Iterable[SentTable]) -> bool:
        """Return whether a table stands on another side of one in its answer."""
        answer, top = self.find_table_answer(table), min(self.list_lines(table))
        return any(
            (other.blocks[0] < table.blocks[0]) != (min(lines) < top)
            for other in tables
            if self.find_table_answer(other) == answer and (lines := self.list_lines(other))
        )

    def find_table_answer(self, table: SentTable) -> Owner | None:
        """Return the text that a table stands in."""
        return self.edits.sent.blocks[table.blocks[0]].answer

    def list_lines(self, table: SentTable) -> list[int]:
        """Return the lines that are of a table's cells."""
        return [
            n
            for n, line in enumerate(self.edits.lines)
            if line.place and not set(self.groups[n].blocks).isdisjoint(table.blocks)
        ]

    def find_answer(self, line: int) -> Owner | None:
        """Return the text that a paragraph stands in; of a new one that of what is above it."""
        group = self.groups[line]
        seen: set[int] = set()
        while not group.blocks and group.before >= 0 and group.before not in seen:
            seen.add(group.before)
            group = self.edits.assigned.groups[group.before]
        return next((self.edits.sent.blocks[block].answer for block in group.blocks), None)

    def read_words(self, line: int) -> str:
        """Return the words of a line; none of a table's, nor beyond the file."""
        lines = self.edits.lines
        if not 0 <= line < len(lines) or lines[line].place:
            return ""
        return format_tokens(lines[line].words)


# --- what is written ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TableMover:
    """Moves tables in the texts of one article that words were written into."""

    article: ArticleFiles
    before: CurrentContent
    """What the moves' addresses are of."""
    is_suggesting: bool

    def settle_moves(
        self, moves: Sequence[TableMove], versions: Sequence[Mapping[str, str]]
    ) -> tuple[list[TableMove], Sequence[Mapping[str, str]]]:
        """Move tables in each version of the texts; only where all can have them."""
        settled: list[TableMove] = []
        texts = list(versions)
        for move in moves:
            if move.verdict[0] != "already there":  # it is told already
                settled.append(move)
                continue
            tried = [self.write_move(move, version) for version in texts]
            failed = next((one for one, _ in tried if one.verdict[0] == "refused"), None)
            if failed is None:
                texts = [version for _, version in tried]
            settled.append(failed or tried[0][0])
        return settled, texts

    def write_move(
        self, move: TableMove, texts: Mapping[str, str]
    ) -> tuple[TableMove, Mapping[str, str]]:
        """Return a move with what became of it, and the texts with it."""
        text = texts["article.md"]
        with self.article.open_scratch(texts) as now:
            addresses = dict(zip(self.before.table_addresses, now.table_addresses, strict=True))
            address = addresses.get(move.address, "")
            at = _find_lines(now, address, text)
            if at is None or _is_in_place(now, address, move):
                return move, texts
            place = find_place(text, move.place, at)
            if place is None:
                return move.refuse("no paragraph of article.md stands beside it"), texts
            new = {**texts, "article.md": "\n".join(move_lines(text.split("\n"), at, place))}
            if self.is_suggesting:
                return move.refuse("a table can be no suggestion"), texts
            try:
                with self.article.open_scratch(new) as moved:
                    is_right = _is_moved_alone(now, moved, address, move)
            except Problems as problems:
                return move.refuse(refusals.explain_problem(problems.diagnostics[0])), texts
        if not is_right:
            return move.refuse("not all of what was moved could be taken"), texts
        return replace(move, verdict=("applied", "")), new


def _is_moved_alone(
    now: CurrentContent, moved: CurrentContent, address: str, move: TableMove
) -> bool:
    """Return whether a table came to its place, and all words and other tables stayed."""
    if list_spoken(now) != list_spoken(moved) or _list_tables(now) != _list_tables(moved):
        return False
    new = dict(zip(now.table_addresses, moved.table_addresses, strict=True))
    return _is_in_place(moved, new[address], move)


def _list_tables(current: CurrentContent) -> list[object]:
    return [current.read_tokens(Owner("table", address)) for address in current.table_addresses]


def _find_lines(now: CurrentContent, address: str, text: str) -> BlockLines | None:
    rows = now.list_rows(Owner("table", address))
    if not rows:
        return None
    return next((at for at in list_blocks(text) if at.first == rows[0][0].line), None)


def _is_in_place(now: CurrentContent, address: str, move: TableMove) -> bool:
    """Return whether all words that are known there stand on the editor's sides of a table."""
    line = now.list_rows(Owner("table", address))[0][0].line
    leaves = now.leaves.get(address.rpartition(".")[0], ())
    sides = {fold_words(format_tokens(leaf.words)): leaf.first < line for leaf in leaves}
    return all(words in sides for words in move.crossed) and not any(
        words in (move.below if is_above else move.above) for words, is_above in sides.items()
    )
