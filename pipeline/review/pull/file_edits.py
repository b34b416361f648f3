"""One editor's file, compared with the brief that was sent: all that a pull knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.review.edited_docx.reader import EditedDocx
from pipeline.review.edited_docx.revisions import Line, RevisionView
from pipeline.review.match.sent_brief import SentBrief
from pipeline.review.pull.assign import assign_edits
from pipeline.review.pull.value_edits import AssignedEdits
from pipeline.review.words.tokens import format_tokens


@dataclass(frozen=True, slots=True)
class FileEdits:
    """What an editor changed in one file."""

    edited: EditedDocx
    sent: SentBrief
    author: str
    """Whose changes are taken; everybody's if empty."""
    view: RevisionView
    """The file with the changes that are taken."""
    lines: Sequence[Line]
    """What it says with them."""
    assigned: AssignedEdits
    """What they change."""
    rejected: Sequence[Line]
    """What the file says without any tracked change."""
    untracked: AssignedEdits
    """What was changed there."""

    def is_known_header(self, line: Line) -> bool:
        """Return whether a header or a footer says what one of the brief's said."""
        known = {"".join(known.split()) for known in self.sent.headers_footers}
        return "".join(format_tokens(line.words).split()) in {*known, ""}


def match_file(edited: EditedDocx, sent: SentBrief, author: str) -> FileEdits:
    """Find what was changed in a file; of its tracked changes take an author's, or all."""
    view = edited.accept_author(author) if author else edited.accepted
    lines = [line for line in view.list_lines(edited.paragraphs) if line.words]
    rejected = [line for line in edited.rejected.list_lines(edited.paragraphs) if line.words]
    return FileEdits(
        edited=edited,
        sent=sent,
        author=author,
        view=view,
        lines=lines,
        assigned=assign_edits(sent.blocks, lines),
        rejected=rejected,
        untracked=assign_edits(sent.blocks, rejected),
    )
