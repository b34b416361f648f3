"""Accounts for one editor's file: every tracked change, comment and paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pipeline.review.edited_docx.revisions import Line
from pipeline.review.pull import refusals
from pipeline.review.pull.change_outcomes import ChangeOutcomes, trace_changes
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.look_entries import report_looks
from pipeline.review.pull.merged_value import MergedValue
from pipeline.review.pull.outcomes import LEFT_OVER, OutcomeEntry, Verdict, choose_verdict
from pipeline.review.pull.picture_changes import PictureChange
from pipeline.review.pull.revision_entries import HEADERS_ARE_THE_TEMPLATES, report_revisions
from pipeline.review.pull.value_edits import AssignedChange, Edit, Refusal, ValueKey
from pipeline.review.words.diff3 import Change
from pipeline.review.words.tokens import format_tokens

_UNDONE: Final[Verdict] = ("already there", "undone by a tracked change")


def account_for_file(
    edits: FileEdits, merged: Mapping[str, MergedValue], pictures: Sequence[PictureChange]
) -> Iterator[OutcomeEntry]:
    """Return an entry for each thing of a file, whose changes went into the ``merged`` values."""
    outcomes = trace_changes(edits, merged)
    yield from _report_paragraphs(outcomes)
    yield from report_revisions(outcomes, pictures)
    yield from _report_untracked_changes(outcomes)
    yield from _report_untracked_refusals(outcomes)
    yield from _report_left_over(outcomes)
    yield from _report_headers_footers(edits)
    yield from report_looks(edits)
    yield from _report_pictures(edits, pictures)


# --- paragraphs ---------------------------------------------------------------------------


def _report_paragraphs(outcomes: ChangeOutcomes) -> Iterator[OutcomeEntry]:
    edits = outcomes.edits
    groups = edits.assigned.map_lines()
    for index, line in enumerate(edits.lines):
        outcome, reason = choose_verdict(outcomes.list_line_verdicts(index), "unchanged")
        group = groups[index]
        for number in line.numbers:
            yield OutcomeEntry(
                file=edits.edited.name,
                kind="paragraph",
                outcome=outcome,
                what=group.relation if group.is_anchored else f"{group.relation}, re-anchored",
                words=format_tokens(line.words)[:80],
                reason=reason,
                paragraph=number,
            )
    reported = {number for line in edits.lines for number in line.numbers}
    for paragraph in edits.edited.paragraphs:
        if paragraph.number not in reported:
            yield OutcomeEntry(
                file=edits.edited.name,
                kind="paragraph",
                outcome="unchanged",
                what="without words",
                paragraph=paragraph.number,
            )


# --- changes that are not tracked -----------------------------------------------------------


def _report_untracked_changes(outcomes: ChangeOutcomes) -> Iterator[OutcomeEntry]:
    """Report the changes of values in the file without its tracked changes."""
    for key, edit in outcomes.edits.untracked.edits.items():
        verdicts = _find_untracked_verdicts(outcomes, key)
        for change, lines in zip(edit.changes, edit.lines, strict=True):
            outcome, reason = choose_verdict(verdicts, "applied")
            old, new = _format_sides(edit, change)
            yield OutcomeEntry(
                file=outcomes.edits.edited.name,
                kind="untracked change",
                outcome=outcome,
                what="replaced" if old and new else "deleted" if old else "inserted",
                words=_join_sides(old, new),
                reason=reason,
                paragraph=_find_paragraph(outcomes.edits.rejected, lines),
            )


def _find_untracked_verdicts(outcomes: ChangeOutcomes, key: ValueKey) -> list[Verdict]:
    """Return what may have become of the untracked changes of one value."""
    if outcomes.edits.author:
        return [("left out", refusals.NOT_TRACKED)]
    if key in outcomes.edits.assigned.edits and key[0] in outcomes.merged:
        spots = outcomes.edits.assigned.list_spots(key)
        return [outcomes.find_verdict(spot) for spot in spots]
    return [_UNDONE]


def _report_untracked_refusals(outcomes: ChangeOutcomes) -> Iterator[OutcomeEntry]:
    edits = outcomes.edits
    for refusal in edits.untracked.refusals:
        verdict: Verdict = ("refused", refusal.reason)
        if edits.author:
            verdict = ("left out", refusal.reason)
        elif not any(refusal.words in other.words for other in edits.assigned.refusals):
            verdict = _UNDONE
        outcome, reason = verdict
        yield OutcomeEntry(
            file=edits.edited.name,
            kind="untracked change",
            outcome=outcome,
            words=refusal.words,
            reason=reason,
            paragraph=_find_paragraph(edits.rejected, refusal.lines),
        )


def _report_left_over(outcomes: ChangeOutcomes) -> Iterator[OutcomeEntry]:
    """Report what is left to a person and no other entry says."""
    assigned = outcomes.edits.assigned
    reported = _collect_reported(outcomes)
    changes: list[AssignedChange] = [*assigned.refusals]
    for key in assigned.edits:
        changes += assigned.list_spots(key)
    for change in changes:
        outcome, reason = outcomes.find_verdict(change)
        if outcome in LEFT_OVER and change not in reported:
            if isinstance(change, Refusal):
                words, lines = change.words, change.lines
            else:
                edit = assigned.edits[change[0]]
                words = _join_sides(*_format_sides(edit, edit.changes[change[1]]))
                lines = edit.lines[change[1]]
            yield OutcomeEntry(
                file=outcomes.edits.edited.name,
                kind="untracked change",
                outcome=outcome,
                words=words,
                reason=reason,
                paragraph=_find_paragraph(outcomes.edits.lines, lines),
            )


def _find_paragraph(lines: Sequence[Line], numbers: Iterable[int]) -> int:
    """Return the first paragraph of some lines; 0 where something went, and no line is left."""
    return next((number for line in numbers for number in lines[line].numbers), 0)


def _join_sides(old: str, new: str) -> str:
    """Write what was replaced and by what; of a change of paragraphs alone that it is one."""
    return f"{old} → {new}" if old and new else old or new or "¶"


def _collect_reported(outcomes: ChangeOutcomes) -> frozenset[AssignedChange]:
    """Return the changes that the entries of paragraphs, revisions and untracked changes cover."""
    edits = outcomes.edits
    reported: set[AssignedChange] = {*edits.untracked.refusals}
    reported.update(*outcomes.by_line.values(), *outcomes.by_revision.values())
    if not edits.author:
        for key in edits.untracked.edits.keys() & edits.assigned.edits.keys():
            reported.update(edits.assigned.list_spots(key))
    return frozenset(reported)


def _format_sides(edit: Edit, change: Change) -> tuple[str, str]:
    """Return the words that a change replaces, and the new ones."""
    old = edit.base[change.old_from : change.old_to]
    new = edit.edited[change.new_from : change.new_to]
    return format_tokens(old), format_tokens(new)


# --- what stands beside the words -----------------------------------------------------------


def _report_headers_footers(edits: FileEdits) -> Iterator[OutcomeEntry]:
    """Report the headers and footers that say what the brief's did not.

    That one is gone says nothing: programs leave out those that no page shows.
    """
    for line in edits.edited.rejected.list_lines(edits.edited.headers_footers):
        if not (line.revisions or edits.is_known_header(line)):
            yield OutcomeEntry(
                file=edits.edited.name,
                kind="untracked change",
                outcome="left out" if edits.author else "refused",
                words=format_tokens(line.words),
                reason=HEADERS_ARE_THE_TEMPLATES,
            )


def _report_pictures(edits: FileEdits, pictures: Iterable[PictureChange]) -> Iterator[OutcomeEntry]:
    for change in pictures:
        outcome, reason = change.verdict
        yield OutcomeEntry(
            file=edits.edited.name,
            kind="picture",
            outcome=outcome,
            what=change.kind,
            words=change.words,
            reason=reason,
            paragraph=change.paragraph,
        )
