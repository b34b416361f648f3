"""White space, folded once for all formats, as CSS does (CSS Text 3 §4.1.1).

Runs become one space, none stands at the ends of a block or beside a line
break. The no-break space is no white space. Text that becomes empty goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pipeline.document import (
    Box,
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


def fold_line(text: str) -> str:
    """Fold the white space of a plain line."""
    return " ".join(text.split())


def folded(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """Fold the white space of one block's inline nodes."""
    state = _Space()
    return _trim_end(_fold_run(nodes, state))


@dataclass(slots=True)
class _Space:
    after_space: bool = True


def _fold_run(nodes: Iterable[Inline], state: _Space) -> tuple[Inline, ...]:
    made: list[Inline] = []
    for node in nodes:
        match node:
            case Text(text, source):
                text = re.sub(r"[ \t\n\r\f]+", " ", text)
                if state.after_space:
                    text = text.removeprefix(" ")
                if not text:
                    continue
                state.after_space = text.endswith(" ")
                last = made[-1] if made else None
                if isinstance(last, Text) and last.source == source:
                    made[-1] = Text(last.text + text, source)
                else:
                    made.append(Text(text, source))
            case LineBreak():
                made = list(_trim_end(tuple(made)))
                state.after_space = True
                made.append(node)
            case Footnote(children):
                made.append(Footnote(tuple(folded_block(block) for block in children)))
            case PageNumber():
                state.after_space = False
                made.append(node)
            case _:
                inner = _fold_run(node.children, state)
                if inner:
                    made.append(replace(node, children=inner))
    return tuple(made)


def _trim_end(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Take the space off the end, also where it stands inside the last node."""
    if not nodes:
        return ()
    last = nodes[-1]
    match last:
        case Text(text, source):
            kept = text.rstrip(" ")
            return (*nodes[:-1], Text(kept, source)) if kept else _trim_end(nodes[:-1])
        case LineBreak() | PageNumber() | Footnote():
            return nodes
        case _:
            inner = _trim_end(last.children)
            return (*nodes[:-1], replace(last, children=inner)) if inner else _trim_end(nodes[:-1])


def folded_block(block: Any) -> Any:
    """Fold the white space of a block that came from the content."""
    match block:
        case Paragraph(children) | Heading(children=children):
            return replace(block, children=folded(children))
        case Section() | Box() | List() | Item():
            inner: Any = tuple(folded_block(child) for child in block.children)
            return replace(block, children=inner)
        case Quote(children, attribution):
            return replace(
                block,
                children=tuple(folded_block(child) for child in children),
                attribution=folded(attribution),
            )
        case Figure():
            return replace(block, caption=folded(block.caption))
        case _:
            return block
