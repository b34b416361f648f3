"""What a Document is found by: ids of headings, and the contents made of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import count

from pipeline.document.tree import (
    Block,
    Box,
    Comment,
    Contents,
    Entry,
    Footnote,
    Heading,
    Inline,
    LineBreak,
    Link,
    PageNumber,
    Reference,
    Section,
    Text,
    walk,
)


def add_heading_ids(blocks: Iterable[Block], taken: Container[str]) -> tuple[Block, ...]:
    """Give every heading an id, so that contents and bookmarks can lead to it."""
    free = (name for name in (f"h{number}" for number in count(1)) if name not in taken)

    def named(block: Block) -> Block:
        match block:
            case Heading(id=""):
                return replace(block, id=next(free))
            case Section(children) | Box(children):
                return replace(block, children=tuple(map(named, children)))
            case _:
                return block

    return tuple(map(named, blocks))


def fill_contents(blocks: Sequence[Block], depths: Iterable[int]) -> tuple[Block, ...]:
    """Fill each Contents, to its depth in levels, with the headings that come after it."""
    headings = [n for b in blocks for n in (b, *walk(b)) if isinstance(n, Heading)]
    ahead = iter(depths)
    passed = 0

    def filled(block: Block) -> Block:
        nonlocal passed
        match block:
            case Heading():
                passed += 1
                return block
            case Contents():
                deepest = next(ahead) + 1
                following = (h for h in headings[passed:] if 2 <= h.level <= deepest)
                return Contents(tuple(map(_make_entry, following)))
            case Section(children) | Box(children):
                return replace(block, children=tuple(map(filled, children)))
            case _:
                return block

    return tuple(map(filled, blocks))


def _make_entry(heading: Heading) -> Entry:
    return Entry(heading.level - 1, heading.id, remove_links(heading.children, notes=False))


def remove_links(nodes: Iterable[Inline], *, notes: bool = True) -> tuple[Inline, ...]:
    """Take links off their words: a link cannot stand in another.

    Without ``notes``, footnotes, comments and page numbers go as well: each stands at one place.
    """
    made: list[Inline] = []
    for node in nodes:
        match node:
            case Footnote() | PageNumber() | Comment() if not notes:
                pass
            case Text() | LineBreak() | PageNumber() | Comment() | Footnote():
                made.append(node)
            case Link(_, children) | Reference(_, children):
                made.extend(remove_links(children, notes=notes))
            case _:
                made.append(replace(node, children=remove_links(node.children, notes=notes)))
    return tuple(made)
