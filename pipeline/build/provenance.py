"""What the content said when a brief was made of it: the values that the brief shows."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from pipeline.content.model import Content
from pipeline.diagnostics import Location
from pipeline.document import markdown_writer
from pipeline.document.tree import Address, Block, Cell, Document, Inline, Node, Table, Text, walk
from pipeline.records import SourcedText
from pipeline.render.contract import SourceValue


def list_shown_values(content: Content, document: Document) -> Mapping[Address, SourceValue]:
    """Return the values of the content that a brief shows, by address.

    Words quoted from an answer have the answer's address, which is no value's: they are a copy.
    """
    wanted = {node.source for node in walk(document) if isinstance(node, Text)}
    return {
        address: source
        for address, source in list_content_values(content).items()
        if address in wanted
    }


def list_content_values(content: Content) -> Mapping[Address, SourceValue]:
    """Return all values of the content, by address."""
    found: dict[Address, SourceValue] = {}
    for part in (content.article, content.summary, content.house):
        for address, text, is_markdown in _iterate_values(part):
            if at := content.places.get(address):
                found[address] = _make_source(at, text, is_markdown)
    return found


def _make_source(at: Location, text: str, is_markdown: bool) -> SourceValue:
    return SourceValue(file=at.file, line=at.line, text=text, is_markdown=is_markdown)


def _iterate_values(value: object) -> Iterator[tuple[Address, str, bool]]:
    """Yield every value below one with its address, its words, and whether they are Markdown."""
    match value:
        case SourcedText():
            yield value.address, str(value), False
        case tuple():
            yield from _iterate_tuple(value)
        case Mapping():
            for item in value.values():
                yield from _iterate_values(item)
        case None | str() | bool() | int() | float() | datetime.date():  # no words of the content
            return
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from _iterate_values(getattr(value, field.name))
        case _:
            raise TypeError(f"the content holds a {type(value).__name__}: has it words?")


def _iterate_tuple(values: tuple[Any, ...]) -> Iterator[tuple[Address, str, bool]]:
    """Yield Markdown where the values are nodes: a block each, or one line of words."""
    first = values[0] if values else None
    if isinstance(first, Block):
        for address, nodes in groupby(_divide_tables(values), key=_find_address):
            parts = tuple(nodes)
            if address and isinstance(parts[0], Cell):
                yield address, markdown_writer.write_inlines(parts[0].children), True
            elif address:
                yield address, markdown_writer.write_blocks(parts), True
    elif isinstance(first, Inline):
        if address := next(filter(None, map(_find_address, values)), None):
            yield address, markdown_writer.write_inlines(values), True
    else:
        for item in values:
            yield from _iterate_values(item)


def _divide_tables(blocks: Iterable[Block]) -> Iterator[Any]:
    """Yield blocks, and of a table its cells: each of them is a value."""
    for block in blocks:
        if isinstance(block, Table):
            for row in (*block.head, *block.children):
                yield from row.children
        else:
            yield block


def _find_address(node: Node) -> Address | None:
    """Return the address of a node's words; all words of a value have the same one."""
    inside: Iterable[Node] = (node, *walk(node))
    return next((part.source for part in inside if isinstance(part, Text)), None)
