"""Accounts for the comments of a file: an editor's, and the content's own notes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from pipeline.review.edited_docx.reader import EditedDocx
from pipeline.review.match.note_match import MatchedNote
from pipeline.review.pull.outcomes import OutcomeEntry, Verdict

_REASONS: Final[Mapping[str, str]] = {
    "deleted": "take the note out of the content, or leave it",
    "resolved": "take the note out of the content, or leave it",
    "changed": "change the note in the content, or leave it",
}


def report_comments(
    edited: EditedDocx,
    notes: Sequence[MatchedNote],
    texts: Mapping[str, str],
    known: Container[str],
) -> Iterator[OutcomeEntry]:
    """Return an entry for each comment, and for each note that is gone.

    ``texts`` are the content's files: what was done to a note that they do not hold is settled.
    The comments ``known`` by their ids were written down before.
    """
    own = {matched.comment.id: matched for matched in notes if matched.comment}
    for comment in edited.comments:
        note = own.get(comment.id)
        outcome, reason = _judge_note(note, texts) if note else _judge_comment(comment.id, known)
        yield OutcomeEntry(
            file=edited.name,
            kind="comment",
            outcome=outcome,
            what=f"note {note.change}" if note and note.change else "",
            words=comment.text,
            reason=reason,
            author=comment.author,
            date=comment.date,
        )
    for matched in notes:
        if matched.comment is None:
            outcome, reason = _judge_note(matched, texts)
            yield OutcomeEntry(
                file=edited.name,
                kind="comment",
                outcome=outcome,
                what="note deleted",
                words=matched.note.text,
                reason=reason,
            )


def _judge_comment(id: str, known: Container[str]) -> Verdict:
    return ("already there" if id in known else "applied"), ""


def _judge_note(matched: MatchedNote, texts: Mapping[str, str]) -> Verdict:
    if not matched.change:
        return "unchanged", ""
    if not any(_holds_note(text, matched.note.text) for text in texts.values()):
        return "already there", ""
    return "refused", f"{_REASONS[matched.change]}: {matched.note.at}"


def _holds_note(text: str, note: str) -> bool:
    words = r"\s+".join(map(re.escape, note.split()))
    return re.search(words, text) is not None
