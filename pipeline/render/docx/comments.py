"""Editors' comments, in a part of their own (ECMA-376 §17.13.4)."""

from __future__ import annotations

from typing import Final, cast

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart

from pipeline.document.tree import Comment, Meta
from pipeline.word.ooxml import XmlElement, to_half_points, w

_LETTERS: Final = 10.0
"""The size of a comment's letters, in pt: it is on the screen only."""


class Comments:
    """The comments part: written when there is a comment."""

    def __init__(self, main: DocumentPart, meta: Meta) -> None:
        """The house is their author; their date is the edition's."""
        self.placed: list[Comment] = []
        self._main = main
        self._root = cast("BaseOxmlElement", OxmlElement("w:comments"))
        self._who: dict[str, str] = {
            "author": meta.publisher,
            "initials": _make_initials(meta.publisher),
        }
        if meta.date:
            self._who["date"] = f"{meta.date}T00:00:00Z"

    def attach_comment(self, comment: Comment, words: list[XmlElement]) -> list[XmlElement]:
        """Return some runs with a comment on them; words that are printed again have it once."""
        if comment in self.placed:
            return words
        number = len(self.placed)
        self.placed.append(comment)
        self._root.append(
            w(
                "comment",
                w(
                    "p",
                    w("pPr", w("pStyle", val="CommentText")),
                    w("r", _make_reference_style(), w("annotationRef")),
                    w("r", w("t", comment.text, xml_space="preserve")),
                ),
                id=number,
                **self._who,
            )
        )
        return [
            w("commentRangeStart", id=number),
            *words,
            w("commentRangeEnd", id=number),
            w("r", _make_reference_style(), w("commentReference", id=number)),
        ]

    def write_part(self) -> None:
        """Put the part into the package, and its styles among the others."""
        if not self.placed:
            return
        name = PackURI("/word/comments.xml")
        part = StoryPart(name, CONTENT_TYPE.WML_COMMENTS, self._root, self._main.package)
        self._main.relate_to(part, RELATIONSHIP_TYPE.COMMENTS)
        size = to_half_points(_LETTERS)
        plain = w("spacing", before=0, after=0, line=240, lineRule="auto")
        self._main.styles.element.extend(
            [
                w("style", w("name", val="annotation text"), w("basedOn", val="Normal"),
                  w("pPr", plain), w("rPr", w("sz", val=size), w("szCs", val=size)),
                  type="paragraph", styleId="CommentText"),
                w("style", w("name", val="annotation reference"),
                  w("rPr", w("sz", val=16), w("szCs", val=16)),
                  type="character", styleId="CommentReference"),
            ]
        )  # fmt: skip


def _make_reference_style() -> XmlElement:
    return w("rPr", w("rStyle", val="CommentReference"))


def _make_initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())
