"""White space, folded once for all formats, as CSS does (CSS Text 3 §4.1.1).

Runs become one space, none stands at the ends of a block or beside a line
break. The no-break space is no white space. Text that becomes empty goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, assert_never

from pipeline.document.tree import (
    Block,
    Box,
    Cell,
    Comment,
    Contents,
    Definitions,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Reference,
    Row,
    Section,
    Span,
    Strong,
    Table,
    Text,
    map_children,
)

WHITE: Final = re.compile(r"[ \t\n\r\f]+")


def fold_line(text: str) -> str:
    """Fold the white space of a plain line."""
    return WHITE.sub(" ", text).strip(" ")


def fold_inlines(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """Fold the white space of one block's inline nodes."""
    return _trim_line_ends(_collapse_spaces(nodes, _SpaceState()), _SpaceState())


@dataclass(slots=True)
class _SpaceState:
    """Whether a space is suppressed at the current position."""

    is_suppressed: bool = True


def _collapse_spaces(nodes: Iterable[Inline], edge: _SpaceState) -> tuple[Inline, ...]:
    """Make one space of each run, and none of one that begins a line."""
    folded: list[Inline] = []
    for node in nodes:
        match node:
            case Text():
                _append_text(folded, node, edge)
            case Comment():
                folded.append(node)
            case LineBreak() | PageNumber():
                edge.is_suppressed = isinstance(node, LineBreak)
                folded.append(node)
            case Footnote():
                folded.append(map_children(node, fold_block))
            case Emphasis() | Strong() | Span() | Link() | Reference():
                if inner := _collapse_spaces(node.children, edge):
                    folded.append(replace(node, children=inner))
            case _:
                assert_never(node)
    return tuple(folded)


def _append_text(folded: list[Inline], node: Text, edge: _SpaceState) -> None:
    """Append words without the spaces that fold away, to the Text before them if it is alike."""
    text = WHITE.sub(" ", node.text)
    if edge.is_suppressed:
        text = text.removeprefix(" ")
    if not text:
        return
    edge.is_suppressed = text.endswith(" ")
    last = folded[-1] if folded else None
    if isinstance(last, Text) and last.source == node.source:
        folded[-1] = replace(last, text=last.text + text)
    else:
        folded.append(replace(node, text=text))


def _trim_line_ends(nodes: Iterable[Inline], edge: _SpaceState) -> tuple[Inline, ...]:
    """Take off the space that ends a line."""
    folded: list[Inline] = []
    for node in reversed(tuple(nodes)):
        match node:
            case Text(text):
                if text := text.removesuffix(" ") if edge.is_suppressed else text:
                    edge.is_suppressed = False
                    folded.append(replace(node, text=text))
            case Comment():
                folded.append(node)
            case LineBreak() | PageNumber() | Footnote():
                edge.is_suppressed = isinstance(node, LineBreak)
                folded.append(node)
            case Emphasis() | Strong() | Span() | Link() | Reference():
                if inner := _trim_line_ends(node.children, edge):
                    folded.append(replace(node, children=inner))
            case _:
                assert_never(node)
    return tuple(reversed(folded))


def fold_block(block: Block | Item) -> Any:
    """Fold the white space of a block that came from the content."""
    match block:
        case Paragraph(children) | Heading(children=children):
            return replace(block, children=fold_inlines(children))
        case Section() | Box() | List() | Item():
            return map_children(block, fold_block)
        case Quote(children, attribution):
            return replace(
                block,
                children=tuple(map(fold_block, children)),
                attribution=fold_inlines(attribution),
            )
        case Figure():
            return replace(block, caption=fold_inlines(block.caption))
        case Table(head, children, caption):
            return replace(
                block,
                head=tuple(map(_fold_row, head)),
                children=tuple(map(_fold_row, children)),
                caption=fold_inlines(caption),
            )
        case Definitions() | Contents() | PageBreak():
            return block  # these are a template's, and folded where it is composed
        case _:
            assert_never(block)


def _fold_row(row: Row) -> Row:
    return Row(tuple(Cell(fold_inlines(cell.children), cell.scope) for cell in row.children))
