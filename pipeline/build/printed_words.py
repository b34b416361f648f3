"""What a brief prints: its words by the addresses that they have, and its figures.

White space is left out of both sides of every comparison, for it is folded on the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.document.tree import Address, Document, Figure, Footnote, Node, Text, iterate_parts

Picture = tuple[str, str]
"""A figure's image and its alternative text."""


def squeeze(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class NodeWords:
    """What some nodes say, without white space."""

    text: str
    """Without the notes."""
    notes: Sequence[str]
    pictures: frozenset[Picture]


def read_node_words(nodes: Iterable[Node]) -> NodeWords:
    """Return what nodes say, their notes apart."""
    found = [*_walk(nodes)]
    notes = dict.fromkeys(note for _, note in found if note)
    return NodeWords(
        squeeze("".join(node.text for node, note in found if isinstance(node, Text) and not note)),
        [
            squeeze(
                "".join(n.text for n, around in found if isinstance(n, Text) and around == note)
            )
            for note in notes
        ],
        frozenset((node.image, node.alt) for node, _ in found if isinstance(node, Figure)),
    )


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """The words of a brief that have an address, without white space, and its figures."""

    all: Mapping[Address, str]
    without_notes: Mapping[Address, str]
    pieces: frozenset[str]
    """Words that were printed in one go."""
    pictures: frozenset[Picture]

    def holds(self, words: NodeWords, address: Address) -> bool:
        """Return whether the words and figures of a block are printed, its notes aside."""
        is_there = words.text in self.without_notes.get(address, "")
        return is_there and words.pictures <= self.pictures

    def find_lost_note(self, words: NodeWords, address: Address) -> str | None:
        """Return the first note of a block that is not printed, be it as a note or otherwise."""
        printed = self.all.get(address, "")
        return next((note for note in words.notes if note not in printed), None)


def collect_printed_words(document: Document) -> PrintedWords:
    """Return what a brief prints; words of the template's own, and computed ones, are left out."""
    everywhere: dict[Address, list[str]] = defaultdict(list)
    outside: dict[Address, list[str]] = defaultdict(list)
    pictures: set[Picture] = set()
    for node, note in _walk(document.children):
        if isinstance(node, Figure):
            pictures.add((node.image, node.alt))
        elif isinstance(node, Text) and node.source:
            everywhere[node.source].append(squeeze(node.text))
            if not note:
                outside[node.source].append(squeeze(node.text))
    return PrintedWords(
        {address: "".join(texts) for address, texts in everywhere.items()},
        {address: "".join(texts) for address, texts in outside.items()},
        frozenset(text for texts in everywhere.values() for text in texts),
        frozenset(pictures),
    )


def _walk(nodes: Iterable[Node], note: int = 0) -> Iterator[tuple[Node, int]]:
    """Yield nodes and all below them, with what tells the notes apart that they stand in."""
    for node in nodes:
        yield node, note
        yield from _walk(iterate_parts(node), id(node) if isinstance(node, Footnote) else note)
