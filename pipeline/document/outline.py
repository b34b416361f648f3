"""What a Document is found by: ids of headings, and the contents made of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, assert_never

from pipeline.document.tree import (
    Block,
    Comment,
    Contents,
    Emphasis,
    Entry,
    Footnote,
    Heading,
    Inline,
    LineBreak,
    Link,
    PageNumber,
    Reference,
    Span,
    Strong,
    Text,
    map_children,
    walk,
)


def add_heading_ids(blocks: Iterable[Block], taken: Container[str]) -> tuple[Block, ...]:
    """Give every heading an id, so that contents and bookmarks can lead to it."""
    free = (name for name in (f"h{number}" for number in count(1)) if name not in taken)

    def add_id(node: Any) -> Any:
        if isinstance(node, Heading):
            return node if node.id else replace(node, id=next(free))
        return map_children(node, add_id)

    return tuple(map(add_id, blocks))


def fill_contents(blocks: Sequence[Block], depths: Iterable[int]) -> tuple[Block, ...]:
    """Fill each Contents, to its depth in levels, with the headings that come after it."""
    headings = [n for b in blocks for n in (b, *walk(b)) if isinstance(n, Heading)]
    ahead = iter(depths)
    passed = 0

    def fill_node(node: Any) -> Any:
        nonlocal passed
        if isinstance(node, Heading):
            passed += 1
            return node
        if isinstance(node, Contents):
            deepest = next(ahead) + 1
            following = (h for h in headings[passed:] if 2 <= h.level <= deepest)
            return Contents(tuple(map(_make_entry, following)))
        return map_children(node, fill_node)

    return tuple(map(fill_node, blocks))


def _make_entry(heading: Heading) -> Entry:
    return Entry(heading.level - 1, heading.id, remove_links(heading.children, notes=False))


def remove_links(nodes: Iterable[Inline], *, notes: bool = True) -> tuple[Inline, ...]:
    """Take links off their words: a link cannot stand in another.

    Without ``notes``, footnotes, comments and page numbers go as well: each stands at one place.
    """
    unlinked: list[Inline] = []
    for node in nodes:
        match node:
            case Footnote() | PageNumber() | Comment() if not notes:
                pass
            case Text() | LineBreak() | PageNumber() | Comment() | Footnote():
                unlinked.append(node)
            case Link(_, children) | Reference(_, children):
                unlinked.extend(remove_links(children, notes=notes))
            case Emphasis() | Strong() | Span():
                unlinked.append(replace(node, children=remove_links(node.children, notes=notes)))
            case _:
                assert_never(node)
    return tuple(unlinked)
