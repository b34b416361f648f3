"""Accounts for each tracked change of a file: a table of rules, of which the first that applies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pipeline.review.edited_docx.revisions import Revision, RevisionKind
from pipeline.review.pull import refusals
from pipeline.review.pull.change_outcomes import ChangeOutcomes
from pipeline.review.pull.comments_yaml import iterate_runs
from pipeline.review.pull.file_edits import FileEdits
from pipeline.review.pull.outcomes import OutcomeEntry, Verdict, choose_verdict
from pipeline.review.pull.picture_changes import PictureChange

HEADERS_ARE_THE_TEMPLATES: Final = "the template says what stands at heads and feet"
_UNHELD_KINDS: Final[Mapping[RevisionKind, str]] = {
    "reset": "the content cannot hold how these words are set",
    "restyled": "a paragraph's style is the template's",
}
"""Tracked changes of what is no word, with why they are refused."""


@dataclass(frozen=True, slots=True)
class _RevisionTrace:
    """What is known of one tracked change when it is accounted for."""

    revision: Revision
    author: str
    """Whose changes are taken; everybody's if empty."""
    is_computed: bool
    """Whether it changes words that fields write, and no others."""
    is_of_headers: bool
    """Whether it makes another header or footer of one of the brief's."""
    changes: Sequence[Verdict]
    """What became of the words that it changes."""
    line_changes: Sequence[Verdict]
    """What became of all changes in the lines that it touches."""


@dataclass(slots=True)
class _RevisionWords:
    """The words that a tracked change stands round."""

    texts: list[str] = field(default_factory=list)
    is_computed: bool = True
    """Whether fields write all of them."""


def report_revisions(
    outcomes: ChangeOutcomes, pictures: Iterable[PictureChange]
) -> Iterator[OutcomeEntry]:
    """Return an entry for each tracked change."""
    of_pictures: dict[int, list[Verdict]] = defaultdict(list)
    for change in pictures:
        for number in change.revisions:
            of_pictures[number].append(change.verdict)
    edits = outcomes.edits
    words = _collect_words(edits)
    paragraphs = _find_paragraphs(edits)
    line_changes = _collect_line_changes(outcomes)
    of_headers = _find_header_changes(edits)
    for revision in edits.edited.revisions:
        number = revision.number
        own = words.get(number, _RevisionWords())
        trace = _RevisionTrace(
            revision,
            edits.author,
            own.is_computed and any(own.texts),
            number in of_headers,
            [
                *(outcomes.find_verdict(change) for change in outcomes.by_revision.get(number, ())),
                *of_pictures[number],
            ],
            line_changes.get(number, ()),
        )
        outcome, reason = _find_verdict(trace)
        yield OutcomeEntry(
            file=edits.edited.name,
            kind="revision",
            outcome=outcome,
            what=revision.kind,
            words="".join(own.texts)[:200],
            reason=reason,
            author=revision.author,
            date=revision.date,
            paragraph=paragraphs.get(number, 0),
        )


# --- the rules ----------------------------------------------------------------------------


def _find_verdict(trace: _RevisionTrace) -> Verdict:
    return next(verdict for rule in _RULES if (verdict := rule(trace)))


def _leave_other_authors(trace: _RevisionTrace) -> Verdict | None:
    is_others = trace.author and trace.revision.author != trace.author
    return ("left out", refusals.explain_other_author(trace.author)) if is_others else None


def _follow_own_changes(trace: _RevisionTrace) -> Verdict | None:
    return choose_verdict(trace.changes, "applied") if trace.changes else None


def _leave_computed_words(trace: _RevisionTrace) -> Verdict | None:
    return ("left out", "contents and references are made anew") if trace.is_computed else None


def _pass_written_out(trace: _RevisionTrace) -> Verdict | None:
    is_same = trace.revision.kind == "written out"
    return ("unchanged", "the words are set as before") if is_same else None


def _refuse_layout(trace: _RevisionTrace) -> Verdict | None:
    is_layout = trace.revision.kind == "laid out"
    return ("refused", "the layout is the template's") if is_layout else None


def _refuse_headers(trace: _RevisionTrace) -> Verdict | None:
    return ("refused", HEADERS_ARE_THE_TEMPLATES) if trace.is_of_headers else None


def _refuse_unheld_kinds(trace: _RevisionTrace) -> Verdict | None:
    reason = _UNHELD_KINDS.get(trace.revision.kind)
    return ("refused", reason) if reason else None


def _follow_lines(trace: _RevisionTrace) -> Verdict:
    outcome, reason = choose_verdict(trace.line_changes, "applied")
    return outcome, reason or "it changes no words by itself"


_RevisionRule: TypeAlias = Callable[[_RevisionTrace], Verdict | None]
_RULES: Final[tuple[_RevisionRule, ...]] = (
    _leave_other_authors,
    _follow_own_changes,
    _leave_computed_words,
    _pass_written_out,
    _refuse_layout,
    _refuse_headers,
    _refuse_unheld_kinds,
    _follow_lines,
)
"""In order: the first that applies counts, and the last always does."""


# --- what the rules need -------------------------------------------------------------------


def _collect_words(edits: FileEdits) -> Mapping[int, _RevisionWords]:
    """Return of each tracked change the words that it stands round."""
    words: dict[int, _RevisionWords] = defaultdict(_RevisionWords)
    for paragraph in (*edits.edited.paragraphs, *edits.edited.headers_footers):
        for run in iterate_runs((paragraph,)):
            for number in (*paragraph.changes.inside, *run.revisions):
                words[number].texts += [run.text, *(shown.alt for shown in run.pictures)]
                words[number].is_computed &= run.is_worked_out
    return words


def _find_paragraphs(edits: FileEdits) -> Mapping[int, int]:
    """Return of each tracked change the first paragraph that it touches."""
    first: dict[int, int] = {}
    for paragraph in edits.edited.paragraphs:
        for number in paragraph.changes.all:
            first.setdefault(number, paragraph.number)
    return first


def _collect_line_changes(outcomes: ChangeOutcomes) -> Mapping[int, Sequence[Verdict]]:
    """Return of each tracked change what became of the changes in the lines that it touches."""
    verdicts: dict[int, list[Verdict]] = defaultdict(list)
    for index, line in enumerate(outcomes.edits.lines):
        for number in line.revisions:
            verdicts[number] += outcomes.list_line_verdicts(index)
    return verdicts


def _find_header_changes(edits: FileEdits) -> frozenset[int]:
    """Return the tracked changes that make another header or footer of one of the brief's.

    Those of a redline do not: with them, it says what the brief did.
    """
    headers = edits.edited.headers_footers
    changed = [n for n in edits.view.list_lines(headers) if not edits.is_known_header(n)]
    changed += [n for n in edits.edited.rejected.list_lines(headers) if edits.is_known_header(n)]
    return frozenset(number for line in changed for number in line.revisions)
