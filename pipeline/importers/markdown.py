"""Markdown (CommonMark with tables, footnotes and front matter) to blocks."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from pipeline.importers.blocks import Block, Kind, Reading, Spaces, Span, tidy

_PLAIN: Final = Span("")
MOST_FRONT: Final = 20_000
"""The characters of front matter that are read."""
_META: Final = {
    "title": "title",
    "series": "series",
    "date": "date",
    "author": "author",
    "authors": "author",
    "topics": "topic",
    "tags": "topic",
    "categories": "topic",
    "language": "language",
    "lang": "language",
    "url": "address",
    "link": "address",
    "canonical": "address",
}


def read(text: str, name: str) -> Reading:
    """Read a text; ``name`` is not needed, as every text is Markdown."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(footnote_plugin, move_to_end=False).use(front_matter_plugin)
    reader = _Reader()
    root = SyntaxTreeNode(parser.parse(text))
    blocks = tuple(block for block in reader.blocks(root.children) if block.spans or block.address)
    return Reading(
        blocks=blocks,
        format="markdown",
        spaces=reader.spaces,
        meta=tuple(reader.meta),
        raw=tuple(text.split("\n")),
    )


class _Reader:
    def __init__(self) -> None:
        self.spaces = Spaces()
        self.meta: list[tuple[str, str]] = []
        self.line = 1
        self.last = 1

    def blocks(
        self, nodes: Iterable[SyntaxTreeNode], kind: Kind = Kind.PARAGRAPH, level: int = 0
    ) -> Iterator[Block]:
        for node in nodes:
            if node.map:
                self.line, self.last = node.map[0] + 1, max(node.map[0] + 1, node.map[1])
            match node.type:
                case "front_matter":
                    self.read_front(node.content)
                case "heading":
                    yield from self.lines(node, Kind.HEADING, level=int(node.tag[1]))
                case "paragraph":
                    yield from self.lines(node, kind, level=level)
                case "bullet_list" | "ordered_list":
                    yield from self.items(node, level + 1)
                case "blockquote":
                    yield from self.blocks(node.children, Kind.QUOTATION)
                case "table":
                    yield from self.rows(node)
                case "footnote_reference":
                    label = str(node.meta.get("label", ""))
                    for block in self.blocks(node.children):
                        yield replace(block, kind=Kind.NOTE, label=label)
                case "code_block" | "fence":
                    yield from self.plain(node.content)
                case "html_block":
                    yield from self.plain(
                        re.sub(r"<!--.*?-->|<[^>]*>", " ", node.content, flags=re.DOTALL)
                    )

    def read_front(self, text: str) -> None:
        """Take what a page's front matter says of it; what is no YAML says nothing."""
        try:
            held = yaml.safe_load(text[:MOST_FRONT])
        except (yaml.YAMLError, ValueError):
            return
        if not isinstance(held, dict):
            return
        for key, value in held.items():
            name = _META.get(str(key).lower())
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    item = item.get("name", "")
                if isinstance(item, datetime.datetime):
                    item = item.date()
                if name and item:
                    self.meta.append((name, str(item)[:10] if name == "date" else str(item)))

    def items(self, node: SyntaxTreeNode, level: int) -> Iterator[Block]:
        number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        for item in node.children:
            first = True
            for block in self.blocks(item.children, Kind.ITEM, level):
                if block.kind is Kind.ITEM and block.level == level:
                    yield replace(block, number=number if first else None, goes_on=not first)
                    first = False
                else:
                    yield block
            number = None if number is None else number + 1

    def rows(self, node: SyntaxTreeNode) -> Iterator[Block]:
        for row in (part for section in node.children for part in section.children):
            if row.map:
                self.line, self.last = row.map[0] + 1, row.map[0] + 1
            spans: list[Span] = []
            for cell in row.children:
                spans += [Span(" | ")] if spans else []
                spans += [
                    s for s in self.spans(cell.children[0].children or []) if isinstance(s, Span)
                ]
            yield self.block(spans, Kind.ROW, self.line, self.last)

    def plain(self, text: str) -> Iterator[Block]:
        for line in text.split("\n"):
            if line.strip():
                yield self.block([Span(line)], Kind.PARAGRAPH, self.line, self.last)

    def lines(self, node: SyntaxTreeNode, kind: Kind, level: int) -> Iterator[Block]:
        """Give a paragraph, divided where a line is broken on purpose, and its images behind it."""
        line, last = self.line, self.last
        images: list[Block] = []
        held: list[Span] = []
        begins = line
        for part in self.spans(node.children[0].children or []):
            match part:
                case Span():
                    held.append(part)
                case Block():
                    images.append(part)
                case int():  # lines that went by
                    line += abs(part)
                    if part < 0 and any(span.text.strip() for span in held):
                        yield self.block(held, kind, begins, line - 1, level)
                        held, begins = [], line
                    else:
                        held.append(Span(" "))
        if any(span.text.strip() for span in held):
            yield self.block(held, kind, begins, max(begins, last), level)
        yield from images

    def block(
        self, spans: Sequence[Span], kind: Kind, line: int, last: int, level: int = 0
    ) -> Block:
        return Block(
            kind=kind,
            spans=tidy(_bold_ends(spans), self.spaces, count_runs=True),
            line=line,
            last_line=max(line, last),
            level=level,
        )

    def spans(
        self, nodes: Iterable[SyntaxTreeNode], look: Span = _PLAIN
    ) -> Iterator[Span | Block | int]:
        """Give spans, images, and line ends: 1 for one that is a space, -1 for one on purpose."""
        for node in nodes:
            match node.type:
                case "text" | "text_special" | "code_inline":
                    yield replace(look, text=node.content)
                case "softbreak":
                    yield 1
                case "hardbreak":
                    yield -1
                case "strong":
                    yield from self.spans(node.children, replace(look, strong=True))
                case "em":
                    yield from self.spans(node.children, replace(look, emphasis=True))
                case "link":
                    address = str(node.attrs.get("href", ""))
                    is_link = re.match(r"https?://|mailto:", address)
                    yield from self.spans(
                        node.children, replace(look, link=address) if is_link else look
                    )
                case "image":
                    yield Block(
                        kind=Kind.IMAGE,
                        spans=tidy([Span(node.content)], self.spaces, count_runs=True),
                        line=self.line,
                        last_line=self.last,
                        address=str(node.attrs.get("src", "")),
                    )
                case "footnote_ref":
                    label = str(node.meta.get("label", ""))
                    yield replace(look, text=f"[{label}]", note=label)
                case "html_inline":
                    if re.fullmatch(r"<br\s*/?>", node.content, re.IGNORECASE):
                        yield -1


def _bold_ends(spans: Sequence[Span]) -> list[Span]:
    """Read a `**` that is left at an end: strong words never closed, or opened elsewhere."""
    made = list(spans)
    text = "".join(span.text for span in made)
    if text.lstrip().startswith("**") and "**" not in text.lstrip()[2:]:
        first = next(i for i, span in enumerate(made) if span.text.strip())
        made[first] = replace(made[first], text=made[first].text.lstrip()[2:])
        return [replace(span, strong=True) for span in made]
    if text.rstrip().endswith("**") and "**" not in text.rstrip()[:-2]:
        last = max(i for i, span in enumerate(made) if span.text.strip())
        made[last] = replace(made[last], text=made[last].text.rstrip()[:-2])
        return [replace(span, strong=True) for span in made]
    return made
