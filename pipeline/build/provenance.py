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
from pipeline.records import SourcedText
from pipeline.render.contract import SourceValue


def list_shown_values(content: Content, document: Document) -> Mapping[Address, SourceValue]:
    """Give the values of the content that a brief shows, by address.

    Words quoted from an answer have the answer's address, which is no value's: they are a copy.
    """
    wanted = {node.source for node in walk(document) if isinstance(node, Text)}
    return {
        address: source
        for address, source in list_content_values(content).items()
        if address in wanted
    }


def list_content_values(content: Content) -> Mapping[Address, SourceValue]:
    """Give all values of the content, by address."""
    found: dict[Address, SourceValue] = {}
    for part in (content.article, content.summary, content.house):
        for address, text, is_markdown in _iterate_values(part):
            if at := content.places.get(address):
                found[address] = _make_source(at, text, is_markdown)
    return found


def _make_source(at: Location, text: str, is_markdown: bool) -> SourceValue:
    return SourceValue(file=at.file, line=at.line, text=text, is_markdown=is_markdown)


def _iterate_values(value: Any) -> Iterator[tuple[Address, str, bool]]:
    """Give every value below one with its address: words, or Markdown."""
    match value:
        case SourcedText():
            yield value.address, str(value), False
        case tuple() if value and isinstance(value[0], Block):
            for address, nodes in groupby(value, key=_find_address):
                if address:
                    yield (
                        address,
                        markdown_writer.write_blocks(cast("tuple[Block, ...]", tuple(nodes))),
                        True,
                    )
        case tuple() if value and isinstance(value[0], Inline):
            if address := next(filter(None, map(_find_address, value)), None):
                yield address, markdown_writer.write_inlines(value), True
        case tuple():
            for item in value:
                yield from _iterate_values(item)
        case Mapping():
            for child in value.values():
                yield from _iterate_values(child)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from _iterate_values(getattr(value, field.name))


def _find_address(node: Node) -> Address | None:
    """Give the address of a node's words; all words of a value have the same one."""
    inside: Iterable[Node] = (node, *walk(node))
    return next((part.source for part in inside if isinstance(part, Text)), None)
