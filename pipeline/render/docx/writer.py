"""A Document as DOCX, from the package to the page."""

from __future__ import annotations

from dataclasses import replace

import docx

from pipeline.diagnostics import Diagnostic
from pipeline.document.tree import Document
from pipeline.render.contract import Look, Rendered
from pipeline.render.docx.anchors import Anchors
from pipeline.render.docx.base_package import base, saved
from pipeline.render.docx.blocks import Blocks
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.comments import Comments
from pipeline.render.docx.headers_footers import Furniture
from pipeline.render.docx.house_styles import House
from pipeline.render.docx.house_styles import page as reference_page
from pipeline.render.docx.numbering import Numbering
from pipeline.render.docx.relations import Relations
from pipeline.render.docx.roundtrip_manifest import carry, track_changes
from pipeline.render.docx.styles import Styles, hex_colour, page


def render(document: Document, look: Look) -> Rendered:
    """Set a Document as a Word file (ECMA-376, transitional) for editors."""
    measured = page(look.theme, look.paper)
    if look.reference:
        measured = reference_page(look.reference, measured)
    styles = Styles(look.theme, measured)
    package = docx.Document(base(document.meta, look.theme))
    main = package.part
    accent = hex_colour(look.theme, "accent")
    numbering = Numbering(main.numbering_part.element, measured.column, accent)
    bookmarks = Bookmarks(document)
    anchors = Anchors(bookmarks)
    comments = Comments(main, document.meta)
    relations = Relations()
    blocks = Blocks(
        document, look, main, styles, bookmarks, anchors, comments, numbering, relations
    )

    furniture = Furniture(document, main, blocks.inlines, styles, relations)
    main.element.body.extend(blocks.main(furniture.section))
    comments.finish()
    styles.fill(package.styles.element, document.meta.language)
    found: list[Diagnostic] = []
    written = anchors.set
    if look.reference:
        marking = furniture.marking if document.meta.marking else None
        house = House(main, look.reference, marking)
        found = house.dress()
        written = [replace(a, style=house.ids.get(a.style, a.style)) for a in written]
    carry(main, look.way_back, written, comments.set)
    if look.for_review:
        track_changes(main)
    return Rendered(saved(main.package), diagnostics=tuple(found))
