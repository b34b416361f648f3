"""Headers, footers and the page (ECMA-376 §17.6, §17.10)."""

from __future__ import annotations

from typing import cast

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart

from pipeline.document import Document, Section
from pipeline.render.docx.inlines import Inlines, Letters
from pipeline.render.docx.oxml import Element, w
from pipeline.render.docx.styles import Page

_FOLIO = Letters("PageNumber")


class Furniture:
    """What stands round the text on every page.

    Odd pages are right-hand ones: the title at their head, the folio at the outer
    edge of their foot. The first page has no head, and a cover no foot.
    """

    def __init__(self, document: Document, main: DocumentPart, inlines: Inlines) -> None:
        self._document = document
        self._main = main
        self._inlines = inlines

    def section(self, page: Page) -> Element:
        """Write headers and footers into their parts, and give the section that has them."""
        meta = self._document.meta
        opening = self._document.children[:1]
        covered = any(isinstance(b, Section) and b.role == "cover" for b in opening)
        imprint = " · ".join(filter(None, (meta.publisher, meta.date)))
        nothing = w("p", w("pPr", w("pStyle", val="Normal")))
        verso = self._line("Footer", self._folio(), self._words(imprint))
        recto = self._line("Footer", self._words(imprint), self._folio())
        first = nothing if covered else self._line("Footer", self._words(imprint), self._folio())
        return w(
            "sectPr",
            self._part("header", "default", 1, self._line("Header", [], self._words(meta.title))),
            self._part("header", "even", 2,
                       self._line("Header", self._words(meta.running_head or meta.title), [])),
            self._part("header", "first", 3, w("p", w("pPr", w("pStyle", val="Normal")))),
            self._part("footer", "default", 1, recto),
            self._part("footer", "even", 2, verso),
            self._part("footer", "first", 3, first),
            w("pgSz", w=page.width, h=page.height),
            w("pgMar", top=page.top, right=page.outer, bottom=page.bottom, left=page.inner,
              header=page.top // 2, footer=page.bottom // 2, gutter=0),
            w("cols", space=720),
            w("titlePg"),
        )  # fmt: skip

    def _part(self, kind: str, pages: str, number: int, line: Element) -> Element:
        root = cast("BaseOxmlElement", OxmlElement("w:hdr" if kind == "header" else "w:ftr"))
        root.append(line)
        is_header = kind == "header"
        part = StoryPart(
            PackURI(f"/word/{kind}{number}.xml"),
            CONTENT_TYPE.WML_HEADER if is_header else CONTENT_TYPE.WML_FOOTER,
            root,
            self._main.package,
        )
        kind_of = RELATIONSHIP_TYPE.HEADER if is_header else RELATIONSHIP_TYPE.FOOTER
        return w(f"{kind}Reference", type=pages, r_id=self._main.relate_to(part, kind_of))

    def _words(self, words: str) -> list[Element]:
        return list(self._inlines.text(words, Letters()))

    def _folio(self) -> list[Element]:
        return list(self._inlines.field("PAGE", "1", _FOLIO))

    def _line(self, style: str, left: list[Element], right: list[Element]) -> Element:
        """Make a line with words at one edge or at both."""
        stop = [w("r", w("tab"))] if right else []
        return w("p", w("pPr", w("pStyle", val=style)), *left, *stop, *right)
