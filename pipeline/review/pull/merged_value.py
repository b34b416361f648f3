"""The values of the content with all that one file changes: merged, or in conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.document.markdown_tables import name_cell
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull import refusals
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.follow_moves import FollowedEdit, FollowedEdits, follow_moves
from pipeline.review.pull.outcomes import Outcome
from pipeline.review.pull.present_edits import are_present
from pipeline.review.pull.row_order import find_table, merge_rows, pair_rows
from pipeline.review.pull.value_edits import AssignedEdits, Spot, ValueKey
from pipeline.review.words.explanation import EditedText
from pipeline.review.words.merge import ChangeFate, TextMerge, TokenTraits, merge_edits
from pipeline.review.words.tokens import BlockStart, Token, Word, weigh_token

_BY_NEED: Final[Sequence[ChangeFate]] = ("already there", "applied", "conflict")
"""From what needs nobody to what does; of several, the last one counts."""


@dataclass(slots=True)
class MergedValue:
    """A value with the changes of all files."""

    owner: Owner
    ours: list[Token]
    """The words to write; where there is a conflict, those of the content."""
    theirs: list[Token]
    """The words as the editor has them in a conflict."""
    before: list[Token]
    """The words of the content."""
    spots: dict[Spot, Outcome] = field(default_factory=dict)
    """What became of each change."""
    reason: str = ""
    """Why none of it can be taken."""

    @property
    def is_in_conflict(self) -> bool:
        """Whether the content and an editor have other words in the same place."""
        return not self.reason and "conflict" in self.spots.values()

    def settle(self) -> None:
        """Where nothing is left to write, note that everything is there already."""
        if self.ours == self.before and not self.is_in_conflict:
            self.spots = dict.fromkeys(self.spots, "already there")


@dataclass(frozen=True, slots=True)
class MergedFile:
    """The values that one file changes."""

    values: dict[str, MergedValue]
    """By their addresses."""
    ties: set[tuple[str, str]] = field(default_factory=set)
    """The values that a paragraph was moved between: both are written, or none."""


def merge_file(current: CurrentContent, edits: FileEdits) -> MergedFile:
    """Merge the changes of one file with the content."""
    untracked = edits.untracked if edits.author else None
    return merge_assigned(current.read_tokens, edits.assigned, untracked)


def merge_assigned(
    read_tokens: Callable[[Owner], list[Token] | None],
    assigned: AssignedEdits,
    untracked: AssignedEdits | None = None,
) -> MergedFile:
    """Merge an editor's changes with values as they are read.

    ``untracked`` is what was changed without tracking, where that is not to be taken.
    """
    held: frozenset[str] = frozenset()
    while True:
        merged = _merge_all(read_tokens, assigned, untracked, held, may_be_present=True)
        restless = _find_restless(merged, read_tokens, assigned, untracked)
        if restless <= held:
            return merged
        held |= restless


def _find_restless(
    merged: MergedFile,
    read_tokens: Callable[[Owner], list[Token] | None],
    assigned: AssignedEdits,
    untracked: AssignedEdits | None,
) -> frozenset[str]:
    """Return the values that the same changes, merged again, would change once more."""

    def read_merged(owner: Owner) -> list[Token] | None:
        value = merged.values.get(owner.address)
        return list(value.ours) if value else read_tokens(owner)

    def is_editors(value: MergedValue) -> bool:
        key = (value.owner.address, value.owner.instance)
        return key in assigned.edits and value.ours == assigned.edits[key].edited

    again = _merge_all(read_merged, assigned, untracked, frozenset())
    return frozenset(
        address
        for address, value in merged.values.items()
        # Cells are read where their rows were before.
        if not (value.reason or value.owner.kind == "cell" or is_editors(value))
        and not _is_settled(value, again.values[address])
    )


def _is_settled(value: MergedValue, again: MergedValue) -> bool:
    """Return whether the same changes, merged again, do nothing."""
    return again.ours == value.ours and again.is_in_conflict <= value.is_in_conflict


def _merge_all(
    read_tokens: Callable[[Owner], list[Token] | None],
    assigned: AssignedEdits,
    untracked: AssignedEdits | None,
    held: frozenset[str],
    *,
    may_be_present: bool = False,
) -> MergedFile:
    """Merge; what is not there yet of values that are held back is a conflict."""
    merger = _FileMerger(read_tokens, assigned, untracked, held, MergedFile({}), may_be_present)
    # A value that the brief shows twice may have been changed at both places.
    for instance in sorted({key[1] for key in assigned.edits}):
        merger.merge_instance([key for key in assigned.edits if key[1] == instance])
    for move in assigned.moves.values():
        merger.file.ties.update((a[0][0], b[0][0]) for a in move.sources for b in move.targets)
    for value in merger.file.values.values():
        value.settle()
    return merger.file


@dataclass(frozen=True, slots=True)
class _FileMerger:
    """Merges the values that a file changes."""

    read_tokens: Callable[[Owner], list[Token] | None]
    assigned: AssignedEdits
    untracked: AssignedEdits | None
    held: frozenset[str]
    file: MergedFile
    may_be_present: bool
    """Whether answers that have all of an edit may stay as they are, however they say it."""

    def merge_instance(self, keys: Sequence[ValueKey]) -> None:
        """Merge the values where they are shown for the same time."""
        changed = [key for key in keys if self.assigned.is_changed(key)]
        for key in changed:
            self.open_value(key)
        if self.may_be_present and self.have_answers_all(changed):
            for key in filter(self.is_answer, changed):
                self.note_fate(self.assigned.list_spots(key), "already there")
            keys, changed = (
                [key for key in listed if not self.is_answer(key)] for listed in (keys, changed)
            )
        followed = self.follow_edits(keys, changed, lambda value: value.ours)
        others = followed
        values = [self.file.values[key[0]] for key in keys if key[0] in self.file.values]
        if any(value.theirs != value.ours for value in values):
            others = self.follow_edits(keys, changed, lambda value: value.theirs)
        for key, edit in followed.by_value.items():
            value, other = self.file.values.get(key[0]), others.by_value[key]
            # Where it is shown once more as it was, it says nothing of what was changed elsewhere.
            if edit.changes or (value and [edit.now, other.now] != [value.ours, value.theirs]):
                self.merge_value(value or self.open_value(key), edit, other)
        for key in changed:
            self.note_moves(key, followed.settled)
        self.file.ties.update((one[0], other[0]) for one, other in followed.ties)

    def is_answer(self, key: ValueKey) -> bool:
        """Return whether a value may hold several paragraphs, some from elsewhere."""
        return self.assigned.edits[key].owner.is_flow

    def have_answers_all(self, changed: Iterable[ValueKey]) -> bool:
        """Return whether the values that hold paragraphs have by now all that an editor did."""
        values = {key: self.file.values[key[0]] for key in changed if self.is_answer(key)}
        if not values or any(value.reason for value in values.values()):
            return False
        nows = {key: value.ours for key, value in values.items()}
        edits = self.assigned.edits
        is_same = all(now == edits[key].edited for key, now in nows.items())
        return is_same or are_present(edits, nows, self.assigned.moves.values())

    def open_value(self, key: ValueKey) -> MergedValue:
        """Return a value as it is so far; at first as the content has it."""
        owner = self.assigned.edits[key].owner
        value = self.file.values.get(owner.address)
        if value is None:
            place = self.find_place(owner)
            now = self.read_tokens(place)
            value = MergedValue(place, now or [], now or [], now or [])
            if now is None:
                value.reason = refusals.explain_gone(owner)
            self.file.values[owner.address] = value
        if self.untracked is not None and self.untracked.is_changed(key):
            value.reason = refusals.UNTRACKED
        return value

    def find_place(self, owner: Owner) -> Owner:
        """Return where a value stands by now: a cell is where its row is."""
        found = find_table(owner)
        if found is None:
            return owner
        table, row, column = found
        rows = self.assigned.edits[table, owner.instance]
        pairs = pair_rows(rows.base, self.read_tokens(rows.owner) or ())
        # Where its row went, so did the cell: no row has the number nought.
        return replace(owner, address=name_cell(table, pairs.get(row, -1) + 1, column))

    def follow_edits(
        self,
        keys: Sequence[ValueKey],
        changed: Sequence[ValueKey],
        choose: Callable[[MergedValue], list[Token]],
    ) -> FollowedEdits:
        """Return the edits that may be taken, those of several paragraphs after their moves."""
        edits = self.assigned.edits
        has_flow = any(map(self.is_answer, changed))
        nows: dict[ValueKey, list[Token]] = {}
        plain: dict[ValueKey, FollowedEdit] = {}
        for key in keys:
            edit, value = edits[key], self.file.values.get(key[0])
            if value is not None and value.reason:
                continue
            is_held = key[0] in self.held
            if edit.owner.is_flow and has_flow and not is_held:
                now = choose(value) if value else self.read_tokens(edit.owner)
                if now is not None:
                    nows[key] = now
            elif value is not None:
                plain[key] = self.take_whole(key, choose(value), is_torn=is_held)
        followed = follow_moves(edits, nows, self.assigned.moves.values())
        by_value = followed.by_value
        if all(now == edits[key].base for key, now in nows.items()) and not all(
            _comes_to(by_value[key], edits[key].edited) for key in nows
        ):
            # Nobody else changed anything: what the editor has is what it comes to.
            by_value = {key: self.take_whole(key, now) for key, now in nows.items()}
        return FollowedEdits({**plain, **by_value}, followed.settled, followed.ties)

    def take_whole(self, key: ValueKey, now: list[Token], *, is_torn: bool = False) -> FollowedEdit:
        """Return an edit as it is, without a look at what was moved."""
        edit = self.assigned.edits[key]
        spots = [frozenset([spot]) for spot in self.assigned.list_spots(key)]
        return FollowedEdit(edit.base, edit.edited, edit.changes, spots, now, is_torn)

    def merge_value(self, value: MergedValue, edit: FollowedEdit, other: FollowedEdit) -> None:
        """Merge one edit into what a value is so far."""
        is_table = value.owner.kind == "table"
        merged = _merge_edit(edit, is_table)
        in_theirs = merged if other is edit else _merge_edit(other, is_table)
        # There are two sides: a further wording of what is in conflict is told alone.
        if in_theirs.is_clean or value.theirs == value.ours:
            value.theirs = in_theirs.theirs
        value.ours = merged.ours
        for spots, fate in zip(edit.spots, merged.fates, strict=True):
            self.note_fate(spots, fate)

    def note_fate(self, spots: Iterable[Spot], fate: ChangeFate) -> None:
        """Note what became of changes; of several fates of one that which needs a person most."""
        for spot in spots:
            known = self.file.values[spot[0][0]].spots
            known[spot] = max(known.get(spot, fate), fate, key=_BY_NEED.index)

    def note_moves(self, key: ValueKey, settled: frozenset[Spot]) -> None:
        """Note what became of moves that changed no words."""
        value = self.file.values[key[0]]
        for spot in self.assigned.list_spots(key):
            if spot not in value.spots and not value.reason:
                value.spots[spot] = "already there" if spot in settled else "applied"


def _merge_edit(edit: FollowedEdit, is_table: bool) -> TextMerge[Token]:
    text = EditedText(edit.base, edit.edited, edit.changes)

    def merge_tokens(now: Sequence[Token], is_torn: bool) -> TextMerge[Token]:
        return merge_edits(text, now, _TRAITS, is_torn=is_torn)

    if is_table:
        return merge_rows(text, edit.now, merge_tokens)
    return merge_tokens(edit.now, edit.is_torn)


def _comes_to(edit: FollowedEdit, edited: Sequence[Token]) -> bool:
    """Return whether an edit that followed moves makes of a text what the editor has."""
    merged = _merge_edit(edit, is_table=False)
    return merged.is_clean and merged.ours == edited


def _is_space(token: Token) -> bool:
    return isinstance(token, Word) and token.text == " "


def _begins_paragraph(token: Token) -> bool:
    return isinstance(token, BlockStart)


_TRAITS: Final = TokenTraits(_is_space, _begins_paragraph, weigh_token)
