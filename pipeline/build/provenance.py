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
        for address, value in iterate_values(part):
            if at := content.places.get(address):
                found[address] = _make_source(at, value)
    return found


def _make_source(at: Location, value: str | tuple[Node, ...]) -> SourceValue:
    if isinstance(value, str):
        return SourceValue(file=at.file, line=at.line, text=str(value), is_markdown=False)
    is_line = isinstance(value[0], Inline)
    write: Any = markdown_writer.write_inlines if is_line else markdown_writer.write_blocks
    return SourceValue(file=at.file, line=at.line, text=write(value), is_markdown=True)


def iterate_values(value: object) -> Iterator[tuple[Address, str | tuple[Node, ...]]]:
    """Yield every value below one with its address: plain words, or the nodes that hold them."""
    match value:
        case SourcedText():
            yield value.address, value
        case tuple():
            yield from _iterate_tuple(value)
        case Mapping():
            for item in value.values():
                yield from iterate_values(item)
        case None | str() | bool() | int() | float() | datetime.date():  # no words of the content
            return
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from iterate_values(getattr(value, field.name))
        case _:
            raise TypeError(f"the content holds a {type(value).__name__}: has it words?")


def _iterate_tuple(values: tuple[Any, ...]) -> Iterator[tuple[Address, str | tuple[Node, ...]]]:
    """Yield nodes together that are one value: the blocks of one address, or a line of words."""
    first = values[0] if values else None
    if isinstance(first, Block):
        for address, nodes in groupby(_divide_tables(values), key=_find_address):
            parts = tuple(nodes)
            if address:
                yield address, parts[0].children if isinstance(parts[0], Cell) else parts
    elif isinstance(first, Inline):
        if address := next(filter(None, map(_find_address, values)), None):
            yield address, values
    else:
        for item in values:
            yield from iterate_values(item)


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
