"""White space, folded once for all formats, as CSS does (CSS Text 3 §4.1.1).

Runs become one space, none stands at the ends of a block or beside a line
break. The no-break space is no white space. Text that becomes empty goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from pipeline.document.tree import (
    Box,
    Comment,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    LineBreak,
    List,
    PageNumber,
    Paragraph,
    Quote,
    Section,
    Text,
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
    """Whether no space may stand at the place that was come to."""

    is_suppressed: bool = True


def _collapse_spaces(nodes: Iterable[Inline], edge: _SpaceState) -> tuple[Inline, ...]:
    """Make one space of each run, and none of one that begins a line."""
    made: list[Inline] = []
    for node in nodes:
        match node:
            case Text(text, source):
                text = WHITE.sub(" ", text)
                if edge.is_suppressed:
                    text = text.removeprefix(" ")
                if not text:
                    continue
                edge.is_suppressed = text.endswith(" ")
                last = made[-1] if made else None
                if isinstance(last, Text) and last.source == source:
                    made[-1] = replace(last, text=last.text + text)
                else:
                    made.append(replace(node, text=text))
            case Comment():
                made.append(node)
            case LineBreak():
                edge.is_suppressed = True
                made.append(node)
            case Footnote(children):
                made.append(Footnote(tuple(fold_block(block) for block in children)))
            case PageNumber():
                edge.is_suppressed = False
                made.append(node)
            case _:
                if inner := _collapse_spaces(node.children, edge):
                    made.append(replace(node, children=inner))
    return tuple(made)


def _trim_line_ends(nodes: Iterable[Inline], edge: _SpaceState) -> tuple[Inline, ...]:
    """Take off the space that ends a line."""
    made: list[Inline] = []
    for node in reversed(tuple(nodes)):
        match node:
            case Text(text):
                if text := text.removesuffix(" ") if edge.is_suppressed else text:
                    edge.is_suppressed = False
                    made.append(replace(node, text=text))
            case Comment():
                made.append(node)
            case LineBreak() | PageNumber() | Footnote():
                edge.is_suppressed = isinstance(node, LineBreak)
                made.append(node)
            case _:
                if inner := _trim_line_ends(node.children, edge):
                    made.append(replace(node, children=inner))
    return tuple(reversed(made))


def fold_block(block: Any) -> Any:
    """Fold the white space of a block that came from the content."""
    match block:
        case Paragraph(children) | Heading(children=children):
            return replace(block, children=fold_inlines(children))
        case Section() | Box() | List() | Item():
            inner: Any = tuple(fold_block(child) for child in block.children)
            return replace(block, children=inner)
        case Quote(children, attribution):
            return replace(
                block,
                children=tuple(fold_block(child) for child in children),
                attribution=fold_inlines(attribution),
            )
        case Figure():
            return replace(block, caption=fold_inlines(block.caption))
        case _:
            return block
