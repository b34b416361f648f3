"""A Document as DOCX, from the package to the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import docx
from docx.parts.document import DocumentPart

from pipeline.diagnostics import Diagnostic
from pipeline.document.tree import Document
from pipeline.render.contract import Rendered, RenderOptions
from pipeline.render.docx.anchors import Anchor, Anchors
from pipeline.render.docx.base_package import fill_base_package, save_package
from pipeline.render.docx.blocks import make_block_writer
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.comments import Comments
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.footnotes import FootnotesPart
from pipeline.render.docx.headers_footers import HeadersFooters, add_marking_styles
from pipeline.render.docx.house_styles import HouseStyles, measure_house_page
from pipeline.render.docx.numbering import Numbering
from pipeline.render.docx.page_measures import measure_page
from pipeline.render.docx.relations import Relations
from pipeline.render.docx.roundtrip_manifest import embed_manifest, track_changes
from pipeline.render.docx.section_breaks import write_body
from pipeline.render.docx.style_properties import to_hex_colour
from pipeline.render.docx.styles import WordStyles
from pipeline.render.docx.styles_part import write_styles_part


def render(document: Document, options: RenderOptions) -> Rendered:
    """Set a Document as a Word file (ECMA-376, transitional) for editors."""
    main = docx.Document(fill_base_package(document.meta, options.theme)).part
    parts = _start_parts(document, options, main)
    if document.meta.marking:
        add_marking_styles(parts.styles, document.meta.marking)
    blocks = make_block_writer(parts)
    pages = HeadersFooters(parts, blocks.paragraphs.inlines)
    main.element.body.extend(write_body(parts, blocks, pages.end_section))
    parts.comments.write_part()
    write_styles_part(main.styles.element, parts.styles, document.meta.language)
    anchors, found = _apply_house_template(parts, pages)
    embed_manifest(main, options.roundtrip, anchors, parts.comments.placed)
    if options.for_review:
        track_changes(main)
    return Rendered(save_package(main.package), diagnostics=tuple(found))


def _start_parts(document: Document, options: RenderOptions, main: DocumentPart) -> DocxParts:
    """Return the parts of a DOCX, with nothing in them yet."""
    page = measure_page(options.theme, options.paper)
    if options.house_template:
        page = measure_house_page(options.house_template, page)
    accent = to_hex_colour(options.theme, "accent")
    bookmarks = Bookmarks(document)
    return DocxParts(
        document=document,
        options=options,
        main=main,
        styles=WordStyles(options.theme, page),
        bookmarks=bookmarks,
        anchors=Anchors(bookmarks),
        comments=Comments(main, document.meta),
        numbering=Numbering(main.numbering_part.element, page.column, accent),
        relations=Relations(),
        notes=FootnotesPart(main),
    )


def _apply_house_template(
    parts: DocxParts, pages: HeadersFooters
) -> tuple[Sequence[Anchor], Sequence[Diagnostic]]:
    """Put a house's template in; return the anchors with its styles, and what was found."""
    written, template = parts.anchors.written, parts.options.house_template
    if template is None:
        return written, ()
    marking = pages.write_marking if parts.document.meta.marking else None
    house = HouseStyles(parts.main, template, marking)
    found = house.apply_template()
    return [replace(a, style=house.ids.get(a.style, a.style)) for a in written], found
