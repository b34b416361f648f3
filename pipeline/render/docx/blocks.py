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
    plain,
)
from pipeline.render.contract import Look
from pipeline.render.docx.anchors import Anchors
from pipeline.render.docx.bookmarks import Bookmarks
from pipeline.render.docx.comments import Comments
from pipeline.render.docx.footnotes import Notes
from pipeline.render.docx.inlines import Inlines, Letters
from pipeline.render.docx.numbering import DEEPEST, Numbering
from pipeline.render.docx.paragraphs import (
    CONTINUED,
    Break,
    Flow,
    Mark,
    Paragraphs,
)
from pipeline.render.docx.pictures import picture, size
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
from pipeline.render.docx.styles import Styles
from pipeline.render.docx.tables import boxed, table, widths
from pipeline.word.ooxml import Element, twips, w

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


class Blocks:
    """Writes blocks in order."""

    def __init__(
        self,
        document: Document,
        look: Look,
        main: DocumentPart,
        styles: Styles,
        bookmarks: Bookmarks,
        anchors: Anchors,
        comments: Comments,
        numbering: Numbering,
        relations: Relations,
    ) -> None:
        """Prepare to write the blocks of a document into its main part."""
        language = document.meta.language
        self.inlines = Inlines(
            main, styles, bookmarks, comments, relations, look.pages, language, self._note
        )
        self._relations = relations
        self._paragraphs = Paragraphs(styles, bookmarks, anchors, self.inlines)
        self._document = document
        self._main = main
        self._styles = styles
        self._numbering = numbering
        self._notes = Notes(main)
        self._drawings = count(1)
        self._bookmarks = bookmarks
        self._ranges: list[int] = []
        self._captions: dict[str, int] = {}
        self._heading = ""
        self._is_beside_box = False
        self._is_below_heading = False

    def main(self, section: Callable[[str, bool], Element]) -> list[Element]:
        """Give the paragraphs and tables of the document's body, and its last section.

        ``section`` ends a section that has some words at the head of its right-hand pages; they
        may be those of its headings. A part of the brief that starts a page and has other such
        words is a section of its own.
        """
        page, title = self._styles.page, self._document.meta.title
        flow = Flow(self._main, page.column, page.text)
        waiting = self._paragraphs
        made: list[Element] = []
        heads: list[str] = []
        headed = True

        def end() -> Element:
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
                    follows = _first_heading(block) == wanted and not self._is_beside_box
                    headed = headed and follows
            made.extend(self._block(block, flow))
        if waiting.ids:
            waiting.breaks = ""
            made.append(waiting.words(_AFTER_TABLE, (), flow))
        for number in self._ranges if made else ():
            made[-1][-1].addprevious(w("bookmarkEnd", id=number))
        return [*made, end()]

    def write(self, blocks: Sequence[Block], flow: Flow) -> Iterator[Element]:
        """Give the paragraphs and tables of some blocks."""
        for block in blocks:
            yield from self._block(block, flow)

    def _block(self, block: Block, flow: Flow) -> Iterator[Element]:
        yield from self._set(block, flow)
        self._is_below_heading = isinstance(block, Heading)
        if not isinstance(block, Section):
            self._is_beside_box = isinstance(block, Box) and _hangs_in_rail(block, flow)

    def _set(self, block: Block, flow: Flow) -> Iterator[Element]:
        self._paragraphs.wait(getattr(block, "id", ""))
        match block:
            case Section():
                yield from self._section(block, flow)
            case Heading(level, children):
                style = OF_HEADING[level]
                if flow.section == "contents":
                    style = "TOCHeading"
                elif level > 1:
                    self._heading = plain(children)
                if style == "Heading1" and self._is_beside_box:
                    style = "Heading1BesideBox"  # a rule would run through the box
                yield self._paragraphs.words(style, children, flow)
            case Paragraph(children, role):
                yield self._paragraphs.words(self._style_of(role, flow), children, flow)
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
        if node.role in _WIDE and not self._is_beside_box:
            inner = replace(inner, left=0)
        if node.role == "imprint":
            inner = replace(inner, term="", meaning="Particular")
        yield from self.write(node.children, inner)

    def _style_of(self, role: str, flow: Flow) -> str:
        if role == "strip" and flow.section == "cover":
            return "CoverStrip"
        if role == "source" and self._is_below_heading:
            return "SourceBelowHeading"
        if role == "box-title" and not flow.in_box and flow.left:
            return "Label"
        return OF_PARAGRAPH[role] if role else flow.text

    def _note(self, note: Footnote) -> int:
        width = self._styles.page.text
        return self._notes.add(
            lambda part, number: self.write(
                note.children, Flow(part, 0, width, "FootnoteText").inside(f"note {number}")
            )
        )

    # --- lists -----------------------------------------------------------------------------

    def _list(self, node: List, flow: Flow) -> Iterator[Element]:
        level = min(flow.depth, DEEPEST)
        mark, inner = None, flow
        if node.role != "plain":
            edge = flow.left - level * twips(STEP)
            mark = Mark(
                self._numbering.restart(level, node.start, edge)
                if node.ordered
                else self._numbering.bullets(edge),
                level,
            )
            inner = replace(flow, left=flow.left + twips(STEP), depth=flow.depth + 1)
        first, inner = self._list_style(node, flow, inner)
        kind = "ordered" if node.ordered else "bulleted"
        for number, item in enumerate(node.children, 1):
            self._paragraphs.wait(item.id)
            yield from self._item(item, first, mark, inner.inside(f"{kind} {number}"))

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
                yield self._paragraphs.words(style, (), flow, mark=mark)
                yield from self.write(item.children, flow)

    def _definitions(self, node: Definitions, flow: Flow) -> Iterator[Element]:
        inner, within = replace(flow, text=flow.meaning), flow.within
        if not flow.term:
            inner = replace(inner, left=flow.left + self._styles.left(flow.meaning))
        for number, definition in enumerate(node.children, 1):
            children = definition.children
            flow, inner = (
                replace(each, within=(*within, f"definition {number}")) for each in (flow, inner)
            )
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
        style, last, attribution = OF_QUOTE[node.role]
        inset = twips(self._styles.paragraph(style).inset)
        flow = flow.inside("quote")
        inner = replace(flow, text=style, left=flow.left + inset)
        if not (node.attribution and attribution):
            yield from self.write(_run_in(node), inner)
            return
        yield from self.write(node.children[:-1], inner)
        yield from self.write(node.children[-1:], replace(inner, text=last))
        yield self._paragraphs.words(attribution, node.attribution, flow)

    def _box(self, node: Box, flow: Flow) -> Iterator[Element]:
        style, text = OF_BOX[node.role]
        left = flow.left if flow.depth else 0
        width = flow.right - left
        in_rail = _hangs_in_rail(node, flow)
        if in_rail:
            width = flow.left - twips(GUTTER)
        waiting = self._paragraphs
        breaks: Break = ""
        if in_rail:
            # The page breaks before the paragraph that the box hangs on, not in the box.
            breaks, waiting.breaks = waiting.breaks, breaks
        _, right, _, inset = map(twips, self._styles.table(style).padding)
        term, meaning = ("Fact", text) if node.role == "at-a-glance" else ("", "BoxDefinition")
        inner = Flow(
            flow.part, 0, width - inset - right, text, term, meaning,
            in_box=True, within=(*flow.within, "box"),
        )  # fmt: skip
        content = list(self.write(node.children, inner))
        content = content or [waiting.words(text, (), inner)]
        yield boxed(self._styles.use(style), left, width, content, in_rail, _title(node))
        waiting.breaks = waiting.breaks or breaks
        yield waiting.words(_BESIDE_BOX if in_rail else _AFTER_TABLE, (), flow)

    def _figure(self, node: Figure, flow: Flow) -> Iterator[Element]:
        page, image = self._styles.page, self._document.images[node.image]
        tallest = round((page.height - page.top - page.bottom) * _TALLEST)
        extent = size(image, flow.right - flow.left, tallest)
        address = self._relations.image(flow.part, image)
        shown = picture(address, node.alt, next(self._drawings), extent)
        yield self._paragraphs.of("Figure", [shown], flow)
        if node.caption:
            yield self._caption("Caption", node.caption, flow)

    def _table(self, node: Table, flow: Flow) -> Iterator[Element]:
        if node.role == "matrix" and not flow.depth:
            flow = replace(flow, left=0)
        if node.caption:
            yield self._caption("TableCaption", node.caption, flow)
        row_heads = any(row.children[0].scope == "row" for row in node.children)
        narrow = node.role == "matrix" and self._styles.page.is_narrow
        across = narrow and row_heads and len(node.children[0].children) > 1
        styles = OF_MATRIX_CELL if node.role == "matrix" else OF_CELL
        inner = replace(flow, in_cell=True)

        def cells(row: Row, number: int, scope: str) -> list[Element]:
            return [
                self._paragraphs.words(
                    styles[cell.scope or scope],
                    cell.children,
                    inner.inside(f"row {number} cell {place}"),
                )
                for place, cell in enumerate(row.children, 1)
            ]

        name = self._styles.use(OF_TABLE[node.role])
        style = self._styles.table(OF_TABLE[node.role])
        head = [cells(row, number, "col") for number, row in enumerate(node.head, 1)]
        below = len(node.head) + 1
        body = [cells(row, number, "") for number, row in enumerate(node.children, below)]
        yield table(
            name,
            flow.left,
            widths(node, flow.right - flow.left, across),
            head,
            body,
            row_heads=row_heads,
            title=plain(node.caption) or self._heading,
            description=_columns(node),
            across=across,
            rule=self._styles.borders("tcBorders", [style.head] if style.head else []),
        )
        yield self._paragraphs.words(_AFTER_TABLE, (), flow)

    def _caption(self, style: str, children: tuple[Inline, ...], flow: Flow) -> Element:
        """Make a caption; a number that it has is a field that counts (§17.16.5.56)."""
        match children:
            case (Text(text), *rest) if numbered := _NUMBERED.match(text):
                label, number = numbered.groups()
                self._captions[label], last = int(number), self._captions.get(label, 0)
                anew = f" \\r {number}" if int(number) != last + 1 else ""
                letters = Letters()
                runs = [
                    *self.inlines.text(f"{label} ", letters),
                    *self.inlines.field(f"SEQ {label} \\* ARABIC{anew}", number, letters),
                    *self.inlines.write((Text(text[numbered.end() :]), *rest), flow.part, letters),
                ]
                return self._paragraphs.of(style, runs, flow, children)
        return self._paragraphs.words(style, children, flow)

    # --- contents ------------------------------------------------------------------------------

    def _contents(self, entries: Sequence[Entry], flow: Flow) -> Iterator[Element]:
        """Give the contents as a field with its entries filled in (§17.16.5.68)."""
        deepest = max((entry.level for entry in entries), default=1)
        what, letters = f'TOC \\o "1-{deepest}" \\h \\z \\u', Letters()
        begins: list[Element] = []
        if self._heading:
            # Headings that stand before are not in the contents: Word is to look from here on.
            number = self._bookmarks.number()
            self._ranges.append(number)
            begins = [w("bookmarkStart", id=number, name=f"_contents_{number}")]
            what += f" \\b _contents_{number}"
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
                line = [*self.inlines.opening(what, letters), *line]
            if index == len(entries) - 1:
                line.append(self.inlines.closing(letters))
            shown = (*entry.children, Text("\t"), PageNumber(entry.target))
            yield self._paragraphs.of(f"TOC{entry.level}", line, flow, shown, is_copy=True)
        # Word writes the entries anew: the end of a section must not stand in one of them.
        after = self._paragraphs.words(_AFTER_TABLE, (), flow)
        for begin in begins:
            after[-1].addprevious(begin)  # the anchor stands round all that the paragraph holds
        yield after


def _hangs_in_rail(box: Box, flow: Flow) -> bool:
    has_room = flow.left >= twips(GUTTER + _NARROWEST)
    return box.role == "at-a-glance" and has_room and not flow.depth


def _first_heading(section: Section) -> str:
    found = (b.children for b in section.children if isinstance(b, Heading) and b.level == 2)
    return plain(next(found, ()))


def _title(box: Box) -> str:
    """Give the words that a box has over it."""
    match box.children:
        case (Heading(_, words) | Paragraph(words, "box-title"), *_):
            return plain(words)
        case _:
            return ""


def _columns(node: Table) -> str:
    """Name a table's columns, for those who do not see it."""
    heads = (plain(cell.children) for row in node.head for cell in row.children)
    return "; ".join(filter(None, heads))


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
