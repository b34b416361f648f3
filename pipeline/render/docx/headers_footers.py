"""Headers, footers and the page (ECMA-376 §17.6, §17.10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart

from pipeline.document.tree import Section
from pipeline.look.page_marking import BLACK, COLOURS, SIZE
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.inlines import InlineWriter, RunProperties
from pipeline.render.docx.styles import WordStyles
from pipeline.word.ooxml import XmlElement, make_toggle, to_half_points, to_twips, w

_MARKING: Final = "Marking"
_MARKING_LETTERS: Final = "MarkingLetters"
PAGE_PARTS: Final = {
    "header": ("hdr", CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
    "footer": ("ftr", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
}
"""The root, the content type and the relationship of each kind of part."""


@dataclass(slots=True)
class HeadersFooters:
    """What stands around the text on every page.

    A marking stands at the right of every head and foot, at the edge of the paper.
    Odd pages are right-hand ones: what is being read at their head, the folio at the
    outer edge of their foot. The first page has no head, and a cover no foot.
    """

    parts: DocxParts
    inlines: InlineWriter
    written: Counter[str] = field(default_factory=Counter)
    """How many headers and how many footers the package has."""
    has_sections: bool = False

    def end_section(self, running: str, headed: bool) -> XmlElement:
        """End a section that has ``running`` at the head of its right-hand pages.

        Where its headings are what stands there (``headed``), it is a field that follows
        them: the last on the page, as in print (§17.16.5.59). The first section has all headers
        and footers; a later one takes over what it has none of (§17.10.1).
        """
        page, is_first = self.parts.styles.page, not self.has_sections
        self.has_sections = True
        lines = (
            3 if self.parts.document.meta.marking else 2
        )  # in a margin: how far from the edge they begin
        head = self._write_words(running)
        if headed:
            head = list(self.inlines.write_field("STYLEREF 1 \\l", running, RunProperties()))
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
        words, meta = self._write_words, self.parts.document.meta
        verso = words(meta.running_head or meta.title)
        yield self._make_part("header", "even", "Header", verso, [])
        yield self._make_part("header", "first", "Header", [], [])
        yield self._make_part(
            "footer", "default", "Footer", words(meta.publisher), self._write_folio()
        )
        yield self._make_part(
            "footer", "even", "Footer", self._write_folio(), words(meta.publisher)
        )
        if self._has_cover():
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
        """Make a part of one line, with words at one edge or at both; return a reference to it."""
        tag, content_type, relationship = PAGE_PARTS[kind]
        root = cast("BaseOxmlElement", OxmlElement(f"w:{tag}"))
        stop = [w("r", w("tab"))] if right else []
        lines = [w("p", w("pPr", w("pStyle", val=style)), *left, *stop, *right)]
        if self.parts.document.meta.marking:
            lines.insert(0 if kind == "header" else 1, self.write_marking())
        root.extend(lines)
        main = self.parts.main
        self.written[kind] += 1
        name = PackURI(f"/word/{kind}{self.written[kind]}.xml")
        part = StoryPart(name, content_type, root, main.package)
        return w(
            f"{kind}Reference",
            type=pages,
            r_id=self.parts.relations.add_part(main, relationship, part),
        )

    def _has_cover(self) -> bool:
        opening = self.parts.document.children[:1]
        return any(isinstance(block, Section) and block.role == "cover" for block in opening)

    def write_marking(self) -> XmlElement:
        """Return the line of a marking."""
        text = self.parts.document.meta.marking
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
        return list(self.inlines.write_text(words, RunProperties()))

    def _write_folio(self) -> list[XmlElement]:
        return list(self.inlines.write_field("PAGE", "1", RunProperties("PageNumber")))


def add_marking_styles(styles: WordStyles, marking: str) -> None:
    """Add the styles of a marking; one that has a colour stands on black."""
    colour = COLOURS.get(marking)
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
