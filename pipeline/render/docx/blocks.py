"""The blocks of a Document as paragraphs and tables (ECMA-376 §17.3, §17.16.5.68)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from docx.parts.document import DocumentPart

from pipeline.document.tree import (
    Block,
    Box,
    Contents,
    Definitions,
    Document,
    Entry,
    Figure,
    Footnote,
    Heading,
    Inline,
    Item,
    List,
    PageBreak,
    PageNumber,
    Paragraph,
    Quote,
    Row,
    Section,
    Span,
    Table,
    Text,
    to_plain_text,
)
from pipeline.render.contract import RenderOptions
from pipeline.render.docx.anchors import Anchors
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.comments import Comments
from pipeline.render.docx.footnotes import FootnotesPart
from pipeline.render.docx.inlines import InlineWriter, RunProperties
from pipeline.render.docx.numbering import DEEPEST, Numbering
from pipeline.render.docx.paragraphs import (
    CONTINUED,
    Break,
    Flow,
    ListMark,
    ParagraphWriter,
)
from pipeline.render.docx.pictures import fit_image, make_picture_run
from pipeline.render.docx.relations import Relations
from pipeline.render.docx.style_table import (
    GUTTER,
    OF_BOX,
    OF_CELL,
    OF_HEADING,
    OF_LIST,
    OF_MATRIX_CELL,
    OF_PARAGRAPH,
    OF_QUOTE,
    OF_TABLE,
    STEP,
)
from pipeline.render.docx.styles import WordStyles
from pipeline.render.docx.tables import make_box, make_table, share_width
from pipeline.word.ooxml import XmlElement, to_twips, w

_WIDE: Final = ("cover", "contents", "imprint", "summary", "sources")
"""The sections whose text begins at the margin, but beside a box in the rail."""
_AFTER_TABLE: Final = "AfterTable"
"""The style of the paragraph after a table: without one between, two tables would be one."""
_NARROWEST: Final = 54
"""The room in pt that the facts need in the rail, to stand there."""
_BESIDE_BOX: Final = "BesideBox"
"""The style of the paragraph that a box in the rail hangs on."""
_TALLEST: Final = 0.8
"""The share of a page's height that a figure may take."""
_NUMBERED: Final = re.compile(r"([^\W\d_]+) (\d{1,4})(?=[.:]|\s[–—]|$)")
"""How a caption begins that counts: `Figure 2.`"""


class BlockWriter:
    """Writes blocks in order."""

    def __init__(
        self,
        document: Document,
        options: RenderOptions,
        main: DocumentPart,
        styles: WordStyles,
        bookmarks: Bookmarks,
        anchors: Anchors,
        comments: Comments,
        numbering: Numbering,
        relations: Relations,
    ) -> None:
        """Prepare to write the blocks of a document into its main part."""
        language = document.meta.language
        self.inlines = InlineWriter(
            main, styles, bookmarks, comments, relations, options.pages, language, self._write_note
        )
        self._relations = relations
        self._paragraphs = ParagraphWriter(styles, bookmarks, anchors, self.inlines)
        self._document = document
        self._main = main
        self._styles = styles
        self._numbering = numbering
        self._notes = FootnotesPart(main)
        self._drawings = count(1)
        self._bookmarks = bookmarks
        self._ranges: list[int] = []
        self._captions: dict[str, int] = {}
        self._heading = ""
        self._is_beside_box = False
        self._is_below_heading = False

    def write_body(self, section: Callable[[str, bool], XmlElement]) -> list[XmlElement]:
        """Give the paragraphs and tables of the document's body, and its last section.

        ``section`` ends a section that has some words at the head of its right-hand pages; they
        may be those of its headings. A part of the brief that starts a page and has other such
        words is a section of its own.
        """
        page, title = self._styles.page, self._document.meta.title
        flow = Flow(self._main, page.column, page.text)
        waiting = self._paragraphs
        made: list[XmlElement] = []
        heads: list[str] = []
        headed = True

        def end() -> XmlElement:
            return section(heads[0] if len(set(heads)) == 1 else title, headed)

        for block in self._document.children:
            if isinstance(block, Section):
                wanted = block.running or title
                if made and waiting.breaks and {*heads} != {wanted}:
                    made[-1][0].append(end())
                    waiting.breaks, heads, headed = "section", [], True
                if block.running or not heads:
                    heads.append(wanted)
                    # Beside a box, a heading has a style that the field does not look for.
                    follows = _find_first_heading(block) == wanted and not self._is_beside_box
                    headed = headed and follows
            made.extend(self._write_block(block, flow))
        if waiting.ids:
            waiting.breaks = ""
            made.append(waiting.write_paragraph(_AFTER_TABLE, (), flow))
        for number in self._ranges if made else ():
            made[-1][-1].addprevious(w("bookmarkEnd", id=number))
        return [*made, end()]

    def write_blocks(self, blocks: Sequence[Block], flow: Flow) -> Iterator[XmlElement]:
        """Give the paragraphs and tables of some blocks."""
        for block in blocks:
            yield from self._write_block(block, flow)

    def _write_block(self, block: Block, flow: Flow) -> Iterator[XmlElement]:
        yield from self._dispatch_block(block, flow)
        self._is_below_heading = isinstance(block, Heading)
        if not isinstance(block, Section):
            self._is_beside_box = isinstance(block, Box) and _is_rail_box(block, flow)

    def _dispatch_block(self, block: Block, flow: Flow) -> Iterator[XmlElement]:
        self._paragraphs.queue_id(getattr(block, "id", ""))
        match block:
            case Section():
                yield from self._write_section(block, flow)
            case Heading(level, children):
                style = OF_HEADING[level]
                if flow.section == "contents":
                    style = "TOCHeading"
                elif level > 1:
                    self._heading = to_plain_text(children)
                if style == "Heading1" and self._is_beside_box:
                    style = "Heading1BesideBox"  # a rule would run through the box
                yield self._paragraphs.write_paragraph(style, children, flow)
            case Paragraph(children, role):
                yield self._paragraphs.write_paragraph(
                    self._choose_style(role, flow), children, flow
                )
            case List():
                yield from self._write_list(block, flow)
            case Quote():
                yield from self._write_quote(block, flow)
            case Table():
                yield from self._write_table(block, flow)
            case Figure():
                yield from self._write_figure(block, flow)
            case Box():
                yield from self._write_box(block, flow)
            case Definitions():
                yield from self._write_definitions(block, flow)
            case Contents(entries):
                yield from self._write_contents(entries, flow)
            case PageBreak():
                self._paragraphs.breaks = "page"

    def _write_section(self, node: Section, flow: Flow) -> Iterator[XmlElement]:
        inner = replace(flow, section=node.role or flow.section)
        if node.role in _WIDE and not self._is_beside_box:
            inner = replace(inner, left=0)
        if node.role == "imprint":
            inner = replace(inner, term="", meaning="Particular")
        yield from self.write_blocks(node.children, inner)

    def _choose_style(self, role: str, flow: Flow) -> str:
        if role == "strip" and flow.section == "cover":
            return "CoverStrip"
        if role == "source" and self._is_below_heading:
            return "SourceBelowHeading"
        if role == "box-title" and not flow.in_box and flow.left:
            return "Label"
        return OF_PARAGRAPH[role] if role else flow.text

    def _write_note(self, note: Footnote) -> int:
        width = self._styles.page.text
        return self._notes.add_footnote(
            lambda part, number: self.write_blocks(
                note.children, Flow(part, 0, width, "FootnoteText").enter(f"note {number}")
            )
        )

    # --- lists -----------------------------------------------------------------------------

    def _write_list(self, node: List, flow: Flow) -> Iterator[XmlElement]:
        level = min(flow.depth, DEEPEST)
        mark, inner = None, flow
        if node.role != "plain":
            edge = flow.left - level * to_twips(STEP)
            mark = ListMark(
                self._numbering.start_list(level, node.start, edge)
                if node.ordered
                else self._numbering.find_bullet_instance(edge),
                level,
            )
            inner = replace(flow, left=flow.left + to_twips(STEP), depth=flow.depth + 1)
        first, inner = self._choose_list_style(node, flow, inner)
        kind = "ordered" if node.ordered else "bulleted"
        for number, item in enumerate(node.children, 1):
            self._paragraphs.queue_id(item.id)
            yield from self._write_item(item, first, mark, inner.enter(f"{kind} {number}"))

    def _choose_list_style(self, node: List, flow: Flow, inner: Flow) -> tuple[str, Flow]:
        """Give the style of a list's first paragraphs, and its flow with that of the others."""
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
                self._paragraphs.queue_id(opening.id)
                if opening.role:
                    style = OF_PARAGRAPH[opening.role]
                yield self._paragraphs.write_paragraph(style, opening.children, flow, mark=mark)
                yield from self.write_blocks(rest, flow)
            case _:
                # A mark needs a paragraph, even before a table or another list.
                yield self._paragraphs.write_paragraph(style, (), flow, mark=mark)
                yield from self.write_blocks(item.children, flow)

    def _write_definitions(self, node: Definitions, flow: Flow) -> Iterator[XmlElement]:
        inner, within = replace(flow, text=flow.meaning), flow.within
        if not flow.term:
            inner = replace(inner, left=flow.left + self._styles.measure_left(flow.meaning))
        for number, definition in enumerate(node.children, 1):
            children = definition.children
            flow, inner = (
                replace(each, within=(*within, f"definition {number}")) for each in (flow, inner)
            )
            if flow.term:
                yield self._paragraphs.write_paragraph(flow.term, definition.term, flow)
            else:
                words: tuple[Inline, ...] = (Span("label", definition.term), Text("\t"))
                match children:
                    case [Paragraph(meaning, "", name), *rest]:
                        self._paragraphs.queue_id(name)
                        words, children = (*words, *meaning), tuple(rest)
                yield self._paragraphs.write_paragraph(flow.meaning, words, flow)
            yield from self.write_blocks(children, inner)

    # --- quotes, boxes, figures, tables ----------------------------------------------------------

    def _write_quote(self, node: Quote, flow: Flow) -> Iterator[XmlElement]:
        style, last, attribution = OF_QUOTE[node.role]
        inset = to_twips(self._styles.get_paragraph_style(style).inset)
        flow = flow.enter("quote")
        inner = replace(flow, text=style, left=flow.left + inset)
        if not (node.attribution and attribution):
            yield from self.write_blocks(_run_in_attribution(node), inner)
            return
        yield from self.write_blocks(node.children[:-1], inner)
        yield from self.write_blocks(node.children[-1:], replace(inner, text=last))
        yield self._paragraphs.write_paragraph(attribution, node.attribution, flow)

    def _write_box(self, node: Box, flow: Flow) -> Iterator[XmlElement]:
        style, text = OF_BOX[node.role]
        left = flow.left if flow.depth else 0
        width = flow.right - left
        in_rail = _is_rail_box(node, flow)
        if in_rail:
            width = flow.left - to_twips(GUTTER)
        waiting = self._paragraphs
        breaks: Break = ""
        if in_rail:
            # The page breaks before the paragraph that the box hangs on, not in the box.
            breaks, waiting.breaks = waiting.breaks, breaks
        _, right, _, inset = map(to_twips, self._styles.get_table_style(style).padding)
        term, meaning = ("Fact", text) if node.role == "at-a-glance" else ("", "BoxDefinition")
        inner = Flow(
            flow.part, 0, width - inset - right, text, term, meaning,
            in_box=True, within=(*flow.within, "box"),
        )  # fmt: skip
        content = list(self.write_blocks(node.children, inner))
        content = content or [waiting.write_paragraph(text, (), inner)]
        yield make_box(
            self._styles.mark_used(style), left, width, content, in_rail, _find_title(node)
        )
        waiting.breaks = waiting.breaks or breaks
        yield waiting.write_paragraph(_BESIDE_BOX if in_rail else _AFTER_TABLE, (), flow)

    def _write_figure(self, node: Figure, flow: Flow) -> Iterator[XmlElement]:
        page, image = self._styles.page, self._document.images[node.image]
        tallest = round((page.height - page.top - page.bottom) * _TALLEST)
        extent = fit_image(image, flow.right - flow.left, tallest)
        address = self._relations.add_image(flow.part, image)
        shown = make_picture_run(address, node.alt, next(self._drawings), extent)
        yield self._paragraphs.write_run_paragraph("Figure", [shown], flow)
        if node.caption:
            yield self._write_caption("Caption", node.caption, flow)

    def _write_table(self, node: Table, flow: Flow) -> Iterator[XmlElement]:
        if node.role == "matrix" and not flow.depth:
            flow = replace(flow, left=0)
        if node.caption:
            yield self._write_caption("TableCaption", node.caption, flow)
        row_heads = any(row.children[0].scope == "row" for row in node.children)
        narrow = node.role == "matrix" and self._styles.page.is_narrow
        across = narrow and row_heads and len(node.children[0].children) > 1
        styles = OF_MATRIX_CELL if node.role == "matrix" else OF_CELL
        inner = replace(flow, in_cell=True)

        def cells(row: Row, number: int, scope: str) -> list[XmlElement]:
            return [
                self._paragraphs.write_paragraph(
                    styles[cell.scope or scope],
                    cell.children,
                    inner.enter(f"row {number} cell {place}"),
                )
                for place, cell in enumerate(row.children, 1)
            ]

        name = self._styles.mark_used(OF_TABLE[node.role])
        style = self._styles.get_table_style(OF_TABLE[node.role])
        head = [cells(row, number, "col") for number, row in enumerate(node.head, 1)]
        below = len(node.head) + 1
        body = [cells(row, number, "") for number, row in enumerate(node.children, below)]
        yield make_table(
            name,
            flow.left,
            share_width(node, flow.right - flow.left, across),
            head,
            body,
            row_heads=row_heads,
            title=to_plain_text(node.caption) or self._heading,
            description=_describe_columns(node),
            across=across,
            rule=self._styles.make_borders("tcBorders", [style.head] if style.head else []),
        )
        yield self._paragraphs.write_paragraph(_AFTER_TABLE, (), flow)

    def _write_caption(self, style: str, children: tuple[Inline, ...], flow: Flow) -> XmlElement:
        """Make a caption; a number that it has is a field that counts (§17.16.5.56)."""
        match children:
            case (Text(text), *rest) if numbered := _NUMBERED.match(text):
                label, number = numbered.groups()
                self._captions[label], last = int(number), self._captions.get(label, 0)
                anew = f" \\r {number}" if int(number) != last + 1 else ""
                letters = RunProperties()
                runs = [
                    *self.inlines.write_text(f"{label} ", letters),
                    *self.inlines.write_field(f"SEQ {label} \\* ARABIC{anew}", number, letters),
                    *self.inlines.write_inlines(
                        (Text(text[numbered.end() :]), *rest), flow.part, letters
                    ),
                ]
                return self._paragraphs.write_run_paragraph(style, runs, flow, children)
        return self._paragraphs.write_paragraph(style, children, flow)

    # --- contents ------------------------------------------------------------------------------

    def _write_contents(self, entries: Sequence[Entry], flow: Flow) -> Iterator[XmlElement]:
        """Give the contents as a field with its entries filled in (§17.16.5.68)."""
        deepest = max((entry.level for entry in entries), default=1)
        what, letters = f'TOC \\o "1-{deepest}" \\h \\z \\u', RunProperties()
        begins: list[XmlElement] = []
        if self._heading:
            # Headings that stand before are not in the contents: Word is to look from here on.
            number = self._bookmarks.take_number()
            self._ranges.append(number)
            begins = [w("bookmarkStart", id=number, name=f"_contents_{number}")]
            what += f" \\b _contents_{number}"
        for index, entry in enumerate(entries):
            words = self.inlines.write_inlines(entry.children, flow.part, letters)
            line: list[XmlElement] = [
                self.inlines.write_link(
                    entry.target,
                    *words,
                    w("r", w("tab")),
                    *self.inlines.write_page_field(entry.target, letters),
                )
            ]
            if index == 0:
                line = [*self.inlines.open_field(what, letters), *line]
            if index == len(entries) - 1:
                line.append(self.inlines.close_field(letters))
            shown = (*entry.children, Text("\t"), PageNumber(entry.target))
            yield self._paragraphs.write_run_paragraph(
                f"TOC{entry.level}", line, flow, shown, is_copy=True
            )
        # Word writes the entries anew: the end of a section must not stand in one of them.
        after = self._paragraphs.write_paragraph(_AFTER_TABLE, (), flow)
        for begin in begins:
            after[-1].addprevious(begin)  # the anchor stands round all that the paragraph holds
        yield after


def _is_rail_box(box: Box, flow: Flow) -> bool:
    has_room = flow.left >= to_twips(GUTTER + _NARROWEST)
    return box.role == "at-a-glance" and has_room and not flow.depth


def _find_first_heading(section: Section) -> str:
    found = (b.children for b in section.children if isinstance(b, Heading) and b.level == 2)
    return to_plain_text(next(found, ()))


def _find_title(box: Box) -> str:
    """Give the words that a box has over it."""
    match box.children:
        case (Heading(_, words) | Paragraph(words, "box-title"), *_):
            return to_plain_text(words)
        case _:
            return ""


def _describe_columns(node: Table) -> str:
    """Name a table's columns, for those who do not see it."""
    heads = (to_plain_text(cell.children) for row in node.head for cell in row.children)
    return "; ".join(filter(None, heads))


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
