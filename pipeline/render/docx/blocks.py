"""The blocks of a Document as paragraphs and tables (ECMA-376 §17.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pipeline.document.tree import (
    Block,
    Box,
    Contents,
    Definitions,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    List,
    PageBreak,
    Paragraph,
    Quote,
    Section,
    Span,
    Table,
    Text,
    name_kind,
    to_plain_text,
)
from pipeline.render.docx.captions import CaptionWriter
from pipeline.render.docx.contents_field import ContentsWriter
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.inlines import InlineWriter
from pipeline.render.docx.numbering import DEEPEST
from pipeline.render.docx.paragraphs import (
    AFTER_TABLE,
    CONTINUED,
    Break,
    Flow,
    ListMark,
    ParagraphWriter,
)
from pipeline.render.docx.pictures import FigureWriter
from pipeline.render.docx.role_styles import (
    OF_BOX,
    OF_HEADING,
    OF_LIST,
    OF_PARAGRAPH,
    OF_QUOTE,
    OF_SECTION,
)
from pipeline.render.docx.style_records import GUTTER, STEP
from pipeline.render.docx.tables import TableWriter, make_box
from pipeline.word.ooxml import XmlElement, to_twips

_WIDE: Final = ("cover", "contents", "imprint", "summary", "sources")
"""The sections whose text begins at the margin, but beside a box in the rail."""
_NARROWEST: Final = 54
"""The space in pt that the facts need in the rail, to stand there."""
_BESIDE_BOX: Final = "BesideBox"
"""The style of the paragraph that a box in the rail hangs on."""


@dataclass(slots=True)
class PrecedingBlocks:
    """What stands before the block that is written next."""

    heading: str = ""
    """The words of the last heading, but for the title."""
    is_beside_box: bool = False
    is_below_heading: bool = False


@dataclass(frozen=True, slots=True)
class BlockWriter:
    """Writes blocks in order."""

    parts: DocxParts
    paragraphs: ParagraphWriter
    tables: TableWriter
    figures: FigureWriter
    contents: ContentsWriter
    preceding: PrecedingBlocks = field(default_factory=PrecedingBlocks)

    def write_blocks(self, blocks: Sequence[Block], flow: Flow) -> Iterator[XmlElement]:
        """Return the paragraphs and tables of some blocks."""
        for block in blocks:
            yield from self.write_block(block, flow)

    def write_block(self, block: Block, flow: Flow) -> Iterator[XmlElement]:
        """Return the paragraphs and tables of a block."""
        write = _BLOCK_WRITERS.get(type(block))
        if write is None:
            raise TypeError(f"no paragraphs stand for a {name_kind(block)}")
        self.paragraphs.pending.add_id(getattr(block, "id", ""))
        yield from write(self, block, flow)
        self.preceding.is_below_heading = isinstance(block, Heading)
        if not isinstance(block, Section):
            self.preceding.is_beside_box = isinstance(block, Box) and _is_rail_box(block, flow)

    def write_note(self, note: Footnote) -> int:
        """Write a footnote into its part and return its number."""
        width = self.parts.styles.page.text
        return self.parts.notes.add_footnote(
            lambda part, number: self.write_blocks(
                note.children, Flow(part, 0, width, "FootnoteText").enter(f"note {number}")
            )
        )

    def _write_section(self, node: Section, flow: Flow) -> Iterator[XmlElement]:
        text = OF_SECTION.get(node.role, flow.text)
        inner = replace(flow, section=node.role or flow.section, text=text)
        if node.role in _WIDE and not self.preceding.is_beside_box:
            inner = replace(inner, left=0)
        if node.role == "imprint":
            inner = replace(inner, term="", meaning="Particular")
        return self.write_blocks(node.children, inner)

    def _write_heading(self, node: Heading, flow: Flow) -> Iterator[XmlElement]:
        style = OF_HEADING[node.level]
        if flow.section == "contents":
            style = "TOCHeading"
        elif node.level > 1:
            self.preceding.heading = to_plain_text(node.children)
        if style == "Heading1" and self.preceding.is_beside_box:
            style = "Heading1BesideBox"  # a rule would run through the box
        yield self.paragraphs.write_paragraph(style, node.children, flow)

    def _write_paragraph(self, node: Paragraph, flow: Flow) -> Iterator[XmlElement]:
        style = self._choose_style(node.role, flow)
        yield self.paragraphs.write_paragraph(style, node.children, flow)

    def _choose_style(self, role: str, flow: Flow) -> str:
        if role == "strip" and flow.section == "cover":
            return "CoverStrip"
        if role == "source" and self.preceding.is_below_heading:
            return "SourceBelowHeading"
        if role == "box-title" and not flow.in_box and flow.left:
            return "Label"
        return OF_PARAGRAPH[role] if role else flow.text

    def _write_table(self, node: Table, flow: Flow) -> Iterator[XmlElement]:
        return self.tables.write_table(node, flow, self.preceding.heading)

    def _write_figure(self, node: Figure, flow: Flow) -> Iterator[XmlElement]:
        return self.figures.write_figure(node, flow)

    def _write_contents(self, node: Contents, flow: Flow) -> Iterator[XmlElement]:
        has_heading = bool(self.preceding.heading)
        return self.contents.write_contents(node.children, flow, has_heading_before=has_heading)

    def _write_page_break(self, node: PageBreak, flow: Flow) -> Iterable[XmlElement]:
        self.paragraphs.pending.breaks = "page"
        return ()

    # --- lists and definitions ---------------------------------------------------------------

    def _write_list(self, node: List, flow: Flow) -> Iterator[XmlElement]:
        level = min(flow.depth, DEEPEST)
        mark, inner = None, flow
        if node.role != "plain":
            edge = flow.left - level * to_twips(STEP)
            mark = ListMark(
                self.parts.numbering.start_list(level, node.start, edge)
                if node.ordered
                else self.parts.numbering.find_bullet_instance(edge),
                level,
            )
            inner = replace(flow, left=flow.left + to_twips(STEP), depth=flow.depth + 1)
        first, inner = self._choose_list_style(node, flow, inner)
        kind = "ordered" if node.ordered else "bulleted"
        for number, item in enumerate(node.children, 1):
            self.paragraphs.pending.add_id(item.id)
            yield from self._write_item(item, first, mark, inner.enter(f"{kind} {number}"))

    def _choose_list_style(self, node: List, flow: Flow, inner: Flow) -> tuple[str, Flow]:
        """Return the style of a list's first paragraphs, and its flow with that of the others."""
        if not flow.is_running_text:
            return flow.text, inner
        if node.role:
            return OF_LIST[node.role], replace(inner, text=OF_LIST[node.role])
        index = min(flow.depth, 2)
        name = "ListNumber" if node.ordered else "ListBullet"
        return name + ("", "2", "3")[index], replace(inner, text=CONTINUED[index])

    def _write_item(
        self, item: Item, style: str, mark: ListMark | None, flow: Flow
    ) -> Iterator[XmlElement]:
        match item.children:
            case [Paragraph() as opening, *rest]:
                self.paragraphs.pending.add_id(opening.id)
                if opening.role:
                    style = OF_PARAGRAPH[opening.role]
                yield self.paragraphs.write_paragraph(style, opening.children, flow, mark=mark)
                yield from self.write_blocks(rest, flow)
            case _:
                # A mark needs a paragraph, even before a table or another list.
                yield self.paragraphs.write_paragraph(style, (), flow, mark=mark)
                yield from self.write_blocks(item.children, flow)

    def _write_definitions(self, node: Definitions, flow: Flow) -> Iterator[XmlElement]:
        inner, within = replace(flow, text=flow.meaning), flow.within
        if not flow.term:
            inner = replace(inner, left=flow.left + self.parts.styles.measure_left(flow.meaning))
        for number, definition in enumerate(node.children, 1):
            children = definition.children
            flow, inner = (
                replace(each, within=(*within, f"definition {number}")) for each in (flow, inner)
            )
            if flow.term:
                yield self.paragraphs.write_paragraph(flow.term, definition.term, flow)
            else:
                words: tuple[Inline, ...] = (Span("label", definition.term), Text("\t"))
                match children:
                    case [Paragraph(meaning, "", name), *rest]:
                        self.paragraphs.pending.add_id(name)
                        words, children = (*words, *meaning), tuple(rest)
                yield self.paragraphs.write_paragraph(flow.meaning, words, flow)
            yield from self.write_blocks(children, inner)

    # --- quotes and boxes --------------------------------------------------------------------

    def _write_quote(self, node: Quote, flow: Flow) -> Iterator[XmlElement]:
        style, last, attribution = OF_QUOTE[node.role]
        inset = to_twips(self.parts.styles.get_paragraph_style(style).inset)
        flow = flow.enter("quote")
        inner = replace(flow, text=style, left=flow.left + inset)
        if not (node.attribution and attribution):
            yield from self.write_blocks(_run_in_attribution(node), inner)
            return
        yield from self.write_blocks(node.children[:-1], inner)
        yield from self.write_blocks(node.children[-1:], replace(inner, text=last))
        yield self.paragraphs.write_paragraph(attribution, node.attribution, flow)

    def _write_box(self, node: Box, flow: Flow) -> Iterator[XmlElement]:
        styles, pending = self.parts.styles, self.paragraphs.pending
        style, text = OF_BOX[node.role]
        left = flow.left if flow.depth else 0
        in_rail = _is_rail_box(node, flow)
        width = flow.left - to_twips(GUTTER) if in_rail else flow.right - left
        # The page breaks before the paragraph that a box in the rail hangs on, not in the box.
        breaks: Break = pending.take_break() if in_rail else ""
        _, right, _, inset = map(to_twips, styles.get_table_style(style).padding)
        term, meaning = ("Fact", text) if node.role == "at-a-glance" else ("", "BoxDefinition")
        inner = Flow(
            flow.part, 0, width - inset - right, text, term, meaning,
            in_box=True, within=(*flow.within, "box"),
        )  # fmt: skip
        content = list(self.write_blocks(node.children, inner))
        content = content or [self.paragraphs.write_paragraph(text, (), inner)]
        yield make_box(styles.mark_used(style), left, width, content, in_rail, _find_title(node))
        pending.breaks = pending.breaks or breaks
        yield self.paragraphs.write_paragraph(_BESIDE_BOX if in_rail else AFTER_TABLE, (), flow)


def _is_rail_box(box: Box, flow: Flow) -> bool:
    has_room = flow.left >= to_twips(GUTTER + _NARROWEST)
    return box.role == "at-a-glance" and has_room and not flow.depth


def _find_title(box: Box) -> str:
    """Return the words that a box has over it."""
    match box.children:
        case (Heading(_, words) | Paragraph(words, "box-title"), *_):
            return to_plain_text(words)
        case _:
            return ""


def _run_in_attribution(quote: Quote) -> tuple[Block, ...]:
    """Put whose a quote's words are behind them, in their last line."""
    if not quote.attribution:
        return quote.children
    whose = Span("attribution", quote.attribution)
    match quote.children:
        case (*opening, Paragraph(words) as last):
            return (*opening, replace(last, children=(*words, Text("\N{EN SPACE}"), whose)))
        case _:
            return (*quote.children, Paragraph((whose,)))


_BLOCK_WRITERS: Final[
    Mapping[type[Block], Callable[[BlockWriter, Any, Flow], Iterable[XmlElement]]]
] = {
    Section: BlockWriter._write_section,
    Heading: BlockWriter._write_heading,
    Paragraph: BlockWriter._write_paragraph,
    List: BlockWriter._write_list,
    Quote: BlockWriter._write_quote,
    Table: BlockWriter._write_table,
    Figure: BlockWriter._write_figure,
    Box: BlockWriter._write_box,
    Definitions: BlockWriter._write_definitions,
    Contents: BlockWriter._write_contents,
    PageBreak: BlockWriter._write_page_break,
}
"""What writes each kind of block."""


def make_block_writer(parts: DocxParts) -> BlockWriter:
    """Return what writes the blocks of a Document into its parts."""
    inlines = InlineWriter(parts, lambda note: blocks.write_note(note))
    paragraphs = ParagraphWriter(parts, inlines)
    captions = CaptionWriter(paragraphs)
    blocks = BlockWriter(
        parts,
        paragraphs,
        TableWriter(parts, paragraphs, captions),
        FigureWriter(parts, paragraphs, captions),
        ContentsWriter(parts, paragraphs),
    )
    return blocks
