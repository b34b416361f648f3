"""The blocks of a Document as paragraphs and tables (ECMA-376 §17.3, §17.16.5.68)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart

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
    Table,
    plain,
)
from pipeline.render import Look
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.inlines import Inlines, Letters, runs_leftwards
from pipeline.render.docx.notes import Notes
from pipeline.render.docx.numbering import BULLETS, DEEPEST, Numbering
from pipeline.render.docx.oxml import Element, on, twips, w
from pipeline.render.docx.pictures import picture, size
from pipeline.render.docx.sheet import (
    OF_BOX,
    OF_CELL,
    OF_HEADING,
    OF_LIST,
    OF_PARAGRAPH,
    OF_QUOTE,
    OF_TABLE,
    ROOM,
    STEP,
)
from pipeline.render.docx.styles import Styles
from pipeline.render.docx.tables import boxed, table, widths

_BODY: Final = "BodyText"
_CONTINUED: Final = ("ListContinue", "ListContinue2", "ListContinue3")
_TALLEST: Final = 0.8
"""The share of a page's height that a figure may take."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Where blocks stand: in which part, between which edges, in which style."""

    part: StoryPart
    left: int
    """Where its own style begins, in twips from the margin or from the cell's edge."""
    right: int
    """Where lines end, in twips from the same."""
    text: str = _BODY
    """The style of a paragraph without a role."""
    term: str = "DefinitionTerm"
    depth: int = 0
    """How many lists are open."""
    section: str = ""
    """The role of the section that is open."""

    @property
    def is_running_text(self) -> bool:
        """Whether lists have styles of their own here."""
        return self.text in (_BODY, "Definition", *_CONTINUED)


@dataclass(frozen=True, slots=True)
class Mark:
    """The number or bullet before a paragraph: its list's instance and level."""

    instance: int
    level: int


class Blocks:
    """Writes blocks in order.

    Ids and page breaks wait for the next paragraph: they need one to stand in.
    """

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
        self._images = document.images
        self._main = main
        self._styles = styles
        self._bookmarks = bookmarks
        self._numbering = numbering
        self._notes = Notes(main)
        self._drawings = count(1)
        self._ids: list[str] = []
        self._breaks = False

    def main(self, blocks: Sequence[Block]) -> Iterator[Element]:
        """Give the paragraphs and tables of the document's body."""
        page = self._styles.page
        yield from self.write(blocks, Flow(self._main, page.column, page.text))

    def write(self, blocks: Sequence[Block], flow: Flow) -> Iterator[Element]:
        """Give the paragraphs and tables of some blocks."""
        for block in blocks:
            yield from self._block(block, flow)

    def _block(self, block: Block, flow: Flow) -> Iterator[Element]:
        self._wait(getattr(block, "id", ""))
        match block:
            case Section(children, role):
                left = 0 if role == "cover" else flow.left
                inner = replace(flow, section=role or flow.section, left=left)
                yield from self.write(children, inner)
            case Heading(level, children):
                style = OF_HEADING[level]
                if flow.section == "contents":
                    style = "TOCHeading"
                yield self._paragraph(style, children, flow)
            case Paragraph(children, role):
                yield self._paragraph(self._style_of(role, flow), children, flow)
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
                self._breaks = True

    # --- paragraphs ------------------------------------------------------------------------

    def _style_of(self, role: str, flow: Flow) -> str:
        if role == "strip" and flow.section == "cover":
            return "CoverStrip"
        return OF_PARAGRAPH[role] if role else flow.text

    def _paragraph(
        self,
        style: str,
        children: Sequence[Inline],
        flow: Flow,
        *,
        mark: Mark | None = None,
        keep: bool = False,
    ) -> Element:
        waiting = self._take()
        letters = Letters(in_bold=self._styles.is_bold(style))
        runs = self.inlines.write(children, flow.part, letters)
        leftwards = runs_leftwards(plain(tuple(children)))
        return self._made(style, runs, flow, waiting, mark=mark, keep=keep, leftwards=leftwards)

    def _made(
        self,
        style: str,
        content: Iterator[Element] | Sequence[Element],
        flow: Flow,
        waiting: tuple[list[str], bool],
        *,
        mark: Mark | None = None,
        keep: bool = False,
        leftwards: bool = False,
    ) -> Element:
        """Make a paragraph with the ids and the page break that waited for it."""
        ids, breaks = waiting
        properties = w(
            "pPr",
            w("pStyle", val=style),
            on("keepNext", keep),
            on("pageBreakBefore", breaks),
            _numbered(mark),
            on("bidi", leftwards),
            self._indent(style, flow, mark),
        )
        made = w("p", properties)
        numbers = [self._bookmarks.number() for _ in ids]
        for name, number in zip(ids, numbers, strict=True):
            made.append(w("bookmarkStart", id=number, name=self._bookmarks[name]))
        made.extend(content)
        for number in reversed(numbers):
            made.append(w("bookmarkEnd", id=number))
        return made

    def _indent(self, style: str, flow: Flow, mark: Mark | None) -> Element | None:
        """Set a paragraph in where the style that it is in begins elsewhere."""
        how = self._styles.paragraph(style)
        own = self._styles.left(style), twips(how.hanging)
        if mark:
            step = twips(STEP)
            own = self._styles.page.column + step * (mark.level + 1), step
            wanted = flow.left, step
        elif style == flow.text:
            wanted = flow.left, 0
        elif how.in_column:
            wanted = flow.left + twips(how.inset), twips(how.hanging)
        else:
            return None
        return w("ind", left=wanted[0], hanging=wanted[1]) if wanted != own else None

    def _wait(self, name: str) -> None:
        if name:
            self._ids.append(name)

    def _take(self) -> tuple[list[str], bool]:
        waiting = self._ids, self._breaks
        self._ids, self._breaks = [], False
        return waiting

    def _note(self, note: Footnote) -> int:
        width = self._styles.page.text
        return self._notes.add(
            lambda part: self.write(note.children, Flow(part, 0, width, "FootnoteText", "BoxTerm"))
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
        for item in node.children:
            self._wait(item.id)
            yield from self._item(item, first, mark, inner)

    def _list_style(self, node: List, flow: Flow, inner: Flow) -> tuple[str, Flow]:
        """Give the style of a list's first paragraphs, and its flow with that of the others."""
        if not flow.is_running_text:
            return flow.text, inner
        if node.role:
            return OF_LIST[node.role], replace(inner, text=OF_LIST[node.role])
        index = min(flow.depth, 2)
        name = "ListNumber" if node.ordered else "ListBullet"
        return name + ("", "2", "3")[index], replace(inner, text=_CONTINUED[index])

    def _item(self, item: Item, style: str, mark: Mark | None, flow: Flow) -> Iterator[Element]:
        match item.children:
            case [Paragraph() as opening, *rest]:
                self._wait(opening.id)
                if opening.role:
                    style = OF_PARAGRAPH[opening.role]
                yield self._paragraph(style, opening.children, flow, mark=mark)
                yield from self.write(rest, flow)
            case _:
                # A mark needs a paragraph, even before a table or another list.
                yield self._paragraph(style, (), flow, mark=mark, keep=bool(item.children))
                yield from self.write(item.children, flow)

    def _definitions(self, node: Definitions, flow: Flow) -> Iterator[Element]:
        inner = replace(flow, text="Definition") if flow.text == _BODY else flow
        for definition in node.children:
            yield self._paragraph(flow.term, definition.term, flow)
            yield from self.write(definition.children, inner)

    # --- quotes, boxes, figures, tables ----------------------------------------------------------

    def _quote(self, node: Quote, flow: Flow) -> Iterator[Element]:
        style, attribution = OF_QUOTE[node.role]
        inset = twips(self._styles.paragraph(style).inset)
        inner = replace(flow, text=style, left=flow.left + inset)
        paragraphs = list(self.write(node.children, inner))
        if node.attribution:
            for paragraph in paragraphs:
                _keep_with_next(paragraph)
            paragraphs.append(self._paragraph(attribution, node.attribution, flow))
        yield from paragraphs

    def _box(self, node: Box, flow: Flow) -> Iterator[Element]:
        style, text = OF_BOX[node.role]
        left = flow.left if flow.depth else 0
        width = flow.right - left
        inner = Flow(flow.part, 0, width - 2 * twips(ROOM[1]), text, "BoxTerm")
        content = list(self.write(node.children, inner))
        yield boxed(style, left, width, content or [self._paragraph(text, (), inner)])
        yield _after_table()

    def _figure(self, node: Figure, flow: Flow) -> Iterator[Element]:
        page, image = self._styles.page, self._images[node.image]
        tallest = round((page.height - page.top - page.bottom) * _TALLEST)
        extent = size(image, flow.right - flow.left, tallest)
        shown = picture(flow.part, image, node.alt, next(self._drawings), extent)
        yield self._made("Figure", [shown], flow, self._take(), keep=bool(node.caption))
        if node.caption:
            yield self._paragraph("Caption", node.caption, flow)

    def _table(self, node: Table, flow: Flow) -> Iterator[Element]:
        if node.role == "matrix" and not flow.depth:
            flow = replace(flow, left=0)
        if node.caption:
            yield self._paragraph("Caption", node.caption, flow, keep=True)
        head = [[self._cell(cell, flow, "col") for cell in row.children] for row in node.head]
        body = [[self._cell(cell, flow, "") for cell in row.children] for row in node.children]
        row_heads = any(row.children and row.children[0].scope == "row" for row in node.children)
        columns = widths(node, flow.right - flow.left)
        yield table(OF_TABLE[node.role], flow.left, columns, head, body, row_heads=row_heads)
        yield _after_table()

    def _cell(self, cell: Cell, flow: Flow, scope: str) -> Element:
        return self._paragraph(OF_CELL[cell.scope or scope], cell.children, flow)

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
            yield self._made(f"TOC{entry.level}", line, flow, self._take())


def _numbered(mark: Mark | None) -> Element | None:
    if mark is None:
        return None
    return w("numPr", w("ilvl", val=mark.level), w("numId", val=mark.instance))


def _keep_with_next(element: Element) -> None:
    """Keep a paragraph on the page of the next one."""
    properties = element[0]
    if properties.tag.endswith("}pPr") and properties.find("{*}keepNext") is None:
        properties[0].addnext(w("keepNext"))


def _after_table() -> Element:
    """Give the paragraph after a table: two tables without one between would become one."""
    return w("p", w("pPr", w("pStyle", val="AfterTable")))
