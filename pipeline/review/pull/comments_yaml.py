"""An editor's comments as YAML beside the article: where each stands, and what it says.

A file of one name comes back more than once, from one editor or from several. What was written
down before stays, and a comment that comes again is the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from pipeline.diagnostics import Location, make_problem
from pipeline.review.edited_docx.reader import EditedDocx, EditorComment
from pipeline.review.edited_docx.revisions import EditedParagraph, Line, RevisedRun
from pipeline.review.match.sent_brief import SentBrief
from pipeline.review.pull.assign import AssignedEdits


def list_new_comments(edited: EditedDocx, carried: SentBrief) -> list[EditorComment]:
    """Give the comments that are none of the content's own."""
    return [comment for comment in edited.comments if comment.text not in carried.comments]


def locate_comments(
    lines: Sequence[Line], brought: AssignedEdits, carried: SentBrief
) -> Iterator[tuple[str, str]]:
    """Give of each comment in a text the value that it stands on."""
    by_line = {line: group for group in brought.groups for line in group.lines}
    for index, line in enumerate(lines):
        for block in by_line[index].blocks[:1]:
            yield from ((id, carried.blocks[block].address) for id in line.comments)


def collect_quoted_words(paragraphs: Iterable[EditedParagraph]) -> Mapping[str, str]:
    """Give the words that each comment is on, those that a change takes away among them."""
    made: dict[str, list[str]] = {}
    for paragraph in paragraphs:
        held: dict[str, str] = {}
        for piece in iterate_runs((paragraph,)):
            for id in piece.comments:
                held[id] = held.get(id, "") + piece.text
        for id, words in held.items():
            made.setdefault(id, []).append(words)
    return {id: " ".join(" ".join(parts).split()) for id, parts in made.items()}


def iterate_runs(paragraphs: Iterable[EditedParagraph]) -> Iterator[RevisedRun]:
    """Give every piece of some paragraphs, and those of their notes."""
    for paragraph in paragraphs:
        for piece in paragraph.pieces:
            yield piece
            yield from iterate_runs(piece.note or ())


def write_comments(
    edited: EditedDocx,
    comments: Sequence[EditorComment],
    places: Mapping[str, str],
    before: str,
    name: str,
) -> str:
    """Write comments, and those that were written down ``before`` in the file called ``name``.

    Raises Problems (``bad-review``) when that file holds something else.
    """
    told = _read_known_comments(before, name)
    words = collect_quoted_words(edited.paragraphs)
    waiting: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for old in reversed(told):
        waiting[_identify_comment(old)].append(old)
    free = count(max((old["id"] for old in told), default=0) + 1)
    numbers: dict[str, int] = {}
    for comment in comments:
        entry = {
            "address": places.get(comment.id, ""),
            "quoted": words.get(comment.id, ""),
            "author": comment.author,
            "date": comment.date,
            "text": comment.text,
            "resolved": comment.is_resolved,
        }
        if same := waiting[_identify_comment(entry)]:
            found = same.pop()
        else:
            told.append(found := {"id": next(free)})
        numbers[comment.id] = found["id"]
        answered = {"answers": numbers[comment.answers]} if comment.answers in numbers else {}
        kept = {key: value for key, value in {**answered, **entry}.items() if value}
        new = {"id": found["id"], **kept}
        found.clear()
        found |= new
    text: str = yaml.safe_dump(
        {"file": Path(edited.name).name, "comments": told},
        allow_unicode=True,
        sort_keys=False,
        width=10**9,
    )
    return text


def _identify_comment(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what a comment is known by."""
    return tuple(str(entry.get(key, "")) for key in ("author", "date", "text"))


def _read_known_comments(before: str, name: str) -> list[dict[str, Any]]:
    """Read what was written down before."""
    try:
        held = yaml.safe_load(before) if before else {"comments": []}
        comments = held["comments"]
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
