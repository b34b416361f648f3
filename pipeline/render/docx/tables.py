"""Tables, and the boxes that are tables of one cell (ECMA-376 §17.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

from pipeline.document.tree import Row, Table, to_plain_text
from pipeline.render.docx.captions import CaptionWriter
from pipeline.render.docx.docx_parts import DocxParts
from pipeline.render.docx.paragraphs import AFTER_TABLE, Flow, ParagraphWriter
from pipeline.render.docx.role_styles import OF_CELL, OF_MATRIX_CELL, OF_TABLE
from pipeline.render.docx.style_properties import make_borders
from pipeline.render.docx.style_records import GUTTER
from pipeline.word.ooxml import XmlElement, make_toggle, to_twips, w

_NARROW: Final = 0.7
"""How wide a matrix's first column is, beside each of the others."""
_AIR: Final = 10
"""What is left between a box in the rail and the text, so that the text does not run round it."""
_FEWEST: Final = 6
_MOST: Final = 60
"""Up to how many characters a column's longest cell counts for its width."""


def share_width(node: Table, width: int, across: bool) -> list[int]:
    """Share a width out among the columns; the parts add up to it exactly.

    Where the first cell of each row stands ``across``, the first column takes no part.
    """
    columns = list(zip(*(row.children for row in (*node.head, *node.children)), strict=True))
    weights = [_NARROW, *[1.0] * (len(columns) - 1)]
    if node.role != "matrix":
        longest = [max(len(to_plain_text(cell.children)) for cell in column) for column in columns]
        weights = [min(_MOST, max(_FEWEST, characters)) ** 0.6 for characters in longest]
    weights = weights[across:]
    edges = [round(width * sum(weights[:n]) / sum(weights)) for n in range(len(weights) + 1)]
    return [right - left for left, right in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class TableFrame:
    """How a table is set around its cells; measures in twips."""

    style: str
    left: int
    columns: Sequence[int]
    row_heads: bool
    """Whether rows begin with a header cell."""
    across: bool
    """Whether the first cell of each row has a row of its own, above the others."""
    rule: XmlElement | None
    """The borders of a header row, of which the table's style knows but one."""
    title: str
    description: str


CellRows: TypeAlias = Sequence[Sequence[XmlElement]]
"""The paragraphs of cells, row by row."""


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Writes the tables of a Document, with their captions."""

    parts: DocxParts
    paragraphs: ParagraphWriter
    captions: CaptionWriter

    def write_table(self, node: Table, flow: Flow, heading: str) -> Iterator[XmlElement]:
        """Return a table's paragraphs; ``heading``, which it stands under, names it if need be."""
        if node.role == "matrix" and not flow.depth:
            flow = replace(flow, left=0)
        if node.caption:
            yield self.captions.write_caption("TableCaption", node.caption, flow)
        head = self._write_rows(node, node.head, flow)
        body = self._write_rows(node, node.children, flow)
        yield make_table(self._make_frame(node, flow, heading), head, body)
        yield self.paragraphs.write_paragraph(AFTER_TABLE, (), flow)

    def _make_frame(self, node: Table, flow: Flow, heading: str) -> TableFrame:
        styles = self.parts.styles
        row_heads = any(row.children[0].scope == "row" for row in node.children)
        narrow = node.role == "matrix" and styles.page.is_narrow
        across = narrow and row_heads and len(node.children[0].children) > 1
        style = styles.get_table_style(OF_TABLE[node.role])
        return TableFrame(
            styles.mark_used(style.id),
            flow.left,
            share_width(node, flow.right - flow.left, across),
            row_heads,
            across,
            make_borders(styles.theme, "tcBorders", [style.head] if style.head else []),
            to_plain_text(node.caption) or heading,
            _describe_columns(node),
        )

    def _write_rows(self, node: Table, rows: Sequence[Row], flow: Flow) -> CellRows:
        styles = OF_MATRIX_CELL if node.role == "matrix" else OF_CELL
        flow = replace(flow, in_cell=True)
        scope = "col" if rows is node.head else ""
        first = 1 if rows is node.head else len(node.head) + 1
        return [
            [
                self.paragraphs.write_paragraph(
                    styles[cell.scope or scope],
                    cell.children,
                    flow.enter(f"row {number} cell {place}"),
                )
                for place, cell in enumerate(row.children, 1)
            ]
            for number, row in enumerate(rows, first)
        ]


def _describe_columns(node: Table) -> str:
    """Return a table's columns in words, for those who do not see it."""
    heads = (to_plain_text(cell.children) for row in node.head for cell in row.children)
    return "; ".join(filter(None, heads))


def make_table(frame: TableFrame, head: CellRows, body: CellRows) -> XmlElement:
    """Return a table with the paragraphs of its cells.

    The grid is fixed, so that every program shows the same widths; header rows come
    again on each page and no row is split.
    """
    first_column = int(frame.row_heads and not frame.across)
    table = _start_table(
        frame.style, frame.left, frame.columns, firstRow=1, firstColumn=first_column
    )
    _describe_table(table, frame.title, frame.description)
    for repeats, rows in ((True, head), (False, body)):
        for row in rows:
            for cells in _make_lines(frame, row, frame.rule if repeats else None):
                table.append(
                    w("tr", w("trPr", w("cantSplit"), make_toggle("tblHeader", repeats)), *cells)
                )
    return table


def _make_lines(
    frame: TableFrame, row: Sequence[XmlElement], rule: XmlElement | None
) -> list[Sequence[XmlElement]]:
    if frame.across:
        return _split_row(frame.columns, row, rule)
    return [_make_cells(frame.columns, row)]


def _make_cells(
    columns: Sequence[int], row: Iterable[XmlElement], *properties: XmlElement
) -> Sequence[XmlElement]:
    return [
        _make_cell(width, [content], *map(deepcopy, properties))
        for width, content in zip(columns, row, strict=True)
    ]


def _split_row(
    columns: Sequence[int], row: Sequence[XmlElement], rule: XmlElement | None
) -> list[Sequence[XmlElement]]:
    """Return a row's first cell in a row of its own, then the others, with no rule between."""
    spanning = w("gridSpan", val=len(columns))
    above = w("tcBorders", w("bottom", val="nil"))
    below = w("tcBorders", w("top", val="nil"), *deepcopy(rule if rule is not None else []))
    return [
        [_make_cell(sum(columns), row[:1], spanning, above)],
        _make_cells(columns, row[1:], below),
    ]


def make_box(
    style: str, left: int, width: int, content: Sequence[XmlElement], in_rail: bool, title: str
) -> XmlElement:
    """Return a box: one cell, which stays together and which an editor types in as anywhere.

    In the rail it hangs on the paragraph after it, at the margin, with the text beside it.
    """
    box = _start_table(style, left, [width], firstRow=0, firstColumn=0)
    if in_rail:
        place = w(
            "tblpPr",
            rightFromText=to_twips(GUTTER) - _AIR,
            vertAnchor="text",
            horzAnchor="margin",
            tblpX=1,  # nought would put it into the line (§17.4.57)
            tblpY=1,
        )
        box[0][0].addnext(place)
        place.addnext(w("tblOverlap", val="never"))
    _describe_table(box, title)
    box.append(w("tr", w("trPr", w("cantSplit")), _make_cell(width, content)))
    return box


def _start_table(style: str, left: int, columns: Sequence[int], **parts: int) -> XmlElement:
    return w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val=style),
            w("tblW", w=sum(columns), type="dxa"),
            w("tblInd", w=left, type="dxa"),
            w("tblLayout", type="fixed"),
            w("tblLook", **parts, lastRow=0, lastColumn=0, noHBand=1, noVBand=1),
        ),
        w("tblGrid", *(w("gridCol", w=width) for width in columns)),
    )


def _describe_table(table: XmlElement, title: str, description: str = "") -> None:
    """Describe a table to those who do not see it (§17.4.41, §17.4.46)."""
    for name, words in ("tblCaption", title), ("tblDescription", description):
        if words:
            table[0].append(w(name, val=words))


def _make_cell(width: int, content: Sequence[XmlElement], *properties: XmlElement) -> XmlElement:
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), *properties), *content)
