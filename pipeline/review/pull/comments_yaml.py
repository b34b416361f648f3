"""An editor's comments as YAML beside the article: where each stands, and what it says.

A file of one name comes back more than once, from one editor or from several. What was written
down before stays, and a comment that comes again is the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import yaml

from pipeline.diagnostics import Location, make_problem
from pipeline.review.edited_docx.reader import EditedDocx, EditorComment
from pipeline.review.edited_docx.revisions import EditedParagraph, RevisedRun
from pipeline.review.match.note_match import MatchedNote
from pipeline.review.pull.file_edits import FileEdits

_KEYS: Final = frozenset(
    "id answers address quoted author date text note deleted resolved changed".split()
)
"""What a pull writes of a comment; a person may have written more."""


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment to write down: an editor's, or a note of the content with what was done to it."""

    comment: EditorComment
    note: MatchedNote | None = None


def list_review_comments(
    edited: EditedDocx, notes: Sequence[MatchedNote]
) -> Iterator[ReviewComment]:
    """Return the editors' comments, and the notes that were answered or are not as they were."""
    own = {matched.comment.id: matched for matched in notes if matched.comment}
    for comment in edited.comments:
        note = own.get(comment.id)
        if note is None or note.change or note.is_answered:
            yield ReviewComment(comment, note)
    for matched in notes:
        if matched.comment is None:
            yield ReviewComment(EditorComment("", "", "", matched.note.text), matched)


def locate_comments(edits: FileEdits) -> dict[str, str]:
    """Return of each comment in a text the value that it stands on."""
    places: dict[str, str] = {}
    # Words that a change takes away stand in the text without it alone.
    for lines, assigned in (
        (edits.lines, edits.assigned),
        (edits.rejected, edits.untracked),
    ):
        groups = assigned.map_lines()
        for index, line in enumerate(lines):
            for block in groups[index].blocks[:1]:
                for id in line.comments:
                    places.setdefault(id, edits.sent.blocks[block].address)
    return places


def collect_quoted_words(paragraphs: Iterable[EditedParagraph]) -> Mapping[str, str]:
    """Return the words that each comment is on, those that a change takes away among them."""
    quoted: dict[str, list[str]] = defaultdict(list)
    for paragraph in paragraphs:
        own: dict[str, str] = {}
        for run in iterate_runs((paragraph,)):
            for id in run.comments:
                own[id] = own.get(id, "") + run.text
        for id, words in own.items():
            quoted[id].append(words)
    return {id: " ".join(" ".join(parts).split()) for id, parts in quoted.items()}


def iterate_runs(paragraphs: Iterable[EditedParagraph]) -> Iterator[RevisedRun]:
    """Return every run of some paragraphs, and those of their notes."""
    for paragraph in paragraphs:
        for run in paragraph.pieces:
            yield run
            yield from iterate_runs(run.note or ())


@dataclass(frozen=True, slots=True)
class WrittenComments:
    """The comments of a file, written down."""

    text: str
    known: frozenset[str]
    """The ids, in the editor's file, of those that were written down before."""


def write_comments(
    edited: EditedDocx,
    comments: Iterable[ReviewComment],
    places: Mapping[str, str],
    before: str,
    name: str,
) -> WrittenComments:
    """Write comments, and those that were written down ``before`` in the file called ``name``.

    Raises Problems (``bad-review``) when that file holds something else.
    """
    known = _read_known_comments(before, name)
    words = collect_quoted_words(edited.paragraphs)
    waiting: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for old in reversed(known):
        waiting[_identify_comment(old)].append(old)
    free = count(max((old["id"] for old in known), default=0) + 1)
    same: set[str] = set()
    written: list[tuple[EditorComment, dict[str, Any], dict[str, Any]]] = []
    for review in comments:
        comment = review.comment
        entry = _comment_to_yaml(review, places.get(comment.id, ""), words.get(comment.id, ""))
        if old_ones := waiting[_identify_comment(entry)]:
            found = old_ones.pop()
            same.add(comment.id)
        else:
            known.append(found := {"id": next(free)})
        written.append((comment, found, entry))
    numbers = {comment.id: found["id"] for comment, found, _ in written}
    for comment, found, entry in written:
        answered = {"answers": numbers[comment.answers]} if comment.answers in numbers else {}
        kept = {key: value for key, value in {**answered, **entry}.items() if value}
        others = {key: value for key, value in found.items() if key not in _KEYS}
        new = {"id": found["id"], **kept, **others}
        if found != new:
            same.discard(comment.id)
        found.clear()
        found |= new
    text = _write_over(before, {"file": Path(edited.name).name, "comments": known})
    return WrittenComments(text, frozenset(same))


def _write_over(before: str, review: Mapping[str, Any]) -> str:
    """Write a review over what the file says: as it is, with more at its end, or else all anew."""
    old = yaml.safe_load(before) if before else {}
    review = {**old, **review}
    if old == review:
        return before
    added = review["comments"][len(old.get("comments", ())) :]
    longer = f"{before.rstrip()}\n{_dump(added)}"
    try:
        if before and yaml.safe_load(longer) == review:
            return longer
    except yaml.YAMLError:
        pass  # it is written in brackets
    return _dump(review)


def _dump(data: object) -> str:
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10**9)
    return text


def _comment_to_yaml(review: ReviewComment, address: str, quoted: str) -> dict[str, Any]:
    comment, own = review.comment, review.note
    of_note: dict[str, Any] = {}
    if own:
        was = own.note.text if own.change == "changed" else True
        of_note = {"note": own.note.at, **({own.change: was} if own.change else {})}
    return {
        "address": address or (own.note.address if own else ""),
        "quoted": quoted,
        "author": comment.author,
        "date": comment.date,
        "text": comment.text,
        **of_note,
        "resolved": comment.is_resolved,
    }


def _identify_comment(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a comment is known by."""
    return tuple(str(entry.get(key, "")) for key in ("author", "date", "text"))


def _read_known_comments(before: str, name: str) -> list[dict[str, Any]]:
    """Read what was written down before."""
    try:
        comments = yaml.safe_load(before)["comments"] if before else []
        if all(isinstance(comment["id"], int) for comment in comments):
            return list(comments)
    except (yaml.YAMLError, KeyError, TypeError):
        pass
    raise make_problem(
        "bad-review",
        f"`{name}` does not hold comments as a pull writes them, and would be overwritten",
        Location(name),
        "give it, or the file that you pull, another name",
    )
