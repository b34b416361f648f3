"""A Document as DOCX, from the package to the page."""

from __future__ import annotations

from dataclasses import replace

import docx

from pipeline.diagnostics import Diagnostic
from pipeline.document.tree import Document
from pipeline.render.contract import Rendered, RenderOptions
from pipeline.render.docx.anchors import Anchors
from pipeline.render.docx.base_package import fill_base_package, save_package
from pipeline.render.docx.blocks import BlockWriter
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.comments import Comments
from pipeline.render.docx.headers_footers import HeadersFooters
from pipeline.render.docx.house_styles import HouseStyles
from pipeline.render.docx.house_styles import measure_house_page as reference_page
from pipeline.render.docx.numbering import Numbering
from pipeline.render.docx.relations import Relations
from pipeline.render.docx.roundtrip_manifest import embed_manifest, track_changes
from pipeline.render.docx.styles import WordStyles, measure_page, to_hex_colour


def render(document: Document, options: RenderOptions) -> Rendered:
    """Set a Document as a Word file (ECMA-376, transitional) for editors."""
    measured = measure_page(options.theme, options.paper)
    if options.house_template:
        measured = reference_page(options.house_template, measured)
    styles = WordStyles(options.theme, measured)
    package = docx.Document(fill_base_package(document.meta, options.theme))
    main = package.part
    accent = to_hex_colour(options.theme, "accent")
    numbering = Numbering(main.numbering_part.element, measured.column, accent)
    bookmarks = Bookmarks(document)
    anchors = Anchors(bookmarks)
    comments = Comments(main, document.meta)
    relations = Relations()
    blocks = BlockWriter(
        document, options, main, styles, bookmarks, anchors, comments, numbering, relations
    )

    furniture = HeadersFooters(document, main, blocks.inlines, styles, relations)
    main.element.body.extend(blocks.write_body(furniture.end_section))
    comments.write_part()
    styles.write_styles(package.styles.element, document.meta.language)
    found: list[Diagnostic] = []
    written = anchors.written
    if options.house_template:
        marking = furniture.write_marking if document.meta.marking else None
        house = HouseStyles(main, options.house_template, marking)
        found = house.apply_template()
        written = [replace(a, style=house.ids.get(a.style, a.style)) for a in written]
    embed_manifest(main, options.roundtrip, written, comments.placed)
    if options.for_review:
        track_changes(main)
    return Rendered(save_package(main.package), diagnostics=tuple(found))
