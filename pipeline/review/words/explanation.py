"""What became of a text since: which of an editor's changes it has already, and what else.

A later text is explained as the base with some of the changes taken, and with changes of its
own. Of all explanations that one counts which leaves the least to the latter. An insertion that
could stand in two places is thus found wherever the text has it, and is not made twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Final, Generic, TypeAlias

from pipeline.review.words.diff3 import (
    MOST_COMPARED,
    Change,
    T,
    find_longest_rising,
    pair_unique_runs,
)

_NEVER: Final = 10**9
"""What an explanation costs that cannot be."""
Weigh: TypeAlias = Callable[[T], int]
"""How much a token counts: one for what stands everywhere, such as a space."""


@dataclass(frozen=True, slots=True)
class EditedText(Generic[T]):
    """A base, and what an editor made of it."""

    base: Sequence[T]
    edited: Sequence[T]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Explanation(Generic[T]):
    """A later text, by an editor's changes of the base and by its own."""

    taken: frozenset[int]
    """The changes that it has already."""
    base: Sequence[T]
    """The base with these changes."""
    own: Sequence[Change]
    """What made the text of that."""
    waiting: Sequence[Change]
    """The other changes, as changes of that."""


def explain_text(
    text: EditedText[T],
    later: Sequence[T],
    weigh: Weigh[T],
    barred: frozenset[int] = frozenset(),
) -> Explanation[T]:
    """Explain a later text without changes that are barred.

    A change counts as taken where all that it brought is there, and nothing that it took away
    was put beside it.
    """
    while True:
        aligned = _align_text(text, later, weigh, barred)
        own = list(_list_own_changes(aligned, len(later)))
        undone = _find_undone(text, later, aligned, own, weigh)
        if not undone:
            waiting = [moved for _, moved in _shift_changes(text, aligned.taken, taken=False)]
            return Explanation(frozenset(aligned.taken), aligned.base, own, waiting)
        barred |= undone


def includes_changes(text: EditedText[T], later: Sequence[T], weigh: Weigh[T]) -> bool:
    """Return whether a later text has all changes of the base, and undoes none."""
    aligned = _align_pieces(_list_pieces(text, must_be_taken=True), later, weigh)
    return aligned.cost < _NEVER and lacks_removed(text, later, weigh)


def lacks_removed(text: EditedText[T], later: Sequence[T], weigh: Weigh[T]) -> bool:
    """Return whether a later text has nothing that the changes took away, unless it brought it.

    A token that stands everywhere, such as a space, does not count.
    """
    kept = Counter(token for token in later if weigh(token) > 1)
    kept -= Counter(text.edited)
    return all(
        token not in kept
        for change in text.changes
        for token in text.base[change.old_from : change.old_to]
    )


def _shift_changes(
    text: EditedText[T], kept: set[int], *, taken: bool
) -> Iterator[tuple[int, Change]]:
    """Return the changes that were taken, or the others, with their places in the taken base."""
    shift = 0
    for number, change in enumerate(text.changes):
        is_taken, gone = number in kept, change.old_to - change.old_from
        size = change.new_to - change.new_from if is_taken else gone
        start = change.old_from + shift
        if is_taken == taken:
            yield number, Change(start, start + size, change.new_from, change.new_to)
        shift += size - gone


def _find_undone(
    text: EditedText[T],
    later: Sequence[T],
    aligned: _Alignment[T],
    own: Sequence[Change],
    weigh: Weigh[T],
) -> frozenset[int]:
    """Return the taken changes beside which the text has words that they took away."""
    undone: set[int] = set()
    for number, place in _shift_changes(text, aligned.taken, taken=True):
        change = text.changes[number]
        gone = Counter(text.base[change.old_from : change.old_to])
        gone -= Counter(text.edited[change.new_from : change.new_to])
        for other in own:
            if other.old_from <= place.old_to and place.old_from <= other.old_to:
                came = later[other.new_from : other.new_to]
                if any(token in gone and weigh(token) > 1 for token in came):
                    undone.add(number)
    return frozenset(undone)


def _list_own_changes(aligned: _Alignment[T], length: int) -> Iterator[Change]:
    """Return what lies between the tokens that are the same."""
    at, there = 0, 0
    for old, new in [*aligned.pairs, (len(aligned.base), length)]:
        if (at, there) != (old, new):
            yield Change(at, old, there, new)
        at, there = old + 1, new + 1


# --- alignment ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece(Generic[T]):
    """Tokens of the base that nobody changed, or a change: what it replaces, what it brings."""

    old: Sequence[T]
    new: Sequence[T] = ()
    number: int = -1
    """Which change; -1 where nothing was changed, or where the change may not be taken."""
    must_be_taken: bool = False


@dataclass(slots=True)
class _Alignment(Generic[T]):
    """Which tokens of a later text are which of the base with the changes that it has."""

    taken: set[int]
    base: list[T]
    pairs: list[tuple[int, int]]
    cost: int = 0

    def keep_tokens(self, tokens: Sequence[T], there: int) -> None:
        """Go on with tokens that are the same in both texts."""
        at = len(self.base)
        self.pairs += ((at + n, there + n) for n in range(len(tokens)))
        self.base += tokens

    def append(self, other: _Alignment[T], there: int) -> None:
        """Go on with another alignment, whose later text begins at a place."""
        at = len(self.base)
        self.taken |= other.taken
        self.pairs += ((old + at, new + there) for old, new in other.pairs)
        self.base += other.base
        self.cost += other.cost


def _list_pieces(
    text: EditedText[T],
    start: int = 0,
    end: int = -1,
    barred: frozenset[int] = frozenset(),
    *,
    must_be_taken: bool = False,
) -> Iterator[_Piece[T]]:
    """Divide the base between two places; insertions at its start belong to what is before."""
    at, end = start, len(text.base) if end < 0 else end
    for number, change in enumerate(text.changes):
        if change.old_to > end or change.old_to < start or (start and change.old_to == start):
            continue
        if at < change.old_from:
            yield _Piece(text.base[at : change.old_from])
        old, new = (
            text.base[change.old_from : change.old_to],
            text.edited[change.new_from : change.new_to],
        )
        yield _Piece(old) if number in barred else _Piece(old, new, number, must_be_taken)
        at = change.old_to
    if at < end:
        yield _Piece(text.base[at:end])


def _align_text(
    text: EditedText[T], later: Sequence[T], weigh: Weigh[T], barred: frozenset[int]
) -> _Alignment[T]:
    """Align a text, part by part where it is too long to compare all with all."""
    whole: _Alignment[T] = _Alignment(set(), [], [])
    start = there = 0
    for end, then in [*_find_cuts(text, later), (len(text.base), len(later))]:
        pieces = list(_list_pieces(text, start, end, barred))
        part = later[there:then]
        first, last = _count_same_ends(pieces, part)
        whole.keep_tokens(part[:first], there)
        if first:
            pieces[0] = _Piece(pieces[0].old[first:])
        if last:
            pieces[-1] = _Piece(pieces[-1].old[: len(pieces[-1].old) - last])
        whole.append(_align_pieces(pieces, part[first : len(part) - last], weigh), there + first)
        whole.keep_tokens(part[len(part) - last :], then - last)
        start, there = end, then
    return whole


def _find_cuts(text: EditedText[T], later: Sequence[T]) -> list[tuple[int, int]]:
    """Find the places of long texts at which they are the same for certain."""
    brought = sum(change.new_to - change.new_from for change in text.changes)
    if (len(text.base) + brought) * len(later) <= MOST_COMPARED:
        return []
    changed = {n for c in text.changes for n in range(c.old_from, c.old_to)}
    pairs = pair_unique_runs(text.base, later, 0, len(text.base), 0, len(later))
    return find_longest_rising([pair for pair in pairs if pair[0] not in changed])


def _count_same_ends(pieces: Sequence[_Piece[T]], later: Sequence[T]) -> tuple[int, int]:
    """Count the tokens before and behind all changes that are the same in both texts."""
    first = last = 0
    if pieces and pieces[0].number < 0:
        opening = pieces[0].old
        while first < min(len(opening), len(later)) and opening[first] == later[first]:
            first += 1
    if pieces and pieces[-1].number < 0:
        closing = pieces[-1].old
        free = min(len(closing) - (first if len(pieces) == 1 else 0), len(later) - first)
        while last < free and closing[-1 - last] == later[-1 - last]:
            last += 1
    return first, last


_Row: TypeAlias = list[int]
"""What it costs at least to explain so many tokens of a later text up to a token of the base."""


@dataclass(frozen=True, slots=True)
class _Step(Generic[T]):
    """A token of the base or of a change, or where both ways of a change meet."""

    costs: _Row
    before: int = 0
    """The step before; where ways meet, the last one without the change."""
    token: tuple[T, ...] = ()
    loss: int = _NEVER
    """What it costs that the token is not there."""
    number: int = -1
    """Where ways meet: the change."""
    taken: int = -1
    """The last step with the change."""


@dataclass(frozen=True, slots=True)
class _Table(Generic[T]):
    """The steps through the base and its changes, each way with what it costs."""

    weigh: Weigh[T]
    codes: Mapping[T, int]
    """The tokens of the later text, by numbers: those are compared quickly."""
    later: Sequence[int]
    weights: Sequence[int]
    steps: list[_Step[T]]

    def add_token(self, token: T, before: int, loss: int) -> int:
        """Add the step of a token, and return it."""
        above = self.steps[before].costs
        code = self.codes.get(token, -1)
        least = above[0] + loss
        costs = [least]
        for other, weight, diagonal, up in zip(
            self.later, self.weights, above, islice(above, 1, None), strict=False
        ):
            least += weight
            if up + loss < least:
                least = up + loss
            if other == code and diagonal < least:
                least = diagonal
            costs.append(least)
        self.steps.append(_Step(costs, before, (token,), loss))
        return len(self.steps) - 1

    def add_piece(self, piece: _Piece[T], before: int) -> int:
        """Add the steps of a piece, and return the last."""
        kept = taken = before
        for token in piece.old:
            kept = self.add_token(token, kept, self.weigh(token))
        if piece.number < 0:
            return kept
        for token in piece.new:
            taken = self.add_token(token, taken, _NEVER)
        if piece.must_be_taken:
            kept = taken
        costs = list(map(min, self.steps[kept].costs, self.steps[taken].costs))
        self.steps.append(_Step(costs, kept, number=piece.number, taken=taken))
        return len(self.steps) - 1

    def trace_back(self, at: int) -> _Alignment[T]:
        """Return the way that costs least; of several that with its own changes furthest back."""
        there = len(self.later)
        found: _Alignment[T] = _Alignment(set(), [], [], self.steps[at].costs[there])
        if found.cost >= _NEVER:
            return found
        pairs: list[tuple[int, int]] = []
        while at or there:
            step = self.steps[at]
            if step.number >= 0:
                kept, taken = self.steps[step.before].costs, self.steps[step.taken].costs
                is_taken = taken[there] < kept[there] or step.before == step.taken
                found.taken |= {step.number} if is_taken else set()
                at = step.taken if is_taken else step.before
            elif there and step.costs[there] == step.costs[there - 1] + self.weights[there - 1]:
                there -= 1
            else:
                found.base += step.token
                at = step.before
                if step.costs[there] != self.steps[at].costs[there] + step.loss:
                    there -= 1
                    pairs.append((len(found.base), there))
        found.base.reverse()
        found.pairs += [(len(found.base) - old, new) for old, new in reversed(pairs)]
        return found


def _align_pieces(
    pieces: Iterable[_Piece[T]], later: Sequence[T], weigh: Weigh[T]
) -> _Alignment[T]:
    """Align pieces with a later text, all with all."""
    codes: dict[T, int] = {}
    numbers = [codes.setdefault(token, len(codes)) for token in later]
    weights = [weigh(token) for token in later]
    table = _Table(weigh, codes, numbers, weights, [_Step([0, *accumulate(weights)])])
    last = 0
    for piece in pieces:
        last = table.add_piece(piece, last)
    return table.trace_back(last)
