"""What became of each change of a file, found by the line or the tracked change it stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.review.edited_docx.revisions import REMOVING_KINDS
from pipeline.review.match.paragraph_match import ParagraphGroup
from pipeline.review.pull import refusals
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.merged_value import MergedValue
from pipeline.review.pull.outcomes import Verdict
from pipeline.review.pull.value_edits import AssignedChange, AssignedEdits, Refusal, TokenPlace
from pipeline.review.words.diff3 import find_changes, pair_unchanged
from pipeline.review.words.tokens import BlockStart, Token, Word


@dataclass(frozen=True, slots=True)
class ChangeOutcomes:
    """The changes of one file and what became of them."""

    edits: FileEdits
    merged: Mapping[str, MergedValue]
    by_line: Mapping[int, Sequence[AssignedChange]]
    by_revision: Mapping[int, Sequence[AssignedChange]]

    def find_verdict(self, change: AssignedChange) -> Verdict:
        """Return what became of a change, and why."""
        if isinstance(change, Refusal):
            return "refused", change.reason
        value = self.merged[change[0][0]]
        if value.reason:
            return "refused", value.reason
        outcome = value.spots[change]
        if outcome != "conflict":
            return outcome, ""
        is_as_sent = value.before == self.edits.assigned.edits[change[0]].base
        return outcome, refusals.TWO_WORDINGS if is_as_sent else refusals.IN_CONFLICT

    def list_line_verdicts(self, line: int) -> list[Verdict]:
        """Return what became of the changes in a line."""
        return [self.find_verdict(change) for change in self.by_line.get(line, ())]


def trace_changes(edits: FileEdits, merged: Mapping[str, MergedValue]) -> ChangeOutcomes:
    """Find the lines and the tracked changes that the changes of a file stand in."""
    return ChangeOutcomes(edits, merged, _index_by_line(edits.assigned), _index_by_revision(edits))


def _index_by_line(assigned: AssignedEdits) -> Mapping[int, Sequence[AssignedChange]]:
    by_line: dict[int, list[AssignedChange]] = defaultdict(list)
    for key, edit in assigned.edits.items():
        for spot, lines in zip(assigned.list_spots(key), edit.lines, strict=True):
            for line in lines:
                by_line[line].append(spot)
    for refusal in assigned.refusals:
        for line in refusal.lines:
            by_line[line].append(refusal)
    return by_line


def _index_by_revision(edits: FileEdits) -> Mapping[int, Sequence[AssignedChange]]:
    by_revision: dict[int, list[AssignedChange]] = defaultdict(list)
    for number, spots in edits.assigned.by_revision.items():
        by_revision[number] += sorted(spots)
    for refusal in edits.assigned.refusals:
        for number in refusal.revisions:
            by_revision[number].append(refusal)
    for number, change in _iterate_deletions(edits):
        by_revision[number].append(change)
    return by_revision


def _iterate_deletions(edits: FileEdits) -> Iterator[tuple[int, AssignedChange]]:
    """Return of tracked deletions what became of the words that they take away."""
    removing = {r.number for r in edits.edited.revisions if r.kind in REMOVING_KINDS}
    removed = edits.assigned.removed
    for group in edits.untracked.groups:
        places = [
            (block, place)
            for block in group.blocks
            for place in range(len(edits.sent.blocks[block].tokens))
        ]
        if removed.keys().isdisjoint(places):
            continue
        for place, token in _pair_kept_words(edits, group, places):
            if place in removed:
                for number in removing.intersection(token.revisions):
                    yield number, removed[place]


def _pair_kept_words(
    edits: FileEdits, group: ParagraphGroup, places: Sequence[TokenPlace]
) -> Iterator[tuple[TokenPlace, Token]]:
    """Pair the words of the brief with the same ones in the file without its tracked changes."""
    old = [token for block in group.blocks for token in edits.sent.blocks[block].tokens]
    new: list[Token] = []
    for line in group.lines:
        new += [BlockStart(), *edits.rejected[line].words]
    found = find_changes(_list_word_texts(old), _list_word_texts(new))
    for before, after in pair_unchanged(found, len(old)):
        yield places[before], new[after]


def _list_word_texts(tokens: Iterable[Token]) -> list[str | None]:
    """Return tokens by their words alone."""
    return [token.text if isinstance(token, Word) else None for token in tokens]
