"""The blocks of a Document as paragraphs and tables (ECMA-376 §17.3, §17.16.5.68)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from docx.parts.document import DocumentPart

from pipeline.document import (
    Block,
    Box,
    Cell,
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
    Paragraph,
    Quote,
    Section,
    Span,
    Table,
    Text,
    plain,
)
from pipeline.render import Look
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.inlines import Inlines, Letters
from pipeline.render.docx.notes import Notes
from pipeline.render.docx.numbering import BULLETS, DEEPEST, Numbering
from pipeline.render.docx.oxml import Element, twips, w
from pipeline.render.docx.paragraphs import (
    CONTINUED,
    Break,
    Flow,
    Mark,
    Paragraphs,
    close_up,
    keep_together,
)
from pipeline.render.docx.pictures import picture, size
from pipeline.render.docx.sheet import (
    GUTTER,
    OF_BOX,
    OF_CELL,
    OF_HEADING,
    OF_LIST,
    OF_PARAGRAPH,
    OF_QUOTE,
    OF_TABLE,
    RULED,
    RULES,
    STEP,
    Border,
)
from pipeline.render.docx.styles import Styles
from pipeline.render.docx.tables import boxed, table, widths

_WIDE: Final = ("cover", "contents", "imprint")
"""The sections whose text begins at the margin."""
_AFTER_TABLE: Final = "AfterTable"
"""The style of the paragraph after a table: without one between, two tables would be one."""
_NARROWEST: Final = 54
"""The room in pt that the facts need in the rail, to stand there."""
_TALLEST: Final = 0.8
"""The share of a page's height that a figure may take."""


class Blocks:
    """Writes blocks in order."""

    def __init__(
        self,
        document: Document,
        look: Look,
        main: DocumentPart,
        styles: Styles,
        bookmarks: Bookmarks,
        numbering: Numbering,
    ) -> None:
        """Prepare to write the blocks of a document into its main part."""
        self.inlines = Inlines(styles, bookmarks, look.pages, self._note)
        self._paragraphs = Paragraphs(styles, bookmarks, self.inlines)
        self._document = document
        self._main = main
        self._styles = styles
        self._numbering = numbering
        self._notes = Notes(main)
        self._drawings = count(1)

    def main(self, section: Callable[[str], Element]) -> list[Element]:
        """Give the paragraphs and tables of the document's body, and its last section.

        ``section`` ends a section that has some words at the head of its right-hand pages.
        A part of the brief that starts a page and has other such words is a section of its own.
        """
        page, title = self._styles.page, self._document.meta.title
        flow = Flow(self._main, page.column, page.text)
        waiting = self._paragraphs
        made: list[Element] = []
        heads: list[str] = []

        def head() -> str:
            return heads[0] if len(set(heads)) == 1 else title

        for block in self._document.children:
            if isinstance(block, Section):
                wanted = block.running or title
                if made and waiting.breaks and {*heads} != {wanted}:
                    made[-1][0].append(section(head()))
                    waiting.breaks, heads = "section", [wanted]
                elif block.running or not made:
                    heads.append(wanted)
            made.extend(self._block(block, flow))
        if waiting.ids:
            waiting.breaks = ""
            made.append(waiting.words(_AFTER_TABLE, (), flow))
        return [*made, section(head())]

    def write(self, blocks: Sequence[Block], flow: Flow) -> Iterator[Element]:
        """Give the paragraphs and tables of some blocks."""
        for block in blocks:
            yield from self._block(block, flow)

    def _block(self, block: Block, flow: Flow, rule: Border | None = None) -> Iterator[Element]:
        self._paragraphs.wait(getattr(block, "id", ""))
        match block:
            case Section():
                yield from self._section(block, flow)
            case Heading(level, children):
                style = OF_HEADING[level]
                if flow.section == "contents":
                    style = "TOCHeading"
                yield self._paragraphs.words(style, children, flow, rule=rule)
            case Paragraph(children, role):
                style = self._style_of(role, flow)
                yield self._paragraphs.words(style, children, flow, rule=rule)
            case List():
                yield from self._list(block, flow)
            case Quote():
                yield from self._quote(block, flow)
            case Table():
                yield from self._table(block, flow)
            case Figure():
                yield from self._figure(block, flow)
            case Box():
                yield from self._box(block, flow)
            case Definitions():
                yield from self._definitions(block, flow)
            case Contents(entries):
                yield from self._contents(entries, flow)
            case PageBreak():
                self._paragraphs.breaks = "page"

    def _section(self, node: Section, flow: Flow) -> Iterator[Element]:
        inner = replace(flow, section=node.role or flow.section)
        if node.role in _WIDE:
            inner = replace(inner, left=0)
        if node.role == "imprint":
            inner = replace(inner, term="", meaning="Particular")
        made: list[Element] = []
        for index, child in enumerate(node.children):
            made += self._block(child, inner, None if index else _rule(node))
        if node.role == "answer":
            keep_together(made)
        yield from made

    def _style_of(self, role: str, flow: Flow) -> str:
        if role == "strip" and flow.section == "cover":
            return "CoverStrip"
        if role == "box-title" and not flow.in_box:
            return "Label"
        return OF_PARAGRAPH[role] if role else flow.text

    def _note(self, note: Footnote) -> int:
        width = self._styles.page.text
        return self._notes.add(
            lambda part: self.write(note.children, Flow(part, 0, width, "FootnoteText"))
        )

    # --- lists -----------------------------------------------------------------------------

    def _list(self, node: List, flow: Flow) -> Iterator[Element]:
        level = min(flow.depth, DEEPEST)
        mark, inner = None, flow
        if node.role != "plain":
            instance = self._numbering.restart(level, node.start) if node.ordered else BULLETS
            mark = Mark(instance, level)
            inner = replace(flow, left=flow.left + twips(STEP), depth=flow.depth + 1)
        first, inner = self._list_style(node, flow, inner)
        made: list[Element] = []
        for item in node.children:
            self._paragraphs.wait(item.id)
            paragraphs = list(self._item(item, first, mark, inner))
            if node.role == "takeaways":
                keep_together(paragraphs)
            made += paragraphs
        if node.role == "options":
            keep_together(made)
        yield from made

    def _list_style(self, node: List, flow: Flow, inner: Flow) -> tuple[str, Flow]:
        """Give the style of a list's first paragraphs, and its flow with that of the others."""
        if not flow.is_running_text:
            return flow.text, inner
        if node.role:
            return OF_LIST[node.role], replace(inner, text=OF_LIST[node.role])
        index = min(flow.depth, 2)
        name = "ListNumber" if node.ordered else "ListBullet"
        return name + ("", "2", "3")[index], replace(inner, text=CONTINUED[index])

    def _item(self, item: Item, style: str, mark: Mark | None, flow: Flow) -> Iterator[Element]:
        match item.children:
            case [Paragraph() as opening, *rest]:
                self._paragraphs.wait(opening.id)
                if opening.role:
                    style = OF_PARAGRAPH[opening.role]
                yield self._paragraphs.words(style, opening.children, flow, mark=mark)
                yield from self.write(rest, flow)
            case _:
                # A mark needs a paragraph, even before a table or another list.
                yield self._paragraphs.words(style, (), flow, mark=mark, keep=bool(item.children))
                yield from self.write(item.children, flow)

    def _definitions(self, node: Definitions, flow: Flow) -> Iterator[Element]:
        inner = replace(flow, text=flow.meaning)
        if not flow.term:
            inner = replace(
                inner, left=flow.left + twips(self._styles.paragraph(flow.meaning).inset)
            )
        for definition in node.children:
            children = definition.children
            if flow.term:
                yield self._paragraphs.words(flow.term, definition.term, flow)
            else:
                words: tuple[Inline, ...] = (Span("label", definition.term), Text("\t"))
                match children:
                    case [Paragraph(meaning, "", name), *rest]:
                        self._paragraphs.wait(name)
                        words, children = (*words, *meaning), tuple(rest)
                yield self._paragraphs.words(flow.meaning, words, flow)
            yield from self.write(children, inner)

    # --- quotes, boxes, figures, tables ----------------------------------------------------------

    def _quote(self, node: Quote, flow: Flow) -> Iterator[Element]:
        style, attribution = OF_QUOTE[node.role]
        inset = twips(self._styles.paragraph(style).inset)
        inner = replace(flow, text=style, left=flow.left + inset)
        if not (node.attribution and attribution):
            yield from self.write(_run_in(node), inner)
            return
        paragraphs = list(self.write(node.children, inner))
        close_up(paragraphs[-1:])
        paragraphs.append(self._paragraphs.words(attribution, node.attribution, flow))
        keep_together(paragraphs)
        yield from paragraphs

    def _box(self, node: Box, flow: Flow) -> Iterator[Element]:
        style, text = OF_BOX[node.role]
        left = flow.left if flow.depth else 0
        width = flow.right - left
        rail = flow.left - left - twips(GUTTER)
        in_rail = node.role == "at-a-glance" and rail >= twips(_NARROWEST)
        if in_rail:
            width = rail
        waiting = self._paragraphs
        breaks: Break = ""
        if in_rail:
            # The page breaks before the paragraph that the box hangs on, not in the box.
            breaks, waiting.breaks = waiting.breaks, breaks
        _, right, _, inset = map(twips, self._styles.table(style).padding)
        term, meaning = ("Fact", text) if node.role == "at-a-glance" else ("", "BoxDefinition")
        inner = Flow(flow.part, 0, width - inset - right, text, term, meaning, in_box=True)
        content = list(self.write(node.children, inner))
        yield boxed(style, left, width, content or [waiting.words(text, (), inner)], in_rail)
        waiting.breaks = waiting.breaks or breaks
        after = waiting.words(_AFTER_TABLE, (), flow)
        if in_rail:
            close_up([after])
        yield after

    def _figure(self, node: Figure, flow: Flow) -> Iterator[Element]:
        page, image = self._styles.page, self._document.images[node.image]
        tallest = round((page.height - page.top - page.bottom) * _TALLEST)
        extent = size(image, flow.right - flow.left, tallest)
        shown = picture(flow.part, image, node.alt, next(self._drawings), extent)
        yield self._paragraphs.of("Figure", [shown], flow, keep=bool(node.caption))
        if node.caption:
            yield self._paragraphs.words("Caption", node.caption, flow)

    def _table(self, node: Table, flow: Flow) -> Iterator[Element]:
        if node.role == "matrix" and not flow.depth:
            flow = replace(flow, left=0)
        if node.caption:
            yield self._paragraphs.words("Caption", node.caption, flow, keep=True)
        row_heads = any(row.children[0].scope == "row" for row in node.children)
        narrow = node.role == "matrix" and self._styles.page.is_narrow
        across = narrow and row_heads and len(node.children[0].children) > 1
        style = self._styles.table(OF_TABLE[node.role])
        head = [[self._cell(cell, flow, "col") for cell in row.children] for row in node.head]
        body = [[self._cell(cell, flow, "") for cell in row.children] for row in node.children]
        yield table(
            style.id,
            flow.left,
            widths(node, flow.right - flow.left, across),
            head,
            body,
            row_heads=row_heads,
            title=plain(node.caption),
            across=across,
            rule=self._styles.borders("tcBorders", [style.head] if style.head else []),
        )
        yield self._paragraphs.words(_AFTER_TABLE, (), flow)

    def _cell(self, cell: Cell, flow: Flow, scope: str) -> Element:
        style = OF_CELL[cell.scope or scope]
        return self._paragraphs.words(style, cell.children, replace(flow, in_cell=True))

    # --- contents ------------------------------------------------------------------------------

    def _contents(self, entries: Sequence[Entry], flow: Flow) -> Iterator[Element]:
        """Give the contents as a field with its entries filled in (§17.16.5.68)."""
        deepest = max((entry.level for entry in entries), default=1)
        letters = Letters()
        for index, entry in enumerate(entries):
            words = self.inlines.write(entry.children, flow.part, letters)
            line: list[Element] = [
                self.inlines.link_to(
                    entry.target,
                    *words,
                    w("r", w("tab")),
                    *self.inlines.page_of(entry.target, letters),
                )
            ]
            if index == 0:
                line = [*self.inlines.opening(f'TOC \\o "1-{deepest}" \\h \\z \\u', letters), *line]
            if index == len(entries) - 1:
                line.append(self.inlines.closing(letters))
            yield self._paragraphs.of(f"TOC{entry.level}", line, flow)
        # Word writes the entries anew: the end of a section must not stand in one of them.
        yield self._paragraphs.words(_AFTER_TABLE, (), flow)


def _rule(section: Section) -> Border | None:
    """Give the rule over a section's first line."""
    match section.children:
        case (Heading(level), *_) | (Paragraph(role="number"), Heading(level), *_):
            return RULES.get(level) if section.role in RULED else None
        case _:
            return None


def _run_in(quote: Quote) -> tuple[Block, ...]:
    """Put whose a quote's words are behind them, in their last line."""
    if not quote.attribution:
        return quote.children
    whose = Span("attribution", quote.attribution)
    match quote.children:
        case (*opening, Paragraph(words) as last):
            return (*opening, replace(last, children=(*words, Text("\N{EN SPACE}"), whose)))
        case _:
            return (*quote.children, Paragraph((whose,)))
