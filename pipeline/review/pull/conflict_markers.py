"""Conflicts as git writes them: the lines of the content, and those of the editor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.review.words.diff3 import Hunk, find_changes, merge_changes


def mark_conflicts(text: str, conflicts: Iterable[tuple[str, str]]) -> str:
    """Write into a text where editors have other words in a conflict.

    ``conflicts`` are the text as the content has it and as an editor has it, of each file.
    """
    for ours, theirs in conflicts:
        text = "".join(
            line for hunk in _merge_lines(ours, text, theirs) for line in _write_hunk(hunk, ours)
        )
    return text


def _merge_lines(base: str, ours: str, theirs: str) -> list[Hunk[str]]:
    old, mine, other = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    return merge_changes(
        old, mine, other, find_changes(old, mine), find_changes(old, other), lambda line: False
    )


def _write_hunk(hunk: Hunk[str], base: str) -> Sequence[str]:
    if hunk.of not in ("theirs", "conflict"):
        return hunk.ours
    is_conflict = hunk.of == "conflict"
    own = hunk.ours if is_conflict else base.splitlines(keepends=True)[hunk.start : hunk.end]
    return [
        "<<<<<<< content\n",
        *_end_lines(own),
        "=======\n",
        *_end_lines(hunk.theirs),
        ">>>>>>> editor\n",
    ]


def _end_lines(lines: Iterable[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
