"""Which paragraph was typed over whole: its words and its anchor are gone, its place is not.

Between two paragraphs that are known, one of the brief is gone and one of the editor's has come.
In a table they stand in the same cell, else in the same style.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.review.edited_docx.revisions import Line
from pipeline.review.match.sent_brief import SentParagraph
from pipeline.review.words.diff3 import find_changes, find_longest_rising, pair_unchanged


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is not known between two paragraphs that are."""

    blocks: Sequence[int]
    lines: Sequence[int]
    cells: int
    """What a cell's number in the brief differs by from the same one's in the file."""


def claim_by_place(
    blocks: Sequence[SentParagraph],
    lines: Sequence[Line],
    claims: Mapping[int, set[int]],
    copies: Mapping[int, int],
) -> dict[int, int]:
    """Return of each line that was typed over a block that block."""
    pairs: dict[int, int] = {}
    for gap in _iterate_gaps(blocks, lines, claims, copies):
        olds = [(blocks[n].cell + gap.cells if blocks[n].cell else 0, n) for n in gap.blocks]
        news = [(lines[n].cell, n) for n in gap.lines]
        for cell in dict.fromkeys(cell for cell, _ in olds):
            own = [n for where, n in olds if where == cell]
            come = [n for where, n in news if where == cell]
            pairs |= _pair_paragraphs(blocks, lines, own, come)
    return pairs


def _pair_paragraphs(
    blocks: Sequence[SentParagraph],
    lines: Sequence[Line],
    gone: Sequence[int],
    come: Sequence[int],
) -> Mapping[int, int]:
    """Pair paragraphs of one place: those of one style in order, or the only two there are."""
    if len(gone) == len(come) == 1 and any(o.kind != "none" for o in blocks[gone[0]].owners):
        return {come[0]: gone[0]}
    found = find_changes([blocks[n].style for n in gone], [lines[n].style for n in come])
    return {come[new]: gone[old] for old, new in pair_unchanged(found, len(gone))}


def _iterate_gaps(
    blocks: Sequence[SentParagraph],
    lines: Sequence[Line],
    claims: Mapping[int, set[int]],
    copies: Mapping[int, int],
) -> Iterator[_Gap]:
    """Yield what is not known on both sides between two neighbours that stand in order."""
    taken = frozenset[int]().union(*claims.values())
    free = [n for n in range(len(blocks)) if n not in taken]
    waiting = [n for n in range(len(lines)) if n not in claims and n not in copies]
    known = find_longest_rising([(max(claims[line]), line) for line in sorted(claims)])
    ends = [(-1, -1), *known, (len(blocks), len(lines))]
    shift = _find_shifts(blocks, lines, known)
    for (above, first), (below, last) in pairwise(ends):
        gone = free[bisect_left(free, above) : bisect_left(free, below)]
        come = waiting[bisect_left(waiting, first) : bisect_left(waiting, last)]
        if gone and come:
            yield _Gap(gone, come, shift.get(above, shift.get(below, 0)))


def _find_shifts(
    blocks: Sequence[SentParagraph], lines: Sequence[Line], known: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Return of each known block what the numbers of cells differ by, in it or above it."""
    shifts: dict[int, int] = {}
    last: int | None = None
    for block, line in known:
        if blocks[block].cell and lines[line].cell:
            last = lines[line].cell - blocks[block].cell
        if last is not None:
            shifts[block] = last
    return shifts
