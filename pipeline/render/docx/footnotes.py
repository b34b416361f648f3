"""Footnotes, in a part of their own (ECMA-376 §17.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, cast

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart

from pipeline.word.ooxml import W, XmlElement, w

_RULES: Final = (("separator", -1), ("continuationSeparator", 0))
"""The lines above notes, which the settings name by these numbers (§17.11.23)."""


class FootnotesPart:
    """The footnotes part."""

    def __init__(self, main: DocumentPart) -> None:
        """Put a part without notes into the package."""
        root = cast("BaseOxmlElement", OxmlElement("w:footnotes"))
        for name, number in _RULES:
            root.append(w("footnote", w("p", w("r", w(name))), type=name, id=number))
        self._part = StoryPart(
            PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, main.package
        )
        main.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        self._count = 0

    def add_footnote(self, write: Callable[[StoryPart, int], Iterable[XmlElement]]) -> int:
        """Add a note, which ``write`` makes for its part and number, and return that, from 1."""
        self._count += 1
        number = self._count
        paragraphs = list(write(self._part, number))
        if not paragraphs or paragraphs[0].tag != f"{W}p":
            paragraphs.insert(0, w("p", w("pPr", w("pStyle", val="FootnoteText"))))
        mark = w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteRef"))
        paragraphs[0][0].addnext(mark)
        mark.addnext(w("r", w("t", " ", xml_space="preserve")))
        self._part.element.append(w("footnote", *paragraphs, id=number))
        return number
