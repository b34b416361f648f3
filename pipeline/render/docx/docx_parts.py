"""What the nodes of a Document are written with and into."""

from __future__ import annotations

from dataclasses import dataclass

from docx.parts.document import DocumentPart

from pipeline.document.tree import Document
from pipeline.render.contract import RenderOptions
from pipeline.render.docx.anchors import Anchors
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.comments import Comments
from pipeline.render.docx.footnotes import FootnotesPart
from pipeline.render.docx.numbering import Numbering
from pipeline.render.docx.relations import Relations
from pipeline.render.docx.styles import WordStyles


@dataclass(frozen=True, slots=True)
class DocxParts:
    """The Document, its options, and the parts of its DOCX as they are filled."""

    document: Document
    options: RenderOptions
    main: DocumentPart
    styles: WordStyles
    bookmarks: Bookmarks
    anchors: Anchors
    comments: Comments
    numbering: Numbering
    relations: Relations
    notes: FootnotesPart
