"""Paragraphs: where they stand, and what is in them beside their words (ECMA-376 §17.3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from docx.parts.story import StoryPart

from pipeline.document.tree import Inline, to_plain_text
from pipeline.render.docx.anchors import AnchorPicture
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.inlines import InlineWriter, RunProperties
from pipeline.render.docx.numbering import BULLETS
from pipeline.render.docx.scripts import is_right_to_left
from pipeline.word.ooxml import XmlElement, make_toggle, to_twips, w

BODY: Final = "BodyText"
AFTER_TABLE: Final = "AfterTable"
"""The style of the paragraph after a table: without one between, two tables would be one."""
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

    def enter(self, part: str) -> Flow:
        """Return the flow inside a list's item, a quote, a note and the like."""
        return replace(self, within=(*self.within, part))

    @property
    def is_running_text(self) -> bool:
        """Whether lists have styles of their own here."""
        return self.text in (BODY, "Turn", "Definition", "Particular", *CONTINUED)


@dataclass(frozen=True, slots=True)
class ListMark:
    """The number or bullet before a paragraph: its list's instance and level."""

    instance: int
    level: int


Break: TypeAlias = Literal["", "page", "section"]
"""What starts a new page before a paragraph: the paragraph itself, or a new section."""


@dataclass(slots=True)
class Pending:
    """What waits for the next paragraph, because it needs one to stand in."""

    breaks: Break = ""
    ids: list[str] = field(default_factory=list)

    def add_id(self, name: str) -> None:
        """Let an id wait for its paragraph; the empty one names nothing."""
        if name:
            self.ids.append(name)

    def take_ids(self) -> list[str]:
        """Return the ids that waited; none waits any longer."""
        taken, self.ids = self.ids, []
        return taken

    def take_break(self) -> Break:
        """Return the break that waited; none waits any longer."""
        taken, self.breaks = self.breaks, ""
        return taken


@dataclass(frozen=True, slots=True)
class ParagraphForm:
    """What a paragraph is, beside its words.

    Its style decides what it looks like: beside that it has no more than a number, a page break
    and a direction.
    """

    style: str
    flow: Flow
    mark: ListMark | None = None
    leftwards: bool = False
    is_copy: bool = False
    """Whether its words are copied from elsewhere in the brief."""
    picture: AnchorPicture | None = None


@dataclass(frozen=True, slots=True)
class ParagraphWriter:
    """Writes paragraphs, each with its anchor and with what waited for it."""

    parts: DocxParts
    inlines: InlineWriter
    pending: Pending = field(default_factory=Pending)

    def write_paragraph(
        self,
        style: str,
        children: Sequence[Inline],
        flow: Flow,
        *,
        mark: ListMark | None = None,
    ) -> XmlElement:
        """Return a paragraph of words."""
        leftwards = is_right_to_left(to_plain_text(tuple(children)))
        in_bold = self.parts.styles.is_bold(style)
        letters = RunProperties(in_bold=in_bold, in_cell=flow.in_cell, leftwards=leftwards)
        runs = self.inlines.write_inlines(children, flow.part, letters)
        return self.write_run_paragraph(ParagraphForm(style, flow, mark, leftwards), runs, children)

    def write_run_paragraph(
        self, form: ParagraphForm, runs: Iterable[XmlElement], children: Sequence[Inline] = ()
    ) -> XmlElement:
        """Return a paragraph of runs, with the ids and the page break that waited for it.

        ``children`` are its words as nodes; its anchor says where each is from. The ids are
        taken before the runs are written, in which a note may have paragraphs.
        """
        bookmarks = self.parts.bookmarks
        ids, breaks = self.pending.take_ids(), self.pending.take_break()
        placed = self._place_style(form)
        properties = w(
            "pPr",
            w("pStyle", val=placed),
            make_toggle("pageBreakBefore", breaks == "page"),
            self._make_numbering(form),
            make_toggle("bidi", form.leftwards),
        )
        paragraph = w("p", properties)
        start, end = self.parts.anchors.make_anchor(
            children,
            placed,
            form.style,
            form.flow.within,
            is_copy=form.is_copy,
            picture=form.picture,
        )
        paragraph.append(start)
        numbers = [bookmarks.take_number() for _ in ids]
        for name, number in zip(ids, numbers, strict=True):
            paragraph.append(w("bookmarkStart", id=number, name=bookmarks[name]))
        paragraph.extend(runs)
        for number in reversed(numbers):
            paragraph.append(w("bookmarkEnd", id=number))
        paragraph.append(end)
        return paragraph

    def _place_style(self, form: ParagraphForm) -> str:
        """Return the style that begins where the flow does; a mark's list decides its place."""
        styles, style, flow = self.parts.styles, form.style, form.flow
        described = styles.get_paragraph_style(style)
        if form.mark is None and style == flow.text:
            return styles.derive_style(style, flow.left, 0)
        if form.mark is None and described.in_column:
            left = flow.left + to_twips(described.inset)
            return styles.derive_style(style, left, styles.measure_hanging(style))
        return styles.mark_used(style)

    def _make_numbering(self, form: ParagraphForm) -> XmlElement | None:
        """Number a paragraph, unless its style does."""
        mark = form.mark
        if mark is None:
            return None
        level = self.parts.styles.get_paragraph_style(form.style).list_level
        if mark.instance == BULLETS and level == mark.level:
            return None
        return w("numPr", w("ilvl", val=mark.level), w("numId", val=mark.instance))
