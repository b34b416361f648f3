"""The entries of a list of changes: none twice, what moved as one, by their places."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from pipeline.review.redline.change_places import is_copy_of

ChangeKind: TypeAlias = Literal[
    "added", "removed", "reworded", "moved", "replaced", "changed", "set in another way"
]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed."""

    place: str
    """Where it stands, as a reader would say it: ``Question 1, Ann Archer``."""
    what: str
    """What kind of thing it is, such as ``answer``."""
    how: ChangeKind
    before: str = ""
    after: str = ""
    origin: str = ""
    """Where it stood, if it moved."""
    target: str = ""
    """Where it stands now, if it moved."""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """Which words of the content a line prints: the same wherever they are printed again."""

    sources: tuple[str, ...] = ()
    """The addresses of its values; none for a template's own words."""
    number: int = 0
    """Which line of the value: a list has many, and they may say the same."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A difference, with what it is known again by."""

    difference: Difference
    line: ValueLine = ValueLine()
    words: frozenset[tuple[str, str]] = frozenset()
    """What became what in it."""
    node: Any = None
    """A node that came or went, as it is compared."""


def sort_entries(entries: Sequence[Entry]) -> tuple[Difference, ...]:
    """Return what changed, by its places, in the order in which they are first told."""
    found = list(_drop_copies(_join_moves(entries)))
    order = {place: n for n, place in reversed([*enumerate(e.difference.place for e in found)])}
    unique = dict.fromkeys((entry.difference, entry.line) for entry in found)
    return tuple(sorted((own for own, _ in unique), key=lambda own: order[own.place]))


def _join_moves(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Make one of a node that was removed here and added there."""
    gone: dict[Any, list[Entry]] = {}
    for entry in entries:
        if entry.difference.how == "removed" and entry.node is not None:
            gone.setdefault(entry.node, []).append(entry)
    joined: set[int] = set()
    moved: dict[int, Entry] = {}
    for entry in entries:
        if entry.difference.how == "added" and gone.get(entry.node):
            was = gone[entry.node].pop(0)
            joined.add(id(was))
            origin, target = was.difference.place, entry.difference.place
            moved[id(entry)] = replace(
                entry,
                difference=replace(entry.difference, how="moved", origin=origin, target=target),
            )
    for entry in entries:
        if id(entry) not in joined:
            yield moved.get(id(entry), entry)


def _drop_copies(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Leave out a change that is told already: of a line that is printed again, or is quoted."""
    entries = list(entries)
    originals = [(source, e.words) for e in entries if e.words for source in e.line.sources]
    seen: set[Hashable] = set()
    for entry in entries:
        key = entry.line if entry.line.sources else entry.difference.what, entry.words
        is_copy = entry.words and any(
            is_copy_of(entry.line.sources, source) and entry.words <= words
            for source, words in originals
        )
        if is_copy or (entry.words and key in seen):
            continue
        seen.add(key)
        yield entry
