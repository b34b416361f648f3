"""Tables, and the boxes that are tables of one cell (ECMA-376 §17.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Final

from pipeline.document.tree import Table, to_plain_text
from pipeline.render.docx.style_table import GUTTER
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


def make_table(
    style: str,
    left: int,
    columns: Sequence[int],
    head: Iterable[Iterable[XmlElement]],
    body: Iterable[Iterable[XmlElement]],
    *,
    row_heads: bool,
    title: str,
    description: str,
    across: bool,
    rule: XmlElement | None,
) -> XmlElement:
    """Make a table from its cells' paragraphs, row by row.

    The grid is fixed, so that every program shows the same widths; header rows come
    again on each page and no row is split. Where the first cell of each row stands
    ``across``, it has a row of its own above the others; ``rule`` are then the borders of a
    header row, of which the table's style knows but one.
    """
    made = _start_table(style, left, columns, firstRow=1, firstColumn=int(row_heads and not across))
    _describe_table(made, title, description)
    for repeats, rows in ((True, head), (False, body)):
        for row in rows:
            lines = (
                _split_row(columns, list(row), rule if repeats else None)
                if across
                else [_make_cells(columns, row)]
            )
            for cells in lines:
                made.append(
                    w("tr", w("trPr", w("cantSplit"), make_toggle("tblHeader", repeats)), *cells)
                )
    return made


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
    """Give a row's first cell in a row of its own, then the others, with no rule between."""
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
    """Make a box: one cell, which stays together and which an editor types in as anywhere.

    In the rail it hangs on the paragraph after it, at the margin, with the text beside it.
    """
    made = _start_table(style, left, [width], firstRow=0, firstColumn=0)
    if in_rail:
        place = w(
            "tblpPr",
            rightFromText=to_twips(GUTTER) - _AIR,
            vertAnchor="text",
            horzAnchor="margin",
            tblpX=1,  # nought would put it into the line (§17.4.57)
            tblpY=1,
        )
        made[0][0].addnext(place)
        place.addnext(w("tblOverlap", val="never"))
    _describe_table(made, title)
    made.append(w("tr", w("trPr", w("cantSplit")), _make_cell(width, content)))
    return made


def _start_table(style: str, left: int, columns: Sequence[int], **look: int) -> XmlElement:
    return w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val=style),
            w("tblW", w=sum(columns), type="dxa"),
            w("tblInd", w=left, type="dxa"),
            w("tblLayout", type="fixed"),
            w("tblLook", **look, lastRow=0, lastColumn=0, noHBand=1, noVBand=1),
        ),
        w("tblGrid", *(w("gridCol", w=width) for width in columns)),
    )


def _describe_table(made: XmlElement, title: str, description: str = "") -> None:
    """Say what a table is to those who do not see it (§17.4.41, §17.4.46)."""
    for name, words in ("tblCaption", title), ("tblDescription", description):
        if words:
            made[0].append(w(name, val=words))


def _make_cell(width: int, content: Sequence[XmlElement], *properties: XmlElement) -> XmlElement:
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), *properties), *content)
