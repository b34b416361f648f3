"""What two editions of a brief are compared by: their nodes, without where words were written.

A brief numbers its parts and refers to them by itself. Compared leniently, a node is without such
numbers: they change where something else did, which is told. A reference to a source is the words
of that source. Compared strictly, a node is all that is printed of it.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from pipeline.document.tree import (
    Comment,
    Contents,
    Document,
    Figure,
    Heading,
    Inline,
    Item,
    Node,
    PageBreak,
    PageNumber,
    Paragraph,
    Reference,
    Span,
    Text,
    iterate_parts,
    to_plain_text,
    walk,
)
from pipeline.templating.variables import format_date

_NUMBER: Final = re.compile(r"\d+")
_SIGNS: Final = re.compile(r"[^\w]+")
_LAID_OUT: Final = (Contents, PageBreak)
"""What a brief makes of its other parts."""
UNTOLD: Final = ("id", "running", "target", "start")
"""Fields of nodes that say where they are, and nothing else."""


class NodeReducer:
    """Reduces the nodes of one Document to what they are compared by."""

    def __init__(self, document: Document, edition: str, *, is_strict: bool) -> None:
        self.document = document
        self.is_strict = is_strict
        self.unsaid = [words for words in (edition, format_day(document)) if words]
        """What a template writes that is told by itself: the edition's fingerprint, and its day."""
        self.items = {n.id: n for n in walk(document) if isinstance(n, Item) and n.id}
        self._known: dict[int, Any] = {}

    def reduce(self, node: Node) -> Any:
        """Return a node as it is compared; None for one that only leads to others."""
        if id(node) not in self._known:
            self._known[id(node)] = self._reduce(node)
        return self._known[id(node)]

    def reduce_line(self, nodes: Iterable[Inline]) -> tuple[Any, ...]:
        """Return inline nodes as they are compared, those with words of their own together."""
        found: list[Any] = []
        for node in nodes:
            for part in self._reduce_inline(node):
                if found and isinstance(part, Text) and isinstance(found[-1], Text):
                    found[-1] = Text(found[-1].text + part.text)
                else:
                    found.append(part)
        return tuple(found)

    def list_sources(self, nodes: Iterable[Inline]) -> list[str]:
        """Return what the raised numbers among inline nodes lead to, in words."""
        found = [n for node in nodes for n in (node, *walk(node)) if isinstance(n, Reference)]
        return [self._read_item(node.target) for node in found if node.target in self.items]

    def drop_numbers(self, nodes: Iterable[Any]) -> tuple[Inline, ...]:
        """Return inline nodes without numbers and comments, and without the Spans round words."""
        kept: list[Inline] = []
        for node in nodes:
            if isinstance(node, Comment | PageNumber) or self._is_number(node):
                continue
            kept.append(node)
        return tuple(kept)

    def _is_number(self, node: object) -> bool:
        """Whether a node is a number that the brief itself counts, with what stands round it."""
        return (
            not self.is_strict
            and isinstance(node, Span)
            and (
                node.role in ("number", "cite")
                or any(isinstance(part, PageNumber) for part in walk(node))
            )
        )

    def _reduce(self, node: Any) -> Any:
        if isinstance(node, Text | Comment):
            raise TypeError("words are compared with those beside them")
        if not self.is_strict and (isinstance(node, _LAID_OUT) or self._leads_elsewhere(node)):
            return None
        parts = {name: self._reduce_parts(getattr(node, name)) for name in list_part_names(node)}
        own = {
            field.name: field.default
            for field in dataclasses.fields(node)
            if field.name == "is_changed" or (not self.is_strict and field.name in UNTOLD)
            if field.default is not dataclasses.MISSING
        }
        if isinstance(node, Figure):
            own["image"] = self.document.images[node.image].sha256
        return dataclasses.replace(node, **parts, **own)

    def _reduce_parts(self, nodes: Sequence[Any]) -> tuple[Any, ...]:
        if any(isinstance(node, Inline) for node in nodes):
            return self.reduce_line(nodes)
        return tuple(r for r in map(self.reduce, nodes) if r is not None)

    def _reduce_inline(self, node: Inline) -> Iterable[Any]:
        if isinstance(node, Comment) or (isinstance(node, PageNumber) and not self.is_strict):
            return ()
        if isinstance(node, Text):
            text = node.text if node.source or self.is_strict else self._clean(node.text)
            return (Text(text),) if text else ()
        if isinstance(node, Reference) and not self.is_strict:
            return () if node.target in self.items else self.reduce_line(node.children)
        if isinstance(node, Span) and self._is_number(node):
            return [Reference(words, ()) for words in self.list_sources((node,))]
        return (self.reduce(node),)

    def _clean(self, text: str) -> str:
        """Return a template's own words without what it counts, and without marks alone."""
        for words in self.unsaid:
            text = text.replace(words, "")
        return "" if not _SIGNS.sub("", text) else _NUMBER.sub("0", text)

    def _leads_elsewhere(self, node: object) -> bool:
        """Whether a line only leads to another part of the brief."""
        inside = node
        if isinstance(inside, Item) and len(inside.children) == 1:
            inside = inside.children[0]
        if not isinstance(inside, Paragraph):
            return False
        links = [part for part in inside.children if isinstance(part, Reference | PageNumber)]
        others = (n for part in inside.children if part not in links for n in (part, *walk(part)))
        return bool(links) and not any(isinstance(n, Text) and n.source for n in others)

    def _read_item(self, target: str) -> str:
        """Return the words of the source that a number leads to, in one line."""
        lines = (n for n in walk(self.items[target]) if isinstance(n, Paragraph))
        kept = " ".join(
            to_plain_text(tuple(p for p in line.children if not isinstance(p, PageNumber)))
            for line in lines
        )
        return " ".join(kept.split()).removesuffix(", page")


def list_part_names(node: object) -> list[str]:
    """Return the names of a node's fields that hold other nodes, in reading order."""
    seen = {id(part) for part in iterate_parts(node)}  # type: ignore[arg-type]
    return [
        field.name
        for field in dataclasses.fields(node)  # type: ignore[arg-type]
        if isinstance(value := getattr(node, field.name), tuple)
        and any(id(p) in seen for p in value)
    ]


def find_source(node: Node) -> str:
    """Return the address of a node's words; nothing for a template's own."""
    inside = (node, *walk(node))
    return next((str(n.source) for n in inside if isinstance(n, Text) and n.source), "")


def number_lines(document: Document) -> dict[int, int]:
    """Return which line of its value each line is, and which picture a picture, by ``id``.

    A line is the tuple of its nodes. Printed again, it has the same number.
    """
    numbers: dict[int, int] = {}
    pictures, last, number = 0, "", 0
    for node, line in _iterate_lines(document.children):
        if isinstance(node, Figure):
            numbers[id(node)] = pictures
            pictures += 1
        if not line:
            continue
        texts = (n for part in line for n in (part, *walk(part)) if isinstance(n, Text))
        sources = {str(text.source) for text in texts if text.source}
        own = sources.pop() if len(sources) == 1 and not isinstance(node, Heading) else ""
        number = number + 1 if own and own == last else 0
        numbers[id(line)] = number
        last = own
    return numbers


def find_number(node: Node, numbers: Mapping[int, int]) -> int:
    """Return the number of a picture, or of the first line in a node."""
    keys = (id(key) for pair in _iterate_lines((node,)) for key in pair)
    return next((numbers[key] for key in keys if key in numbers), 0)


def _iterate_lines(nodes: Iterable[Any]) -> Iterator[tuple[Any, tuple[Inline, ...]]]:
    """Yield the lines in nodes, each with its node; a picture also without one."""
    for node in nodes:
        if isinstance(node, Figure):
            yield node, ()
        for name in list_part_names(node):
            parts = getattr(node, name)
            if any(isinstance(part, Inline) for part in parts):
                yield node, parts
            else:
                yield from _iterate_lines(parts)


def group_by_source(nodes: Iterable[Inline]) -> list[tuple[str, tuple[Inline, ...]]]:
    """Return the values that a line is made of, each with its address."""
    return [(source, tuple(own)) for source, own in groupby(nodes, key=find_source)]


def format_day(document: Document) -> str:
    """Return the edition's day as the brief prints it."""
    if not document.meta.date:
        return ""
    return format_date(datetime.date.fromisoformat(document.meta.date), document.meta.language)
