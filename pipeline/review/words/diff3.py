"""Differences between words, and the merge of two sets of them over one base.

A merge is that of diff3 (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007): what
one side changed is taken, what both changed alike is taken once, and what they changed apart
is a conflict. Nothing is ever resolved by likeness.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Generic, Literal, TypeVar

T = TypeVar("T", bound=Hashable)
MOST_COMPARED: Final = 1_000_000
"""The product of two lengths up to which every word is compared with every other."""
_RUN: Final = 3
"""How many words in a row, which stand once on each side, longer texts are aligned by."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words ``old_from`` to ``old_to`` were replaced by those ``new_from`` to ``new_to``."""

    old_from: int
    old_to: int
    new_from: int
    new_to: int


@dataclass(frozen=True, slots=True)
class Hunk(Generic[T]):
    """A piece of a merge; ``theirs`` differs from ``ours`` in a conflict only."""

    ours: tuple[T, ...]
    theirs: tuple[T, ...]
    start: int
    end: int
    """The piece of the base that it stands for."""
    of: Literal["base", "ours", "theirs", "both", "conflict"] = "base"
    """Who changed it; both, if they did so alike."""


def find_changes(
    old: Sequence[T], new: Sequence[T], most_compared: int = MOST_COMPARED
) -> list[Change]:
    """Find what was changed between two sequences, in order."""
    comparison = _Comparison(old, new, most_compared)
    return list(_join_touching(comparison.compare_ranges(0, len(old), 0, len(new))))


def pair_unchanged(found: Sequence[Change], length: int) -> Iterator[tuple[int, int]]:
    """Pair the places, old and new, of what was not changed."""
    at, moved = 0, 0
    for change in found:
        yield from ((n, n + moved) for n in range(at, change.old_from))
        at, moved = change.old_to, change.new_to - change.old_to
    yield from ((n, n + moved) for n in range(at, length))


def find_changes_by_part(
    old: Sequence[T], new: Sequence[T], begins: Callable[[T], bool]
) -> list[Change]:
    """Find what was changed, part by part: parts that are the same keep the others in place."""
    olds, news = _split_parts(old, begins), _split_parts(new, begins)
    comparison = _Comparison(old, new)
    changes: list[Change] = []
    for change in find_changes([part for _, part in olds], [part for _, part in news]):
        a, b = _find_edges(olds, change.old_from, change.old_to, len(old))
        c, d = _find_edges(news, change.new_from, change.new_to, len(new))
        changes += comparison.compare_ranges(a, b, c, d)
    return list(_join_touching(iter(changes)))


def slide_changes(
    old: Sequence[T], new: Sequence[T], found: Sequence[Change], begins: Callable[[T], bool]
) -> list[Change]:
    """Put each insertion and deletion that could stand in several places where all are put.

    That is where it begins with the beginning of a part, or else as far back as can be.
    """
    slid: list[Change] = []
    for number, change in enumerate(found):
        before = slid[-1] if slid else Change(0, 0, 0, 0)
        behind = found[number + 1].old_from if number + 1 < len(found) else len(old)
        slid.append(_slide_change(old, new, change, before.old_to, behind, begins))
    return slid


def _slide_change(
    old: Sequence[T],
    new: Sequence[T],
    change: Change,
    least: int,
    most: int,
    begins: Callable[[T], bool],
) -> Change:
    """Slide one change between two places of the old sequence."""
    is_insertion = change.old_from == change.old_to
    if not is_insertion and change.new_from != change.new_to:
        return change
    words, start, end = new, change.new_from, change.new_to
    if not is_insertion:
        words, start, end = old, change.old_from, change.old_to
    down = 0
    while change.old_to + down < most and words[start + down] == old[change.old_to + down]:
        down += 1
    up = 0
    while change.old_from - up > least and words[end - up - 1] == old[change.old_from - up - 1]:
        up += 1
    ways = (n for n in range(down, -up - 1, -1) if start + n < len(words))
    by = next((n for n in ways if begins(words[start + n])), down)
    return Change(
        change.old_from + by, change.old_to + by, change.new_from + by, change.new_to + by
    )


def _split_parts(
    tokens: Sequence[T], begins: Callable[[T], bool]
) -> list[tuple[int, tuple[T, ...]]]:
    """Divide a sequence where parts begin, each with its place."""
    starts = [n for n, token in enumerate(tokens) if begins(token)]
    if tokens and (not starts or starts[0]):
        starts.insert(0, 0)
    ends = [*starts[1:], len(tokens)]
    return [(start, tuple(tokens[start:end])) for start, end in zip(starts, ends, strict=False)]


def _find_edges(
    parts: Sequence[tuple[int, tuple[T, ...]]], first: int, last: int, length: int
) -> tuple[int, int]:
    start = parts[first][0] if first < len(parts) else length
    return start, parts[last][0] if last < len(parts) else length


def _join_touching(found: Iterator[Change]) -> Iterator[Change]:
    """Join changes that touch."""
    last: Change | None = None
    for change in found:
        if last and last.old_to == change.old_from and last.new_to == change.new_from:
            last = Change(last.old_from, change.old_to, last.new_from, change.new_to)
            continue
        if last:
            yield last
        last = change
    if last:
        yield last


@dataclass(frozen=True, slots=True)
class _Comparison(Generic[T]):
    """Two sequences, and up to which product of their lengths all is compared with all."""

    old: Sequence[T]
    new: Sequence[T]
    most_compared: int = MOST_COMPARED

    def compare_ranges(self, a: int, b: int, c: int, d: int) -> Iterator[Change]:
        """Compare ``old[a:b]`` with ``new[c:d]``."""
        old, new = self.old, self.new
        while a < b and c < d and old[a] == new[c]:
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
        if a == b and c == d:
            return
        if a == b or c == d:
            yield Change(a, b, c, d)
        elif (b - a) * (d - c) <= self.most_compared:
            matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
            for tag, i, j, k, m in matcher.get_opcodes():
                if tag != "equal":
                    yield Change(a + i, a + j, c + k, c + m)
        else:
            pairs = pair_unique_runs(old, new, a, b, c, d)
            if not pairs:
                yield Change(a, b, c, d)
                return
            for i, k in pairs:
                yield from self.compare_ranges(a, i, c, k)
                a, c = i, k
            # The rest begins with a pair's own words, so that it is shorter than the whole.
            yield from self.compare_ranges(a, b, c, d)


def pair_unique_runs(
    old: Sequence[T], new: Sequence[T], a: int, b: int, c: int, d: int
) -> list[tuple[int, int]]:
    """Pair the runs of words that stand once on each side, in one order on both."""

    def find_unique_runs(words: Sequence[T], start: int, end: int) -> dict[tuple[T, ...], int]:
        runs = [tuple(words[n : n + _RUN]) for n in range(start, end - _RUN + 1)]
        counts = Counter(runs)
        return {run: start + n for n, run in enumerate(runs) if counts[run] == 1}

    there = find_unique_runs(new, c, d)
    pairs = [(n, there[run]) for run, n in find_unique_runs(old, a, b).items() if run in there]
    return find_longest_rising(pairs)


def find_longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take the most pairs that rise on both sides; the first numbers rise already."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        place = bisect_left(tails, second)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [second]
        ends[place : place + 1] = [index]
    chosen: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    return chosen[::-1]


def merge_changes(
    base: Sequence[T],
    ours: Sequence[T],
    theirs: Sequence[T],
    mine: Sequence[Change],
    other: Sequence[Change],
    is_space: Callable[[T], bool],
) -> list[Hunk[T]]:
    """Merge two sets of changes of one base: ``mine`` made ``ours`` of it, ``other`` ``theirs``.

    Changes that touch, or have nothing but a space between them, belong together.
    """
    hunks: list[Hunk[T]] = []
    at, last = 0, Change(0, 0, 0, 0)
    for group in _group_changes(base, mine, other, is_space):
        hunks += _keep_unchanged(ours, last, at, group.start)
        hunks.append(_make_hunk(base, ours, theirs, group))
        at, last = group.end, [last, *group.mine][-1]
    return [*hunks, *_keep_unchanged(ours, last, at, len(base))]


@dataclass(frozen=True, slots=True)
class _ChangeGroup:
    """Changes of both sides that belong together, and the piece of the base that they are in."""

    start: int
    end: int
    mine: Sequence[Change]
    other: Sequence[Change]


def _group_changes(
    base: Sequence[T],
    mine: Sequence[Change],
    other: Sequence[Change],
    is_space: Callable[[T], bool],
) -> Iterator[_ChangeGroup]:
    i = k = 0
    while i < len(mine) or k < len(other):
        first, second = i, k
        start = end = min(change.old_from for change in (*mine[i : i + 1], *other[k : k + 1]))
        while True:
            reach = end + (end < len(base) and is_space(base[end]))
            if i < len(mine) and mine[i].old_from <= reach:
                end, i = max(end, mine[i].old_to), i + 1
            elif k < len(other) and other[k].old_from <= reach:
                end, k = max(end, other[k].old_to), k + 1
            else:
                break
        yield _ChangeGroup(start, end, mine[first:i], other[second:k])


def _keep_unchanged(ours: Sequence[T], last: Change, start: int, end: int) -> Iterator[Hunk[T]]:
    """Return what stands between two groups; ``last`` is the change of ours before it."""
    if start < end:
        shift = last.new_to - last.old_to
        kept = tuple(ours[start + shift : end + shift])
        yield Hunk(kept, kept, start, end)


def _make_hunk(
    base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], group: _ChangeGroup
) -> Hunk[T]:
    start, end = group.start, group.end
    left = tuple(_apply_changes(base, ours, group.mine, start, end))
    right = tuple(_apply_changes(base, theirs, group.other, start, end))
    if not group.other:
        return Hunk(left, left, start, end, "ours")
    if not group.mine:
        return Hunk(right, right, start, end, "theirs")
    if left == right:
        return Hunk(left, left, start, end, "both")
    return Hunk(left, right, start, end, "conflict")


def _apply_changes(
    base: Sequence[T], side: Sequence[T], found: Sequence[Change], start: int, end: int
) -> Iterator[T]:
    for change in found:
        yield from base[start : change.old_from]
        yield from side[change.new_from : change.new_to]
        start = change.old_to
    yield from base[start:end]
