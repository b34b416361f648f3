"""The entries of a list of changes: none twice, what moved as one, by their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from pipeline.review.redline.change_places import drop_places, is_copy_of

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
class Entry:
    """A difference, with what it is known again by."""

    difference: Difference
    source: str = ""
    """The address of the value."""
    words: frozenset[tuple[str, str]] = frozenset()
    """What became what in it."""
    node: Any = None
    """A node that came or went, as it is compared."""


def sort_entries(entries: Sequence[Entry]) -> tuple[Difference, ...]:
    """Return what changed, by its places, in the order in which they are first told."""
    found = list(_drop_copies(_join_moves(entries)))
    order = {place: n for n, place in reversed([*enumerate(e.difference.place for e in found)])}
    unique = dict.fromkeys(entry.difference for entry in found)
    return tuple(sorted(unique, key=lambda difference: order[difference.place]))


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
    """Leave out a change that is told already: of a value that is printed again, or is quoted."""
    entries = list(entries)
    originals = [e for e in entries if e.words and e.source]
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    for entry in entries:
        key = drop_places(entry.source) or entry.difference.what, entry.words
        is_copy = entry.words and any(
            is_copy_of(entry.source, other.source) and entry.words <= other.words
            for other in originals
        )
        if is_copy or (entry.words and key in seen):
            continue
        seen.add(key)
        yield entry
