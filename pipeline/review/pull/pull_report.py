"""What a pull did, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pipeline.review.pull import outcomes
from pipeline.review.pull.outcomes import EntryKind, OutcomeEntry
from pipeline.review.pull.pull_steps import PullResult

_NAMES: Final[dict[EntryKind, tuple[str, str]]] = {
    "revision": ("tracked change", "tracked changes"),
    "untracked change": ("change not tracked", "changes not tracked"),
    "comment": ("comment", "comments"),
    "paragraph": ("paragraph", "paragraphs"),
    "picture": ("picture", "pictures"),
    "table": ("table moved", "tables moved"),
    "formatting": ("way to set words", "ways to set words"),
}
_LONGEST: Final = 100


def describe_pull(result: PullResult) -> Iterator[str]:
    """Return, file by file, how many of each kind came to what, and what is left to a person."""
    for name in dict.fromkeys(entry.file for entry in result.entries):
        own = [entry for entry in result.entries if entry.file == name]
        yield f"{name}:"
        for kind, counts in outcomes.count_outcomes(own).items():
            totals = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
            number = sum(counts.values())
            yield f"  {number} {_NAMES[kind][number > 1]}: {totals}"
        yield from _describe_left_out(own)
        left = [entry for entry in own if entry.is_left_over and entry.kind != "paragraph"]
        for entry in left or [entry for entry in own if entry.is_left_over]:
            yield f"  {_describe_left_over(entry)}"


def _describe_left_out(entries: Iterable[OutcomeEntry]) -> Iterator[str]:
    """Return why things were left out: each reason once, with how many it is the reason of."""
    reasons = Counter(
        (entry.kind, entry.reason) for entry in entries if entry.outcome == "left out"
    )
    for (kind, reason), number in reasons.items():
        yield f"  left out: {number} {_NAMES[kind][number > 1]}: {reason}"


def _describe_left_over(entry: OutcomeEntry) -> str:
    what = " ".join(filter(None, [entry.what, f"by {entry.author}" if entry.author else ""]))
    where = f"paragraph {entry.paragraph}, " if entry.paragraph else ""
    words = entry.words if len(entry.words) <= _LONGEST else f"{entry.words[:_LONGEST]}…"
    return f"{entry.outcome}: {where}{what or entry.kind} “{words}”: {entry.reason}"


def pull_to_json(result: PullResult) -> dict[str, Any]:
    """Write all of it for programs."""
    return {
        "article": result.article,
        "diff": result.format_diff(),
        "totals": outcomes.count_outcomes(result.entries),
        "entries": outcomes.entries_to_json(result.entries),
        "left_over": result.waits,
    }
