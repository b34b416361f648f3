"""What a pull did, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipeline.review.pull import outcomes
from pipeline.review.pull.outcomes import Entry, Kind
from pipeline.review.pull.pull_steps import Result

_NAMES: Final[dict[Kind, tuple[str, str]]] = {
    "revision": ("tracked change", "tracked changes"),
    "untracked change": ("change not tracked", "changes not tracked"),
    "comment": ("comment", "comments"),
    "paragraph": ("paragraph", "paragraphs"),
    "formatting": ("way to set words", "ways to set words"),
}
_LONGEST: Final = 100


def text(result: Result) -> Iterator[str]:
    """Give, file by file, how many of each kind came to what, and what is left to a person."""
    for name in dict.fromkeys(entry.file for entry in result.entries):
        own = [entry for entry in result.entries if entry.file == name]
        yield f"{name}:"
        for kind, counts in outcomes.totals(own).items():
            told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
            number = sum(counts.values())
            yield f"  {number} {_NAMES[kind][number > 1]}: {told}"
        left = [entry for entry in own if entry.is_left_over and entry.kind != "paragraph"]
        for entry in left or [entry for entry in own if entry.is_left_over]:
            yield f"  {_left_over(entry)}"


def _left_over(entry: Entry) -> str:
    what = " ".join(filter(None, [entry.what, f"by {entry.author}" if entry.author else ""]))
    where = f"paragraph {entry.paragraph}, " if entry.paragraph else ""
    words = entry.words if len(entry.words) <= _LONGEST else f"{entry.words[:_LONGEST]}…"
    return f"{entry.outcome}: {where}{what or entry.kind} “{words}”: {entry.reason}"


def record(result: Result) -> dict[str, Any]:
    """Write all of it for programs."""
    return {
        "article": result.article,
        "diff": result.diff(),
        "totals": outcomes.totals(result.entries),
        "entries": outcomes.record(result.entries),
        "left_over": result.waits,
    }
