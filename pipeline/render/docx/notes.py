"""Footnotes, in a part of their own (ECMA-376 §17.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.parser import parse_xml
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart

from pipeline.render.docx.oxml import Element, W, w
from pipeline.render.docx.package import base_part


class Notes:
    """The footnotes part; it joins the package with the first note."""

    def __init__(self, main: DocumentPart) -> None:
        """Prepare for the notes of a document."""
        self._main = main
        self._part: StoryPart | None = None
        self._count = 0

    def add(self, write: Callable[[StoryPart], Iterable[Element]]) -> int:
        """Add a note, which ``write`` makes for its part, and give its number, from 1."""
        if self._part is None:
            self._part = StoryPart(
                PackURI("/word/footnotes.xml"),
                CONTENT_TYPE.WML_FOOTNOTES,
                parse_xml(base_part("word/footnotes.xml")),
                self._main.package,
            )
            self._main.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        self._count += 1
        number = self._count
        paragraphs = list(write(self._part))
        if not paragraphs or paragraphs[0].tag != f"{W}p":
            paragraphs.insert(0, w("p", w("pPr", w("pStyle", val="FootnoteText"))))
        mark = w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteRef"))
        paragraphs[0][0].addnext(mark)
        mark.addnext(w("r", w("t", " ", xml_space="preserve")))
        self._part.element.append(w("footnote", *paragraphs, id=number))
        return number
