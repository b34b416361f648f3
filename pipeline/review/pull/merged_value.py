"""A value with the changes of all files: merged over what the brief said, or in conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.document.markdown_tables import name_cell
from pipeline.review.match.sent_brief import Owner
from pipeline.review.pull.content_now import CurrentContent
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.outcomes import Outcome
from pipeline.review.pull.row_order import find_table, merge_rows, pair_rows
from pipeline.review.pull.value_edits import Edit, Spot, ValueKey
from pipeline.review.words.diff3 import Hunk, find_changes_by_part, merge_changes
from pipeline.review.words.tokens import BlockStart, Token, Word


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

    def merge_edit(self, key: ValueKey, edit: Edit) -> None:
        """Merge one file's changes into what the value is by now."""
        hunks = _merge_edit(edit, self.ours)
        others = _merge_edit(edit, self.theirs) if self.theirs != self.ours else hunks
        self.ours = [token for hunk in hunks for token in hunk.ours]
        self.theirs = [token for hunk in others for token in hunk.theirs]
        changed = [hunk for hunk in hunks if hunk.of in _OUTCOMES]
        at = 0
        for number, change in enumerate(edit.changes):
            while at < len(changed) - 1 and changed[at].end < change.old_to:
                at += 1
            self.spots[key, number] = _OUTCOMES[changed[at].of]


_OUTCOMES: Final[dict[str, Outcome]] = {
    "theirs": "applied",
    "both": "already there",
    "conflict": "conflict",
}


def merge_file(current: CurrentContent, edits: FileEdits) -> dict[str, MergedValue]:
    """Merge the changes of one file with the content; return the values by their addresses."""
    merged: dict[str, MergedValue] = {}
    for key, edit in edits.assigned.edits.items():
        if not edit.changes:
            continue
        address = edit.owner.address
        if address not in merged:
            merged[address] = _open_value(current, edits, edit.owner)
        value = merged[address]
        if edits.author and edits.untracked.is_changed(key):
            value.reason = "it has changes that are not tracked, so nobody's; pull all of them"
        if not value.reason:
            value.merge_edit(key, edit)
    return merged


def _find_owner_now(current: CurrentContent, edits: FileEdits, owner: Owner) -> Owner:
    """Return where a value stands by now: a cell is where its row is."""
    found = find_table(owner)
    if found is None:
        return owner
    table, row, column = found
    rows = edits.assigned.edits[table, owner.instance]
    pairs = pair_rows(rows.base, current.read_tokens(rows.owner) or ())
    # Where its row went, so did the cell: no row has the number nought.
    return replace(owner, address=name_cell(table, pairs.get(row, -1) + 1, column))


def _open_value(current: CurrentContent, edits: FileEdits, owner: Owner) -> MergedValue:
    """Return a value as the content has it."""
    place = _find_owner_now(current, edits, owner)
    now = current.read_tokens(place)
    if now is None:
        reason = f"{owner.address} is no longer in the content"
        return MergedValue(owner, [], [], [], reason=reason)
    return MergedValue(place, now, now, now)


def _merge_edit(edit: Edit, now: Sequence[Token]) -> list[Hunk[Token]]:
    def merge_tokens(now: Sequence[Token]) -> list[Hunk[Token]]:
        mine = find_changes_by_part(edit.base, now, lambda token: isinstance(token, BlockStart))
        return merge_changes(edit.base, now, edit.edited, mine, edit.changes, _is_space)

    return merge_rows(edit, now, merge_tokens) if edit.owner.kind == "table" else merge_tokens(now)


def _is_space(token: Token) -> bool:
    return isinstance(token, Word) and token.text == " "
