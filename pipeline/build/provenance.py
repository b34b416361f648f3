"""What the content said when a brief was made of it: the values that the brief shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, cast

from pipeline.content.model import Content
from pipeline.diagnostics import Location
from pipeline.document import markdown_writer
from pipeline.document.tree import Address, Block, Document, Inline, Node, Text, walk
from pipeline.records import Sourced
from pipeline.render.contract import Source


def shown(content: Content, document: Document) -> Mapping[Address, Source]:
    """Give the values of the content that a brief shows, by address.

    Words quoted from an answer have the answer's address, which is no value's: they are a copy.
    """
    wanted = {node.source for node in walk(document) if isinstance(node, Text)}
    return {address: source for address, source in values(content).items() if address in wanted}


def values(content: Content) -> Mapping[Address, Source]:
    """Give all values of the content, by address."""
    found: dict[Address, Source] = {}
    for part in (content.article, content.summary, content.house):
        for address, text, is_markdown in _values(part):
            if at := content.places.get(address):
                found[address] = _source(at, text, is_markdown)
    return found


def _source(at: Location, text: str, is_markdown: bool) -> Source:
    return Source(file=at.file, line=at.line, text=text, is_markdown=is_markdown)


def _values(value: Any) -> Iterator[tuple[Address, str, bool]]:
    """Give every value below one with its address: words, or Markdown."""
    match value:
        case Sourced():
            yield value.address, str(value), False
        case tuple() if value and isinstance(value[0], Block):
            for address, nodes in groupby(value, key=_address):
                if address:
                    yield (
                        address,
                        markdown_writer.blocks(cast("tuple[Block, ...]", tuple(nodes))),
                        True,
                    )
        case tuple() if value and isinstance(value[0], Inline):
            if address := next(filter(None, map(_address, value)), None):
                yield address, markdown_writer.inlines(value), True
        case tuple():
            for item in value:
                yield from _values(item)
        case Mapping():
            for held in value.values():
                yield from _values(held)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from _values(getattr(value, field.name))


def _address(node: Node) -> Address | None:
    """Give the address of a node's words; all words of a value have the same one."""
    inside: Iterable[Node] = (node, *walk(node))
    return next((part.source for part in inside if isinstance(part, Text)), None)
