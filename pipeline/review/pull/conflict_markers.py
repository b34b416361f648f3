"""Conflicts as git writes them: the lines of the content, and those of the other side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipeline.review.words.diff3 import Hunk, find_changes, merge_changes
from pipeline.review.words.explanation import EditedText
from pipeline.review.words.merge import TokenTraits, merge_edits

_LINES: Final[TokenTraits[str]] = TokenTraits(
    is_space=lambda line: False,
    begins_part=lambda line: line.startswith("#"),
    weigh=lambda line: 4 if line.strip() else 1,
)


def mark_conflicts(text: str, conflicts: Iterable[tuple[str, str]]) -> str:
    """Write into a text where editors have other words in a conflict.

    ``conflicts`` are the text as the content has it and as an editor has it, of each file.
    """
    for ours, theirs in conflicts:
        old, mine, other = map(_split_lines, (ours, text, theirs))
        changes = find_changes(old, mine), find_changes(old, other)
        hunks = merge_changes(old, mine, other, *changes, _LINES.is_space)
        text = "".join(line for hunk in hunks for line in _write_hunk(hunk, old))
    return text


def merge_import(base: str, mine: str, new: str) -> str:
    """Merge what a person and a new import made of what the last import wrote, line by line."""
    old, edited = _split_lines(base), _split_lines(new)
    text = EditedText(old, edited, find_changes(old, edited))
    lines: list[str] = []
    for hunk in merge_edits(text, _split_lines(mine), _LINES).hunks:
        if hunk.of == "conflict":
            lines += _write_sides(hunk.ours, hunk.theirs, "article.md", "import")
        else:
            lines += hunk.ours
    return "".join(lines)


def _split_lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _write_hunk(hunk: Hunk[str], base: Sequence[str]) -> Iterable[str]:
    if hunk.of not in ("theirs", "conflict"):
        return hunk.ours
    own = hunk.ours if hunk.of == "conflict" else base[hunk.start : hunk.end]
    return _write_sides(own, hunk.theirs, "content", "editor")


def _write_sides(
    ours: Iterable[str], theirs: Iterable[str], own_name: str, other_name: str
) -> Iterator[str]:
    yield f"<<<<<<< {own_name}\n"
    yield from _end_lines(ours)
    yield "=======\n"
    yield from _end_lines(theirs)
    yield f">>>>>>> {other_name}\n"


def _end_lines(lines: Iterable[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
