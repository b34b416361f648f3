"""Which node of a newer edition was which of the older one, among those of one parent."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.document.tree import Item, Paragraph, Row, Section, name_kind, to_full_text
from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.redline.change_places import drop_places
from pipeline.review.redline.printed_nodes import find_source
from pipeline.review.words.diff3 import find_changes, pair_unchanged

_NEAR: Final = 60
"""How many nodes that stayed without another are compared by their words."""


@dataclass(frozen=True, slots=True)
class ComparedNode:
    """A node of a Document, and the same as it is compared."""

    own: Any
    reduced: Any


def pair_nodes(olds: Sequence[ComparedNode], news: Sequence[ComparedNode]) -> Mapping[int, int]:
    """Return for nodes of the newer edition, by their places, those that they were."""
    pairs: dict[int, int] = {}
    was, now = [old.reduced for old in olds], [new.reduced for new in news]
    pairs |= {new: old for old, new in pair_unchanged(find_changes(was, now), len(was))}
    for key in (_find_content, _find_id, _find_words, _find_value, _find_role):
        _pair_by_key(olds, news, pairs, key)
    _pair_alike(olds, news, pairs)
    _pair_by_key(olds, news, pairs, _find_kind)
    if not pairs and len(olds) == len(news) == 1 and type(olds[0].own) is type(news[0].own):
        pairs[0] = 0  # all that its parent has, and had
    return pairs


def find_moved(pairs: Mapping[int, int]) -> set[int]:
    """Return which of the newer ones moved: the fewest that all others keep their order without."""
    places = sorted(pairs)
    ends: list[int] = []  # the last of the best rows of each length, by their older place
    last: list[int] = []
    before: dict[int, int] = {}
    for new in places:
        at = bisect_left(ends, pairs[new])
        before[new] = last[at - 1] if at else -1
        ends[at : at + 1] = [pairs[new]]
        last[at : at + 1] = [new]
    kept: set[int] = set()
    at = last[-1] if last else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return set(places) - kept


def _pair_by_key(
    olds: Sequence[ComparedNode],
    news: Sequence[ComparedNode],
    pairs: dict[int, int],
    key: Callable[[ComparedNode], Hashable],
) -> None:
    """Pair those that are left and alone on both sides have the same key."""
    taken = set(pairs.values())
    was = {n: key(old) for n, old in enumerate(olds) if n not in taken}
    now = {n: key(new) for n, new in enumerate(news) if n not in pairs}
    counts = Counter(was.values()), Counter(now.values())
    places = {value: n for n, value in was.items()}
    for new, value in now.items():
        if value is not None and counts[0][value] == counts[1][value] == 1:
            pairs[new] = places[value]


def _find_content(node: ComparedNode) -> Hashable:
    """Return all that is compared of a node."""
    return (node.reduced,)


def _find_id(node: ComparedNode) -> str | None:
    """Return the id of a part; that of an item is its number."""
    return node.own.id or None if isinstance(node.own, Section) else None


def _find_words(node: ComparedNode) -> Hashable:
    """Return what a node says: it may be set in another way."""
    words = " ".join(to_full_text((node.reduced,)).split())
    return (name_kind(node.own), words) if words else None


def _find_value(node: ComparedNode) -> Hashable:
    """Return what value a node begins with, if its address counts nothing: a name."""
    source = find_source(node.own)
    return (name_kind(node.own), source) if source and drop_places(source) == source else None


def _find_role(node: ComparedNode) -> Hashable:
    """Return what part a node plays, if that is not known by an id."""
    role = getattr(node.own, "role", "")
    return (name_kind(node.own), role) if role and not _find_id(node) else None


def _find_kind(node: ComparedNode) -> Hashable:
    """Return what a node is; a paragraph, an item or a row that says something else is another."""
    if isinstance(node.own, Paragraph | Item | Row) or _find_id(node):
        return None
    return (name_kind(node.own), getattr(node.own, "role", ""), getattr(node.own, "level", 0))


def _pair_alike(
    olds: Sequence[ComparedNode], news: Sequence[ComparedNode], pairs: dict[int, int]
) -> None:
    """Pair those that are left by the words that they have in common."""
    taken = set(pairs.values())
    left = {n: to_full_text((old.reduced,)).split() for n, old in enumerate(olds) if n not in taken}
    for new in range(len(news)):
        if new in pairs:
            continue
        words = to_full_text((news[new].reduced,)).split()
        near = [n for n in left if _is_same_kind(olds[n].own, news[new].own)][:_NEAR]
        alike = {n: measure_likeness(left[n], words) for n in near}
        best = max(near, key=lambda n: alike[n], default=-1)
        if best >= 0 and alike[best] >= LIKE:
            pairs[new] = best
            del left[best]


def _is_same_kind(old: Any, new: Any) -> bool:
    return type(old) is type(new) and getattr(old, "role", "") == getattr(new, "role", "")
