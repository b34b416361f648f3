"""The summary's lists, written anew: items that come, go, move, are divided and joined.

An item's evidence goes where its words go. What is new has none: a person adds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.review.match.paragraph_match import measure_likeness
from pipeline.review.match.sent_brief import ITEM_FIELDS
from pipeline.review.pull import yaml_items, yaml_scalar
from pipeline.review.pull.criticmarkup import is_taken_out
from pipeline.review.pull.paragraph_lines import TargetParagraph
from pipeline.review.words.tokens import Word, format_tokens

_EVIDENCE: Final = "evidence"
_MOVED: Final = 0.75
"""The share of words that a statement has in common with the one that it was before it moved.

It is more than what a paragraph is known by: evidence that bears out another would be false.
"""


@dataclass(frozen=True, slots=True)
class TargetItem:
    """An item that is to be."""

    origin: int | None
    """Which one it was, by its place from 0; None if it is new."""
    words: tuple[tuple[Word, ...], ...]
    """The words of each of its fields."""
    joined: tuple[int, ...] = ()
    """The items that went into it."""


@dataclass(frozen=True, slots=True)
class WrittenItems:
    """A file with a list as it is to be."""

    text: str
    origins: tuple[int | None, ...]
    """Of each item which one it was."""
    notes: tuple[str, ...]
    """What became of evidence."""


Lines = Callable[[Sequence[Word]], tuple[str, ...]]
"""Writes words in lines."""


def pair_fields(
    key: str, paragraphs: Iterable[tuple[int | None, tuple[Word, ...]]]
) -> list[TargetItem] | None:
    """Make items of paragraphs, each with the one that it was; None where one is incomplete."""
    count = len(ITEM_FIELDS[key])
    waiting = list(paragraphs)
    if len(waiting) % count:
        return None
    items: list[TargetItem] = []
    for at in range(0, len(waiting), count):
        own = waiting[at : at + count]
        if any(leaf is not None and leaf % count != n for n, (leaf, _) in enumerate(own)):
            return None
        origins = [leaf // count for leaf, _ in own if leaf is not None]
        items.append(TargetItem(origins[-1] if origins else None, tuple(words for _, words in own)))
    return items


def describe_item(address: str) -> str:
    """Say what an item of a list is, for one who made something else of it."""
    fields = ITEM_FIELDS[address.partition("#")[2]]
    each = " and its ".join(fields)
    count = "a paragraph" if len(fields) == 1 else "a paragraph each"
    return (
        f"an item of {address} is its {each}, {count}, without footnotes and breaks in the line: "
        "take out all of an item or nothing, and write all of a new one"
    )


def describe_marked(key: str, fields: Sequence[TargetParagraph]) -> Iterator[str]:
    """Say of items whose words are marked that they come or go as a whole."""
    size = len(ITEM_FIELDS[key])
    for number, at in enumerate(range(0, len(fields), size), start=1):
        own = fields[at : at + size]
        if all(is_taken_out(field.words) for field in own):
            yield f"{key}.{number} is marked to go: to accept that, take out the whole item"
        elif all(field.leaf is None for field in own):
            way = "to reject it, take out the whole item"
            if key != "glossary":
                way += "; to accept it, give it evidence: the next build stops until it has some"
            yield f"{key}.{number} is marked as new: {way}"


def find_origins(
    items: Sequence[TargetItem], before: Sequence[tuple[Word, ...]]
) -> list[TargetItem]:
    """Find of new items those that were moved, and of items that went those that were joined.

    ``before`` are the words of the items as they are.
    """
    found: list[TargetItem] = []
    items = list(_part_origins(items, before))
    gone = set(range(len(before))) - {item.origin for item in items}
    for item in items:
        if item.origin is None:
            likeness = {n: _compare_words(join_words(item), before[n]) for n in sorted(gone)}
            best = max(likeness, key=likeness.__getitem__, default=None)
            if best is not None and likeness[best] >= _MOVED:
                item = replace(item, origin=best)
                gone.discard(best)
        found.append(item)
    for number in sorted(gone):
        for index, item in enumerate(found):
            if _holds_words(item, before, number):
                found[index] = replace(item, joined=(*item.joined, number))
                break
    return found


def _part_origins(
    items: Sequence[TargetItem], before: Sequence[tuple[Word, ...]]
) -> Iterator[TargetItem]:
    """Leave an item to the likest of those that claim to be it; the others are new.

    What an editor has where the content has nothing any more claims to be what follows it there.
    """
    for index, item in enumerate(items):
        rivals = [n for n, other in enumerate(items) if other.origin == item.origin]
        if item.origin is None or len(rivals) < 2:
            yield item
            continue
        likeness = {n: _compare_words(join_words(items[n]), before[item.origin]) for n in rivals}
        is_it = index == max(rivals, key=likeness.__getitem__)
        yield item if is_it else replace(item, origin=None)


def write_items(
    text: str, key: str, items: Sequence[TargetItem], make_lines: Lines
) -> WrittenItems | None:
    """Write a list of the summary anew; None where the file cannot hold it."""
    writer = _ItemWriter(key, make_lines)
    count = _count_items(text, key)
    new: str | None = text
    for item in items:
        if new is not None and item.origin is not None:
            new = writer.rewrite_words(new, item.origin, item.words)
            new = new and writer.join_evidence(new, item)
    if new is None:
        return None
    keys = ITEM_FIELDS[key]
    order = [keys if item.origin is None else item.origin for item in items]
    new = yaml_items.arrange_items(new, key, order)
    for index, item in enumerate(items):
        if new is not None and item.origin is None:
            new = writer.write_words(new, index, item.words, _find_styles(text, key, items, index))
    if new is None:
        return None
    origins = tuple(item.origin for item in items)
    return WrittenItems(new, origins, tuple(_describe(text, key, items, count)))


@dataclass(frozen=True, slots=True)
class _ItemWriter:
    """Writes the words and the evidence of the items of one list."""

    key: str
    make_lines: Lines

    def rewrite_words(self, text: str, item: int, words: Sequence[tuple[Word, ...]]) -> str | None:
        """Write the words of an item anew, where they change."""
        return self.write_words(text, item, words, {})

    def write_words(
        self,
        text: str,
        item: int,
        words: Sequence[tuple[Word, ...]],
        styles: Mapping[str, str],
    ) -> str | None:
        """Write the words of an item, in the styles of other items where it is new."""
        new: str | None = text
        for name, own in zip(ITEM_FIELDS[self.key], words, strict=True):
            path = f"{self.key}.{item + 1}.{name}"
            lines = self.make_lines(own)
            found = new and yaml_scalar.find_scalar(new, path)
            if new is not None and found and " ".join(found.lines) != " ".join(lines):
                new = yaml_scalar.rewrite_scalar(new, path, lines, style=styles.get(name, ""))
        return new

    def join_evidence(self, text: str, item: TargetItem) -> str | None:
        """Add to an item's evidence that of the items that went into it."""
        path = f"{self.key}.{(item.origin or 0) + 1}.{_EVIDENCE}"
        known = list(yaml_items.iterate_evidence(text, path))
        added = [
            piece
            for number in item.joined
            for piece in yaml_items.iterate_evidence(text, f"{self.key}.{number + 1}.{_EVIDENCE}")
            if piece not in known
        ]
        if not added:
            return text
        return yaml_items.add_flow_items(text, path, list(dict.fromkeys(added)))


def _find_styles(text: str, key: str, items: Sequence[TargetItem], index: int) -> Mapping[str, str]:
    """Return how the words of the nearest item that was there before are written."""
    known = sorted(
        (abs(n - index), item.origin) for n, item in enumerate(items) if item.origin is not None
    )
    origin = known[0][1] if known else 0
    found = {
        name: yaml_scalar.find_scalar(text, f"{key}.{origin + 1}.{name}")
        for name in ITEM_FIELDS[key]
    }
    return {name: scalar.style for name, scalar in found.items() if scalar}


def _describe(text: str, key: str, items: Sequence[TargetItem], count: int) -> Iterable[str]:
    """Say what became of the evidence of items that are there no longer."""
    kept = {item.origin for item in items}
    joined = {number: item for item in items for number in item.joined}
    for number in range(count):
        pieces = len(list(yaml_items.iterate_evidence(text, f"{key}.{number + 1}.{_EVIDENCE}")))
        if number in kept or not pieces:
            continue
        what = f"{pieces} {'pieces' if pieces > 1 else 'piece'} of evidence"
        if number in joined:
            words = _shorten(join_words(joined[number]))
            yield f"{key}.{number + 1} went into another: its {what} stands with “{words}” now"
        else:
            yield f"{key}.{number + 1} was taken out, and its {what} with it"


def _count_items(text: str, key: str) -> int:
    number = 0
    field = ITEM_FIELDS[key][0]
    while yaml_scalar.find_scalar(text, f"{key}.{number + 1}.{field}"):
        number += 1
    return number


def join_words(item: TargetItem) -> tuple[Word, ...]:
    """Return all words of an item."""
    return tuple(word for own in item.words for word in own)


def _shorten(words: Sequence[Word]) -> str:
    shown = format_tokens(words)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


def _list_texts(words: Iterable[Word]) -> list[str]:
    return [word.text for word in words if any(map(str.isalnum, word.text))]


def _compare_words(words: Iterable[Word], others: Iterable[Word]) -> float:
    return measure_likeness(_list_texts(words), _list_texts(others))


def _holds_words(item: TargetItem, before: Sequence[tuple[Word, ...]], number: int) -> bool:
    """Return whether most words of an item that went stand in another, beside its own."""
    wanted = Counter(_list_texts(before[number]))
    own = Counter(_list_texts(before[item.origin]) if item.origin is not None else ())
    for other in item.joined:
        own += Counter(_list_texts(before[other]))
    more = Counter(_list_texts(join_words(item))) - own
    return 2 * (more & wanted).total() > wanted.total()
