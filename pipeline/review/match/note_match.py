"""Which comments of an edited file are the content's own notes, that the brief was made with.

They are known by more than their words: an editor may write the same ones elsewhere. The house is
the author of a brief's notes, their date is the edition's and has no time, none answers another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pipeline.review.edited_docx.reader import EditorComment
from pipeline.review.match.sent_brief import SentNote

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\dT00:00:00(\.0+)?Z?")
"""The date of a note: an editor's comment has the time of day."""


@dataclass(frozen=True, slots=True)
class MatchedNote:
    """A note of the content and what became of it in an edited file."""

    note: SentNote
    comment: EditorComment | None
    """None where it was deleted."""
    is_answered: bool = False

    @property
    def change(self) -> str:
        """What was done to it: deleted, resolved, changed; nothing where it is as it was."""
        if self.comment is None:
            return "deleted"
        if self.comment.text != self.note.text:
            return "changed"
        return "resolved" if self.comment.is_resolved else ""


def match_notes(
    notes: Sequence[SentNote], comments: Sequence[EditorComment], places: Mapping[str, str]
) -> list[MatchedNote]:
    """Find each note among a file's comments; ``places`` has the address that each stands on."""
    found: dict[int, EditorComment] = {}
    for is_it in _RULES:
        for number, comment in _iterate_pairs(notes, comments, found):
            if is_it(notes[number], comment, places.get(comment.id, "")):
                found[number] = comment
    answered = {comment.answers for comment in comments if comment.answers}
    matched = []
    for number, note in enumerate(notes):
        own = found.get(number)
        matched.append(MatchedNote(note, own, own is not None and own.id in answered))
    return matched


def _iterate_pairs(
    notes: Sequence[SentNote], comments: Sequence[EditorComment], found: dict[int, EditorComment]
) -> Iterator[tuple[int, EditorComment]]:
    """Yield each note that was not found with each comment that is none yet."""
    for number in range(len(notes)):
        for comment in comments:
            if number not in found and comment not in found.values() and not comment.answers:
                yield number, comment


def _is_dated(comment: EditorComment) -> bool:
    return _DAY.fullmatch(comment.date) is not None


def _stands_there(note: SentNote, comment: EditorComment, place: str) -> bool:
    is_dated = _is_dated(comment) or not comment.date  # programs take out dates with names
    return is_dated and note.text == comment.text and note.address == place


def _says_so(note: SentNote, comment: EditorComment, place: str) -> bool:
    return note.text == comment.text and _is_dated(comment)


def _was_rewritten(note: SentNote, comment: EditorComment, place: str) -> bool:
    return note.address == place and _is_dated(comment)


_Rule: TypeAlias = Callable[[SentNote, EditorComment, str], bool]
_RULES: Final[tuple[_Rule, ...]] = (_stands_there, _says_so, _was_rewritten)
"""From what is surest on; a pair that was found stays."""
