"""The Document itself, as canonical JSON: what golden tests and people look at."""

from __future__ import annotations

from pipeline.document.tree import Document, to_json
from pipeline.render.contract import Rendered, RenderOptions


def render(document: Document, options: RenderOptions) -> Rendered:
    """Write the Document's tree; the options have no part in it."""
    return Rendered(to_json(document).encode())
