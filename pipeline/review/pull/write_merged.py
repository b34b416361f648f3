"""Writes merged values into the article's files, in memory, and reads them again.

What the files cannot hold is refused, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from pipeline.diagnostics import Problems
from pipeline.document import characters
from pipeline.review.match.matrix_cells import POSITION_ADDRESS
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull import criticmarkup, refusals
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.merged_value import MergedValue
from pipeline.review.pull.other_values import find_other_change, find_shared_name
from pipeline.review.pull.paragraph_lines import flatten_words, split_paragraphs
from pipeline.review.pull.row_order import (
    RowOrder,
    find_row_order,
    is_in_order,
    relocate_cell,
    rename_table,
)
from pipeline.review.pull.scratch_project import ArticleFiles
from pipeline.review.pull.write_back import open_writer
from pipeline.review.pull.write_items import describe_item, describe_marked
from pipeline.review.words.tokens import BlockStart, Token, Word, format_tokens

_Ties: TypeAlias = Collection[tuple[str, str]]
"""The values that a paragraph was moved between, by their addresses."""
_Choice: TypeAlias = Callable[[MergedValue], list[Token]]
"""Which words of a value to write."""
_ROWS: Final = (
    "rows come, go and move as a whole, and no mark can say so: "
    "pull this file without --keep-suggestions"
)


@dataclass(frozen=True, slots=True)
class WrittenTexts:
    """The files with the values of one editor's file."""

    texts: Mapping[str, str]
    """With a conflict, as the content has it."""
    conflicting: Mapping[str, str] | None
    """If there is a conflict: the files as the editor has them."""
    notes: Sequence[str] = ()
    """What became of the evidence of items, or will if what is marked is accepted."""

    @property
    def versions(self) -> Sequence[Mapping[str, str]]:
        """The files; of a conflict the content's, then the editor's."""
        return [self.texts, *([self.conflicting] if self.conflicting is not None else [])]


@dataclass(frozen=True, slots=True)
class _WriteAttempt:
    """Files with new values, or those values that the files cannot hold, each with why."""

    texts: Mapping[str, str]
    failed: Sequence[tuple[MergedValue, str]] = ()
    """A reason is empty where it is not known which of several values it is."""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MergedWriter:
    """Writes values into ``current``, which is the article with what was pulled before."""

    article: ArticleFiles
    current: CurrentContent
    suggest: bool

    def write_merged(self, merged: Mapping[str, MergedValue], ties: _Ties) -> WrittenTexts:
        """Write what merged; note of each value that cannot be written why."""
        self.tie_moves(merged, ties)
        if self.suggest:
            for value in merged.values():
                if value.owner.kind == "table" and value.theirs != value.before:
                    value.reason = value.reason or _ROWS
                if not value.reason:
                    value.ours = criticmarkup.suggest_changes(
                        value.before, value.theirs, are_items=value.owner.kind == "items"
                    )
                    value.theirs = value.ours
        while True:
            theirs = None
            ours = self.write_values(merged, lambda value: value.ours)
            failed = ours.failed
            if not failed and any(value.is_in_conflict for value in merged.values()):
                theirs = self.write_values(merged, lambda value: value.theirs)
                failed = theirs.failed
            if not failed:
                notes = [*ours.notes, *(self.list_marked(merged) if self.suggest else ())]
                return WrittenTexts(ours.texts, theirs.texts if theirs else None, notes)
            for value, reason in failed:
                value.reason = reason
            self.tie_moves(merged, ties)

    def list_marked(self, merged: Mapping[str, MergedValue]) -> Iterator[str]:
        """Say what no mark can: that more than words goes with words that are accepted."""
        for value in merged.values():
            key = value.owner.address.partition("#")[2]
            if value.reason:
                continue
            if value.owner.kind == "items":
                yield from describe_marked(key, split_paragraphs(value.ours))
            elif POSITION_ADDRESS.fullmatch(value.owner.address) and criticmarkup.is_taken_out(
                flatten_words(value.ours)
            ):
                yield f"{key} is marked to go: to accept that, take out the position and its quote"

    def tie_moves(self, merged: Mapping[str, MergedValue], ties: _Ties) -> None:
        """Leave a paragraph where it was when it cannot be written where it was moved to."""
        for _ in ties:
            for pair in ties:
                values = [merged[address] for address in pair]
                reason = next((value.reason for value in values if value.reason), "")
                for value in values:
                    if reason and not value.reason:
                        value.reason = refusals.explain_tied(self.current, value.owner, reason)

    def write_values(self, merged: Mapping[str, MergedValue], choose: _Choice) -> _WriteAttempt:
        """Write the values that change; return why others cannot be written."""
        waiting = [v for v in merged.values() if not v.reason and choose(v) != v.before]
        attempt = self.try_values(waiting, choose)
        if not attempt.failed:
            return attempt
        known = [(value, reason) for value, reason in attempt.failed if reason]
        if not known and len(waiting) > 1:
            alone = [pair for value in waiting for pair in self.try_values([value], choose).failed]
            known = [(value, reason) for value, reason in alone if reason]
        if known:
            return _WriteAttempt({}, known)
        told = [(v, refusals.explain_together(self.current, v.owner)) for v in waiting]
        return _WriteAttempt({}, told)

    def try_values(self, values: Sequence[MergedValue], choose: _Choice) -> _WriteAttempt:
        """Write values and read them again; stop at the first that fails."""
        writer = open_writer(self.current)
        # Cells are written in the rows that are there, and what stands in items in those before.
        for value in sorted(values, key=lambda value: value.owner.kind in ("table", "items")):
            if _has_empty_note(choose(value)):
                reason = refusals.explain_empty_note(self.current, value.owner)
                return _WriteAttempt({}, [(value, reason)])
            if not writer.put_value(value.owner, choose(value)):
                has_words = format_tokens(choose(value))
                explain = refusals.explain_unheld if has_words else refusals.explain_empty
                reason = explain(self.current, value.owner)
                if value.owner.kind == "items":
                    reason = describe_item(value.owner.address)
                return _WriteAttempt({}, [(value, reason)])
        texts = writer.list_texts()
        if self.suggest:
            return _WriteAttempt(texts, _find_refused_characters(values, choose))
        attempt = self.read_again(texts, values, choose, writer.find_new_owner)
        return attempt if attempt.failed else replace(attempt, notes=writer.notes)

    def read_again(
        self,
        texts: Mapping[str, str],
        values: Sequence[MergedValue],
        choose: _Choice,
        find_new_owner: Callable[[Owner], Owner | None],
    ) -> _WriteAttempt:
        """Read files with new values: each must say what was written."""
        try:
            with self.article.open_scratch(texts) as new:
                orders = {
                    value.owner.address: find_row_order(value.before, choose(value))
                    for value in values
                    if value.owner.kind == "table"
                }
                for value in values:
                    owner = find_new_owner(value.owner)
                    if owner is None:
                        continue
                    if reason := self.compare_written(
                        new, replace(value, owner=owner), choose(value), values, orders
                    ):
                        return _WriteAttempt({}, [(value, reason)])
                owners = [value.owner for value in values]
                if other := find_other_change(self.current, new, owners):
                    reason = refusals.explain_other_change(self.current, other)
                    return _fail_together(values, reason)
                if name := find_shared_name(self.current, new):
                    return _fail_together(values, refusals.explain_shared_name(name))
        except Problems as problems:
            return _fail_together(values, refusals.explain_problem(problems.diagnostics[0]))
        return _WriteAttempt(texts)

    def compare_written(
        self,
        new: CurrentContent,
        value: MergedValue,
        chosen: Sequence[Token],
        values: Sequence[MergedValue],
        orders: Mapping[str, RowOrder],
    ) -> str:
        """Return why a value does not say what was written; nothing if it does."""
        owner = relocate_cell(value.owner, orders)
        if owner is None:
            return "its row was taken out"
        # New paragraphs above a table change its number.
        tables = dict(zip(self.current.table_addresses, new.table_addresses, strict=False))
        read = new.read_tokens(rename_table(owner, tables)) or []
        if owner.kind == "table":
            address = owner.address
            cells = [v.owner for v in values if v.owner.address.startswith(f"{address}.r")]
            is_same = is_in_order(read, orders[address], value.before, cells)
        else:
            is_same = read == _normalise_tokens(chosen)
        if is_same:
            return ""
        return refusals.explain_misread(self.current, value.owner, format_tokens(read))


def _has_empty_note(tokens: Iterable[Token]) -> bool:
    notes = (t.note for t in tokens if isinstance(t, Word) and t.note is not None)
    return any(not format_tokens(note) for note in notes)


def _fail_together(values: Sequence[MergedValue], reason: str) -> _WriteAttempt:
    """Return that values cannot be written: the reason is one's only where it is alone."""
    return _WriteAttempt({}, [(value, reason if len(values) == 1 else "") for value in values])


def _find_refused_characters(
    values: Iterable[MergedValue], choose: _Choice
) -> list[tuple[MergedValue, str]]:
    """Return the first value with a character that the content may not hold: it is never read."""
    for value in values:
        if character := characters.find_refused_character(format_tokens(choose(value))):
            return [(value, f"the text holds {character}")]
    return []


def _normalise_tokens(tokens: Sequence[Token]) -> list[Token]:
    """Return words as a file says them when it is read."""
    if not any(isinstance(token, BlockStart) for token in tokens):
        return list(flatten_words(tokens))
    normal: list[Token] = []
    for part in split_paragraphs(tokens):
        normal += [BlockStart(part.form, leaf=part.leaf), *part.words]
    return normal
