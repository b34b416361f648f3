"""A Document as DOCX, from the package to the page."""

from __future__ import annotations

from io import BytesIO

import docx

from pipeline.document import Document
from pipeline.render import Look, Rendered
from pipeline.render.docx.blocks import Blocks
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.furniture import Furniture
from pipeline.render.docx.numbering import Numbering
from pipeline.render.docx.package import base, repacked
from pipeline.render.docx.relations import Relations
from pipeline.render.docx.styles import Styles, hex_colour, page


def render(document: Document, look: Look) -> Rendered:
    """Set a Document as a Word file (ECMA-376, transitional) for editors."""
    measured = page(look.theme, look.paper)
    styles = Styles(look.theme, measured)
    package = docx.Document(base(document.meta, look.theme))
    main = package.part
    accent = hex_colour(look.theme, "accent")
    numbering = Numbering(main.numbering_part.element, measured.column, accent)
    relations = Relations()
    blocks = Blocks(document, look, main, styles, Bookmarks(document), numbering, relations)

    furniture = Furniture(document, main, blocks.inlines, styles, relations)
    main.element.body.extend(blocks.main(furniture.section))
    styles.fill(package.styles.element, document.meta.language)
    saved = BytesIO()
    package.save(saved)
    return Rendered(repacked(saved))
