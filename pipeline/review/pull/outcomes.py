"""What a pull accounts for: each tracked change, comment and paragraph, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias

Outcome: TypeAlias = Literal[
    "unchanged", "applied", "already there", "left out", "refused", "conflict"
]
Verdict: TypeAlias = tuple[Outcome, str]
"""What became of something, and why, where that needs to be said."""
EntryKind: TypeAlias = Literal[
    "revision", "untracked change", "comment", "paragraph", "picture", "table", "formatting"
]
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "unchanged", "applied", "already there", "left out", "refused", "conflict",
)  # fmt: skip
"""From what needs nobody to what does; of several, the last one counts."""
LEFT_OVER: Final = ("refused", "conflict")
KINDS: Final[tuple[EntryKind, ...]] = (
    "revision", "untracked change", "comment", "paragraph", "picture", "table", "formatting",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeEntry:
    """One thing of an editor's file, and what became of it."""

    file: str
    kind: EntryKind
    outcome: Outcome
    what: str = ""
    """What kind of change it is: ``inserted``, ``split``."""
    words: str = ""
    reason: str = ""
    author: str = ""
    date: str = ""
    paragraph: int = 0
    """Its place in the file, from 1; 0 where it has none."""

    @property
    def is_left_over(self) -> bool:
        """Whether it needs a person."""
        return self.outcome in LEFT_OVER


def choose_verdict(found: Iterable[Verdict], default: Outcome) -> Verdict:
    """Return the outcome that counts of several, with its reason."""
    verdicts = list(found)
    outcome = max((one for one, _ in verdicts), key=OUTCOMES.index, default=default)
    return outcome, next((reason for one, reason in verdicts if one == outcome and reason), "")


def count_outcomes(entries: Iterable[OutcomeEntry]) -> Mapping[EntryKind, Mapping[Outcome, int]]:
    """Count each kind by its outcomes."""
    counts: dict[EntryKind, Counter[Outcome]] = {}
    for entry in entries:
        counts.setdefault(entry.kind, Counter())[entry.outcome] += 1
    return {
        kind: {o: counts[kind][o] for o in OUTCOMES if counts[kind][o]}
        for kind in KINDS
        if kind in counts
    }


def entries_to_json(entries: Iterable[OutcomeEntry]) -> list[dict[str, Any]]:
    """Write the entries for programs."""
    return [{key: value for key, value in asdict(e).items() if value} for e in entries]
