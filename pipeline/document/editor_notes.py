"""An article's editorial notes on the Document: comments on its title, for those who edit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.document.tree import Box, Comment, Document, Heading, Section


def attach_notes(document: Document, notes: Sequence[Comment]) -> Document:
    """Hang notes on a Document's first heading; one without headings has none."""
    waiting = [*notes]

    def hung(block: Any) -> Any:
        match block:
            case Heading() if waiting:
                found, waiting[:] = tuple(waiting), []
                return replace(block, children=(*block.children, *found))
            case Section() | Box():
                return replace(block, children=tuple(map(hung, block.children)))
            case _:
                return block

    return replace(document, children=tuple(map(hung, document.children)))
