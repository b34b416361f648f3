"""Words and what stands among them, as runs (ECMA-376 §17.3.2, §17.16)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from docx.parts.story import StoryPart

from pipeline.document.tree import (
    Comment,
    Emphasis,
    Footnote,
    Inline,
    LineBreak,
    Link,
    Node,
    PageNumber,
    Reference,
    Span,
    Strong,
    Text,
    name_kind,
    to_plain_text,
    walk,
)
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.role_styles import OF_SPAN
from pipeline.render.docx.scripts import Script, find_language, split_scripts
from pipeline.word.ooxml import XmlElement, w

NO_PAGE: Final = "–"
"""What stands for a page number where no layout is known; Word fills it in on request."""


@dataclass(frozen=True, slots=True)
class RunProperties:
    """How the words of a run are set, over their paragraph's style."""

    style: str = ""
    bold: bool = False
    italic: bool | None = None
    """On, off outright, or as the styles have it."""
    in_bold: bool = False
    """Whether the paragraph's style is bold."""
    in_cell: bool = False
    leftwards: bool = False
    """Whether the paragraph is written from right to left."""

    def apply_style(self, style: str) -> RunProperties:
        """Return the same letters in a character style; stress that it takes over stays.

        A citation's links look like the citation.
        """
        if self.style == "Citation":
            return self
        return replace(
            self,
            style=style,
            bold=self.bold or self.style == "Strong",
            italic=True if self.style == "Emphasis" else self.italic,
        )

    def apply_stress(self, style: str) -> RunProperties:
        """Return the letters of Emphasis or Strong; where a style stands already, on top of it."""
        if not self.style:
            return replace(self, style=style)
        if style == "Strong":
            return replace(self, bold=True)
        return replace(self, italic=True)


@dataclass(frozen=True, slots=True)
class InlineWriter:
    """Writes inline nodes as runs, links and fields."""

    parts: DocxParts
    write_note: Callable[[Footnote], int]
    """Puts a footnote into its part and returns its number."""

    def write_inlines(
        self, nodes: Sequence[Inline], part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        """Return the runs of some nodes; ``part`` keeps the addresses of their links."""
        words: list[XmlElement] = []
        for kind, group in groupby(nodes, key=type):
            if kind is Text:
                text = "".join(node.text for node in group if isinstance(node, Text))
                words += self.write_text(text, letters)
            elif kind is Comment and part is not self.parts.main:
                pass  # on a note: it hangs on the note's mark
            elif kind is Comment:
                yield from self._attach_comments(group, words)
                words = []
            else:
                for node in group:
                    words += self._write_node(node, part, letters)
        yield from words

    def _attach_comments(
        self, comments: Iterable[Node], words: list[XmlElement]
    ) -> list[XmlElement]:
        for comment in comments:
            if isinstance(comment, Comment):
                words = self.parts.comments.attach_comment(comment, words)
        return words

    def _write_node(
        self, node: Inline, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        write = _INLINE_WRITERS.get(type(node))
        if write is None:
            raise TypeError(f"no runs stand for a {name_kind(node)}")
        return write(self, node, part, letters)

    def _write_stress(
        self, node: Emphasis | Strong, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        stress = "Emphasis" if isinstance(node, Emphasis) else "Strong"
        return self.write_inlines(node.children, part, letters.apply_stress(stress))

    def _write_span(
        self, node: Span, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        if node.role:
            in_cell = node.role == "label" and letters.in_cell
            style = "CellLabel" if in_cell else OF_SPAN[node.role]
            letters = letters.apply_style(style)
            if self.parts.styles.get_character_style(style).upright:
                letters = replace(letters, italic=False)
        return self.write_inlines(node.children, part, letters)

    def _write_outer_link(
        self, node: Link, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        address = self.parts.relations.add_link(part, node.href)
        runs = self.write_inlines(node.children, part, letters.apply_style("Hyperlink"))
        yield w("hyperlink", *runs, r_id=address, history=1)

    def _write_reference(
        self, node: Reference, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        inner = letters.apply_style("Reference")
        runs = self.write_inlines(node.children, part, inner)
        words = to_plain_text(node.children)
        if field := self.parts.bookmarks.make_reference_field(node.target, words):
            yield from (*self.open_field(field, inner), *runs, self.close_field(inner))
        else:
            yield self.write_link(node.target, *runs)

    def _write_page_number(
        self, node: PageNumber, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        return self.write_page_field(node.target, letters)

    def _write_line_break(
        self, node: LineBreak, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        yield self.make_run(letters, w("br"))

    def _write_footnote(
        self, node: Footnote, part: StoryPart, letters: RunProperties
    ) -> Iterator[XmlElement]:
        called = RunProperties("FootnoteReference")
        mark = self.make_run(called, w("footnoteReference", id=self.write_note(node)))
        yield from self._attach_comments(walk(node), [mark])

    def write_link(self, target: str, *runs: XmlElement) -> XmlElement:
        """Return a link to a node of this document."""
        return w("hyperlink", *runs, anchor=self.parts.bookmarks[target], history=1)

    def write_page_field(self, target: str, letters: RunProperties) -> Iterator[XmlElement]:
        """Return the field that knows the page on which a node stands."""
        known = self.parts.options.pages.get(target)
        yield from self.write_field(
            f"PAGEREF {self.parts.bookmarks[target]} \\h",
            NO_PAGE if known is None else str(known),
            letters,
        )

    def write_field(
        self, instruction: str, result: str, letters: RunProperties
    ) -> Iterator[XmlElement]:
        """Return a whole field with the result that it has now (§17.16.2)."""
        yield from self.open_field(instruction, letters)
        yield from self.write_text(result, letters)
        yield self.close_field(letters)

    def open_field(self, instruction: str, letters: RunProperties) -> Iterator[XmlElement]:
        """Begin a field; what follows is its result."""
        yield self.make_run(letters, w("fldChar", fldCharType="begin"))
        yield self.make_run(letters, w("instrText", f" {instruction} ", xml_space="preserve"))
        yield self.make_run(letters, w("fldChar", fldCharType="separate"))

    def close_field(self, letters: RunProperties) -> XmlElement:
        """End a field."""
        return self.make_run(letters, w("fldChar", fldCharType="end"))

    def write_text(self, words: str, letters: RunProperties) -> Iterator[XmlElement]:
        """Return the runs of plain words: one, or one for each script."""
        for script, part in split_scripts(words, letters.leftwards):
            pieces: list[XmlElement] = []
            for index, piece in enumerate(part.split("\t")):
                if index:
                    pieces.append(w("tab"))
                if piece:
                    pieces.append(w("t", piece, xml_space="preserve"))
            language = find_language(part, self.parts.document.meta.language) if script else {}
            yield self.make_run(letters, *pieces, script=script, language=language)

    def make_run(
        self,
        letters: RunProperties,
        *content: XmlElement,
        script: Script = "",
        language: Mapping[str, str] = MappingProxyType({}),
    ) -> XmlElement:
        """Return a run; ``language`` is that of words in another script, if it is not the text's.

        Bold in a bold paragraph is set outright, or the two would cancel.
        """
        style = letters.style
        bold = letters.bold or bool(style and letters.in_bold and self.parts.styles.is_bold(style))
        properties = [
            w("rStyle", val=self.parts.styles.mark_used(style)) if style else None,
            w("rFonts", hint=script) if script == "eastAsia" else None,
            *((w("b"), w("bCs")) if bold else ()),
            *((w("i"), w("iCs")) if letters.italic else ()),
            *((w("i", val=0), w("iCs", val=0)) if letters.italic is False else ()),
            w(script) if script in ("rtl", "cs") else None,
            w("lang", **language) if language else None,
        ]
        some = any(item is not None for item in properties)
        return w("r", w("rPr", *properties) if some else None, *content)


_InlineWriting: TypeAlias = Callable[
    [InlineWriter, Any, StoryPart, RunProperties], Iterator[XmlElement]
]
_INLINE_WRITERS: Final[Mapping[type[Inline], _InlineWriting]] = {
    Emphasis: InlineWriter._write_stress,
    Strong: InlineWriter._write_stress,
    Span: InlineWriter._write_span,
    Link: InlineWriter._write_outer_link,
    Reference: InlineWriter._write_reference,
    PageNumber: InlineWriter._write_page_number,
    LineBreak: InlineWriter._write_line_break,
    Footnote: InlineWriter._write_footnote,
}
"""What writes each kind of node. Words and comments are written in groups, before these."""
