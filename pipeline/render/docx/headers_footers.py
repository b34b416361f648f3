"""Headers, footers and the page (ECMA-376 §17.6, §17.10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, cast

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart

from pipeline.document.tree import Document, Section
from pipeline.look.page_marking import BLACK, COLOURS, SIZE
from pipeline.render.docx.inlines import InlineWriter, RunProperties
from pipeline.render.docx.relations import Relations
from pipeline.render.docx.styles import WordStyles
from pipeline.word.ooxml import XmlElement, make_toggle, to_half_points, to_twips, w

_MARKING: Final = "Marking"
_MARKING_LETTERS: Final = "MarkingLetters"
_PARTS: Final = {
    "header": ("w:hdr", CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
    "footer": ("w:ftr", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
}


class HeadersFooters:
    """What stands round the text on every page.

    A marking stands at the right of every head and foot, at the edge of the paper.
    Odd pages are right-hand ones: what is being read at their head, the folio at the
    outer edge of their foot. The first page has no head, and a cover no foot.
    """

    def __init__(
        self,
        document: Document,
        main: DocumentPart,
        inlines: InlineWriter,
        styles: WordStyles,
        relations: Relations,
    ) -> None:
        """Prepare the furniture of a document's pages."""
        opening = document.children[:1]
        self._meta = document.meta
        self._covered = any(isinstance(b, Section) and b.role == "cover" for b in opening)
        self._main = main
        self._inlines = inlines
        self._page = styles.page
        self._relations = relations
        self._is_first = True
        self._parts = {"header": 0, "footer": 0}
        if document.meta.marking:
            _add_marking_styles(styles, COLOURS.get(document.meta.marking))

    def end_section(self, running: str, headed: bool) -> XmlElement:
        """End a section that has ``running`` at the head of its right-hand pages.

        Where its headings are what is said there (``headed``), it is a field that follows
        them: the last on the page, as in print (§17.16.5.59). The first section has all headers
        and footers; a later one takes over what it has none of (§17.10.1).
        """
        page, is_first, self._is_first = self._page, self._is_first, False
        lines = 3 if self._meta.marking else 2  # in a margin: how far from the edge they begin
        head = self._write_words(running)
        if headed:
            head = list(self._inlines.write_field("STYLEREF 1 \\l", running, RunProperties()))
        return w(
            "sectPr",
            self._make_part("header", "default", "Header", [], head),
            *(self._make_first_parts() if is_first else ()),
            w("pgSz", w=page.width, h=page.height),
            w("pgMar", top=page.top, right=page.outer, bottom=page.bottom, left=page.inner,
              header=page.top // lines, footer=page.bottom // lines, gutter=0),
            w("cols", space=720),
            make_toggle("titlePg", is_first),
        )  # fmt: skip

    def _make_first_parts(self) -> Iterator[XmlElement]:
        words, meta = self._write_words, self._meta
        verso = words(meta.running_head or meta.title)
        yield self._make_part("header", "even", "Header", verso, [])
        yield self._make_part("header", "first", "Header", [], [])
        yield self._make_part(
            "footer", "default", "Footer", words(meta.publisher), self._write_folio()
        )
        yield self._make_part(
            "footer", "even", "Footer", self._write_folio(), words(meta.publisher)
        )
        if self._covered:
            yield self._make_part("footer", "first", "Footer", [], [])
        else:
            yield self._make_part(
                "footer", "first", "Footer", words(meta.publisher), self._write_folio()
            )

    def _make_part(
        self,
        kind: Literal["header", "footer"],
        pages: Literal["default", "even", "first"],
        style: str,
        left: Iterable[XmlElement],
        right: list[XmlElement],
    ) -> XmlElement:
        """Make a part of one line, with words at one edge or at both, and refer to it."""
        tag, content_type, relationship = _PARTS[kind]
        root = cast("BaseOxmlElement", OxmlElement(tag))
        stop = [w("r", w("tab"))] if right else []
        lines = [w("p", w("pPr", w("pStyle", val=style)), *left, *stop, *right)]
        if self._meta.marking:
            lines.insert(0 if kind == "header" else 1, self.write_marking())
        root.extend(lines)
        package = self._main.package
        self._parts[kind] += 1
        name = PackURI(f"/word/{kind}{self._parts[kind]}.xml")
        part = StoryPart(name, content_type, root, package)
        return w(
            f"{kind}Reference",
            type=pages,
            r_id=self._relations.add_part(self._main, relationship, part),
        )

    def write_marking(self) -> XmlElement:
        """Make the line of a marking."""
        text = self._meta.marking
        # On a ground, it goes on around the letters.
        words = f"\u00a0{text}\u00a0" if text in COLOURS else text
        return w(
            "p",
            w("pPr", w("pStyle", val=_MARKING)),
            w(
                "r",
                w("rPr", w("rStyle", val=_MARKING_LETTERS)),
                w("t", words, xml_space="preserve"),
            ),
        )

    def _write_words(self, words: str) -> list[XmlElement]:
        return list(self._inlines.write_text(words, RunProperties()))

    def _write_folio(self) -> list[XmlElement]:
        return list(self._inlines.write_field("PAGE", "1", RunProperties("PageNumber")))


def _add_marking_styles(styles: WordStyles, colour: str | None) -> None:
    """Add the styles of a marking; one that has a colour stands on black."""
    line = w(
        "pPr",
        w("spacing", before=0, after=0, line=to_twips(16), lineRule="exact"),
        w("jc", val="right"),
    )
    letters = w(
        "rPr",
        w("b"), w("bCs"),
        w("color", val=(colour or BLACK)[1:]),
        w("sz", val=to_half_points(SIZE)), w("szCs", val=to_half_points(SIZE)),
        w("shd", val="clear", color="auto", fill=BLACK[1:]) if colour else None,
    )  # fmt: skip
    for id, name, kind, based, properties in (
        (_MARKING, "Marking", "paragraph", "Header", line),
        (_MARKING_LETTERS, "Marking Letters", "character", "DefaultParagraphFont", letters),
    ):
        styles.add_style(
            w(
                "style",
                w("name", val=name), w("basedOn", val=based), w("uiPriority", val=99), properties,
                type=kind, customStyle=1, styleId=id,
            )
        )  # fmt: skip
