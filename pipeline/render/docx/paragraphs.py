"""Paragraphs: where they stand, and what they hold beside their words (ECMA-376 §17.3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from docx.parts.story import StoryPart

from pipeline.document.tree import Inline, to_plain_text
from pipeline.render.docx.anchors import Anchors
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.inlines import InlineWriter, RunProperties
from pipeline.render.docx.numbering import BULLETS
from pipeline.render.docx.scripts import is_right_to_left
from pipeline.render.docx.styles import WordStyles
from pipeline.word.ooxml import XmlElement, make_toggle, to_twips, w

BODY: Final = "BodyText"
CONTINUED: Final = ("ListContinue", "ListContinue2", "ListContinue3")
"""The styles of a list item's further paragraphs, by level."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Where blocks stand: in which part, between which edges, in which style."""

    part: StoryPart
    left: int
    """Where its own style begins, in twips from the margin or from the cell's edge."""
    right: int
    """Where lines end, in twips from the same."""
    text: str = BODY
    """The style of a paragraph without a role."""
    term: str = "DefinitionTerm"
    """The style of a term; without one it stands before its meaning in one line."""
    meaning: str = "Definition"
    depth: int = 0
    """How many lists are open."""
    section: str = ""
    """The role of the section that is open."""
    in_box: bool = False
    in_cell: bool = False
    within: tuple[str, ...] = ()
    """What is open, from the outside: ``ordered 2`` is a numbered list's second item."""

    def enter(self, what: str) -> Flow:
        """Give the flow inside a list's item, a quote, a note and the like."""
        return replace(self, within=(*self.within, what))

    @property
    def is_running_text(self) -> bool:
        """Whether lists have styles of their own here."""
        return self.text in (BODY, "Definition", "Particular", *CONTINUED)


@dataclass(frozen=True, slots=True)
class ListMark:
    """The number or bullet before a paragraph: its list's instance and level."""

    instance: int
    level: int


Break: TypeAlias = Literal["", "page", "section"]
"""What starts a new page before a paragraph: the paragraph itself, or a new section."""


class ParagraphWriter:
    """Makes paragraphs.

    Ids and page breaks wait for the next one: they need a paragraph to stand in.
    """

    def __init__(
        self, styles: WordStyles, bookmarks: Bookmarks, anchors: Anchors, inlines: InlineWriter
    ) -> None:
        """Prepare to make paragraphs in some styles, each with its anchor."""
        self.breaks: Break = ""
        self.ids: list[str] = []
        self._styles = styles
        self._bookmarks = bookmarks
        self._anchors = anchors
        self._inlines = inlines

    def queue_id(self, name: str) -> None:
        """Let an id wait for its paragraph; the empty one names nothing."""
        if name:
            self.ids.append(name)

    def write_paragraph(
        self,
        style: str,
        children: Sequence[Inline],
        flow: Flow,
        *,
        mark: ListMark | None = None,
    ) -> XmlElement:
        """Make a paragraph of words."""
        leftwards = is_right_to_left(to_plain_text(tuple(children)))
        in_bold = self._styles.is_bold(style)
        letters = RunProperties(in_bold=in_bold, in_cell=flow.in_cell, leftwards=leftwards)
        runs = self._inlines.write_inlines(children, flow.part, letters)
        return self.write_run_paragraph(style, runs, flow, children, mark=mark, leftwards=leftwards)

    def write_run_paragraph(
        self,
        style: str,
        content: Iterable[XmlElement],
        flow: Flow,
        children: Sequence[Inline] = (),
        *,
        mark: ListMark | None = None,
        leftwards: bool = False,
        is_copy: bool = False,
    ) -> XmlElement:
        """Make a paragraph of runs, with the ids and the page break that waited for it.

        ``children`` are its words as nodes; its anchor says where each is from. What it looks
        like is its style's to say: beside that it has no more than a number, a page break and a
        direction. The ids are taken before its content is written, in which a note may have
        paragraphs.
        """
        ids, self.ids = self.ids, []
        breaks, self.breaks = self.breaks, ""
        placed = self._place_style(style, flow, mark)
        properties = w(
            "pPr",
            w("pStyle", val=placed),
            make_toggle("pageBreakBefore", breaks == "page"),
            self._make_numbering(style, mark),
            make_toggle("bidi", leftwards),
        )
        made = w("p", properties)
        start, end = self._anchors.make_anchor(
            children, placed, style, flow.within, is_copy=is_copy
        )
        made.append(start)
        numbers = [self._bookmarks.take_number() for _ in ids]
        for name, number in zip(ids, numbers, strict=True):
            made.append(w("bookmarkStart", id=number, name=self._bookmarks[name]))
        made.extend(content)
        for number in reversed(numbers):
            made.append(w("bookmarkEnd", id=number))
        made.append(end)
        return made

    def _place_style(self, style: str, flow: Flow, mark: ListMark | None) -> str:
        """Give the style that begins where the flow does; a mark's place is its list's to say."""
        how = self._styles.get_paragraph_style(style)
        if mark is None and style == flow.text:
            return self._styles.derive_style(style, flow.left, 0)
        if mark is None and how.in_column:
            left = flow.left + to_twips(how.inset)
            return self._styles.derive_style(style, left, self._styles.measure_hanging(style))
        return self._styles.mark_used(style)

    def _make_numbering(self, style: str, mark: ListMark | None) -> XmlElement | None:
        """Number a paragraph, unless its style does."""
        if mark is None:
            return None
        if (
            mark.instance == BULLETS
            and self._styles.get_paragraph_style(style).list_level == mark.level
        ):
            return None
        return w("numPr", w("ilvl", val=mark.level), w("numId", val=mark.instance))
