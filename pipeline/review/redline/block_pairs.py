"""Which paragraph, table or row of a newer DOCX was which of the older one, and what moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.redline.contents_marks import find_last_entries
from pipeline.review.redline.runs import list_words
from pipeline.review.words.diff3 import find_changes
from pipeline.word.ooxml import W, XmlElement

_NEAR: Final = 50
"""How many paragraphs ahead the one that a paragraph became is looked for."""
_FEWEST: Final = 4
"""How many words make a move: fewer may stand in two places by chance."""


@dataclass(frozen=True, slots=True)
class Move:
    """Paragraphs in a row that stand elsewhere in the newer file, word by word."""

    old: int
    new: int
    length: int


def list_blocks(container: XmlElement) -> list[XmlElement]:
    """Return the paragraphs and tables of a body or a cell."""
    return [block for block in container if block.tag in (f"{W}tbl", f"{W}p")]


def pair_blocks(olds: Sequence[XmlElement], news: Sequence[XmlElement]) -> list[tuple[int, int]]:
    """Pair what stayed, or became another: the same words first, between them like ones."""
    was, now = (
        [(b.tag, *_describe_shape(b), *list_words(b)) for b in blocks] for blocks in (olds, news)
    )
    pairs: list[tuple[int, int]] = []
    i = k = 0
    for change in find_changes(was, now):
        pairs += zip(range(i, change.old_from), range(k, change.new_from), strict=True)
        first = change.old_from
        for index in range(change.new_from, change.new_to):
            like = {
                n: measure_likeness(was[n][1:], now[index][1:])
                for n in range(first, min(change.old_to, first + _NEAR))
                if (was[n][0], _describe_shape(olds[n]))
                == (now[index][0], _describe_shape(news[index]))
            }
            best = max(like, key=lambda n: like[n], default=None)
            if best is not None and like[best] >= LIKE:
                pairs.append((best, index))
                first = best + 1
        i, k = change.old_to, change.new_to
    pairs += zip(range(i, len(olds)), range(k, len(news)), strict=True)
    return _pair_last_entries(olds, news, pairs)


def _pair_last_entries(
    olds: Sequence[XmlElement], news: Sequence[XmlElement], pairs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Let the last entry of contents become the last one: the field's end stays in it."""
    for old, new in zip(find_last_entries(olds), find_last_entries(news), strict=False):
        kept = [pair for pair in pairs if pair[0] != old and pair[1] != new]
        if all((was < old) == (now < new) for was, now in kept):
            pairs = sorted([*kept, (old, new)])
    return pairs


def _describe_shape(block: XmlElement) -> tuple[str, ...]:
    """Return how many cells a row has: only one with as many can be the same."""
    return (str(len(block.findall(f"{W}tc"))),) if block.tag == f"{W}tr" else ()


def iterate_paragraph_pairs(
    olds: Sequence[XmlElement], news: Sequence[XmlElement]
) -> Iterator[tuple[XmlElement, XmlElement]]:
    """Return the paragraphs that stayed, those in tables as well."""
    for before, after in pair_blocks(olds, news):
        old, new = olds[before], news[after]
        if old.tag == f"{W}p":
            yield old, new
        elif old.tag == f"{W}tbl":
            yield from iterate_paragraph_pairs(old.findall(f"{W}tr"), new.findall(f"{W}tr"))
        else:
            for was, now in zip(old.findall(f"{W}tc"), new.findall(f"{W}tc"), strict=True):
                yield from iterate_paragraph_pairs(list_blocks(was), list_blocks(now))


def find_moves(
    olds: Sequence[XmlElement],
    news: Sequence[XmlElement],
    pairs: Sequence[tuple[int, int]],
    key: Callable[[XmlElement, bool], Any],
) -> list[Move]:
    """Return the paragraphs without another that stand on both sides, those in a row together.

    ``key`` tells what a paragraph is compared by, and is called with whether it is an older one.
    """
    stayed, kept = {old for old, _ in pairs}, {new for _, new in pairs}
    free: dict[int, Any] = {
        n: key(block, True)
        for n, block in enumerate(olds)
        if n not in stayed and block.tag == f"{W}p" and list_words(block)
    }
    moves: list[Move] = []
    for new, block in enumerate(news):
        if new in kept or block.tag != f"{W}p" or not list_words(block) or not free:
            continue
        own = key(block, False)
        last = moves[-1] if moves else None
        if last and last.new + last.length == new and free.get(last.old + last.length) == own:
            del free[last.old + last.length]
            moves[-1] = Move(last.old, last.new, last.length + 1)
        elif (old := next((n for n, other in free.items() if other == own), None)) is not None:
            del free[old]
            moves.append(Move(old, new, 1))
    return [
        move
        for move in moves
        if sum(len(list_words(news[move.new + n])) for n in range(move.length)) >= _FEWEST
    ]
