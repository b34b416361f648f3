"""An article's editorial notes on the Document: comments on its title, for those who edit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipeline.document.tree import Comment, Document, Heading, map_children


def attach_notes(document: Document, notes: Sequence[Comment]) -> Document:
    """Hang notes on a Document's first heading; one without headings has none."""
    waiting = [*notes]

    def attach_to_first(node: Any) -> Any:
        if not waiting:
            return node
        if isinstance(node, Heading):
            found, waiting[:] = tuple(waiting), []
            return replace(node, children=(*node.children, *found))
        return map_children(node, attach_to_first)

    attached: Document = map_children(document, attach_to_first)
    return attached
